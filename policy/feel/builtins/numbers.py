"""Built-in functions on numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)
from typing import Any

from policy.feel.builtins.registry import function
from policy.feel.operations import negate
from policy.feel.problems import fail
from policy.feel.values import price
from policy.values import NUMBERS

_SMALLEST_SCALE = -6111
_LARGEST_SCALE = 6176
_WIDE = Context(prec=2 * _LARGEST_SCALE, Emin=-999_999, Emax=999_999)
_ZERO = Decimal(0)
_UNITS = {Decimal(scale): Decimal((0, (1,), -scale)) for scale in range(12)}


def to_scale(number: Decimal, scale: Decimal, rounding: str) -> Any:
    """Round to `scale` decimals (cut to a whole number); null with a reason where no such scale exists."""
    unit = _UNITS.get(scale)
    if unit is None:
        places = int(scale) if abs(scale.adjusted()) < 6 else _LARGEST_SCALE + 1
        if not _SMALLEST_SCALE <= places <= _LARGEST_SCALE:
            return fail("feel-scale", found=str(scale), expected=f"{_SMALLEST_SCALE}..{_LARGEST_SCALE}")
        if places > NUMBERS.prec - number.adjusted():
            return number
        unit = Decimal((0, (1,), -places))
    return NUMBERS.plus(number.quantize(unit, rounding, _WIDE))


@function("decimal(n: number, scale: number) -> number")
def _decimal(number: Decimal, scale: Decimal) -> Any:
    return to_scale(number, scale, ROUND_HALF_EVEN)


@function("floor(n: number, scale?: number) -> number")
def _floor(number: Decimal, scale: Decimal = _ZERO) -> Any:
    return to_scale(number, scale, ROUND_FLOOR)


@function("ceiling(n: number, scale?: number) -> number")
def _ceiling(number: Decimal, scale: Decimal = _ZERO) -> Any:
    return to_scale(number, scale, ROUND_CEILING)


@function("round up(n: number, scale: number) -> number")
def _round_up(number: Decimal, scale: Decimal) -> Any:
    return to_scale(number, scale, ROUND_UP)


@function("round down(n: number, scale: number) -> number")
def _round_down(number: Decimal, scale: Decimal) -> Any:
    return to_scale(number, scale, ROUND_DOWN)


@function("round half up(n: number, scale: number) -> number")
def _round_half_up(number: Decimal, scale: Decimal) -> Any:
    return to_scale(number, scale, ROUND_HALF_UP)


@function("round half down(n: number, scale: number) -> number")
def _round_half_down(number: Decimal, scale: Decimal) -> Any:
    return to_scale(number, scale, ROUND_HALF_DOWN)


@function("abs(n: number|days|months) -> first")
def _abs(value: Any) -> Any:
    if value.__class__ is Decimal:
        return value.copy_abs()
    return negate(value) if value < value.__class__(0) else value


@function("modulo(dividend: number, divisor: number) -> first")
def _modulo(dividend: Decimal, divisor: Decimal) -> Any:
    if not divisor:
        return fail("feel-division-by-zero")
    if dividend.adjusted() - divisor.adjusted() > NUMBERS.prec:
        return fail("feel-overflow", sign="modulo")
    rest = _WIDE.remainder(dividend, divisor)
    return NUMBERS.plus(rest if not rest or (rest < 0) is (divisor < 0) else _WIDE.add(rest, divisor))


@function("sqrt(number: number) -> number")
def _sqrt(number: Decimal) -> Any:
    price(8)
    return fail("feel-root-of-negative") if number < 0 else NUMBERS.sqrt(number)


@function("log(number: number) -> number")
def _log(number: Decimal) -> Any:
    price(110)
    return fail("feel-logarithm") if number <= 0 else NUMBERS.ln(number)


@function("exp(number: number) -> number")
def _exp(number: Decimal) -> Any:
    price(60)
    try:
        return NUMBERS.exp(number)
    except DecimalException:
        return fail("feel-overflow", sign="exp")


@function("odd(number: number) -> boolean")
def _odd(number: Decimal) -> bool:
    return _is_whole(number) and _last_bit(number)


@function("even(number: number) -> boolean")
def _even(number: Decimal) -> bool:
    return _is_whole(number) and not _last_bit(number)


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _last_bit(number: Decimal) -> bool:
    return bool(_WIDE.remainder(number, Decimal(2)))
