"""What the checker finds: types, remarks with places, and what an expression reads."""

from __future__ import annotations

import pytest

from policy.errors import said
from policy.feel import parse, parse_tests
from policy.feel.checker import asks_time, check, leaves, lookups, paths
from policy.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    NUMBER,
    STRING,
    ContextType,
    ListType,
    NumberType,
    StringType,
    Type,
    type_name,
)
from policy.values import Language

LINE = ContextType({"qty": NUMBER, "sku": STRING})
SCOPE: dict[str, Type] = {
    "order": ContextType(
        {
            "amount": NumberType("CNY"),
            "fee": NumberType("USD"),
            "since": DATE,
            "paid": BOOLEAN,
            "lines": ListType(LINE),
            "tags": ListType(StringType(("new", "old"))),
        }
    ),
    "customer": ContextType({"tier": StringType(("A", "B", "C")), "name": STRING}),
    "limit": NUMBER,
    "at": DATE_TIME,
    "data": ANY,
}
REFERENCES = {"minimum-wage": ContextType({"monthly": NumberType("CNY"), "basis": STRING})}

TYPES = {
    "order.amount + limit": "number",
    "order.amount > limit": "boolean",
    'if order.paid then "a" else "b"': "string",
    'if order.paid then "a" else 1': "Any",
    "order.lines.qty": "list<number>",
    "order.lines[qty > 1]": "list<context<qty: number, sku: string>>",
    "order.lines[1].sku": "string",
    "sum(order.lines.qty)": "number",
    "min(order.amount, 500)": "number",
    'order.since + duration("P1M")': "date",
    "order.since - order.since": "days and time duration",
    "(order.since - order.since).days": "number",
    "order.since.year": "number",
    "today()": "date",
    "now() - at": "days and time duration",
    "for l in order.lines return l.qty": "list<number>",
    "{a: 1, b: a + 1}.b": "number",
    "sort(order.tags)": "list<string>",
    "[1..2]": "range<number>",
    'lookup("minimum-wage", customer.name).monthly': "number",
    "data.anything[x = 1].y": "list<Any>",
    "(function(x: number) x + 1)(2)": "number",
    "concatenate([1], [2])": "list<number>",
    "[]": "list<Any>",
}


@pytest.mark.parametrize("text", TYPES)
def test_type(text: str) -> None:
    checked = check(parse(text), SCOPE, references=REFERENCES)

    assert (type_name(checked.type), checked.remarks) == (TYPES[text], ())


REMARKS = [
    ("ordr.amount > 1", "feel-unknown-name", "ordr", "order"),
    ("order.amuont > 1", "feel-unknown-field", "amuont", "amount"),
    ("order.lines.qtty", "feel-unknown-field", "qtty", "qty"),
    ("order.lines[qtty > 1]", "feel-unknown-name", "qtty", "qty"),
    ("order.since.yaer", "feel-no-member", "yaer", "year"),
    ("limit.x", "feel-no-member", "x", None),
    ("flor(1)", "feel-unknown-function", "flor", "floor"),
    ("customer.name(1)", "feel-not-callable", "customer.name", None),
    ("floor(1, 2, 3)", "feel-arguments", "floor(1, 2, 3)", None),
    ("floor(m: 1)", "feel-argument-labels", "floor(m: 1)", None),
    ('floor("1")', "feel-argument-type", '"1"', None),
    ('order.amount = "1"', "feel-comparison", 'order.amount = "1"', None),
    ("order.paid < true", "feel-operands", "order.paid < true", None),
    ('limit + "1"', "feel-operands", 'limit + "1"', None),
    ('-"1"', "feel-operand", '-"1"', None),
    ("order.amount + order.fee", "feel-units", "order.amount + order.fee", None),
    ("order.amount > order.fee", "feel-units", "order.amount > order.fee", None),
    ('customer.tier = "a"', "feel-not-one-of", '"a"', "A"),
    ('customer.tier in ("A", "AB")', "feel-not-one-of", '"AB"', "B"),
    ('list contains(order.tags, "nwe")', "feel-not-one-of", '"nwe"', "new"),
    ('list contains(["A", "D"], customer.tier)', "feel-not-one-of", '"D"', None),
    ("limit and order.paid", "feel-condition", "limit", None),
    ("if limit then 1 else 2", "feel-condition", "limit", None),
    ("not(limit)", "feel-condition", "limit", None),
    ("some l in order.lines satisfies l.qty", "feel-condition", "l.qty", None),
    ('date("2026-02-30")', "feel-literal", '"2026-02-30"', None),
    ('@"2026-13-01"', "feel-literal", '@"2026-13-01"', None),
    ('duration("1D")', "feel-literal", '"1D"', None),
    ("order.since > at", "feel-comparison", "order.since > at", None),
    ("?", "feel-no-subject", "?", None),
    ('lookup("minimum-wgae", 1)', "feel-reference", '"minimum-wgae"', "minimum-wage"),
    ("lookup(limit)", "feel-reference-literal", "limit", None),
    ("{a: 1, a: 2}", "feel-duplicate-key", "a: 2", None),
    ("1 instance of nmber", "feel-unknown-type", "nmber", "number"),
    ("for x in customer.name return x", "feel-not-iterable", "x in customer.name", None),
    ('for x in "a".."b" return x', "feel-not-iterable", 'x in "a".."b"', None),
    ("limit between 1 and order.since", "feel-comparison", "order.since", None),
    ("limit in [1..order.since]", "feel-comparison", "[1..order.since]", None),
]


