"""Rate tables: which slices of a measure are paid, and at which rate.

A slice reaches from `from_` to `to` of the measure and earns (to - from_) times its rate for every unit of the base.
Nothing is earned at a measure of 0. The first row reaches down without end, so a negative measure earns (takes
back) at the first rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from policy.errors import Place
from policy.values import NUMBERS

_ZERO = Decimal(0)


class Method(StrEnum):
    """How a rate table pays: each slice at its rate, all at the rate reached, or a rate between rows."""

    MARGINAL = "marginal"
    WHOLE = "whole"
    INTERPOLATED = "interpolated"


@dataclass(frozen=True, slots=True)
class Band:
    """From `from_` of the measure on (inclusive) the rate is `rate`, a fraction."""

    place: Place
    from_: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the measure paid at one rate.

    Attributes:
        band: `from` of the row it belongs to.
        from_: Where it begins.
        to: Where it ends; below `from_` for a negative measure.
        rate: Fraction.
    """

    band: Decimal
    from_: Decimal
    to: Decimal
    rate: Decimal


def slices(rows: Sequence[Band], method: Method, measure: Decimal) -> tuple[Slice, ...]:
    """Cut a measure into what is paid at one rate each.

    Args:
        rows: At least one, `from_` strictly rising from 0.
        method: Each slice at its own rate, or everything at one.
        measure: Any number.

    Returns:
        At least one; a measure of 0 gives an empty first slice.

    Example:
        >>> nowhere = Place("", 1, 1)
        >>> rows = [Band(nowhere, Decimal(0), Decimal("0.10")), Band(nowhere, Decimal(1), Decimal("0.15"))]
        >>> [(each.to, each.rate) for each in slices(rows, Method.MARGINAL, Decimal("1.5"))]
        [(Decimal('1'), Decimal('0.10')), (Decimal('1.5'), Decimal('0.15'))]
    """
    match method:
        case Method.MARGINAL:
            return _marginal(rows, measure)
        case Method.WHOLE:
            row = rows[_reached(rows, measure)]
            return (Slice(row.from_, _ZERO, measure, row.rate),)
        case Method.INTERPOLATED:
            index = _reached(rows, measure)
            return (Slice(rows[index].from_, _ZERO, measure, _between(rows, index, measure)),)
    assert_never(method)


def _marginal(rows: Sequence[Band], measure: Decimal) -> tuple[Slice, ...]:
    floors = [_ZERO, *(row.from_ for row in rows[1:])]
    tops = [*(min(floor, measure) for floor in floors[1:]), measure]
    cut = [
        Slice(row.from_, floor, top, row.rate)
        for row, floor, top in zip(rows, floors, tops, strict=True)
        if row is rows[0] or floor < top
    ]
    return tuple(cut)


def _reached(rows: Sequence[Band], measure: Decimal) -> int:
    """Return the index of the last row that begins at or below the measure, of the first row where none does."""
    return max(0, sum(row.from_ <= measure for row in rows) - 1)


def _between(rows: Sequence[Band], index: int, measure: Decimal) -> Decimal:
    """Return the rate on the straight line from a row to the next; flat before the first and after the last."""
    row = rows[index]
    if index == len(rows) - 1 or measure <= row.from_:
        return row.rate
    following = rows[index + 1]
    along = NUMBERS.subtract(measure, row.from_)
    climb = NUMBERS.subtract(following.rate, row.rate)
    width = NUMBERS.subtract(following.from_, row.from_)
    return NUMBERS.add(row.rate, NUMBERS.divide(NUMBERS.multiply(along, climb), width))
