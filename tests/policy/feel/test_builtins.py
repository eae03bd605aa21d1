"""Every built-in function: its example, its null rule, and what is peculiar to some."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from policy.feel import evaluate, to_text
from policy.feel.builtins import BUILTINS, NAMES
from policy.feel.builtins.described import DESCRIPTIONS, EXAMPLE_MOMENT, SORTS, WRITTEN_OUT
from policy.feel.builtins.nullrules import NULL_RULES
from policy.feel.builtins.registry import KNOWN

BY_THEMSELVES = sorted(set(DESCRIPTIONS) - {"lookup"})
"""Those whose examples need no reference table; those of `lookup` are tried with the tables."""


def test_every_function_is_described() -> None:
    assert set(DESCRIPTIONS) == NAMES == set(NULL_RULES)
    assert set(WRITTEN_OUT) == NAMES - set(BUILTINS)
    assert len(DESCRIPTIONS) == sum(map(len, SORTS.values()))


@pytest.mark.parametrize("name", BY_THEMSELVES)
@pytest.mark.parametrize("missing", ["null", "unknown"])
def test_the_example_gives_what_it_says(name: str, missing: Literal["null", "unknown"]) -> None:
    description = DESCRIPTIONS[name]

    assert f"{name}(" in description.example
    assert to_text(evaluate(description.example, {}, as_of=EXAMPLE_MOMENT, missing=missing)) == description.gives
    assert description.text.zh != description.text.en


@pytest.mark.parametrize("name", BY_THEMSELVES)
def test_the_example_of_the_null_rule_gives_what_it_says(name: str) -> None:
    rule = NULL_RULES[name]

    def gives(missing: Literal["null", "unknown"]) -> str:
        return to_text(evaluate(rule.example, {"nothing": None}, as_of=EXAMPLE_MOMENT, missing=missing))

    assert f"{name}(" in rule.example
    assert (gives("null"), gives("unknown")) == (rule.gives, rule.gives_in_policies)
    assert (rule.gives == rule.gives_in_policies) is (rule.in_policies is None)


def test_every_function_policies_carry_out_otherwise_says_so() -> None:
    assert {name for name, rule in NULL_RULES.items() if rule.in_policies is not None} == {*KNOWN, "list contains"}


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_null_argument_gives_null_with_a_reason(name: str) -> None:
    for signature in BUILTINS[name]:
        needed = signature.parameters[: signature.fewest]
        if any(not each.kinds or "null" in each.kinds for each in needed):
            continue
        problems: list[Any] = []

        assert evaluate(f"{name}({', '.join(['null'] * len(needed))})", {}, problems=problems) is None
        assert problems


CASES = {
    # a list of one item stands for its item, an item for a list of one, a day for its midnight in UTC
    "abs([-1])": "1",
    "count(5)": "1",
    "(function(x: list<number>) count(x))(5)": "1",
    'string(date and time(date("2026-03-01")))': "2026-03-01T00:00:00Z",
    # values of many, or one list
    "max([1, 5], [2])": "null",
    "concatenate([[1]], [2])": "[[1], 2]",
    "concatenate([1, null])": "[1, null]",
    "concatenate([1], null)": "null",
    "sum([])": "null",
    "sum([1, null])": "null",
    "all([])": "true",
    "any([null, false])": "null",
    "all([null, false])": "false",
    "mode([])": "[]",
    # positions
    'substring("foobar", 0)': "null",
    'substring("foobar", -2)': "ar",
    'substring("🐎马", 2)': "马",
    "sublist([1, 2, 3], -2)": "[2, 3]",
    "sublist([1, 2, 3], 2, 5)": "null",
    "insert before([1, 2], -1, 9)": "[1, 9, 2]",
    "remove([1, 2], 3)": "null",
    "list replace([1, 2, 3], -1.5, 4)": "[1, 2, 4]",
    # rounding
    "round half up(-2.5, 0)": "-3",
    "round half down(-2.5, 0)": "-2",
    "decimal(3.5, 0)": "4",
    "floor(-1.21, 1)": "-1.3",
    "round up(1234, -2)": "1300",
    "round half up(1234567890123456789012345678901.345, 2)": "1234567890123456789012345678901.35",
    "round up(1, 7000)": "null",
    "modulo(10, -4.5)": "-3.5",
    "modulo(1, 0)": "null",
    # numbers in texts
    'number("1e3")': "1000",
    'number("\u0661")': "null",
    'number("1 000,5", " ", ",")': "1000.5",
    'number("1,5", ",", ",")': "null",
    'number("")': "null",
    # regular expressions
    'matches("a\\nb", "a.b")': "false",
    'matches("a\\nb", "a.b", "s")': "true",
    'matches("x", "(?=x)")': "null",
    'matches("a", "a", "z")': "null",
    'matches("m", "[a-z-[aeiou]]")': "true",
    'matches("e", "[a-z-[aeiou]]")': "false",
    'matches("5", "[\\\\w-[\\\\d]]")': "false",
    'replace("a.b", ".", "-", "q")': "a-b",
    'replace("abc", "b", "[$0]")': "a[b]c",
    'replace("abc", "b", "$")': "null",
    'split("a1b22c", "[0-9]+")': '["a", "b", "c"]',
    'split("a\\uD800,b", ",")': '["a?", "b"]',
    'matches("\\uD800", "x")': "false",
    'replace("\\uD800x", "x", "y")': "?y",
    'matches("x", "\\uD800")': "null",
    'matches("a]", "[]]")': "null",
    'matches("-", "[a\\\\-[b]]")': "null",
    'matches("\\n", "[\\\\n-[a]]")': "true",
    'matches("x", "[^a-z-[x]]")': "false",
    'matches("b", "[a-z-[^b]]")': "true",
    'matches("a b", "a[ ]b", "x")': "true",
    'replace("ab", "(a)(b)", "$2$12")': "ba2",
    'replace("ab", "(a)(b)", "$002")': "b",
    'replace("a", "(a)", "$2")': "",
    f'string length(replace("a", "(a)", "$1{"9" * 7000}"))': "7001",
    # contexts
    'context put({a: {b: 1}}, ["a", "c"], 2)': "{a: {b: 1, c: 2}}",
    'context([{key: "a", value: 1}, {key: "a", value: 2}])': "null",
    # order
    "sort([3, 1, 2])": "[1, 2, 3]",
    'sort(["b", "a"], function(x, y) x < y)': '["a", "b"]',
    "distinct values([1, 1.0, true, [1], [1], null, null])": "[1, true, [1], null]",
    # named arguments
    'substring(start position: 2, string: "abc")': "bc",
    "round half up(scale: 1, n: 1.25)": "1.3",
    "before(point: 1, range: [2..3])": "true",
    'number(from: "1.5", decimal separator: ".")': "1.5",
    "abs(x: 1)": "null",
    # functions as values
    "sort([1, 2], function(x) true)": "[1, 2]",
    "{f: abs, r: f(-1)}.r": "1",
}


RULES = {
    # what the null rules say beyond their examples
    "ceiling(1.26, 1.9)": "1.3",
    "decimal(1, -6112)": "null",
    "sqrt(4)": "2",
    "exp(1000000)": "null",
    "modulo(10 ** 36, 7)": "null",
    'contains("a", "")': "true",
    'ends with("a", "")': "true",
    'starts with("a", "")': "true",
    'replace("abc", "x", "y")': "abc",
    'replace("abc", "b", "$")': "null",
    'split("abc", "[")': "null",
    'string join([1], "-")': "null",
    'string join([], "-")': "",
    'substring("abc", -4)': "null",
    'substring("abc", 9)': "",
    'substring("abc", 1, 0)': "null",
    'substring("abc", 2.7)': "bc",
    'substring after("ab", "")': "ab",
    "count([])": "0",
    "concatenate([1], nothing)": "null",
    "union([1], nothing)": "null",
    'index of(["a"], "b")': "[]",
    "insert before([1], 1, nothing)": "[null, 1]",
    "list replace([1], function(item, newItem) nothing, 9)": "null",
    "list replace([1], 1, nothing)": "[null]",
    'max([1, "a"])': "null",
    "mean([1, nothing])": "null",
    "median([])": "null",
    "min([nothing])": "null",
    "mode([1, nothing])": "null",
    "product([])": "null",
    "stddev([])": "null",
    "sublist([1, 2], 0)": "null",
    "sublist([1, 2], 1, 0)": "null",
    "sum([1, nothing])": "null",
    "all([false, nothing])": "false",
    "any([false, nothing])": "null",
    "any([])": "false",
    "all([1])": "null",
    "is(nothing, 1)": "false",
    'is(1, "1")': "false",
    "not(1)": "null",
    'context([{key: "a", value: nothing}])': "{a: null}",
    "context([])": "{}",
    "context merge([])": "{}",
    'context put({a: 1}, "a", nothing)': "{a: null}",
    "get value({a: 1}, [])": "null",
    'number("1", "x", ".")': "null",
    "string([nothing])": "[null]",
    "time(25, 0, 0)": "null",
    "date(2026, 2, 30)": "null",
    "meets([1..nothing], [1..2])": "null",
    'during("a", [1..2])': "null",
}


@pytest.mark.parametrize("text", RULES)
def test_rule(text: str) -> None:
    assert to_text(evaluate(text, {"nothing": None})) == RULES[text]


@pytest.mark.parametrize("text", CASES)
def test_case(text: str) -> None:
    assert to_text(evaluate(text, {})) == CASES[text]


def test_nothing_else_can_be_called() -> None:
    assert set(BUILTINS) | {"not", "today", "now", "lookup"} == NAMES
