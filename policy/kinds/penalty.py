"""Penalties: measures proposed by rules, each with the evidence and acts it still needs; never automatic.

What no rule can switch off (DESIGN, guard rails 1, 2 and 4): a person is told, may answer, a person decides and an
appeal is heard; an amount is never above the proven loss, and without a known proven loss there is no amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from policy.currency import is_currency, minor_units
from policy.errors import EvaluationError, Place
from policy.kinds.base import Scope, chosen, number, records
from policy.kinds.money import payable
from policy.model.document import Duration, EventName, Id, Path, Severity
from policy.model.written import Expression
from policy.values import NUMBERS, Text, shortest

ACTS = ("notice", "answer-window", "decision-by-a-person", "appeal-window")
"""Acts every measure needs, in their order."""

EVIDENCE = "case.evidence"
"""Path of the list of what is on file: `kind`, `source`, and `id` where pieces have one."""

REPORTER = "case.reporter"
"""Path of the source that reported the case."""

PROVEN_LOSS = "case.proven_loss"
"""Path of the loss that is proven, currency units."""

Piece = Mapping[str, Any]

ANY = "any"
"""In place of a kind of evidence: whatever kind."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must be on file.

    Attributes:
        kind: Kind of the pieces; `any`: whatever kind.
        count: How many.
        independent: How many different sources other than the reporter they must come from.
    """

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
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a sequence; `within` counts from the step before.

    Attributes:
        as_: What conditions call it; None: the name of its type.
    """

    place: Place
    places: Mapping[str, Place]
    event: EventName
    as_: str | None = None
    within: Duration | None = None
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """An event that must not lie between the first and the last step."""

    place: Place
    places: Mapping[str, Place]
    event: EventName
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """At least so many events in a sliding window."""

    place: Place
    places: Mapping[str, Place]
    event: EventName
    at_least: int
    within: Duration
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Events of one `key` that mean something together: a sequence or a count."""

    place: Place
    places: Mapping[str, Place]
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


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """A row of evidence held against what is on file.

    Attributes:
        have: Pieces of the kind on file.
        missing: Pieces still to come, at least; one piece may serve both `count` and `independent`.
        independent: Different sources other than the reporter the row asks for.
    """

    kind: str
    count: int
    have: int
    missing: int
    independent: int

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": self.kind,
            "count": Decimal(self.count),
            "have": Decimal(self.have),
            "missing": Decimal(self.missing),
            "independent": Decimal(self.independent),
        }


@dataclass(frozen=True, slots=True)
class Compensation:
    """What a measure asks to be made good.

    Attributes:
        amount: With the currency's decimals, never above the proven loss; None: not known.
        currency: Code, None where no unit says it.
        limited: Whether the proven loss made it smaller.
        missing: Paths whose value was missing where it is not known.
    """

    amount: Decimal | None
    currency: str | None
    limited: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A measure that is proposed, and what it still needs before a person may decide it.

    Attributes:
        evidence: Every row of the measure, satisfied or not.
        acts: Acts still needed: those of every measure, then its own.
        expires: How long the points count, ISO 8601.
        compensation: None where the measure asks for none.
    """

    measure: str
    evidence: tuple[EvidenceNeed, ...]
    acts: tuple[str, ...]
    points: int
    expires: str | None
    compensation: Compensation | None

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data.

        An amount that is not known is the text `unknown`, with the paths `missing`; one the proven loss made
        smaller has `limited_by`.
        """
        return {
            "measure": self.measure,
            "needs": {"evidence": [each.to_data() for each in self.evidence], "acts": list(self.acts)},
            "points": Decimal(self.points),
            "expires": self.expires,
            **self._amount(),
        }

    def _amount(self) -> dict[str, Any]:
        if self.compensation is None:
            return {"amount": None}
        if self.compensation.amount is None:
            return {"amount": "unknown", "missing": list(self.compensation.missing)}
        limit = {"limited_by": PROVEN_LOSS} if self.compensation.limited else {}
        return {"amount": self.compensation.amount, **limit}


@dataclass(frozen=True, slots=True)
class PenaltyResult:
    """What is proposed, in order of the ladder; nothing of it is final."""

    proposed: tuple[Proposal, ...]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"proposed": [each.to_data() for each in self.proposed], "final": False}


def result(section: PenaltySection, scope: Scope) -> PenaltyResult:
    """Tell what each proposed measure still needs.

    Args:
        section: The ladder.
        scope: Gives the output `of: measures`; `case.evidence`, `case.reporter` and `case.proven_loss` where facts
            hold them.

    Raises:
        Undetermined: the measures are unknown.
        EvaluationError: the outcome names a measure the ladder does not have, or an amount is negative.
    """
    wanted = chosen(scope, "measures", [measure.id for measure in section.measures])
    on_file = _on_file(scope)
    proposed = [_proposal(each, on_file, scope) for each in section.measures if each.id in wanted]
    return PenaltyResult(tuple(proposed))


def _on_file(scope: Scope) -> list[Piece]:
    """Return the pieces of evidence, those with the same id once."""
    pieces: list[Piece] = []
    seen: set[Any] = set()
    for piece in records(scope, EVIDENCE):
        known = piece.get("id")
        if known is None or known not in seen:
            pieces.append(piece)
            seen.add(known)
    return pieces


def _proposal(measure: Measure, on_file: list[Piece], scope: Scope) -> Proposal:
    reporter = scope.read(REPORTER)
    return Proposal(
        measure.id,
        tuple(_needed(row, on_file, reporter) for row in measure.evidence),
        tuple(dict.fromkeys((*ACTS, *measure.acts))),
        measure.points,
        measure.expires,
        None if measure.amount is None else _compensation(measure.id, measure.amount, scope),
    )


def _needed(row: Evidence, on_file: list[Piece], reporter: Any) -> EvidenceNeed:
    """Hold one row against the file.

    Where it is not told who reported the case, one of the sources is taken to be the reporter: so nobody needs to
    be named for the count, and an unnamed reporter never passes for an independent source.
    """
    pieces = [piece for piece in on_file if row.kind in (ANY, piece.get("kind"))]
    sources = {piece.get("source") for piece in pieces} - {None}
    others = len(sources - {reporter}) if reporter is not None else max(0, len(sources) - 1)
    missing = max(0, row.count - len(pieces), row.independent - others)
    return EvidenceNeed(row.kind, row.count, len(pieces), missing, row.independent)


def _compensation(measure: str, written: Expression, scope: Scope) -> Compensation:
    """Return an amount that is at most the proven loss; unknown where either is."""
    unit = scope.unit(written)
    currency = unit if is_currency(unit) else None
    value, loss = number(scope.value(written), measure), number(scope.read(PROVEN_LOSS), PROVEN_LOSS)
    if value is None or loss is None:
        missing = [] if value is not None else scope.missing(written)
        missing += [PROVEN_LOSS] * (loss is None)
        return Compensation(None, currency, missing=tuple(dict.fromkeys(missing)))
    if value < 0:
        code = "compensation-negative"
        raise EvaluationError(code, measure=measure, value=shortest(value))
    places = minor_units(currency)
    amount = payable(measure, places, value)
    most = _most(max(loss, Decimal(0)), places)
    return Compensation(min(amount, most), currency, limited=amount > most)


def _most(loss: Decimal, places: int) -> Decimal:
    """Return the greatest payable amount that is not above the loss."""
    most = payable(PROVEN_LOSS, places, loss)
    return most if most <= loss else NUMBERS.subtract(most, Decimal(1).scaleb(-places))
