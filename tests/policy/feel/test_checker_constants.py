"""What is written with constants and can only come to nothing is warned of, at its place."""

from __future__ import annotations

import pytest

from policy.feel import parse, parse_tests
from policy.feel.checker import check
from policy.feel.types import NUMBER, ListType
from policy.messages import CATALOGUE, Grade

SCOPE = {"a": NUMBER, "xs": ListType(NUMBER)}
WARNED = [
    ("date(2026, 13, 1)", "feel-always-null", "date(2026, 13, 1)"),
    ("a + sqrt(-1)", "feel-always-null", "sqrt(-1)"),
    ('number("1,5", ",", ",")', "feel-always-null", 'number("1,5", ",", ",")'),
    ("a / 0", "feel-zero-divisor", "0"),
    ('duration("P1D") / -0.0', "feel-zero-divisor", "-0.0"),
    ("xs[0]", "feel-no-position", "0"),
    ("xs[1.5]", "feel-no-position", "1.5"),
    ("a in [5..1]", "feel-empty-range", "[5..1]"),
    ("a in (1, [-1..-5])", "feel-empty-range", "[-1..-5]"),
]
FINE = [
    "date(2026, 12, 1)",
    "a / 2",
    "0 / a",
    "xs[1]",
    "xs[-1]",
    "xs[99999999999999999999999999999]",  # more digits than the thread computes with
    "xs[a]",
    "a in [1..1]",
    "a in [a..1]",
    "for i in [5..1] return i",
]


@pytest.mark.parametrize(("text", "code", "marked"), WARNED)
def test_it_is_warned_of(text: str, code: str, marked: str) -> None:
    remarks = check(parse(text), SCOPE).remarks

    assert [(each.code, text[each.start : each.end]) for each in remarks] == [(code, marked)]
    assert CATALOGUE[code].grade is Grade.WARNING


@pytest.mark.parametrize(
    ("cell", "marked"),
    [("[5..1]", "[5..1]"), ("1, (5..5)", "(5..5)"), ("not([5..5[)", "[5..5["), ("[1..5], [[9..7]]", "[9..7]")],
)
def test_a_range_of_nothing_in_a_cell_is_warned_of(cell: str, marked: str) -> None:
    remarks = check(parse_tests(cell), SCOPE, subject=NUMBER).remarks

    assert [(each.code, cell[each.start : each.end]) for each in remarks] == [("feel-empty-range", marked)]


@pytest.mark.parametrize("text", FINE)
def test_what_may_have_a_value_is_not(text: str) -> None:
    assert check(parse(text), SCOPE).remarks == ()
