"""Assignments: who is eligible for a customer, ranked by score, and who is excluded by what.

What is unknown of a candidate excludes, with its reason. Whatever the rules say, nobody inactive or absent receives
anything, and where nobody is eligible nobody is chosen (DESIGN, guard rail 10).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from policy.errors import EvaluationError, Place
from policy.feel.temporal import DaysDuration, MonthsDuration
from policy.kinds.base import Scope, computing, number, people, summed, trimmed, truth
from policy.model.document import Duration, Id, Path
from policy.model.written import Condition, Expression
from policy.values import NUMBERS, Text, rounded, shortest

SCORE_DECIMALS = 6
"""Decimals of a score."""

_ORDERED = (bool, Decimal, str, date, DaysDuration, MonthsDuration)


class Counted(StrEnum):
    """Which customers a limit counts: those given anew, or held ones too."""

    NEW = "new"
    ALL = "all"


class Otherwise(StrEnum):
    """What becomes of a customer for whom nobody is eligible."""

    UNASSIGNED = "unassigned"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Eligible:
    """A candidate for whom `when` is not true is excluded."""

    place: Place
    id: Id
    when: Condition
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One term of the score: `value` in 0..1, weights are relative."""

    place: Place
    id: Id
    weight: Decimal
    value: Expression
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on what one manager holds; held customers count too."""

    place: Place
    id: Id
    sum: Expression | None = None
    count: Counted | None = None
    at_most: Expression | None = None
    at_least: Expression | None = None
    over: Duration | None = None
    when: Condition | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """The cost, in 0..1, of taking a customer from today's owner."""

    place: Place
    id: Id
    value: Expression
    when: Condition | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Allocate:
    """How a customer finds a manager; `candidates` is the path of the list of candidates."""

    place: Place
    candidates: Path
    eligible: tuple[Eligible, ...]
    score: tuple[Score, ...] = ()
    limits: tuple[Limit, ...] = ()
    keep: tuple[Keep, ...] = ()
    tie_break: tuple[Path, ...] = ()
    otherwise: Otherwise = Otherwise.UNASSIGNED


@dataclass(frozen=True, slots=True)
class AssignmentSection:
    """Top-level keys of an assignment policy."""

    allocate: Allocate | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a candidate's score.

    Attributes:
        value: In 0..1, as evaluated.
        points: Weight times value.
    """

    id: str
    weight: Decimal
    value: Decimal
    points: Decimal

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.id,
            "weight": trimmed(self.weight),
            "value": trimmed(self.value),
            "points": trimmed(self.points),
        }


@dataclass(frozen=True, slots=True)
class Ranked:
    """An eligible candidate.

    Attributes:
        manager: Id of the candidate.
        score: Sum of the points over the sum of the weights, six decimals; None where the policy has no score.
        terms: In the section's order.
    """

    manager: str
    score: Decimal | None
    terms: tuple[Term, ...]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"manager": self.manager, "score": self.score, "terms": [term.to_data() for term in self.terms]}


@dataclass(frozen=True, slots=True)
class Excluded:
    """A candidate who cannot be chosen.

    Attributes:
        manager: Id of the candidate.
        by: Rows of `eligible` that are false; where the rows let the candidate through: `inactive`, `absent`.
        unknown: Rows of `eligible`, else of `score`, that are unknown; `inactive` where that is not known.
        missing: Paths whose value was missing.
    """

    manager: str
    by: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "manager": self.manager,
            "by": list(self.by),
            "unknown": list(self.unknown),
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit as it stands for one customer.

    Attributes:
        limit: The row of the section.
        adds: What the customer brings to it, zero where the row is not about such a customer; None where unknown.
        at_most: Candidate → the most; left out where the row names none or it is unknown.
    """

    limit: Limit
    adds: Decimal | None
    at_most: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class AssignmentResult:
    """Who is chosen for one customer, and why the others are not.

    Attributes:
        ranked: Eligible candidates, best first; the first one is assigned.
        excluded: The others, in the order given.
        otherwise: What becomes of the customer where nobody is eligible; None where somebody is.
    """

    ranked: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    otherwise: Otherwise | None

    @property
    def assigned(self) -> str | None:
        """Return the id of the candidate chosen."""
        return self.ranked[0].manager if self.ranked else None

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "assigned": self.assigned,
            "otherwise": None if self.otherwise is None else str(self.otherwise),
            "ranked": [each.to_data() for each in self.ranked],
            "excluded": [each.to_data() for each in self.excluded],
        }


def result(section: AssignmentSection, scope: Scope) -> AssignmentResult | None:
    """Rank the candidates given for one customer; without `allocate` there is nothing to do.

    Equal scores are told apart by `tie_break` (ascending: numbers, then texts by code point, what is missing last)
    and finally by id, so the order never depends on the order of the facts.

    Raises:
        EvaluationError: a candidate has no id or stands in the list twice, or a score lies outside 0..1.
    """
    allocate = section.allocate
    if allocate is None:
        return None
    places: list[tuple[tuple[Any, ...], Ranked]] = []
    excluded: list[Excluded] = []
    for index, candidate in enumerate(people(scope, allocate.candidates), start=1):
        manager = candidate.get("id")
        if manager is None:
            code = "person-without-id"
            raise EvaluationError(code, list=allocate.candidates, index=index)
        bound = scope.binding({"manager": candidate})
        verdict = _excluded(allocate, manager, candidate, bound) or _scored(allocate, manager, bound)
        if isinstance(verdict, Ranked):
            places.append((_rank(allocate, verdict, bound), verdict))
        else:
            excluded.append(verdict)
    ranked = tuple(each for _, each in sorted(places, key=lambda place: place[0]))
    return AssignmentResult(ranked, tuple(excluded), None if ranked else allocate.otherwise)


