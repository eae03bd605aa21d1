"""Arithmetic on what is known to be numbers, in the context of `policy.feel.reckoning`: nothing raises.

A result that leaves the range of numbers becomes infinite (or NaN) and stays so through `+`, `-` and `*`, so that a
chain of operations is looked at once, at its end. Divisors and what is compared are looked at before.
"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from policy.feel.builtins import BUILTINS
from policy.feel.builtins.numbers import to_scale
from policy.feel.problems import fail
from policy.feel.reckoning import quiet
from policy.feel.values import MANY, charge

MODES = {
    "ceiling": ROUND_CEILING,
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "round down": ROUND_DOWN,
    "round half down": ROUND_HALF_DOWN,
    "round half up": ROUND_HALF_UP,
    "round up": ROUND_UP,
}
"""How each rounding function rounds."""

ROUNDING = {name: quiet(mode).quantize for name, mode in MODES.items()}
"""What rounds to the decimals of a second number; NaN where the result would have too many digits."""

TO_WHOLE = {name: quiet(mode).to_integral_value for name, mode in MODES.items()}
"""What rounds to a whole number; takes half as long."""


_KEPT = 20_000


def total(items: Any) -> Any:
    """Give the sum of a list known to hold numbers, reckoning; null with a reason where one is missing."""
    if items is None or len(items) < 2:
        return _sum(items)
    if len(items) > MANY:
        charge(len(items))
    try:
        rest = iter(items)
        found = sum(rest, next(rest))
    except TypeError:
        return _sum(items)
    return found if found.is_finite() else overflown("sum")


_sum = BUILTINS["sum"][0].call


class Whole(dict[int, Decimal]):
    """Whole numbers as decimals; the small ones are made once."""

    def __missing__(self, number: int) -> Decimal:
        """Make one."""
        made = Decimal(number)
        if abs(number) < _KEPT:
            self[number] = made
        return made


def overflown(sign: str) -> Any:
    """Give the null of a result that is no number any more."""
    return fail("feel-overflow", sign=sign)


def rounded_slowly(name: str, number: Decimal, scale: Decimal) -> Any:
    """Round to nothing, or to more digits than `ROUNDING` can."""
    return to_scale(number, scale, MODES[name]) if number.is_finite() else overflown(name)
