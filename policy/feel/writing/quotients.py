"""Rounding half up of a number divided by a constant, as one division that gives a whole number of units.

`round half up(a / 365, 2)` is the whole part of `(a + 1.825) / 3.65`, times 0.01. A division to 34 digits and a second
rounding take longer. That the first of them changes nothing must be sure: it could move a quotient to a tie, or to
its other side, only where one lies nearer than half a unit of the 34th digit.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException

from policy.feel.extents import EXACT, Extent, extent_of, sum_of
from policy.values import DIGITS

_HALF, _ZERO = Decimal("0.5"), Decimal(0)


def write_quotient(
    source: str, extent: Extent, divisor: Decimal, unit: Decimal, constant: Callable[[Decimal], str], name: str
) -> str | None:
    """Write `source / divisor`, rounded half up to a whole number of units; None where it may differ.

    Args:
        source: Of the number divided.
        extent: Of the number divided.
        divisor: Divisor.
        unit: 0.01 for two decimals.
        constant: Gives the source of a number known now.
        name: A Python name not used before.
    """
    if divisor <= 0:
        return None
    try:
        step = EXACT.multiply(divisor, unit)
        half = EXACT.multiply(step, _HALF)
    except DecimalException:
        return None
    if not _is_sure(extent, step, half):
        return None
    if extent.low >= 0:
        return f"({source} + {constant(half)}) // {constant(step)} * {constant(unit)}"
    # a whole part is cut towards zero; a zero has no sign
    halves, per, zero = constant(half), f"// {constant(step)} * {constant(unit)}", constant(EXACT.multiply(unit, _ZERO))
    return f"({name} - {halves}) {per} or {zero} if ({name} := {source}).is_signed() else ({name} + {halves}) {per}"


def _is_sure(extent: Extent, step: Decimal, half: Decimal) -> bool:
    """Say whether rounding twice is rounding once.

    Ties are odd multiples of `half`. Counted in a decimal unit that both `half` and the number divided are whole
    multiples of, a quotient that is no tie is at least one such unit, divided, away from the next. With at most 33
    digits in that unit this is more than half a unit of the 34th digit of any quotient.
    """
    size = extent_of(half)
    if size is None:
        return False
    moved = sum_of(Extent(max(extent.places, size.places), extent.low, extent.high), size)
    units = max(extent.whole_digits, 0) - step.adjusted() + 1
    return moved is not None and moved.digits < DIGITS and units < DIGITS
