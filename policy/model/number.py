"""The one form of a number in facts: it depends on the numeric value alone, however it was written."""

from __future__ import annotations

import re
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Subnormal

from policy.model.document import FieldType
from policy.model.problems import UnfitError
from policy.model.words import EXPECTED, shown
from policy.values import DIGITS, LARGEST_EXPONENT, NUMBERS, decimals

EXACT = Context(
    prec=DIGITS,
    Emin=-LARGEST_EXPONENT,
    Emax=LARGEST_EXPONENT,
    traps=[Inexact, InvalidOperation, Overflow, Subnormal],
)
"""Raises where a number does not fit; used to pad and trim, never to round."""

WRITTEN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
"""A number as JSON writes it."""

NOT_FINITE = re.compile(r"[-+]?\.?(?:nan|inf(?:inity)?)", re.IGNORECASE)
"""What programs and YAML write for something that is no finite number."""

_LEADING_ZERO = re.compile(r"-?0[0-9]+(?:\.[0-9]+)?")


def number(value: Decimal | int, scale: int | None = None) -> Decimal:
    """Return the one form of a number: padded to its scale, or trimmed; zero never negative.

    Raises:
        UnfitError: it is not finite, has too many digits or decimals, or its exponent goes too far.
    """
    result = Decimal(value)
    if not result.is_finite():
        raise UnfitError(code="value-not-finite", found=str(result), expected=EXPECTED[FieldType.NUMBER])
    if result.is_zero():
        return Decimal((0, (0,), -(scale or 0)))
    trimmed = _trimmed(result)
    if scale is not None and decimals(trimmed) > scale:
        raise UnfitError(code="value-scale", found=shown(trimmed), digits=decimals(trimmed), expected=scale)
    return _padded(trimmed, scale or 0)


def quantum(scale: int) -> Decimal:
    """Return one unit of the last decimal: 0.01 for a scale of 2."""
    return Decimal((0, (1,), -scale))


def _trimmed(value: Decimal) -> Decimal:
    try:
        return EXACT.normalize(value)
    except DecimalException:
        digits = len("".join(map(str, value.as_tuple().digits)).rstrip("0"))
    if digits > DIGITS:
        raise UnfitError(code="value-digits", found=shown(value), digits=digits, expected=DIGITS)
    raise UnfitError(code="value-exponent", found=shown(value), expected=LARGEST_EXPONENT)


def _padded(value: Decimal, scale: int) -> Decimal:
    """Pad a trimmed number to `scale` decimals, where 34 digits suffice and it has no more of them."""
    try:
        return EXACT.quantize(value, quantum(scale))
    except DecimalException:
        return value


def number_of(text: str) -> Decimal:
    """Return the number a text is written as.

    Raises:
        UnfitError: it is none, or has an exponent beyond every bound.
    """
    expected = EXPECTED[FieldType.NUMBER]
    if WRITTEN.fullmatch(text):
        try:
            return Decimal(text, NUMBERS)
        except DecimalException:
            raise UnfitError(code="value-exponent", found=shown(text), expected=LARGEST_EXPONENT) from None
    if _LEADING_ZERO.fullmatch(text):
        raise UnfitError(code="value-leading-zero", found=shown(text), expected=expected)
    code = "value-not-finite" if NOT_FINITE.fullmatch(text) else "value-number-form"
    raise UnfitError(code, found=shown(text), expected=expected)
