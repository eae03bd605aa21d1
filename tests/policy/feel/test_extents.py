"""Of numbers declared in full, formulas are written shorter; they give the same numbers, texts and reasons."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import engine
from policy.feel import Note, parse
from policy.feel.checker import check
from policy.feel.compiler import Emitter
from policy.feel.extents import (
    Extent,
    difference,
    extent_of,
    fitting,
    greatest,
    least,
    negative,
    product,
    rounded,
    sum_of,
)
from policy.feel.problems import noting
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.fields import extent_of as declared_extent
from tests.differential import amount_differences
from tests.policy.feel.test_reckoning import HOSTILE
from tests.reference.amounts import EXTENTS, TYPES

Reading = Literal["null", "unknown"]
AMOUNT = EXTENTS["amount"]
TIERED = (
    "round half up(min(amount, 100000) * 0.05 + max(min(amount, 500000) - 100000, 0) * 0.07"
    " + max(amount - 500000, 0) * 0.1, 2)"
)
PAY = "round half up(amount * (late - early).days / 365, 2)"


def source(text: str, extents: Mapping[str, Extent] = EXTENTS) -> str:
    return _emitter("unknown", extents).expression(check(parse(text), TYPES))


def _emitter(missing: Reading, extents: Mapping[str, Extent]) -> Emitter:
    def extent(path: tuple[str, ...]) -> Extent | None:
        return extents.get(path[0]) if len(path) == 1 else None

    return Emitter(missing=missing, resolve=lambda path: f"v[{path[0]!r}]", parameters=("v",), extent=extent)


def function(text: str, extents: Mapping[str, Extent] = EXTENTS) -> Callable[[Any], Any]:
    made = _emitter("unknown", extents)
    return made.function(f"return {made.expression(check(parse(text), TYPES))}")


def operations(text: str, kind: type[ast.AST], extents: Mapping[str, Extent] = EXTENTS) -> int:
    """Count the operations or comparisons in what is written."""
    return sum(isinstance(node, kind) for node in ast.walk(ast.parse(source(text, extents), mode="eval")))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_what_is_declared_changes_no_answer(seed: int) -> None:
    assert amount_differences(Random(seed)) == []


# what is written


def test_nested_steps_become_one_choice() -> None:
    assert [operations(TIERED, each) for each in (ast.Lt, ast.Gt)] == [2, 0]
    assert [operations(TIERED, each, {}) for each in (ast.Lt, ast.Gt)] == [2, 2]
    assert "is_finite" not in source(TIERED)
    assert "is_finite" in source(TIERED, {})


@pytest.mark.parametrize(
    ("text", "comparisons"),
    [
        ("round half up(amount * 0.05, 2)", 0),
        ("round half up(min(amount, 0), 2)", 0),  # never above 0
        ("round half up(max(amount, -5) * 2, 2)", 0),
        ("round half up(max(min(amount, 100), 100) * 2, 2)", 0),  # always 100
        ("round half up(max(min(amount, 100), min(amount, 100)) * 2, 2)", 1),
        ("round half up(min(amount, 100) + min(amount, 200) + min(amount, 300), 2)", 3),
        ("round half up(-min(amount, 100) * 0.5, 2)", 1),
        ("round half up(min(amount * 3, 1), 2)", 1),  # they cross at a third: as written
    ],
)
def test_as_many_comparisons_as_bounds(text: str, comparisons: int) -> None:
    assert operations(text, ast.Lt) + operations(text, ast.Gt) == comparisons


def test_a_quotient_is_rounded_by_one_division() -> None:
    assert operations(PAY, ast.FloorDiv) == 2
    assert operations(PAY, ast.Div) == 0
    assert operations("round half up(amount / 365, 2)", ast.FloorDiv) == 1  # its sign is known
    for other in (
        "round half up(vast * amount / 365, 2)",
        "round half up(amount / -365, 2)",
        "round up(amount / 3, 2)",
    ):
        assert operations(other, ast.FloorDiv) == 0, other
        assert operations(other, ast.Div) == 1, other


def test_what_is_exact_is_not_looked_at_for_overflow() -> None:
    assert "is_finite" not in source("amount * (1 - share) + change > 3")
    assert "is_finite" in source("vast * vast > 3")
    assert "is_finite" in source("amount * other")


def test_many_steps_stay_as_they_are_written() -> None:
    """Forty pieces are none; the size of what is written stays in step with the text."""
    steps = " + ".join(f"min(amount, {number}000)" for number in range(1, 41))
    text = f"round half up(({steps}) * 0.01, 2)"

    assert len(source(text)) < 40 * len(text)
    assert amount_of(text, "12345.67") == amount_of(text, "12345.67", {})


def amount_of(text: str, amount: str, extents: Mapping[str, Extent] = EXTENTS) -> str:
    return str(function(text, extents)({"amount": Decimal(amount)}))


# values on edges


@pytest.mark.parametrize(
    ("amount", "commission"),
    [
        ("0.00", "0.00"),
        ("0.01", "0.00"),
        ("0.10", "0.01"),  # a tie
        ("99999.99", "5000.00"),
        ("100000.00", "5000.00"),
        ("100000.01", "5000.00"),
        ("100000.10", "5000.01"),
        ("499999.99", "33000.00"),
        ("500000.00", "33000.00"),
        ("500000.05", "33000.01"),
        ("100000000.00", "9983000.00"),
    ],
)
def test_a_commission_in_steps(amount: str, commission: str) -> None:
    assert amount_of(TIERED, amount) == amount_of(TIERED, amount, {}) == commission


@pytest.mark.parametrize(
    "text", ["min(amount, 100 / 0.5) * 3", "max(amount, 100 / 0.5) * (5 / 0.01)", "amount + 1 / 0.1"]
)
@pytest.mark.parametrize("places", [0, 2])
def test_round_constants_keep_their_zeros(text: str, places: int) -> None:
    """A hundred divided by a half is 2E+2: what is rounded to cents has two decimals all the same."""
    whole = f"round half up({text}, {places})"

    for amount in ("0.00", "199.99", "200.00", "60000.00"):
        assert amount_of(whole, amount) == amount_of(whole, amount, {})


@pytest.mark.parametrize("divisor", ["365", "3", "7", "0.7", "8", "1000", "12.5", "0.0001"])
@pytest.mark.parametrize("name", ["amount", "change"])
def test_quotients_beside_ties(name: str, divisor: str) -> None:
    """Every number beside a tie of its quotient, on both sides of zero."""
    text = f"round half up({name} / {divisor}, 2)"
    short, long = function(text), function(text, {})
    for number in range(-60, 60):
        tie = Decimal(2 * number + 1) * Decimal("0.005") * Decimal(divisor)
        for beside in (Decimal("-0.01"), Decimal(0), Decimal("0.01")):
            value = (tie + beside).quantize(Decimal("0.01"))
            if value >= EXTENTS[name].low:
                given_ = {name: value or abs(value)}
                assert str(short(given_)) == str(long(given_)), value


@pytest.mark.parametrize("text", [TIERED, PAY, "round half up(amount * 0.05, 2)", "amount * share"])
def test_what_is_missing_has_the_same_reason(text: str) -> None:
    full = {"amount": Decimal("5.00"), "share": Decimal("0.5000"), "late": date(2026, 3, 1), "early": date(2026, 1, 1)}
    for name in full:
        notes: list[list[Note]] = [[], []]
        for extents, into in zip((EXTENTS, {}), notes, strict=True):
            with noting(into):
                function(text, extents)({**full, name: None})

        assert notes[0] == notes[1]


def test_a_context_of_the_callers_own_changes_nothing() -> None:
    values = {"amount": Decimal("650000.05"), "late": date(2026, 11, 21), "early": date(2026, 1, 1)}
    with localcontext(HOSTILE):
        made = [str(function(text)(values)) for text in (TIERED, PAY)]

    assert made == [str(function(text, {})(values)) for text in (TIERED, PAY)] == ["48000.01", "576986.35"]


# what is known of numbers


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3)


def extents() -> st.SearchStrategy[tuple[Extent, Decimal]]:
    """Give extents, each with a number in it."""
    return st.lists(NUMBERS, min_size=3, max_size=3).map(
        lambda each: (Extent(3, min(each), max(each)), sorted(each)[1])
    )


@given(extents(), extents())
def test_a_result_is_within_its_extent(left: tuple[Extent, Decimal], right: tuple[Extent, Decimal]) -> None:
    with localcontext(prec=34):
        one, other = left[1], right[1]
        cases = [
            (sum_of(left[0], right[0]), one + other),
            (difference(left[0], right[0]), one - other),
            (product(left[0], right[0]), one * other),
            (least(left[0], right[0]), min(one, other)),
            (greatest(left[0], right[0]), max(one, other)),
            (negative(left[0]), -one),
            (rounded(left[0], Decimal("0.01")), one.quantize(Decimal("0.01"), "ROUND_UP")),
        ]
    for extent, value in cases:
        assert extent is not None
        assert extent.low <= value <= extent.high
        assert value == value.quantize(Decimal((0, (1,), -extent.places)))
        assert not (extent.is_natural and value.is_signed())


@pytest.mark.parametrize(("one", "other"), [("0", "-3"), ("-5", "0"), ("-0.0", "1")])
def test_a_zero_with_a_minus_is_seen_coming(one: str, other: str) -> None:
    factors = [extent_of(Decimal(each)) for each in (one, other)]
    assert factors[0] is not None
    assert factors[1] is not None
    made = product(factors[0], factors[1])

    assert (Decimal(one) * Decimal(other)).is_signed()
    assert made is not None
    assert made.low == 0
    assert not made.is_natural


def test_more_than_34_digits_are_no_extent() -> None:
    assert fitting(Extent(2, Decimal(0), Decimal("9E+31"))) is not None
    assert fitting(Extent(3, Decimal(0), Decimal("9E+31"))) is None
    assert extent_of(Decimal("1E-40")) is None
    assert product(EXTENTS["vast"], EXTENTS["vast"]) is None


# what is declared


@pytest.mark.parametrize(
    ("field", "known"),
    [
        (Field("a", FieldType.NUMBER, scale=2, min=Decimal(0), max=Decimal(9)), True),
        (Field("a", FieldType.NUMBER, min=Decimal(0), max=Decimal(9)), False),
        (Field("a", FieldType.NUMBER, scale=2, max=Decimal(9)), False),
        (Field("a", FieldType.NUMBER, scale=2, min=Decimal(0)), False),
        (Field("a", FieldType.NUMBER, scale=2, min=Decimal("0.001"), max=Decimal(9)), False),
        (Field("a", FieldType.NUMBER, scale=2, min=Decimal(0), max=Decimal("1E+33")), False),
        (Field("a", FieldType.DATE, min=date(2026, 1, 1), max=date(2026, 1, 2)), False),
    ],
)
def test_all_must_be_declared(field: Field, known: bool) -> None:
    assert (declared_extent(field) is not None) is known


POLICY = """\
policy: scorecard.steps
title: Steps
owner: test
subject: {{id: order.id}}
inputs:
  - order.id: {{type: string}}
  - order.amount: {{type: number, scale: 2, min: 0, max: 1000000, optional: true}}
  - order.free: {{type: number, optional: true}}
derived:
  made.fee: round half up(min({name}, 100) * 0.05 + max({name} - 100, 0) * 0.07, 2)
outputs: {{points: {{type: number, scale: 2, combine: sum, default: 0}}, grade: {{type: string, one_of: [A]}}}}
hit_policy: collect
rules:
  - {{id: fee, when: made.fee >= 0, then: {{points: = made.fee}}}}
grades: {{of: points, give: grade, rows: [{{from: 0, value: A}}]}}
"""


@pytest.mark.parametrize("amount", [None, "0", "0.1", "-0", "99.99", "100", "100.01", "999999.99", "1000000", "1E+2"])
def test_a_policy_decides_the_same_with_and_without_declarations(amount: str | None) -> None:
    outcomes = []
    for name in ("amount", "free"):
        order = {"id": "o1"} | ({} if amount is None else {name: Decimal(amount)})
        policy = engine.load(POLICY.format(name=f"order.{name}"))
        decision = policy.decide({"order": order}, as_of="2026-03-01").to_data()
        outcomes.append((decision["status"], repr(decision.get("outcome"))))

    assert outcomes[0] == outcomes[1]