def bounds(section: AssignmentSection, scope: Scope, managers: Collection[str]) -> tuple[Bound, ...]:
    """Return what one customer brings to each limit, and how much some candidates may have; `result` ranks without.

    Args:
        section: The section.
        scope: The decision, with its outputs.
        managers: Ids of the candidates asked about.

    Raises:
        EvaluationError: something that must be a number is none.
    """
    allocate = section.allocate
    if allocate is None:
        return ()
    asked = {
        each["id"]: scope.binding({"manager": each})
        for each in people(scope, allocate.candidates)
        if each.get("id") in managers
    }
    return tuple(_bound(limit, scope, asked) for limit in allocate.limits)


def scores(section: AssignmentSection, scope: Scope, managers: Collection[str]) -> dict[str, Ranked]:
    """Return what some candidates would score whatever excludes them; who lacks what the score needs is left out.

    Args:
        section: The section.
        scope: The decision, with its outputs.
        managers: Ids of the candidates asked about.

    Raises:
        EvaluationError: a score lies outside 0..1.
    """
    allocate = section.allocate
    if allocate is None:
        return {}
    asked = [each for each in people(scope, allocate.candidates) if each.get("id") in managers]
    found = [_scored(allocate, each["id"], scope.binding({"manager": each})) for each in asked]
    return {each.manager: each for each in found if isinstance(each, Ranked)}


def _bound(limit: Limit, scope: Scope, asked: Mapping[str, Scope]) -> Bound:
    holds = scope.holds(limit.when)
    adds: Decimal | None = Decimal(0) if holds is False else None
    if holds:
        adds = Decimal(1) if limit.sum is None else number(scope.value(limit.sum), limit.id)
    found: dict[str, Decimal] = {}
    for manager, bound in asked.items() if holds else ():
        most = None if limit.at_most is None else number(bound.value(limit.at_most), limit.id)
        if most is not None:
            found[manager] = most
    return Bound(limit, adds, found)


def cost_of_moving(section: AssignmentSection, scope: Scope) -> Decimal:
    """Return the cost of taking a customer from today's owner: the sum of the rows of `keep` that hold, at most 1.

    Raises:
        EvaluationError: something that must be a number is none.
    """
    rows = () if section.allocate is None else section.allocate.keep
    costs = [number(scope.value(row.value), row.id) for row in rows if scope.holds(row.when)]
    return min(summed(each for each in costs if each is not None), Decimal(1))


def _excluded(allocate: Allocate, manager: str, candidate: Mapping[str, Any], scope: Scope) -> Excluded | None:
    judged = [(row, scope.holds(row.when)) for row in allocate.eligible]
    false = tuple(row.id for row, holds in judged if holds is False)
    unknown = [row for row, holds in judged if holds is None]
    if not false and not unknown:
        return _guarded(manager, candidate)
    missing = scope.missing(*(row.when for row in unknown))
    return Excluded(manager, false, tuple(row.id for row in unknown), tuple(missing))


def _guarded(manager: str, candidate: Mapping[str, Any]) -> Excluded | None:
    """Exclude whom the rules let through although inactive (or not known to be active) or absent."""
    active = truth(candidate["active"]) if "active" in candidate else True
    by = ("inactive",) * (active is False) + ("absent",) * (candidate.get("absent") is True)
    if active is None:
        return Excluded(manager, by, ("inactive",), ("manager.active",))
    return Excluded(manager, by, (), ()) if by else None


def _scored(allocate: Allocate, manager: str, scope: Scope) -> Ranked | Excluded:
    terms: list[Term] = []
    unknown: list[Score] = []
    for row in allocate.score:
        value = _share(row, manager, scope)
        if value is None:
            unknown.append(row)
        else:
            terms.append(Term(row.id, row.weight, value, NUMBERS.multiply(row.weight, value)))
    if unknown:
        missing = scope.missing(*(row.value for row in unknown))
        return Excluded(manager, (), tuple(row.id for row in unknown), tuple(missing))
    return Ranked(manager, _score(terms), tuple(terms))


def _share(row: Score, manager: str, scope: Scope) -> Decimal | None:
    """Return the value of one term.

    Raises:
        EvaluationError: it lies outside 0..1, so that the weights would not mean what they say.
    """
    value = number(scope.value(row.value), row.id)
    if value is not None and not 0 <= value <= 1:
        code = "score-out-of-range"
        raise EvaluationError(code, term=row.id, manager=manager, value=shortest(value))
    return value


def _score(terms: Sequence[Term]) -> Decimal | None:
    if not terms:
        return None
    with computing("score"):
        weight = summed(term.weight for term in terms)
        if weight <= 0:
            code = "score-without-weight"
            raise EvaluationError(code)
        return rounded(NUMBERS.divide(summed(term.points for term in terms), weight), SCORE_DECIMALS)


def _rank(allocate: Allocate, candidate: Ranked, scope: Scope) -> tuple[Any, ...]:
    """Return what candidates are sorted by: the best score, then the ties, then the id."""
    best = Decimal(0) if candidate.score is None else -candidate.score
    ties = [_order(scope.read(path), path) for path in allocate.tie_break]
    return (best, *ties, _order(candidate.manager, "manager.id"))


def _order(value: Any, path: str) -> tuple[int, Any]:
    """Return a key that puts any two values in order, those of different types by type, what is missing last.

    Raises:
        EvaluationError: values of this type have no order.
    """
    if value is None:
        return len(_ORDERED), None
    for rank, kind in enumerate(_ORDERED):
        if isinstance(value, kind):
            return rank, value
    code = "section-not-orderable"
    raise EvaluationError(code, slot=path)
