"""Who may take one customer of a plan and who may not: of many the best, others by their name or by why they cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy import Connection

from policy.engine import Policy
from policy.model.document import FieldClass
from policy.runtime.explain import DecisionExplanation
from policy.values import Language
from webadmin.access.circle import Circle
from webadmin.reassigning import calculating
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Hand, Move
from webadmin.reassigning.ranking import Choice, Ranking, Share
from webadmin.simulations.service import among
from webadmin.store.naming import Named
from webadmin.store.record import Record
from webadmin.wording.lacking import Lack, Lacking

T = TypeVar("T")

MOST = 20
"""People that are shown at once, of those who may take a customer and of those who cannot."""

UNKNOWN = "*"
"""Stands for too little being on record, where a row of the policy says otherwise why somebody cannot."""


@dataclass(frozen=True, slots=True)
class Picked:
    """One customer with everybody who may take it, as things stand with all other moves made.

    Attributes:
        before: Person → load without it.
        best: The best score that passes no limit; None where nobody is eligible.
        explain: Tells why some of the others cannot take it.
        incomplete: Those of whom too little is known to be asked about: person → what is missing.
    """

    move: Move
    ranking: Ranking
    before: Mapping[str, Decimal]
    capacity: Mapping[str, Decimal]
    best: Decimal | None
    explain: Callable[[Collection[str]], DecisionExplanation | None]
    incomplete: Mapping[str, Sequence[str]]

    @property
    def is_unsaid(self) -> bool:
        """Say whether the policy cannot say who may take it: then nobody is ruled out, and nobody may."""
        return any(self.ranking.problems.values())

    @property
    def terms(self) -> Sequence[Share]:
        """Return what a score is made of, as anybody who may take it has it: it says how many points there are."""
        return next((each.terms for each in self.ranking.choices), ())

    @property
    def outside(self) -> Mapping[str, Collection[str]]:
        """Return everybody who cannot take it with why: rows of the policy, or `UNKNOWN`."""
        return {**self.ranking.excluded, **dict.fromkeys(self.incomplete, (UNKNOWN,))}

    def choice(self, person: str) -> Choice | None:
        """Return somebody who is eligible, None where they are not."""
        return next((each for each in self.ranking.choices if each.person == person), None)


def picked(connection: Connection, record: Record, plan: Plan, customer: str, circle: Circle) -> Picked | None:
    """Return one customer of a plan with everybody who may take it; None where it is none of the plan.

    Raises:
        UnusableError: the policy cannot propose on that day.
    """
    move = next((each for each in plan.moves if each.customer == customer), None)
    if move is None:
        return None
    without = replace(plan, hands={**plan.hands, customer: Hand(None)})
    scene = calculating.scene_of(connection, record.catalogue, without, among(circle))
    if customer not in scene.customers:
        return None
    ranking = scene.eased(customer, scene.rank(customer))
    best = max((each.score for each in ranking.choices if each.score is not None and not each.passes), default=None)
    explain = partial(scene.explained, customer)
    return Picked(move, ranking, scene.loads, scene.capacity, best, explain, scene.incomplete)


@dataclass(frozen=True, slots=True)
class Wished:
    """What of the candidates is to be shown.

    Attributes:
        text: Part of a name or number; empty for everybody.
        page: Of those who may take it, from 1 on.
        row: Why those cannot who are to be named; empty for any reason.
        at: Page of those who cannot, from 1 on.
    """

    text: str = ""
    page: int = 1
    row: str = ""
    at: int = 1


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """One page of some.

    Attributes:
        count: How many there are on all pages.
    """

    some: Sequence[T]
    page: int
    pages: int
    count: int

    @classmethod
    def of(cls, all_: Sequence[T], page: int) -> Leaf[T]:
        """Return a page; the nearest where there is no such."""
        pages = max(1, -(-len(all_) // MOST))
        number = min(pages, max(1, page))
        return cls(all_[(number - 1) * MOST : number * MOST], number, pages, len(all_))


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the candidates is shown.

    Attributes:
        choices: Of those who may take it, best first.
        chosen: Who is chosen and stands on another page; None where that is nobody.
        outside: Of those who cannot; nobody where there are many and none was asked for.
        reasons: Why → how many cannot because of it, most first; empty where there are few.
        is_many: Whether there are more than are shown at once.
    """

    choices: Leaf[Choice]
    chosen: Choice | None
    outside: Leaf[str]
    reasons: Mapping[str, int]
    is_many: bool


def shown(picked: Picked, wished: Wished, names: Mapping[str, Named], chosen: str) -> Shown:
    """Return what of the candidates is shown.

    Args:
        picked: All of them.
        wished: What was asked for.
        names: What they are called.
        chosen: Who is chosen, or "stay".
    """
    text = wished.text.strip().casefold()

    def fits(person: str) -> bool:
        return text in _told(person, names)

    choices = Leaf.of([each for each in picked.ranking.choices if fits(each.person)], wished.page)
    apart = None if chosen in {each.person for each in choices.some} else picked.choice(chosen)
    outside = picked.outside
    is_crowd = len(outside) > MOST
    found = [each for each in outside if fits(each) and (not wished.row or wished.row in outside[each])]
    named = found if text or wished.row or not is_crowd else []
    reasons = _counted(outside.values()) if is_crowd else {}
    return Shown(choices, apart, Leaf.of(named, wished.at), reasons, is_crowd or len(picked.ranking.choices) > MOST)


def _told(person: str, names: Mapping[str, Named]) -> str:
    called = [names[person].to(each) for each in Language] if person in names else []
    return " ".join((person, *called)).casefold()


def _counted(all_: Iterable[Collection[str]]) -> dict[str, int]:
    return dict(Counter(row for rows in all_ for row in rows).most_common())


def lacking(
    picked: Picked, people: Iterable[str], policy: Policy | None, classes: Collection[FieldClass], language: Language
) -> Mapping[str, Sequence[Lack]]:
    """Return what some lack who cannot take a customer, for whoever sees some classes of values."""
    asked = [each for each in people if each in picked.ranking.excluded]
    told = picked.explain(asked) if asked and policy is not None else None
    if told is None or policy is None:
        return {}
    said_by = Lacking(policy, language)
    return {person: said_by.lacks(rows) for person, rows in told.barred(language, classes).items()}
