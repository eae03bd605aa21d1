"""Amounts that are paid or deducted: the currency they are in, and their one rounding."""

from __future__ import annotations

from decimal import Decimal

from policy.errors import EvaluationError
from policy.kinds.base import computing
from policy.values import NUMBERS, rounded

LARGEST_AMOUNT = Decimal("1E+17")
"""Amounts reach up to here, exclusive; more is a mistake in units and is refused."""

STEADY = Decimal("1E-16")
"""Decimals a product is taken to before it is rounded."""


def payable(slot: str, places: int, *factors: Decimal) -> Decimal:
    """Multiply, and round half up to the decimals of a currency.

    A quotient such as credit over quota is exact to 34 digits only: one third of 3 times 0.005 comes out a hair
    below 0.005 and would lose its cent. So the product is first taken to 16 decimals, where such hairs vanish.

    Args:
        slot: Key of the section it is computed for, for the error.
        places: Decimals of the currency.
        factors: At least one.

    Raises:
        EvaluationError: the amount is not below `LARGEST_AMOUNT`.

    Example:
        >>> payable("bands", 2, Decimal(3), Decimal("0.3333333333333333333333333333333333"), Decimal("0.005"))
        Decimal('0.01')
    """
    amount = Decimal(1)
    with computing(slot):
        for factor in factors:
            amount = NUMBERS.multiply(amount, factor)
    if abs(amount) >= LARGEST_AMOUNT:
        code = "section-amount-too-large"
        raise EvaluationError(code, slot=slot)
    return rounded(amount.quantize(STEADY, context=NUMBERS), places)
