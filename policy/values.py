"""Decimals, texts in two languages, and the one place where amounts are rounded.

Amounts are `decimal.Decimal`, never binary floats; expressions compute with 34 digits, half even.
Rates are fractions (0.05 is 5 %).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import StrEnum

DIGITS = 34
"""Significant digits of every number (IEEE decimal128, as DMN asks)."""

LARGEST_EXPONENT = 6144
"""Numbers beyond 10^±6144 are refused at the border."""

NUMBERS = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-LARGEST_EXPONENT,
    Emax=LARGEST_EXPONENT,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""The context of every calculation; use its methods (`NUMBERS.add`), never the thread's context."""

_ROUNDING = Context(prec=2 * DIGITS + LARGEST_EXPONENT, rounding=ROUND_HALF_UP)


class Language(StrEnum):
    """Languages in which people read texts."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages of the product.

    Attributes:
        zh: Simplified Chinese.
        en: English.
    """

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language is Language.ZH else self.en


def rounded(number: Decimal, scale: int) -> Decimal:
    """Round half up (away from zero at a tie) to `scale` decimals.

    Args:
        number: Any finite number.
        scale: Decimals to keep, >= 0; the result always shows that many.

    Returns:
        The number with exactly `scale` decimals; zero is never negative.

    Example:
        >>> rounded(Decimal("2.345"), 2)
        Decimal('2.35')
        >>> rounded(Decimal("-0.001"), 2)
        Decimal('0.00')
    """
    result = number.quantize(Decimal(1).scaleb(-scale), context=_ROUNDING)
    return abs(result) if result.is_zero() else result


def decimals(number: Decimal) -> int:
    """Count the decimals `number` needs, trailing zeros left out.

    Example:
        >>> decimals(Decimal("1.50")), decimals(Decimal("1E+3"))
        (1, 0)
    """
    exponent = number.normalize(_ROUNDING).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def significant(number: Decimal) -> int:
    """Count the significant digits of `number`, zeros at its beginning and end left out.

    Example:
        >>> significant(Decimal("0.0150")), significant(Decimal("1200"))
        (2, 2)
    """
    return len("".join(map(str, number.as_tuple().digits)).strip("0"))


def plain(number: Decimal) -> str:
    """Write `number` without exponent, with the digits it has.

    Example:
        >>> plain(Decimal("1E+3")), plain(Decimal("1.50"))
        ('1000', '1.50')
    """
    return format(abs(number) if number.is_zero() else number, "f")


def shortest(number: Decimal) -> str:
    """Write `number` without exponent and without trailing zeros after the point.

    Example:
        >>> shortest(Decimal("1.50")), shortest(Decimal("1E+3"))
        ('1.5', '1000')
    """
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def readable(number: Decimal) -> str:
    """Write `number` for people: in groups of three; one with many decimals is shown rounded, and says so.

    Example:
        >>> readable(Decimal("1234567.50")), readable(NUMBERS.divide(Decimal(2), Decimal(3)))
        ('1,234,567.5', '≈ 0.666667')
    """
    if decimals(number) > _MOST_DECIMALS:
        return f"≈ {rounded(number, _SHOWN_DECIMALS):,f}"
    return f"{Decimal(shortest(number)):,f}"


_MOST_DECIMALS, _SHOWN_DECIMALS = 8, 6