@pytest.mark.parametrize(("text", "code", "marked", "suggestion"), REMARKS, ids=lambda value: str(value)[:30])
def test_remark(text: str, code: str, marked: str, suggestion: str | None) -> None:
    remarks = check(parse(text), SCOPE, references=REFERENCES).remarks

    assert [(each.code, text[each.start : each.end]) for each in remarks][:1] == [(code, marked)]
    assert remarks[0].values.get("suggestion") == suggestion
    for language in Language:
        assert "{" not in said(code, remarks[0].values, language)


def test_all_remarks_come_at_once_in_order_of_text() -> None:
    found = check(parse('ordr.x > 1 and customer.tier = "Z" and limit + "1" = flor(2)'), SCOPE).remarks

    assert [each.code for each in found] == [
        "feel-unknown-name",
        "feel-not-one-of",
        "feel-operands",
        "feel-unknown-function",
    ]


CELLS = [
    ('"A", "D"', StringType(("A", "B")), "feel-not-one-of"),
    ("< 5", STRING, "feel-comparison"),
    ("5", STRING, "feel-cell"),
    ("[1..5]", DATE, "feel-cell"),
    ('"x"', NUMBER, "feel-cell"),
    ("? + 1", NUMBER, "feel-condition"),
    ("> order.fee", NumberType("CNY"), "feel-units"),
    ('not("Q")', StringType(("A",)), "feel-not-one-of"),
    ('["A", "Q"]', StringType(("A",)), "feel-not-one-of"),
    ("null", NUMBER, None),
    ("-", NUMBER, None),
    ("? in order.lines.qty", NUMBER, None),
    ("order.lines.qty", NUMBER, None),
    ("data", NUMBER, None),
    ("5", ANY, None),
]


@pytest.mark.parametrize(("cell", "subject", "code"), CELLS)
def test_cell(cell: str, subject: Type, code: str | None) -> None:
    remarks = check(parse_tests(cell), SCOPE, subject=subject).remarks

    assert [each.code for each in remarks] == ([code] if code else [])


PATHS = {
    'order.amount > 1 and customer.tier = "A"': (("order", "amount"), ("customer", "tier")),
    "order.amount + order.amount": (("order", "amount"),),
    "order.lines[qty > limit].sku": (("order", "lines"), ("limit",)),
    "order.since.year": (("order", "since"),),
    "for l in order.lines return l.qty * limit": (("order", "lines"), ("limit",)),
    "some limit in [1] satisfies limit > 1": (),
    "{limit: 1, b: limit}.b": (),
    "(function(limit) limit + at)(1)": (("at",),),
    "floor(limit)": (("limit",),),
    "order": (("order",),),
    "order.lines[item.qty > 1]": (("order", "lines"),),
    "data.x.y": (("data",),),
}


@pytest.mark.parametrize("text", PATHS)
def test_paths_end_at_declared_fields(text: str) -> None:
    assert paths(parse(text), SCOPE) == PATHS[text]


def test_paths_without_a_scope_are_as_written() -> None:
    assert paths(parse("a.b.c > floor(d) and xs[e > f]")) == (("a", "b", "c"), ("d",), ("xs",))


def test_leaves_are_the_parts_of_a_condition() -> None:
    text = "a = 1 and (b or not(c and d)) and f(e or g)"

    assert [text[leaf.start : leaf.end] for leaf in leaves(parse(text))] == ["a = 1", "b", "c", "d", "f(e or g)"]


def test_what_is_around_is_seen() -> None:
    assert asks_time(parse("for d in xs return d < today()"))
    assert not asks_time(parse("todays > 1"))
    assert lookups(parse('lookup("a", 1).x + lookup("b", 2).x + lookup("a", 3).x')) == ("a", "b")


def test_a_part_keeps_its_types() -> None:
    checked = check(parse("order.amount > 1 and order.paid"), SCOPE)
    part = checked.part(leaves(checked.node)[1])

    assert (part.type, part.remarks) == (BOOLEAN, ())


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("limit = None", "null"),
        ("limit = NULL", "null"),
        ("True", "true"),
        ("order.paid = TRUE", "true"),
        ("limt", "limit"),
        ("\uff11 + 1", "1"),
        ("limit\u200d", "limit"),
        ("len(customer.name)", "string length"),
        ("len(order.lines)", "count"),
        ("avg(order.lines.qty)", "mean"),
        ("cout(order.lines)", "count"),
    ],
)
def test_a_habit_of_other_languages_has_a_suggestion(text: str, suggested: str) -> None:
    (remark,) = check(parse(text), SCOPE).remarks

    for language in Language:
        assert f"`{suggested}`" in said(remark.code, remark.values, language)


def test_what_nobody_sees_is_named() -> None:
    (remark,) = check(parse("limit\u200d"), SCOPE).remarks

    assert "U+200D" in said(remark.code, remark.values, Language.EN)
