"""Assignments: who is eligible for a customer, ranked by score, and who is excluded by what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from policy.errors import Place
from policy.model.document import Duration, Id, Path
from policy.model.written import Condition, Expression


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


@dataclass(frozen=True, slots=True)
class Score:
    """One term of the score: `value` in 0..1, weights are relative."""

    place: Place
    id: Id
    weight: Decimal
    value: Expression


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


@dataclass(frozen=True, slots=True)
class Keep:
    """The cost, in 0..1, of taking a customer from today's owner."""

    place: Place
    id: Id
    value: Expression
    when: Condition | None = None


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
