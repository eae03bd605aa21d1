"""What expressions look like: names, places, cells, and every way of writing them wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import ExpressionError
from policy.feel import evaluate, nodes, parse, parse_tests, unary_test
from policy.feel.lexer import LONGEST_TEXT
from policy.values import Language


def outline(node: Any) -> Any:
    """Return the shape of a tree: kinds, names and values without places."""
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Name):
        return node.name
    below = [outline(child) for child in nodes.children(node)]
    sign = getattr(node, "sign", None) or getattr(node, "name", None) or type(node).__name__
    return (str(sign), *below)


SHAPES = {
    "a + b * c": ("+", "a", ("*", "b", "c")),
    "a - b - c": ("-", ("-", "a", "b"), "c"),
    "-a ** b": ("**", ("Negation", "a"), "b"),
    "a or b and c": ("Either", "a", ("Both", "b", "c")),
    "a and b and c": ("Both", "a", "b", "c"),
    "a < b + c": ("<", "a", ("+", "b", "c")),
    "a.b.c[d]": ("Filter", ("c", ("b", "a")), "d"),
    "a in (b, > c)": ("In", "a", "b", (">", "c")),
    "a in (b) + c": ("In", "a", ("+", "b", "c")),
    "a in ([b..c), d)": ("In", "a", ("Range", "b", "c"), "d"),
    "a between b and c and d": ("Both", ("Between", "a", "b", "c"), "d"),
    "[a..b[ = c": ("=", ("Range", "a", "b"), "c"),
    "]a..b[c]*d]": ("Range", "a", ("*", ("Filter", "b", "c"), "d")),
    "if a then b else c + d": ("If", "a", "b", ("+", "c", "d")),
    "for x in a, y in b..c return d": ("For", "a", "b", "c", "d"),
    "a instance of list<number> = b": ("=", ("InstanceOf", "a"), "b"),
    "f(a)(b)": ("Call", ("Call", "f", "a"), "b"),
    "a /* b */ + // c\n d": ("+", "a", "d"),
    "订单.金额 > 甲": (">", ("金额", "订单"), "甲"),
}


@pytest.mark.parametrize("text", SHAPES)
def test_shape(text: str) -> None:
    assert outline(parse(text)) == SHAPES[text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Full Name", "F"),
        ("Full \n Name", "F"),
        ("a-b", "D"),
        ("a - b", "M"),
        ("Full Name Of Pet", "P"),
        ("应付 金额（元）", "Y"),
        ("amount and tax", "T"),
        ("o'brien", "O"),
    ],
)
def test_the_longest_declared_name_wins(text: str, value: str) -> None:
    names = {
        "Full Name": "F",
        "Full Name Of Pet": "P",
        "a-b": "D",
        "应付 金额（元）": "Y",
        "amount and tax": "T",
        "amount": "X",
        "o'brien": "O",
        "a": [{"v": "M"}],
        "b": None,
    }

    assert (evaluate(text, names) or evaluate("a.v[1]", names)) == value


def test_names_an_expression_binds_may_hold_spaces() -> None:
    assert evaluate("{net price: 2, twice: net price * 2}.twice", {}) == 4
    assert evaluate("for unit price in [1, 2] return unit price + 1", {}) == [2, 3]
    assert evaluate("(function(unit price) unit price * 2)(3)", {}) == 6


@given(st.sampled_from(sorted(SHAPES)))
def test_every_node_knows_its_place(text: str) -> None:
    tree = parse(text)

    assert (tree.start, tree.end) == (0, len(text))
    for node in nodes.walk(tree):
        for child in nodes.children(node):
            assert node.start <= child.start < child.end <= node.end
    assert all(text[each.start : each.end] == each.name for each in nodes.walk(tree) if isinstance(each, nodes.Name))


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("-", None, True),
        ("- 1", -1, True),
        ('"A", "B"', "B", True),
        ('not("A", "B")', "B", False),
        ("not([1..5))", 5, True),
        ("not(?) or ? = null", None, True),
        ("[1..5), 7", 7, True),
        ("< 3, > 5", 4, False),
        ("(1..3)", 3, False),
        ("]1..3[", 2, True),
        ("null", None, True),
        ("not(null)", None, False),
        ("= 2 + 1", 3, True),
        ("!= 3", 3, False),
        ("[1, 2, 3]", 2, True),
        ('? in ["a", "b"]', "b", True),
        ("? > 1 and ? < 3", 2, True),
        ('date("2026-01-01")', "x", None),
    ],
)
def test_cell(cell: str, value: Any, holds: bool | None) -> None:
    assert unary_test(cell, value, {}) is holds


MISTAKES = [
    ("a == 1", "feel-slip", 2, "write `=`", "请写 `=`"),
    ("a <> 1", "feel-slip", 2, "`!=`", "`!=`"),
    ("a && b", "feel-slip", 2, "`and`", "`and`"),
    ("a || b", "feel-slip", 2, "`or`", "`or`"),
    ("!a", "feel-slip", 0, "`not(…)`", "`not(…)`"),
    ("a = 'x'", "feel-slip", 4, "double quotes", "双引号"),
    ("a \uff1d 1", "feel-slip", 2, "`=`", "`=`"),
    ("f（1）", "feel-slip", 1, "`(`", "`(`"),
    ("[1，2]", "feel-slip", 2, "`,`", "`,`"),
    ("a = “x”", "feel-slip", 4, "double quotes", "双引号"),
    ("a ≥ 1", "feel-slip", 2, "`>=`", "`>=`"),
    ("5 %", "feel-slip", 2, "100", "100"),
    ("a # b", "feel-unknown-character", 2, "`#`", "`#`"),
    ("", "feel-unexpected-end", 0, "an expression", "一个表达式"),
    ("(1", "feel-unexpected-end", 2, "`)`", "`)`"),
    ("1 +", "feel-unexpected-end", 3, "an expression", "一个表达式"),
    ("1 2", "feel-unexpected", 2, "the end of the expression", "表达式的结尾"),
    ("if a then b", "feel-unexpected-end", 11, "`else`", "`else`"),
    ("for x return x", "feel-unexpected", 6, "`in`", "`in`"),
    ("unit price", "feel-name-with-space", 0, "declare", "声明"),
    ('"abc', "feel-text-not-closed", 0, "not closed", "没有结束"),
    ("1 /* 2", "feel-comment-not-closed", 2, "`*/`", "`*/`"),
    ("{a 1}", "feel-unexpected", 4, "`:`", "`:`"),
    ("f(a: 1, 2)", "feel-mixed-arguments", 8, "name all", "全部命名"),
    ("a[]", "feel-unexpected", 2, "a position or a condition", "位置或条件"),
    ("a[] = 1", "feel-unexpected", 2, "a position or a condition", "位置或条件"),
    ("[a, b,]", "feel-unexpected", 6, "an expression", "一个表达式"),
    ("{a：1}", "feel-slip", 2, "`:`", "`:`"),
    ("not a", "feel-slip", 0, "`not(…)`", "`not(…)`"),
    ("a and not b = 1", "feel-slip", 6, "`not(…)`", "`not(…)`"),
    ("a not in [1]", "feel-slip", 2, "`not(… in …)`", "`not(… in …)`"),
    ("a is null", "feel-slip", 2, "`= null`", "`= null`"),
    ("a is not null", "feel-slip", 2, "`!= null`", "`!= null`"),
    ("f(a) is 5", "feel-slip", 5, "`=`", "`=`"),
    ("a 且 b", "feel-slip", 2, "`and`", "`and`"),
    ("a 或 b", "feel-slip", 2, "`or`", "`or`"),
    ("a 大于 5", "feel-slip", 2, "`>`", "`>`"),
    ("a 不超过 5", "feel-slip", 2, "`<=`", "`<=`"),
    ("如果 a", "feel-slip", 0, "`if`", "`if`"),
    ("a ? 1 : 2", "feel-slip", 2, "`if … then … else …`", "`if … then … else …`"),
    ("a ? 1", "feel-unexpected", 2, "the end", "结尾"),
    ("uper case(s)", "feel-name-with-space", 0, "mean `upper case`", "写 `upper case`"),
    ("a + round haf up(s)", "feel-name-with-space", 4, "mean `round half up`", "写 `round half up`"),
    ("a \u2060+ b", "feel-unknown-character", 2, "U+2060", "U+2060"),
    ("1e99999", "feel-number-too-large", 0, "10^6144", "10^6144"),
    ("a > " + "9" * 40, "feel-number-digits", 4, "40 significant digits, expected at most 34", "40 位有效数字"),
    ("a > 0." + "1" * 35, "feel-number-digits", 4, "35 significant digits", "35 位有效数字"),
    ("x instance of 1", "feel-unexpected", 14, "a type", "类型"),
    ("(" * 101 + "1" + ")" * 101, "feel-too-deep", 100, "100", "100"),
    ("+".join("1" * 200), "feel-too-deep", 0, "100", "100"),
    ("a" * (LONGEST_TEXT + 1), "feel-too-long", 0, "20000", "20000"),
]


@pytest.mark.parametrize(("text", "code", "start", "english", "chinese"), MISTAKES, ids=lambda value: str(value)[:20])
def test_a_mistake_has_a_place_and_a_sentence_in_both_languages(
    text: str, code: str, start: int, english: str, chinese: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)

    assert (caught.value.code, caught.value.start) == (code, start)
    assert english in caught.value.text(Language.EN)
    assert chinese in caught.value.text(Language.ZH)


def test_the_place_has_line_and_column() -> None:
    with pytest.raises(ExpressionError, match=r"^<expression>:2:5: "):
        parse("a and\n  b == c")


def test_a_cell_says_what_is_wrong_inside_not() -> None:
    with pytest.raises(ExpressionError, match="write `=`"):
        parse_tests("not(a == 1)")


ALPHABET = st.sampled_from(
    [*'abx1."=<>()[]{},:?-+*/ \n@“，', "not(", " and ", " in ", "..", "if ", "for ", "**", "/*", "null", '@"P1D"']
)


@given(st.lists(ALPHABET, max_size=20).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    for read in (parse, parse_tests):
        error = refused(read, text)
        assert error is None or 0 <= error.start <= error.end <= len(text)
        assert error is None or error.text(Language.ZH)


def refused(read: Callable[[str], Any], text: str) -> ExpressionError | None:
    """Read a text; return the error of its writing."""
    try:
        read(text)
    except ExpressionError as error:
        return error
    return None
