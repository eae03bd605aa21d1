"""What is known of a number before there is one: how many decimals it has at most, and how small and large it can be.

Where an extent is known at all, the number has at most 34 digits: it was computed without rounding, is finite, and
every other order of the same additions and multiplications gives the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact

from policy.values import DIGITS, decimals

EXACT = Context(prec=3 * DIGITS, traps=[Inexact])
"""Computes with bounds, slopes and the like without rounding; raises where it would have to round."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What is known of a number.

    Attributes:
        places: Decimals it needs at most, >= 0.
        low: Least value, inclusive.
        high: Greatest value, inclusive.
        signed_zero: Whether it may be a zero with a minus sign.
    """

    places: int
    low: Decimal
    high: Decimal
    signed_zero: bool = False

    @property
    def whole_digits(self) -> int:
        """Return how many digits it has before the point at most."""
        return max(self.low.copy_abs(), self.high.copy_abs()).adjusted() + 1

    @property
    def digits(self) -> int:
        """Return how many digits it has at most."""
        return max(self.whole_digits, 0) + self.places

    @property
    def is_natural(self) -> bool:
        """Say whether it surely has no minus sign."""
        return self.low >= 0 and not self.signed_zero


def fitting(extent: Extent) -> Extent | None:
    """Return an extent; None where it may have too many digits to be exact."""
    return extent if extent.digits <= DIGITS else None


def extent_of(value: Decimal) -> Extent | None:
    """Return the extent of a number known now."""
    return fitting(Extent(decimals(value), value, value, value.is_zero() and value.is_signed()))


def sum_of(left: Extent, right: Extent) -> Extent | None:
    """Return the extent of `left + right`."""
    low, high = EXACT.add(left.low, right.low), EXACT.add(left.high, right.high)
    return fitting(Extent(max(left.places, right.places), low, high, left.signed_zero and right.signed_zero))


def difference(left: Extent, right: Extent) -> Extent | None:
    """Return the extent of `left - right`."""
    low, high = EXACT.subtract(left.low, right.high), EXACT.subtract(left.high, right.low)
    return fitting(Extent(max(left.places, right.places), low, high, left.signed_zero))


def product(left: Extent, right: Extent) -> Extent | None:
    """Return the extent of `left * right`."""
    ends = [EXACT.multiply(one, other) for one in (left.low, left.high) for other in (right.low, right.high)]
    signed = not (left.is_natural and right.is_natural)
    return fitting(Extent(left.places + right.places, min(ends), max(ends), signed))


def least(left: Extent, right: Extent) -> Extent | None:
    """Return the extent of the smaller of two numbers."""
    return _one_of(left, right, min(left.low, right.low), min(left.high, right.high))


def greatest(left: Extent, right: Extent) -> Extent | None:
    """Return the extent of the larger of two numbers."""
    return _one_of(left, right, max(left.low, right.low), max(left.high, right.high))


def _one_of(left: Extent, right: Extent, low: Decimal, high: Decimal) -> Extent | None:
    signed = left.signed_zero or right.signed_zero
    return fitting(Extent(max(left.places, right.places), low, high, signed))


def negative(extent: Extent) -> Extent:
    """Return the extent of `-number`; Python gives its zero no sign."""
    return Extent(extent.places, extent.high.copy_negate(), extent.low.copy_negate())


def rounded(extent: Extent, unit: Decimal) -> Extent | None:
    """Return the extent of a number rounded to whole units, 0.01 for two decimals, its zero without a sign."""
    low = EXACT.subtract(extent.low, unit)
    natural = max(low, Decimal(0)) if extent.low >= 0 else low
    return fitting(Extent(-unit.adjusted(), natural, EXACT.add(extent.high, unit)))
