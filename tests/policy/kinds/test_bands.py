"""Rate tables against an obvious reference in fractions, and the laws of each method."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.kinds.bands import Band, Method, slices
from policy.values import NUMBERS
from tests.policy.kinds.world import NOWHERE

RATES = st.decimals(min_value=0, max_value=1, places=4)
MEASURES = st.decimals(min_value=-5, max_value=50, places=3)


@st.composite
def tables(draw: st.DrawFn, *, rising: bool = False) -> list[Band]:
    steps = draw(st.lists(st.decimals(min_value="0.001", max_value=9, places=3), max_size=5))
    floors = [Decimal(0)]
    for step in steps:
        floors.append(NUMBERS.add(floors[-1], step))
    rates = draw(st.lists(RATES, min_size=len(floors), max_size=len(floors)))
    return [Band(NOWHERE, *row) for row in zip(floors, sorted(rates) if rising else rates, strict=True)]


def earned(rows: list[Band], method: Method, measure: Decimal) -> Fraction:
    return sum(
        ((Fraction(each.to) - Fraction(each.from_)) * Fraction(each.rate) for each in slices(rows, method, measure)),
        Fraction(0),
    )


def rate_at(rows: list[Band], measure: Decimal) -> Fraction:
    below = [row for row in rows if row.from_ <= measure]
    return Fraction((below or rows)[-1 if below else 0].rate)


def marginal(rows: list[Band], measure: Decimal) -> Fraction:
    """Walk from floor to floor, adding what each step is worth."""
    if measure < 0:
        return Fraction(measure) * Fraction(rows[0].rate)
    edges = sorted({Decimal(0), measure, *(row.from_ for row in rows if row.from_ < measure)})
    return sum(((Fraction(b) - Fraction(a)) * rate_at(rows, a) for a, b in pairwise(edges)), Fraction(0))


@given(rows=tables(), measure=MEASURES)
def test_marginal_pays_each_slice_at_its_own_rate(rows: list[Band], measure: Decimal) -> None:
    assert earned(rows, Method.MARGINAL, measure) == marginal(rows, measure)


@given(rows=tables(), measure=MEASURES)
def test_whole_pays_everything_at_the_rate_reached(rows: list[Band], measure: Decimal) -> None:
    assert earned(rows, Method.WHOLE, measure) == Fraction(measure) * rate_at(rows, measure)


@given(rows=tables(), measure=MEASURES)
def test_interpolated_rate_lies_on_the_line_between_two_rows(rows: list[Band], measure: Decimal) -> None:
    (whole,) = slices(rows, Method.INTERPOLATED, measure)

    before = [row for row in rows if row.from_ <= measure]
    after = [row for row in rows if row.from_ > measure]
    expected = rate_at(rows, measure)
    if before and after:
        width = Fraction(after[0].from_) - Fraction(before[-1].from_)
        along = Fraction(measure) - Fraction(before[-1].from_)
        expected += along / width * (Fraction(after[0].rate) - Fraction(before[-1].rate))
    assert abs(Fraction(whole.rate) - expected) < Fraction(1, 10**30)


@given(rows=tables(), measure=MEASURES, more=st.decimals(min_value=0, max_value=9, places=3))
def test_marginal_never_earns_less_for_more_even_where_rates_fall(
    rows: list[Band], measure: Decimal, more: Decimal
) -> None:
    higher = NUMBERS.add(measure, more)

    gain = earned(rows, Method.MARGINAL, higher) - earned(rows, Method.MARGINAL, measure)

    assert 0 <= gain <= Fraction(more) * max(Fraction(row.rate) for row in rows), "monotone, and without a jump"


@pytest.mark.parametrize("method", list(Method))
@given(rows=tables(rising=True), measure=MEASURES, more=st.decimals(min_value=0, max_value=9, places=3))
def test_every_method_never_earns_less_for_more_where_rates_rise(
    method: Method, rows: list[Band], measure: Decimal, more: Decimal
) -> None:
    gain = earned(rows, method, NUMBERS.add(measure, more)) - earned(rows, method, measure)

    assert gain > Fraction(-1, 10**28), "an interpolated rate is exact to 34 digits only"


@pytest.mark.parametrize("method", list(Method))
@given(rows=tables(), measure=MEASURES)
def test_slices_join_from_nothing_to_the_measure(method: Method, rows: list[Band], measure: Decimal) -> None:
    cut = slices(rows, method, measure)

    assert cut[0].from_ == 0
    assert cut[-1].to == measure
    assert all(one.to == other.from_ for one, other in pairwise(cut))


@pytest.mark.parametrize("method", list(Method))
@given(rows=tables(), measure=st.decimals(min_value=-9, max_value=-1, places=2))
def test_a_negative_measure_earns_at_the_first_rate(method: Method, rows: list[Band], measure: Decimal) -> None:
    assert [each.rate for each in slices(rows, method, measure)] == [rows[0].rate]


@given(rows=tables(rising=True), measure=MEASURES.filter(lambda measure: measure >= 0))
def test_rising_rates_pay_most_as_a_whole_and_least_by_slices(rows: list[Band], measure: Decimal) -> None:
    by_slices, whole = (earned(rows, method, measure) for method in (Method.MARGINAL, Method.WHOLE))

    assert by_slices <= whole


def test_a_floor_belongs_to_its_own_row() -> None:
    rows = [Band(NOWHERE, Decimal(0), Decimal("0.02")), Band(NOWHERE, Decimal(1), Decimal("0.05"))]

    assert [each.rate for each in slices(rows, Method.WHOLE, Decimal(1))] == [Decimal("0.05")]
    assert [each.rate for each in slices(rows, Method.MARGINAL, Decimal(1))] == [Decimal("0.02")]


def test_interpolated_is_flat_after_the_last_row() -> None:
    rows = [Band(NOWHERE, Decimal(0), Decimal("0.02")), Band(NOWHERE, Decimal(1), Decimal("0.05"))]

    assert [slices(rows, Method.INTERPOLATED, Decimal(at))[0].rate for at in ("0.5", "1", "7")] == [
        Decimal("0.035"),
        Decimal("0.05"),
        Decimal("0.05"),
    ]
