"""Who may take a customer, best first, with what the score of each is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from policy.kinds.assignment import Term
from policy.values import NUMBERS, Language, rounded

Said = Mapping[str, tuple[str, ...]]
"""Language → sentences."""

NOTHING: Said = {str(each): () for each in Language}


@dataclass(frozen=True, slots=True)
class Share:
    """One term of somebody's score.

    Attributes:
        id: Of the row of the policy.
        weight: Relative to that of the other terms.
        value: In 0..1.
    """

    id: str
    weight: Decimal
    value: Decimal

    @property
    def points(self) -> Decimal:
        """Return weight times value."""
        return NUMBERS.multiply(self.weight, self.value)


def in_points(score: Decimal, terms: Sequence[Share]) -> tuple[Decimal, Decimal]:
    """Return a score in points, and how many there are: 100 where a policy does not say what a score is made of."""
    most = sum((each.weight for each in terms), Decimal()) or Decimal(100)
    return rounded(score * most, 2).normalize() + 0, most


def shares(terms: Iterable[Term]) -> tuple[Share, ...]:
    """Return the terms of a score as the engine gives them."""
    return tuple(Share(each.id, each.weight, each.value) for each in terms)


def shares_of(data: Iterable[Mapping[str, Any]]) -> tuple[Share, ...]:
    """Return what `asdict` gave of terms, read again."""
    return tuple(Share(each["id"], each["weight"], each["value"]) for each in data)


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody else who could take a customer, with the score they would have."""

    person: str
    score: Decimal | None
    terms: tuple[Share, ...] = ()


def rival_of(data: Mapping[str, Any] | None) -> Rival | None:
    """Return what `asdict` gave of somebody else, read again."""
    return None if data is None else Rival(data["person"], data["score"], shares_of(data["terms"]))


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may take a customer.

    Attributes:
        score: None where the policy has none.
        load: What they would carry with it.
        terms: What the score is made of.
        passes: Limits that would be passed: taking it all the same needs a reason.
        pace: Limits on what is given anew that would be passed; a proposal does not stop at them.
    """

    person: str
    score: Decimal | None
    load: Decimal
    passes: tuple[str, ...] = ()
    pace: tuple[str, ...] = ()
    terms: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who may take a customer, best first, and why the others may not.

    Attributes:
        choices: Whoever is eligible, those who would pass a limit behind the others.
        excluded: Everybody else with the rows of the policy that exclude them.
        stays: Score of today's owner; None where that is not eligible.
        why: The reasons of the rules that hit.
        problems: Why the policy cannot say.
    """

    choices: tuple[Choice, ...] = ()
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stays: Decimal | None = None
    why: Said = field(default_factory=lambda: NOTHING)
    problems: Said = field(default_factory=lambda: NOTHING)

    @property
    def best(self) -> Choice | None:
        """Return the best who passes no limit, None where there is none."""
        return next((each for each in self.choices if not each.passes), None)
