"""Incentives: credits counted, a rate table over the measure, adjustments and awards: a statement line by line.

Each line is rounded once, half up, to the currency's minor unit; the total is the sum of the lines. A negative total
is carried to the next statement, never paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from policy.currency import is_currency, minor_units
from policy.errors import EvaluationError, Place
from policy.kinds.bands import Band, Method, slices
from policy.kinds.base import Scope, Undetermined, computing, number, summed
from policy.kinds.money import payable
from policy.kinds.statement import Credit, Given, IncentiveResult, Line, LineKind
from policy.model.document import Duration, Id
from policy.model.written import Condition, Expression
from policy.values import NUMBERS, Text, rounded, shortest

_ZERO = Decimal(0)


class PlanPeriod(StrEnum):
    """The time one statement is for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


class Basis(StrEnum):
    """What the rate table is applied to: the sum of credits, or each credit alone."""

    TOTAL = "total"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Bands:
    """A rate table.

    Attributes:
        base: What one unit of the measure is worth, in currency units.
        rows: At least one, `from_` strictly rising from 0.
    """

    place: Place
    base: Expression
    rows: tuple[Band, ...]
    method: Method = Method.MARGINAL
    basis: Basis = Basis.TOTAL


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One line after the earnings; exactly one of `at_most`, `add` and `hold` is given.

    Attributes:
        at_most: The running total goes down to this at most.
        add: Added to the running total; may be negative.
        hold: Fraction of the running total held back.
        release: When what was held back is paid.
    """

    place: Place
    id: Id
    at_most: Expression | None = None
    add: Expression | None = None
    hold: Decimal | None = None
    release: Duration | None = None
    because: Text | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """What is not money: given where `when` is true."""

    place: Place
    id: Id
    when: Condition
    give: str
    because: Text | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class IncentiveSection:
    """Top-level keys of an incentive policy.

    Attributes:
        credit: What one item is credited with; summed as `credited`.
        measure: What the rate table is applied to; without it `credited` itself.
        bands: Without a rate table the credits themselves are what is earned.
    """

    period: PlanPeriod
    credit: Expression | None = None
    measure: Expression | None = None
    bands: Bands | None = None
    adjustments: tuple[Adjustment, ...] = ()
    awards: tuple[Award, ...] = ()

    @property
    def is_share(self) -> bool:
        """Say whether what the rate table is applied to is a share of something, as a quota, and no amount."""
        return self.bands is not None and self.bands.base.text != "1"


@dataclass(slots=True)
class _Statement:
    """The lines of a statement while it is being written."""

    places: int
    lines: list[Line]
    running: Decimal

    def add(self, line: str, kind: LineKind, *factors: Decimal, **shown: Decimal) -> Decimal:
        """Write a line whose amount is the product of `factors`, and return the amount."""
        amount = payable(line, self.places, *factors)
        self.running = NUMBERS.add(self.running, amount)
        self.lines.append(Line(line, kind, amount, self.running, **shown))
        return amount


def result(section: IncentiveSection, scope: Scope) -> IncentiveResult:
    """Write the statement of one person and period.

    `credited` is bound in everything but `credit`, `measure` in what comes after it, and `earned` (the sum of the
    lines of the rate table) in adjustments and awards.

    Raises:
        Undetermined: a credit, the measure, the base, an adjustment or the condition of an award is unknown.
        EvaluationError: credits are in several currencies, or an amount is beyond every sensible bound.
    """
    amounts = _amounts(section, scope)
    credited = None if section.credit is None else _credited(amounts)
    bound = scope.binding({"credited": credited})
    measure = _measure(section, bound, credited)
    currency = _currency(section, scope)
    places = minor_units(currency)
    statement = _Statement(places, [], rounded(_ZERO, places))
    credits_ = _earn(section, bound, statement, amounts, measure)
    earned = statement.running
    bound = scope.binding({"credited": credited, "measure": measure, "earned": earned})
    held = _adjust(section, bound, statement)
    awards = _awards(section, bound)
    return IncentiveResult(currency, credited, measure, tuple(statement.lines), earned, held, awards, credits_)


def _amounts(section: IncentiveSection, scope: Scope) -> list[tuple[Scope, Decimal]]:
    """Return what each item is credited with, beside its scope."""
    if section.credit is None:
        return []
    amounts: list[tuple[Scope, Decimal]] = []
    unknown: list[Scope] = []
    for item in scope.items:
        amount = number(item.value(section.credit), "credit")
        if amount is None:
            unknown.append(item)
        else:
            amounts.append((item, amount))
    if unknown:
        raise Undetermined([path for item in unknown for path in item.missing(section.credit)], "credit")
    return amounts


def _credited(amounts: Sequence[tuple[Scope, Decimal]]) -> Decimal:
    with computing("credit"):
        return summed(amount for _, amount in amounts)


def _measure(section: IncentiveSection, scope: Scope, credited: Decimal | None) -> Decimal | None:
    return credited if section.measure is None else number(scope.value(section.measure), "measure")


def _currency(section: IncentiveSection, scope: Scope) -> str | None:
    """Return the currency of the rate table's base, else of the credits.

    Raises:
        EvaluationError: credits are in several currencies, which have no sum.
    """
    if section.bands is not None:
        unit = scope.unit(section.bands.base)
        if is_currency(unit):
            return unit
    if section.credit is None:
        return None
    units = [unit for item in scope.items if (unit := item.unit(section.credit)) is not None and is_currency(unit)]
    currencies = tuple(dict.fromkeys(units))
    if len(currencies) > 1:
        code = "currencies-mixed"
        raise EvaluationError(code, found=currencies)
    return currencies[0] if currencies else None


def _earn(
    section: IncentiveSection,
    scope: Scope,
    statement: _Statement,
    amounts: Sequence[tuple[Scope, Decimal]],
    measure: Decimal | None,
) -> tuple[Credit, ...]:
    """Write the lines of the earnings, and return the credits with what each has earned by itself."""
    bands = section.bands
    if bands is not None and bands.basis is Basis.TOTAL:
        _apply(section, bands, scope, statement, "", measure)
        return tuple(Credit(index, amount) for index, (_, amount) in enumerate(amounts))
    found: list[Credit] = []
    for index, (item, amount) in enumerate(amounts):
        line = f"credit-{index}"
        if bands is None:
            found.append(Credit(index, amount, earned=statement.add(line, LineKind.CREDIT, amount)))
        else:
            alone = item.binding({"credited": amount})
            own, earned = _apply(section, bands, alone, statement, f"{line}-", _measure(section, alone, amount))
            found.append(Credit(index, amount, own, earned))
    return tuple(found)


def _apply(
    section: IncentiveSection, bands: Bands, scope: Scope, statement: _Statement, prefix: str, measure: Decimal | None
) -> tuple[Decimal, Decimal]:
    """Write the lines of the rate table for one measure; return the measure and the sum of these lines.

    Args:
        section: Says what the measure is, for naming what it misses.
        bands: The rate table.
        scope: Knows what is credited.
        statement: Takes the lines.
        prefix: Begins the ids of the lines.
        measure: None where it is unknown.

    Raises:
        Undetermined: the measure or the base is unknown.
    """
    base = number(scope.binding({"measure": measure}).value(bands.base), "bands.base")
    if measure is None or base is None:
        unknown = [written for written, value in ((section.measure, measure), (bands.base, base)) if value is None]
        raise Undetermined(scope.missing(*unknown), "measure" if measure is None else "bands.base")
    before = statement.running
    with computing("measure"):
        cut = slices(bands.rows, bands.method, measure)
    for each in cut:
        width = NUMBERS.subtract(each.to, each.from_)
        shown = {"from_": each.from_, "to": each.to, "base": base, "rate": each.rate}
        statement.add(f"{prefix}band-{shortest(each.band)}", LineKind.BAND, base, width, each.rate, **shown)
    return measure, NUMBERS.subtract(statement.running, before)


def _adjust(section: IncentiveSection, scope: Scope, statement: _Statement) -> Decimal:
    """Write the lines of the adjustments, in order, and return what is held back."""
    held = rounded(_ZERO, statement.places)
    for row, value in zip(section.adjustments, _values(section.adjustments, scope), strict=True):
        if row.at_most is not None:
            excess = NUMBERS.subtract(max(value, statement.running), value)
            statement.add(row.id, LineKind.AT_MOST, NUMBERS.minus(excess), base=value)
        elif row.add is not None:
            statement.add(row.id, LineKind.ADD, value)
        else:
            whole = max(statement.running, _ZERO)
            taken = statement.add(row.id, LineKind.HOLD, whole, NUMBERS.minus(value), base=whole, rate=value)
            held = NUMBERS.subtract(held, taken)
    return held


def _values(rows: Sequence[Adjustment], scope: Scope) -> list[Decimal]:
    """Return the cap, the addition or the fraction of each adjustment.

    Raises:
        Undetermined: one is unknown; names what is missing for all of them.
    """
    found: list[Decimal] = []
    unknown: list[tuple[str, Expression | None]] = []
    for row in rows:
        written = row.at_most if row.at_most is not None else row.add
        value = row.hold if written is None else number(scope.value(written), row.id)
        if value is None:
            unknown.append((row.id, written))
        else:
            found.append(value)
    if unknown:
        raise Undetermined(scope.missing(*(written for _, written in unknown)), unknown[0][0])
    return found


def _awards(section: IncentiveSection, scope: Scope) -> tuple[Given, ...]:
    verdicts = [(row, scope.holds(row.when)) for row in section.awards]
    unknown = [row for row, holds in verdicts if holds is None]
    if unknown:
        raise Undetermined(scope.missing(*(row.when for row in unknown)), unknown[0].id)
    return tuple(Given(row.id, row.give) for row, holds in verdicts if holds)
