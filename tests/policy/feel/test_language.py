"""The language as authors write it: one expression, what it gives."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from policy import feel
from policy.errors import EvaluationError
from policy.feel import DateTime, Note, evaluate, to_text, unary_test

CASES = {
    # numbers
    "1 - - 1": "2",
    "-5 ** 2": "25",
    "2 ** 3 ** 2": "64",
    "2 ** -1": "0.5",
    "0 ** 0": "1",
    "1 / 3": "0.3333333333333333333333333333333333",
    "0.1 + 0.2 = 0.3": "true",
    "-0.0": "0",
    "1.50": "1.5",
    # logic
    "true and null": "null",
    "false and null": "false",
    "true or null": "true",
    "null or false": "null",
    "not(null)": "null",
    "if null then 1 else 2": "2",
    # comparison
    "null = null": "true",
    "null <= null": "null",
    '"a" < "b"': "true",
    '"Z" < "a"': "true",
    "[1, 2] = [1, 2.0]": "true",
    "{a: 1} = {a: 1, b: 2}": "false",
    "(1..3) = ]1..3[": "true",
    "(< 10) = (< 10)": "true",
    "2 between 1 and 3": "true",
    "3 between 4 and null": "false",
    # membership
    "5 in (>= 5, 1)": "true",
    "5 in [1..5)": "false",
    "1 in [2, [1..3]]": "true",
    "[1, 2] in [[1, 2], [3]]": "true",
    "1 in null": "false",
    "null in (1, null)": "true",
    "2 in (1) + 1": "true",
    # lists
    "[1, 2, 3][item >= 2]": "[2, 3]",
    "[1, 2, 3][-1]": "3",
    "[1, 2, 3][4]": "null",
    "[{x: 1, y: 2}, {x: null, y: 3}][x < 2].y": "[2]",
    "[{item: 1}, {item: 3}][item >= 2]": "[{item: 3}]",
    "5[1]": "5",
    "5[item > 6]": "[]",
    "null[true]": "[]",
    "[[1, 2], [3]][1]": "[1, 2]",
    "{y: 2, r: [{x: 1}, {x: 2}][x = y]}.r": "[{x: 2}]",
    "{y: 2, r: [{y: 1}, {x: 2}][y = 2]}.r": "[{x: 2}]",
    "[{a: {b: 1}}, {a: {b: [2]}}].a.b": "[1, [2]]",
    "[[{a: 1}], [{a: 2}]].a": "[[1], [2]]",
    # loops
    "for i in 3..1 return i": "[3, 2, 1]",
    "for i in [1..3) return i": "[1, 2]",
    "for x in [1, 2], y in [x, 10] return x * y": "[1, 10, 4, 20]",
    "for i in 1..4 return if i = 1 then 1 else partial[-1] * i": "[1, 2, 6, 24]",
    "for x in [1, 2], y in [1, 2] return count(partial)": "[0, 1, 2, 3]",
    'for d in date("2026-02-28")..date("2026-03-01") return string(d)': '["2026-02-28", "2026-03-01"]',
    "some x in [1, 2], y in [2, 3] satisfies x = y": "true",
    "every x in [] satisfies false": "true",
    "some x in [null, 2] satisfies x > 1": "true",
    "some x in [null, 0] satisfies x > 1": "null",
    # contexts
    "{a: 1, b: a + 1, c: {d: a + b}}.c.d": "3",
    '{"a b": 1, c: a b + 1}.c': "2",
    "{a: 1}.b": "null",
    "{}": "{}",
    # functions
    "(function(a, b) a - b)(b: 1, a: 3)": "2",
    "(function(a) function(b) a + b)(1)(2)": "3",
    "{f: function(x) x * 2, r: for i in [1, 2] return f(i)}.r": "[2, 4]",
    "(function() 7)()": "7",
    "{m: max, r: m(1, 2)}.r": "2",
    '{s: substring, r: s(start position: 2, string: "abc")}.r': "bc",
    # days and times
    'date("2020-01-31") + duration("P1M")': "2020-02-29",
    'date("2020-02-29") + duration("P1Y")': "2021-02-28",
    'date("2021-01-02") - duration("PT1H")': "2021-01-01",
    'date("2021-01-01") - date("2020-01-01")': "P366D",
    'time("10:00:00") + duration("PT25H")': "11:00:00",
    'date and time("2016-03-27T00:00:00@Europe/Paris") + duration("PT3H")': "2016-03-27T04:00:00@Europe/Paris",
    'date and time("2026-03-01T10:00:00+08:00") = date and time("2026-03-01T02:00:00Z")': "true",
    'date and time("2026-03-01T10:00:00") = date and time("2026-03-01T10:00:00Z")': "false",
    'date("2026-03-02") - date and time("2026-03-01T12:00:00Z")': "PT12H",
    'duration("P1Y") / duration("P1M")': "12",
    'duration("P1Y11M") * -2.5': "-P4Y9M",
    'duration("PT1H") * 1.5': "PT1H30M",
    'duration("P1D") / 2': "PT12H",
    'date("2026-03-01").weekday': "7",
    'date and time("2026-03-01T10:30:05.5+08:00").second': "5",
    'date and time("2026-07-01T10:30:00@Europe/Paris").time offset': "PT2H",
    'time("10:30:00@Europe/Paris").timezone': "Europe/Paris",
    'duration("-P1DT2H").hours': "-2",
    'today() - date("2026-03-01")': "P1D",
    "now().hour": "9",
    # types
    "1 instance of number": "true",
    "null instance of Any": "false",
    "[1, null] instance of list<number>": "true",
    '[1, "a"] instance of list<number>': "false",
    '{a: 1, b: "x"} instance of context<a: number>': "true",
    "{a: 1} instance of context<a: number, b: number>": "false",
    '["a".."b"] instance of range<string>': "true",
    '(function(a: string) "x") instance of function<string> -> string': "true",
    '(function(a: string) "x") instance of function<string> -> number': "false",
    '(function(a: string) "x") instance of function<number> -> string': "false",
    "(function(a: list<number>) [1]) instance of function<list<number>> -> list<number>": "true",
    "(function(a) {b: 1}) instance of function<Any> -> context<b: number>": "true",
    '(function(d: date and time) d.hour)(date("2026-01-01"))': "0",
    'duration("P1D") instance of days and time duration': "true",
    # texts
    '"\\u5ba2\\U01F40E"': "客🐎",
    '"a\\"b\\n" = "a\\u0022b\\u000A"': "true",
    '"\\d"': "\\d",
    '"a" + "b"': "ab",
    # comments
    "1 + /* 2 + */ 3 // 4": "4",
}


@pytest.mark.parametrize("text", CASES)
def test_case(text: str) -> None:
    as_of = DateTime(date(2026, 3, 2), 9 * 3600 * 10**9, 8 * 3600)

    assert to_text(evaluate(text, {}, as_of=as_of)) == CASES[text]


@pytest.mark.parametrize("as_of", [None, date(2026, 3, 1)])
def test_the_clock_is_never_guessed(as_of: Any) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate("today()" if as_of is None else "now()", {}, as_of=as_of)
    assert caught.value.code == ("today-without-day" if as_of is None else "now-without-time")


def test_there_are_no_tables_outside_a_policy() -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate('lookup("rates", 1)', {})
    assert caught.value.code == "lookup-without-tables"


def test_a_clock_nobody_gave_is_asked_for_in_those_words() -> None:
    with pytest.raises(EvaluationError, match="no instant was given; give the evaluation an `as_of` with a time"):
        evaluate("now()")


def test_an_expression_without_variables_takes_no_context() -> None:
    assert evaluate("1 + 2") == 3
    assert unary_test("> 2", 3) is True


def test_what_was_compiled_takes_and_gives_values_as_evaluating_does() -> None:
    given = {"amount": 1000, "rates": (0.03, Decimal("0.05")), "since": datetime(2026, 3, 1, 9, 0)}  # noqa: DTZ001 - a local time is meant

    for text in ("amount * rates[1]", "rates", 'since + duration("PT1H")', "-0 * amount", "amount in [1..2000]"):
        assert to_text(feel.compile(text, list(given))(given)) == to_text(evaluate(text, given)), text


@pytest.mark.parametrize(
    "text", ['date("-2017-01-01")', "date(10000, 1, 1)", 'date and time("12017-01-01T00:00:00")', '@"-2017-01-01"']
)
def test_a_year_no_day_can_have_is_the_reason(text: str) -> None:
    problems: list[Note] = []

    assert evaluate(text, problems=problems) is None
    assert {each.code for each in problems} == {"feel-year-out-of-range"}


def test_the_language_is_at_hand_once_the_engine_is_imported() -> None:
    script = "import policy; print(policy.feel.evaluate('1 / 4'))"

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert told.stdout == "0.25\n"
