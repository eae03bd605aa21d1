"""Incentives: credits counted, a rate table over the measure, adjustments and awards: a statement line by line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from policy.errors import Place
from policy.model.document import Duration, Id
from policy.model.written import Condition, Expression
from policy.values import Text


class PlanPeriod(StrEnum):
    """The time one statement is for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


class Method(StrEnum):
    """How a rate table pays: each slice at its rate, all at the rate reached, or a rate between rows."""

    MARGINAL = "marginal"
    WHOLE = "whole"
    INTERPOLATED = "interpolated"


class Basis(StrEnum):
    """What the rate table is applied to: the sum of credits, or each credit alone."""

    TOTAL = "total"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Band:
    """From `from_` of the measure on (inclusive) the rate is `rate`, a fraction."""

    place: Place
    from_: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """A rate table; `base` is what one unit of the measure is worth, in currency units."""

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


@dataclass(frozen=True, slots=True)
class Award:
    """What is not money: given where `when` is true."""

    place: Place
    id: Id
    when: Condition
    give: str
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class IncentiveSection:
    """Top-level keys of an incentive policy."""

    period: PlanPeriod
    credit: Expression | None = None
    measure: Expression | None = None
    bands: Bands | None = None
    adjustments: tuple[Adjustment, ...] = ()
    awards: tuple[Award, ...] = ()
