"""What is done in loops, in single calls and while compiling has a price: nothing adds up beyond a bound."""

from __future__ import annotations

from datetime import date
from enum import Enum
from time import process_time
from typing import Any, Literal

import pytest

from policy import feel
from policy.errors import EvaluationError
from policy.feel import evaluate
from policy.feel import types as t
from policy.feel.checker import check
from policy.feel.parser import parse
from policy.feel.types import ANY, STRING, Type
from tests.patience import HANGS

GIVEN: dict[str, Any] = {
    "x": [{"a": i, "b": "k"} for i in range(20)],
    "y": [{"a": i} for i in range(63)],
    "n": list(range(63)),
    "s": "a" * 200,
    "c": "a," * 30,
    "long": "b," * 9000,
    "whole": "a" * 99_999,
    "numbers": list(range(90_000)),
    "many": [{"a": i} for i in range(50_000)],
    "most": [{"a": i, "b": "k"} for i in range(100_000)],
    "one": "🐎" * 99_999,
    "two": "🐎" * 99_998 + "b",
    "alike": ["🐎" * 99_998 + end for end in "abc"] * 30_000,
}
NASTY = "(\\\\p{L}{1,99}){1,9}"
ROUNDS = [
    "union(x, x)",
    "distinct values(x)",
    'replace(s, "a", "b")',
    "y = y",
    "stddev(n)",
    "median(n)",
    "mode(n)",
    "sum(n)",
    "index of(y, y[3])",
    'count(split(c, ","))',
    'count(split(long, ","))',
    "log(i)",
    "exp(i / 1000)",
    "2 ** (i / 3)",
    "(i / 7) ** (i / 100000)",
    'range("[1.." + string(i + 1) + "]")',
    'matches("a", "a" + string(i))',
    f'matches("a", "{NASTY}" + string(i))',
    "upper case(whole)",
    'contains(whole, "b")',
    "number(whole)",
    "string(n)",
    'matches(whole, "(a?){1,1000}x")',
]
TEXTS = [
    *(f"for i in 1..100000 return {each}" for each in ROUNDS),
    "every i in 1..300, j in 1..900 satisfies log(i * j + 1) > 0",
    "sort(for i in 1..10000 return modulo(i * 7919, 100003), function(x, y) log(x + 1) < log(y + 1))",
    "sort(for i in 1..20000 return modulo(i * 7919, 100003), function(x, y) x < y)",
    "some i in 1..100000, j in 1..3 satisfies i * j = -1",
    "flatten(count(append((for i in 100000..3, j in [1,2.5] return i ** j), 1)))",
    'replace("' + "a" * 18000 + '", "a", "' + "$0" * 400 + '")',
    'replace(s, "a()", "' + "$1" * 9000 + '")',
    'replace(whole + "a", "", "b")',
    'split(whole, "a")',
    "for i in 1..200 return sum(numbers)",
    "for i in 1..200 return count(distinct values(many))",
    "count(union(many, many))",
    "count(distinct values(most))",
    *(f"for i in 1..100000 return {each}" for each in ("one = two", "one < two", "one in [two..two]", "one in (two)")),
    "some i in 1..100000 satisfies one >= two",
    "count(alike[item = one])",
    "list contains(alike, one)",
    "index of(alike, two)",
    "count(sort(alike))",
    "max(alike)",
    "one in alike",
    "alike = reverse(alike)",
    "[" + ", ".join(["count(distinct values(many))"] * 20) + "]",
    "[" + ", ".join(f'matches("a", "{NASTY}{i}")' for i in range(400)) + "]",
    "[" + ", ".join(f'matches("a", "\\\\p{{L}}{{1,9}}{i}")' for i in range(400)) + "]",
    "[" + ", ".join('replace("' + "a" * 900 + f'", "a", "bc{i}")' for i in range(9)) + "]",
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:50])
def test_what_adds_up_ends_soon(text: str) -> None:
    given = feel.from_python({name: value for name, value in GIVEN.items() if name in text})
    begin = process_time()
    function = feel.compile(text, list(given))
    try:
        function(given)
    except EvaluationError as error:
        assert error.code in ("feel-too-many-steps", "feel-string-too-long", "feel-list-too-long")  # noqa: PT017

    assert process_time() - begin < HANGS


def test_long_texts_of_declared_types_are_charged_in_loops() -> None:
    given = feel.from_python({name: GIVEN[name] for name in ("one", "two")})
    names = {"one": t.STRING, "two": t.STRING}
    for text in ("one = two", "one < two", "one between two and two"):
        for missing in ("null", "unknown"):
            function = feel.compile(f"for i in 1..100000 return {text}", names, missing=missing)
            with pytest.raises(EvaluationError, match="steps"):
                function(given)


