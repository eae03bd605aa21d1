"""The one rounding of amounts, against exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import EvaluationError
from policy.kinds.money import payable
from policy.values import NUMBERS

CENTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
RATES = st.decimals(min_value=-2, max_value=2, places=4)


def half_up(exact: Fraction, places: int) -> Fraction:
    scaled = exact * 10**places
    whole = int(abs(scaled) + Fraction(1, 2))
    return Fraction(whole if scaled >= 0 else -whole, 10**places)


@given(amount=CENTS, rate=RATES, places=st.integers(0, 4))
def test_rounds_the_exact_product_half_up(amount: Decimal, rate: Decimal, places: int) -> None:
    assert Fraction(payable("x", places, amount, rate)) == half_up(Fraction(amount) * Fraction(rate), places)


@given(credited=CENTS, quota=st.integers(1, 10**6), rate=RATES)
def test_dividing_and_multiplying_by_the_quota_loses_no_cent(credited: Decimal, quota: int, rate: Decimal) -> None:
    measure = NUMBERS.divide(credited, Decimal(quota))

    paid = payable("x", 2, Decimal(quota), measure, rate)

    assert Fraction(paid) == half_up(Fraction(credited) * Fraction(rate), 2)


def test_zero_is_never_negative() -> None:
    assert str(payable("x", 2, Decimal("-0.001"))) == "0.00"


@pytest.mark.parametrize(
    ("factors", "code"),
    [
        (("1E+17",), "section-amount-too-large"),
        (("-1E+9", "1E+8"), "section-amount-too-large"),
        (("9E+6144", "9E+6144"), "section-too-large"),
    ],
)
def test_refuses_amounts_beyond_every_sense(factors: tuple[str, ...], code: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        payable("cap", 2, *(Decimal(factor) for factor in factors))

    assert refused.value.code == code
    assert "`cap`" in str(refused.value)
