"""Ranges: read from a text, open at one end, and their relations as the language's table states them."""

from __future__ import annotations

import pytest

from policy.errors import ExpressionError
from policy.feel import evaluate, parse, to_text, unary_test

READ = {
    'range("[2..)") = (>=2)': True,
    'range("(2..)") = (>2)': True,
    'range("(..2]") = (<=2)': True,
    'range("(..2)") = (<2)': True,
    'range("]..2[") = (<2)': True,
    '1 in range("(..2)")': True,
    '2 in range("(2..)")': False,
    'range("[..2]")': None,
    'range("[1..]")': None,
    'range("(..)")': None,
    'range("(..x)")': None,
}
RELATIONS = {
    # what overlaps and begins first
    "overlaps before([1..5], [3..8])": True,
    "overlaps before([1..5], [6..8])": False,
    "overlaps before([1..5], [5..8])": True,
    "overlaps before([1..5], (5..8])": False,
    "overlaps before([1..5), [5..8])": False,
    "overlaps before([1..5), (1..5])": True,
    "overlaps before([1..5], (1..5])": True,
    "overlaps before([1..5), [1..5])": False,
    "overlaps before([1..5], [1..5])": False,
    # what overlaps and begins after
    "overlaps after([3..8], [1..5])": True,
    "overlaps after([6..8], [1..5])": False,
    "overlaps after([5..8], [1..5])": True,
    "overlaps after((5..8], [1..5])": False,
    "overlaps after([5..8], [1..5))": False,
    "overlaps after((1..5], [1..5))": True,
    "overlaps after((1..5], [1..5])": True,
    "overlaps after([1..5], [1..5))": False,
    "overlaps after([1..5], [1..5])": False,
    "overlaps after((1..6], (1..5])": False,
    # an end that is open to everything
    "before((<5), 6)": True,
    "before((<5), 5)": True,
    "before((<=5), 5)": False,
    "before(1, (>5))": True,
    "before((1..5), (>5))": True,
    "before((>5), 6)": False,
    "after((>5), 5)": True,
    "includes((>5), 6)": True,
    "includes((>5), 5)": False,
    "includes((>5), (>6))": True,
    "during((<5), (<=5))": True,
    "overlaps((>5), [1..6])": True,
    "overlaps((>5), [1..5])": False,
    "overlaps((<5), (>3))": True,
    "overlaps before((<5), (>3))": True,
    "overlaps after((>3), (<5))": True,
    "starts((<5), (<6))": True,
    "started by((<6), (<5))": True,
    "finishes((>6), (>5))": True,
    "finished by((>5), (>6))": True,
    "coincides((>5), (>5))": True,
    "coincides((>5), (<5))": False,
    "meets((<=5), [5..6])": True,
    "met by((>=5), [1..5])": True,
    'before((<5), "a")': None,
}

# a comparison without its left side is an expression
TESTS = {
    'range("[2..)") = >=2': "true",
    'range("(..2)") = <2': "true",
    'range("(..2)") != <2': "false",
    '>=2 = range("[2..)")': "true",
    "<5": "(< 5)",
    "[<5, >10]": "[(< 5), (> 10)]",
    "{a: <10}": "{a: (< 10)}",
    "{a: <10}.a.end": "10",
    "string(<5)": "(< 5)",
    "(function(x) x)(>= 1 + 1)": "(>= 2)",
    "if true then <5 else >5": "(< 5)",
    "if 1 < 2 then <5 else >5": "(< 5)",
    "for x in [1, 2] return <x": "[(< 1), (< 2)]",
    "7 in [<5, >10]": "false",
    "11 in [<5, >10]": "true",
    "[=5]": "[[5..5]]",
    "before(<5, >5)": "true",
    # which `[` ends
    "[1..10[.end": "10",
    "[1..10[.start": "1",
    "[1..10[.start included": "true",
    "[1..10[.end included": "false",
    "]1..10].start included": "false",
    "[1..(10)[": "[1..10)",
    "[1..-10[.end": "-10",
    "[1..5 + 5[": "[1..10)",
    "[1..10[ = [1..10)": "true",
    "[[1..10[, 2]": "[[1..10), 2]",
    "[1..10[[1]": "[1..10)",
    "[1..[4, 10][2]]": "[1..10]",
    "[1..[4, 10][2][": "[1..10)",
    '["a".."b"[.end': "b",
    "if 5 in [1..10[ then 1 else 2": "1",
    "for x in [1..3[ return x": "[1, 2]",
}


@pytest.mark.parametrize("text", [*READ, *RELATIONS])
def test_a_range(text: str) -> None:
    assert evaluate(text, {}) is {**READ, **RELATIONS}[text]


@pytest.mark.parametrize("text", TESTS)
def test_a_range_is_an_expression(text: str) -> None:
    assert to_text(evaluate(text, {})) == TESTS[text]


@pytest.mark.parametrize("text", ["= 5", "!= 5", "a = = 5", "a < > 5", "1 + < 5", "< 5 and > 3", "a < 5 < "])
def test_what_is_no_range_stays_a_mistake(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    ("cell", "value", "holds"), [("[<5, >10]", 11, True), ("[<5, >10]", 7, False), ("<5", 4, True)]
)
def test_a_cell_of_ranges(cell: str, value: int, holds: bool) -> None:
    assert unary_test(cell, value, {}) is holds


@pytest.mark.parametrize(("text", "written"), [("[2..)", "(>= 2)"), ('(..@"P1D")', '(< @"P1D")')])
def test_a_range_with_one_end_is_written_as_a_test(text: str, written: str) -> None:
    assert to_text(evaluate("range(text)", {"text": text})) == written
