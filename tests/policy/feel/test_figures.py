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
from policy.feel.temporal import DaysDuration
from policy.feel.types import ANY, DATE, DAYS, NUMBER, STRING, ContextType, ListType, Type
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
DATES = [None, date(1, 1, 1), date(2024, 2, 29), date(2026, 11, 21), date(9999, 12, 31)]
ROUNDINGS = ("round half up", "round half down", "round up", "round down", "floor", "ceiling", "decimal")


def emitter(missing: Literal["null", "unknown"]) -> Emitter:
    return Emitter(missing=missing, resolve=lambda path: f"v[{path[0]!r}]", parameters=("v",))


def source(text: str, types: Mapping[str, Type] = TYPES, missing: Literal["null", "unknown"] = "null") -> str:
    return emitter(missing).expression(check(parse(text), types))


def function(text: str, types: Mapping[str, Type], missing: Literal["null", "unknown"]) -> Callable[[Any], Any]:
    made = emitter(missing)
    return made.function(f"return {made.expression(check(parse(text), types))}")


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
    values = {name: random.choice(DATES if of is DATE else NUMBERS) for name, of in TYPES.items()}

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

    assert names <= {"_fail", "_overflown"}


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


CALLS = [
    "string length(s)",
    "lower case(s) + upper case(s)",
    'starts with(s, "a")',
    "substring(s, n)",
    "contains(s, s)",
    "sum(xs)",
    "sum(n)",
    "sum(xs[item > n])",
    "sum([n, n])",
    "ends with(s, s)",
    'matches(s, "^[A-Z]é?$")',
    'matches(s, "a", "i")',
    'matches(s, "(")',
    "string length(s) = n",
    "date(d)",
    "day of week(d)",
    "every x in xs satisfies list contains(xs, x)",
    "some x in ss satisfies list contains(ss, s)",
    "list contains(xs, n)",
    "d - d",
    "d + t",
    "d - t",
    "t + t",
    "s + s",
    "(d - d).days",
    "floor(n)",
]
OF_CALLS: Mapping[str, Type] = {
    "n": NUMBER,
    "s": STRING,
    "d": DATE,
    "t": DAYS,
    "xs": ListType(NUMBER),
    "ss": ListType(STRING),
    "rows": ListType(ContextType({"x": NUMBER})),
}
ROW = {"x": Decimal("3.50")}
GIVEN: Mapping[str, list[Any]] = {
    "n": [None, Decimal(2), LARGEST],
    "s": [None, "Aé", ""],
    "d": [None, date(2026, 11, 21), date(9999, 12, 31)],
    "t": [None, DaysDuration(36 * 3600 * 10**9), DaysDuration(10**29)],
    "xs": [None, [], [None], [Decimal(3)], [Decimal(1), None], [LARGEST, LARGEST], [Decimal(1), Decimal("2.50")] * 40],
    "ss": [None, [], ["a", None], ["Aé"], ["x"] * 70],
    "rows": [
        None,
        [],
        [None],
        [ROW],
        [ROW, {"x": None}],
        [{"x": LARGEST}] * 2,
        [ROW] * 70,
        [ROW, {"x": Decimal(1)}] * 200,
    ],
}


@pytest.mark.parametrize("missing", ["null", "unknown"])
@pytest.mark.parametrize("text", CALLS)
def test_calls_on_known_types_give_what_they_give_on_any(text: str, missing: Literal["null", "unknown"]) -> None:
    typed, untyped = (function(text, types, missing) for types in (OF_CALLS, dict.fromkeys(OF_CALLS, ANY)))
    random = Random(text)

    for _ in range(200):
        values = {name: random.choice(each) for name, each in GIVEN.items()}
        notes: tuple[list[Note], list[Note]] = ([], [])
        with noting(notes[0]):
            got = typed(values)
        with noting(notes[1]):
            wanted = untyped(values)
        assert repr(got) == repr(wanted), values
        assert bool(notes[0]) == bool(notes[1]) or got is not None


LOOPS = [
    "sum(rows[x > n].x)",
    "sum(rows[x = 3.5].x)",
    "sum(rows[x = n or s = null].x) * 2",
    "sum(rows[x != null].x) + sum(xs)",
    "sum(rows[n > 1].x)",
    "rows[x > n].x",
    "rows[item = null].x",
    "count(rows[x > n])",
    "xs[item > n]",
    "for r in rows return r.x",
    "for x in xs return x * n + count(ss)",
    'for each in ss return if contains(each, "x") then s else "_t1 env v"',
    "some r in rows satisfies r.x > n",
    "every r in rows satisfies r.x > n",
    "some x in n satisfies x > 1",
    "every x in xs satisfies list contains(xs, x) and x < n",
    "n * 2 in (for x in xs return x)",
    "{a: n * 2, b: xs[item > a]}.b",
]


@pytest.mark.parametrize("missing", ["null", "unknown"])
@pytest.mark.parametrize("text", LOOPS)
def test_the_only_loop_gives_what_it_gives_beside_another(text: str, missing: Literal["null", "unknown"]) -> None:
    beside = f"if count(for i in [1] return i) = 1 then {text} else null"
    alone, among = (function(each, OF_CALLS, missing) for each in (text, beside))
    random = Random(text)

    for _ in range(200):
        values = {name: random.choice(each) for name, each in GIVEN.items()}
        notes: tuple[list[Note], list[Note]] = ([], [])
        with noting(notes[0]):
            got = alone(values)
        with noting(notes[1]):
            wanted = among(values)
        assert repr(got) == repr(wanted), values
        assert notes[0] == notes[1], values
