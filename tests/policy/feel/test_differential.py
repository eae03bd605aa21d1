"""The compiler means what the plain interpreter means, in both readings of missing data."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.feel import evaluate, parse
from policy.feel.operations import add, divide, multiply, subtract
from tests.differential import differences
from tests.reference.feel import Interpreter, number_arithmetic

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)
TRUTHS = st.sampled_from([True, False, None])
OPERATIONS = {"+": add, "-": subtract, "*": multiply, "/": divide}


@settings(max_examples=400)
@given(st.integers(0, 10**9))
def test_random_expressions_agree(seed: int) -> None:
    assert differences(Random(seed)) == []


@given(NUMBERS, NUMBERS, st.sampled_from(list(OPERATIONS)))
def test_arithmetic_is_exact_to_34_digits(left: Decimal, right: Decimal, sign: str) -> None:
    assert OPERATIONS[sign](left, right) == number_arithmetic(sign, Fraction(left), Fraction(right))


@given(st.lists(TRUTHS, min_size=2, max_size=4), st.sampled_from(["and", "or"]))
def test_logic_is_three_valued(values: list[bool | None], word: str) -> None:
    decisive = word == "or"
    wanted = decisive if decisive in values else None if None in values else not decisive
    names = [f"v{number}" for number in range(len(values))]

    assert evaluate(f" {word} ".join(names), dict(zip(names, values, strict=True))) is wanted


@pytest.mark.parametrize("missing", ["null", "unknown"])
@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "x != 1",
        "x < 1",
        "x >= 1",
        "x between 1 and 2",
        "x in (1, 2)",
        "x in [1..2]",
        "x in [1, 2]",
        "x in > 1",
        "x in (1, null)",
        "x = null",
        "x != null",
        "x = y",
        "list contains([1, 2], x)",
        "list contains(xs, 1)",
        "list contains(xs, null)",
        "[1, x] = [1, 2]",
        "[1, x] = [2, 3]",
        "{a: x} = {a: 1}",
        "if x = 1 then 2 else 3",
        "xs[item > 1]",
        "some v in xs satisfies v = 1",
        "every v in xs satisfies v = 1",
        "not(x = 1)",
        "x + 1",
    ],
)
def test_both_readings_of_missing_data(text: str, missing: str) -> None:
    """Every form meets null, and the interpreter says what it means."""
    interpreter = Interpreter(unknown=missing == "unknown")
    for x in (None, Decimal(1)):
        for xs in (None, [None, Decimal(1)], [Decimal(2), None]):
            names = {"x": x, "y": None, "xs": xs}
            got = evaluate(text, names, missing=missing)  # type: ignore[arg-type]

            assert got == interpreter.value(parse(text), names), names
