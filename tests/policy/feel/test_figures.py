"""Arithmetic written for known types gives what the operations on any type give, also where numbers end."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.feel import Note, evaluate, parse
from policy.feel.checker import check
from policy.feel.compiler import Emitter
from policy.feel.problems import noting
from policy.feel.types import ANY, DATE, NUMBER, Type
from policy.values import Language

TYPES: Mapping[str, Type] = {"a": NUMBER, "b": NUMBER, "c": NUMBER, "d": DATE, "e": DATE}
LARGEST = Decimal("9." + "9" * 33 + "E+6144")
NUMBERS = [
    *(None, Decimal(0), Decimal("-0.0"), Decimal(1), Decimal(-3), Decimal("0.5"), Decimal("2.675"), Decimal("1E-6143")),
    *(
        Decimal("1." + "3" * 33),
        Decimal("7E+33"),
        Decimal("123456789012345678901234567890.1234"),
        LARGEST,
        LARGEST.copy_negate(),
    ),
]
DAYS = [None, date(1, 1, 1), date(2024, 2, 29), date(2026, 11, 21), date(9999, 12, 31)]
ROUNDINGS = ("round half up", "round half down", "round up", "round down", "floor", "ceiling", "decimal")


def source(text: str, types: Mapping[str, Type] = TYPES, missing: Literal["null", "unknown"] = "null") -> str:
    return Emitter(missing=missing, resolve=lambda path: f"v[{path[0]!r}]").expression(check(parse(text), types))


def function(text: str, types: Mapping[str, Type], missing: Literal["null", "unknown"]) -> Callable[[Any], Any]:
    emitter = Emitter(missing=missing, resolve=lambda path: f"v[{path[0]!r}]")
    exec(f"def made(v):\n return {emitter.expression(check(parse(text), types))}", emitter.namespace)  # noqa: S102
    return emitter.namespace["made"]  # type: ignore[return-value]


def drawn(random: Random, depth: int) -> str:
    """Draw an expression of numbers."""
    if not depth:
        return random.choice(
            ["a", "b", "c", "0", "1", "3", "0.07", "1000000", "(d - e).days", "if a > 1 then b else c"]
        )
    parts = [drawn(random, random.randrange(depth)) for _ in range(2)]
    written = [f"({parts[0]}) {sign} ({parts[1]})" for sign in ("+", "-", "*", "/")]
    written += [f"{name}({parts[0]}, {parts[1]})" for name in ("min", "max")]
    written += [f"-({parts[0]})", f"{random.choice(ROUNDINGS)}({parts[0]}, {random.choice((0, 2, 11, 12, -2))})"]
    return random.choice(written)


@settings(max_examples=600)
@given(st.integers(0, 10**9), st.sampled_from(["null", "unknown"]), st.booleans())
def test_known_types_change_nothing(seed: int, missing: Literal["null", "unknown"], compares: bool) -> None:
    random = Random(seed)
    text = drawn(random, random.randint(1, 4))
    if compares:
        text = f"{text} {random.choice(('<', '<=', '>', '>=', '=', '!='))} {drawn(random, 2)}"
    values = {name: random.choice(DAYS if of is DATE else NUMBERS) for name, of in TYPES.items()}

    typed, untyped = (function(text, types, missing)(values) for types in (TYPES, dict.fromkeys(TYPES, ANY)))

    assert repr(typed) == repr(untyped), text


NULLS = [
    ("a * 10", "the result of `*` is beyond 10^6144"),
    ("min(a * 10, 5)", "the result of `*` is beyond 10^6144"),
    ("1 / (a * 10)", "the result of `*` is beyond 10^6144"),
    ("a * 10 > 1", "the result of `*` is beyond 10^6144"),
    ("(a + a) * 0", "the result of `*` is beyond 10^6144"),
    ("round half up(a * 10, 2)", "the result of `round half up` is beyond 10^6144"),
    ("a / 0", "division by zero"),
    ("a / (c - c)", "division by zero"),
    ("c + b", "`+`"),
    ("max(b, 1)", "`max`"),
    ("-b", "`-`"),
]


@pytest.mark.parametrize(("text", "reason"), NULLS)
def test_a_null_has_its_reason(text: str, reason: str) -> None:
    notes: list[Note] = []

    with noting(notes):
        value = function(text, TYPES, "unknown")({"a": LARGEST, "b": None, "c": Decimal(1)})

    assert value is None
    assert reason in notes[0].text(Language.EN)


@pytest.mark.parametrize("text", ["a * (1 - b)", "min(a, 100) * 0.05 + max(a - b, 0) * 0.07", "a >= b - c"])
def test_only_operations_are_called(text: str) -> None:
    calls = [node.func for node in ast.walk(ast.parse(source(text), mode="eval")) if isinstance(node, ast.Call)]
    names = {each.id for each in calls if isinstance(each, ast.Name)}

    assert names <= {"_times", "_minus", "_plus", "_fail", "_overflown"}


def test_what_is_read_several_times_is_looked_at_once() -> None:
    assert source("a * a + a").count("v['a']") == 1


def test_days_leave_the_calendar_with_a_reason() -> None:
    notes: list[Note] = []

    with noting(notes):
        value = function('d + duration("P1D")', TYPES, "null")({"d": date(9999, 12, 31)})

    assert value is None
    assert [note.code for note in notes] == ["feel-year-out-of-range"]


def test_of_two_equal_numbers_the_first_is_the_least() -> None:
    values = {"a": Decimal("1.0"), "b": Decimal("1.00")}

    assert str(function("min(a, b)", TYPES, "null")(values)) == str(evaluate("min(a, b)", values)) == "1.0"
