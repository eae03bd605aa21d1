"""Penalties: measures proposed by rules, each with the evidence and acts it still needs; never automatic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from policy.errors import Place
from policy.model.document import Duration, Id, Path
from policy.model.written import Expression
from policy.values import Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must be on file: `count` pieces of `kind` (`any`: whatever kind), `independent` of them from other sources."""

    place: Place
    kind: str
    count: int = field(default=1, metadata={"at_least": 1})
    independent: int = field(default=0, metadata={"at_least": 0})


@dataclass(frozen=True, slots=True)
class Measure:
    """One rung of the ladder.

    Attributes:
        acts: Acts of people that must have happened, beside those no rule can switch off.
        points: Points it brings.
        expires: How long the points count.
        amount: Compensation for proven loss, currency units.
    """

    place: Place
    id: Id
    evidence: tuple[Evidence, ...] = ()
    acts: tuple[Id, ...] = ()
    points: int = field(default=0, metadata={"at_least": 0})
    expires: Duration | None = None
    amount: Expression | None = None


class Severity(StrEnum):
    """How grave a pattern is."""

    WATCH = "watch"
    WARN = "warn"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a sequence; `within` counts from the step before."""

    place: Place
    as_: str
    event: str
    within: Duration | None = None
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """An event that must not lie between the first and the last step."""

    place: Place
    event: str
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """At least so many events in a sliding window."""

    place: Place
    event: str
    at_least: int = field(metadata={"at_least": 1})
    within: Duration
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Events of one `key` that mean something together: a sequence or a count."""

    place: Place
    id: Id
    severity: Severity
    key: Path
    sequence: tuple[Step, ...] = ()
    without: Without | None = None
    count: Count | None = None
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """Record of the consultation the law asks for before such rules take effect."""

    place: Place
    held: date
    published: date
    record: Text


@dataclass(frozen=True, slots=True)
class PenaltySection:
    """Top-level keys of a penalty policy."""

    measures: tuple[Measure, ...]
    patterns: tuple[Pattern, ...] = ()
    consultation: Consultation | None = None