def test_ordinary_work_is_within_the_bounds() -> None:
    given = [{"amount": i, "status": "valid" if i % 2 else "cancelled"} for i in range(10_000)]

    assert evaluate('sum(credits[status = "valid"].amount)', {"credits": given}) == 25_000_000
    assert evaluate("sum(for c in credits return c.amount * 0.03 + 1)", {"credits": given}) == 1_509_850
    assert evaluate("count(sort(credits[amount < 1000], function(a, b) a.amount > b.amount))", {"credits": given})
    names = [f"customer {number}" for number in range(90_000)]
    assert evaluate("list contains(names, long)", {"names": names, "long": "x" * 99_999}) is False
    assert evaluate("max(names)", {"names": names}) == "customer 9999"
    assert evaluate("count(sort(names))", {"names": names}) == 90_000
    assert evaluate('count(for i in 1..500 return matches("a" + string(i), "[0-9]+"))', {}) == 500


def test_patterns_too_large_together_are_remarked_once() -> None:
    node = parse("[" + ", ".join(f'matches("a", "\\\\p{{L}}{{1,9}}{i}")' for i in range(400)) + "]", [])

    remarks = check(node, {}).remarks

    assert [each.code for each in remarks] == ["feel-patterns-too-large"]


def test_whether_a_pattern_is_known_already_does_not_change_what_it_costs() -> None:
    text = 'for i in 1..3000 return matches("a", "[a-z]{1,20}b" + string(i))'
    for _ in range(2):
        with pytest.raises(EvaluationError, match="steps"):
            evaluate(text, {})


def test_what_comes_in_is_as_bounded_as_what_is_computed() -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate("1", {"x": "a" * 100_001})
    assert caught.value.code == "feel-string-too-long"
    with pytest.raises(EvaluationError) as caught:
        evaluate("1", {"x": dict.fromkeys(map(str, range(100_001)))})
    assert caught.value.code == "feel-list-too-long"


def test_the_prices_are_counted_where_a_function_is_a_value() -> None:
    with pytest.raises(EvaluationError):
        evaluate("{f: log, r: for i in 1..100000 return f(i)}.r", {})


class _Colour(str, Enum):  # noqa: UP042 - a newer class writes itself as its value
    RED = "red"


def test_what_is_given_wrongly_is_refused_with_words() -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate("x", {"x": 10**7000})
    assert caught.value.code == "feel-number-refused"
    with pytest.raises(EvaluationError) as caught:
        evaluate('@"P99999999999D"', {}).to_python()
    assert caught.value.code == "feel-duration-too-long"
    with pytest.raises(ValueError, match='"null" or "unknown"'):
        evaluate("1", {}, missing="foo")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ISO 8601"):
        evaluate("today()", {}, as_of="tomorrow")


def test_what_is_given_in_another_form_is_taken_over() -> None:
    assert evaluate("today()", {}, as_of="2020-01-01") == date(2020, 1, 1)
    assert str(evaluate("now()", {}, as_of="2020-01-01T10:00:00Z")) == "2020-01-01T10:00:00Z"
    assert evaluate("x", {"x": _Colour.RED}) == "red"
    assert str(evaluate("0 * -1", {})) == "0"


COMPARED = [
    "for i in 1..100000 return whole = other",
    "for i in 1..100000 return whole <= other",
    "for i in 1..100000 return [whole..next] = [other..next]",
    "for i in 1..100000 return whole between other and next",
    "for i in 1..100000 return list contains([other, next], whole)",
]
WHOLE = {"whole": "a" * 99_999, "other": "".join(["a"] * 99_999), "next": "a" * 99_998 + "b"}


@pytest.mark.parametrize("text", COMPARED)
@pytest.mark.parametrize("of", [ANY, STRING], ids=["any", "text"])
@pytest.mark.parametrize("missing", ["null", "unknown"])
def test_comparing_long_equal_texts_again_and_again_is_charged(
    text: str, of: Type, missing: Literal["null", "unknown"]
) -> None:
    with pytest.raises(EvaluationError) as caught:
        feel.compile(text, dict.fromkeys(WHOLE, of), missing=missing)(WHOLE)

    assert caught.value.code == "feel-too-many-steps"


def test_comparing_short_texts_costs_what_it_did() -> None:
    assert evaluate('count(for i in 1..90000 return "a" + "b" = "ab")', {}) == 90_000


def test_keeping_contexts_apart_is_charged_for_what_it_takes() -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate("distinct values(many)", {"many": [{"a": i} for i in range(25_000)]})

    assert caught.value.code == "feel-too-many-steps"
    assert evaluate("count(distinct values(many))", {"many": [{"a": i} for i in range(15_000)]}) == 15_000
