"""Edits change what was asked for and no other byte; a thousand random ones on the shipped policies and samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import editor
from policy.editor.regions import items
from policy.editor.splices import spliced
from policy.editor.writing import flow, is_plain, scalar
from policy.errors import SourceError
from policy.reader import read
from policy.values import Text
from policy.yamltext import ListNode, MapNode, Node, ScalarNode, compose

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "tests/cases/documents").glob("*.yaml"))}
SHIPPED = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted((ROOT / "rules").rglob("*.yaml"))}
POLICIES = {name: text for name, text in {**SAMPLES, **SHIPPED}.items() if "\nrules:" in text}

RULES = ("rules",)
LISTS = [
    ("rules",),
    ("stages",),
    ("separation",),
    ("inputs",),
    ("tests",),
    ("measures",),
    ("adjustments",),
    ("awards",),
] + [("allocate", each) for each in ("eligible", "score", "limits", "keep")]
TEXTS = [
    "B",
    "> 0.2",
    "[1..5)",
    'not("C")',
    "a, b",
    "x: y",
    "it's",
    '"A","B"',
    "甲乙",
    "# one",
    "- x",
    "true",
    "a #b",
    "null",
]


@lru_cache(maxsize=32)
def top(text: str) -> MapNode:
    root = compose(text, "").root
    assert isinstance(root, MapNode)
    return root


def plain(node: Node | None) -> Any:
    """Return a node as plain data, texts marked where they could be taken for numbers or booleans."""
    match node:
        case MapNode():
            return {key.value: plain(value) for key, value in node.entries}
        case ListNode():
            return [plain(item) for item in node.items]
        case ScalarNode():
            return node.value
        case None:
            return None


def reach(data: Any, where: editor.Where) -> Any:
    for step in where:
        data = data[step]
    return data


def at(root: Node, where: editor.Where) -> Node | None:
    for step in where:
        node = root.get(str(step)) if isinstance(root, MapNode) else None
        if isinstance(root, ListNode):
            node = root.items[int(step)]
        if node is None:
            return None
        root = node
    return root


# --- a change at a time

APPROVAL, SCORECARD, INCENTIVE = SAMPLES["approval"], SAMPLES["scorecard"], SAMPLES["incentive"]


@pytest.mark.parametrize(
    ("text", "edit", "before", "after"),
    [
        (
            APPROVAL,
            lambda text: editor.set_cell(text, "steep-discount", "customer.tier", "A"),
            "customer.tier: [B, C]}",
            "customer.tier: A}",
        ),
        (
            APPROVAL,
            lambda text: editor.set_cell(text, "steep-discount", "customer.tier", None),
            '"> 0.2", customer.tier: [B, C]}',
            '"> 0.2"}',
        ),
        (
            APPROVAL,
            lambda text: editor.set_cell(text, "any-discount", "order.amount", "[1..5)"),
            '{order.discount: "> 0.05"}',
            '{order.discount: "> 0.05", order.amount: "[1..5)"}',
        ),
        (
            APPROVAL,
            lambda text: editor.set_cell(text, "list-price", "order.discount", None),
            '{id: list-price,     when: {order.discount: "<= 0.05"},',
            "{id: list-price,",
        ),
        (
            SCORECARD,
            lambda text: editor.set_cell(text, "growth", "customer.growth", "null"),
            'customer.growth: "> 0"',
            'customer.growth: "null"',
        ),
        (
            APPROVAL,
            lambda text: editor.set_when(text, "key-account", {"order.amount": "0.50", "order.prepaid": "true"}),
            'order.net >= 500000 or customer.tier = "A"',
            "{order.amount: 0.50, order.prepaid: true}",
        ),
        (
            APPROVAL,
            lambda text: editor.set_when(text, "key-account", "a = 1\nor b"),
            'when: order.net >= 500000 or customer.tier = "A"',
            "when: |-\n      a = 1\n      or b",
        ),
        (
            APPROVAL,
            lambda text: editor.set_when(text, "list-price", "a = 1\nor b"),
            '{order.discount: "<= 0.05"}',
            '"a = 1\\nor b"',
        ),
        (
            INCENTIVE,
            lambda text: editor.set_outcome(text, "rest", "counts", Decimal("0.50")),
            "    counts: 1\n",
            "    counts: 0.50\n",
        ),
        (
            SCORECARD,
            lambda text: editor.set_outcome(text, "satisfied", "grade", "A"),
            "then: {points: 30}}   # of five",
            "then: {points: 30, grade: A}}   # of five",
        ),
        (
            APPROVAL,
            lambda text: editor.set_because(text, "list-price", Text(zh="甲", en="B: c")),
            "then: {stages: []}}",
            'then: {stages: []}, because: {zh: 甲, en: "B: c"}}',
        ),
        (
            APPROVAL,
            lambda text: editor.set_because(
                text, "key-account", Text(zh="净额 {order.net} 或关键客户，须三级审批", en="Net")
            ),
            'en: "Net amount {order.net} or key account: three levels"}',
            "en: Net}",
        ),
        (
            APPROVAL,
            lambda text: editor.set_title(text, "Orders"),
            "{zh: 订单分级审批, en: Tiered order approval}",
            "Orders",
        ),
        (
            APPROVAL,
            lambda text: editor.rename_rule(text, "list-price", "normal"),
            "{id: list-price,     when",
            "{id: normal,     when",
        ),
        (
            APPROVAL,
            lambda text: editor.add_rule(text, {"id": "new", "then": {"stages": []}}, after="any-discount"),
            "  - {id: list-price,",
            "  - {id: new, then: {stages: []}}\n  - {id: list-price,",
        ),
        (
            SCORECARD,
            lambda text: editor.add_rule(text, {"id": "new", "then": {"points": 1}}),
            "# of five\n",
            "# of five\n  - {id: new, then: {points: 1}}\n",
        ),
        (
            SCORECARD,
            lambda text: editor.add_rule(text, {"id": "new", "then": {"points": 1}}, before="growth"),
            "  # growth counts",
            "  - {id: new, then: {points: 1}}\n  # growth counts",
        ),
        (
            SCORECARD,
            lambda text: editor.remove_rule(text, "growth"),
            (
                "  # growth counts a fifth at most\n"
                '  - {id: growth,      when: {customer.growth: "> 0"},                        '
                'then: {points: "= min(customer.growth * 100, 20)"}}\n'
            ),
            "",
        ),
        (INCENTIVE, lambda text: editor.remove_rule(text, "rest"), "\n- id: rest\n  then:\n    counts: 1\n", ""),
        (
            INCENTIVE,
            lambda text: editor.copy_rule(text, "rest", "more"),
            "    counts: 1\n",
            "    counts: 1\n- id: more\n  then:\n    counts: 1\n",
        ),
        (
            SCORECARD,
            lambda text: editor.copy_rule(text, "growth", "more"),
            '* 100, 20)"}}\n',
            (
                '* 100, 20)"}}\n  - {id: more,      when: {customer.growth: "> 0"},                        '
                'then: {points: "= min(customer.growth * 100, 20)"}}\n'
            ),
        ),
        (
            SCORECARD,
            lambda text: editor.remove_item(text, ("grades", "rows"), "0"),
            "[{from: 0, value: D}, {from: 40",
            "[{from: 40",
        ),
        (
            SCORECARD,
            lambda text: editor.set_value(text, ("grades", "rows", "40", "value"), "E"),
            "{from: 40, value: C}",
            "{from: 40, value: E}",
        ),
        (
            APPROVAL,
            lambda text: editor.set_value(text, ("stages", "director", "need"), 2),
            "within: P2D}",
            "within: P2D, need: 2}",
        ),
        (
            APPROVAL,
            lambda text: editor.remove_item(text, ("separation",), "no-beneficiary"),
            "separation:\n  - {id: no-beneficiary, never: approver.id = order.commission_to}\n",
            "separation: []\n",
        ),
        (
            APPROVAL,
            lambda text: editor.add_item(text, ("inputs",), {"order.x": {"default": Decimal("0.10")}}),
            "  - requester.team\n",
            "  - requester.team\n  - order.x: {default: 0.10}\n",
        ),
        (
            SAMPLES["assignment"],
            lambda text: editor.set_value(text, ("derived", "customer.grade"), "1 + 1"),
            (
                "customer.grade:\n    policy: scorecard.customer-value\n    take: grade\n"
                "    with: {customer.annual_revenue: customer.deal_value * 4}\n"
            ),
            "customer.grade: 1 + 1\n",
        ),
        (
            SAMPLES["approval"],
            lambda text: editor.set_value(
                text,
                ("derived", "order.net"),
                {"is": "order.amount * (1 - order.discount)", "label": Text("净额", "Net")},
            ),
            "order.net: order.amount * (1 - order.discount)\n",
            "order.net: {is: order.amount * (1 - order.discount), label: {zh: 净额, en: Net}}\n",
        ),
        (
            SAMPLES["approval"],
            lambda text: editor.set_value(text, ("derived", "customer.grade", "label"), "Grade"),
            "take: grade}\n",
            "take: grade, label: Grade}\n",
        ),
        (
            INCENTIVE,
            lambda text: editor.set_value(text, ("adjustments", "clawback", "add"), "-x"),
            "add: >-\n      -sum(concatenate([0],\n      refunds.commission_paid))\n",
            "add: -x\n",
        ),
        (
            APPROVAL,
            lambda text: editor.set_title(text, "one\ntwo"),
            "{zh: 订单分级审批, en: Tiered order approval}          #",
            '"one\\ntwo"          #',
        ),
        (
            APPROVAL,
            lambda text: editor.set_value(text, ("tests", 0, "expect", "result", "stages", "x"), "y"),
            "director, finance]}}\n",
            "director, finance]}, result: {stages: {x: y}}}\n",
        ),
        (
            SAMPLES["vocabulary"],
            lambda text: editor.set_value(text, ("fields", "客户.等级", "type"), None),
            "{type: string}\n",
            "{}\n",
        ),
        (
            SAMPLES["vocabulary"].replace("{class: forbidden}", "{}"),
            lambda text: editor.set_value(text, ("fields", "person.health", "class"), "pay"),
            "person.health:  {}",
            "person.health:  {class: pay}",
        ),
        (
            APPROVAL.replace("as_of: 2026-03-01\n    given: {", "as_of: 2026-03-01\n    given: {x: [a: 1, {b: 2}], "),
            lambda text: editor.set_value(text, ("tests", 0, "given", "x", 0, "c"), "d"),
            "x: [a: 1, {",
            "x: [{a: 1, c: d}, {",
        ),
        (
            SCORECARD.replace("[{from: 0, value: D}, ", "[").replace("{from: 60, value: B}, ", ""),
            lambda text: editor.add_item(text, ("grades", "rows"), {"from": Decimal(0), "value": "D"}, before="40"),
            "rows: [{from: 40",
            "rows: [{from: 0, value: D}, {from: 40",
        ),
        (
            INCENTIVE,
            lambda text: editor.move_item(text, ("inputs",), "person.quota", to=0),
            "- person.id\n- person.quota\n",
            "- person.quota\n- person.id\n",
        ),
        (
            APPROVAL.replace(
                "separation:\n  - {id: no-beneficiary, never: approver.id = order.commission_to}", "separation: []"
            ),
            lambda text: editor.add_item(text, ("separation",), {"id": "new", "never": "true = false"}),
            "separation: []",
            "separation: [{id: new, never: true = false}]",
        ),
        (
            SAMPLES["assignment"],
            lambda text: editor.copy_item(text, ("allocate", "keep"), 0, "more"),
            "value: 0.3}\n",
            "value: 0.3}\n    - {id: more, when: customer.open_deals > 0, value: 0.3}\n",
        ),
        (
            SAMPLES["penalty"].replace("points: 3, expires: P12M}", "acts: [a, b]}"),
            lambda text: editor.move_item(text, ("measures", "warning", "acts"), "b", to=0),
            "acts: [a, b]",
            "acts: [b, a]",
        ),
        (
            INCENTIVE.replace("- id: rest\n", "-\n  id: rest\n"),
            lambda text: editor.copy_rule(text, "rest", "more"),
            "    counts: 1\n",
            "    counts: 1\n-\n  id: more\n  then:\n    counts: 1\n",
        ),
        (
            SAMPLES["reference"],
            lambda text: editor.set_value(text, ("title",), None),
            "title: {zh: 最低工资, en: Minimum wage}\n",
            None,
        ),
    ],
)
def test_one_change(text: str, edit: Callable[[str], str], before: str, after: str | None) -> None:
    assert text.count(before) == 1

    if after is None:
        with pytest.raises(SourceError, match="missing-key"):
            edit(text)
    else:
        got = edit(text).replace("hits: [key-account, normal]", "hits: [key-account, list-price]")
        assert got == text.replace(before, after)


def test_a_long_rule_gets_a_line_for_each_key() -> None:
    rule: dict[str, Any] = {
        "id": "new",
        "when": "a = 1, b" * 9,
        "then": {"stages": ["director"]},
        "because": Text(zh="甲" * 40, en="c"),
    }

    got = editor.add_rule(APPROVAL, rule, after="key-account")

    assert "  - id: new\n    when: a = 1, b" in got
    assert "\n    then: {stages: [director]}\n    because: {zh: 甲" in got


def test_a_list_is_begun_where_there_is_none() -> None:
    got = editor.add_item(INCENTIVE, ("tests",), {"name": "t", "as_of": "2026-01-01", "given": {}, "expect": {}})

    assert got == f"{INCENTIVE}tests:\n  - {{name: t, as_of: 2026-01-01, given: {{}}, expect: {{}}}}\n"


def test_renaming_a_stage_follows_it_into_outcomes_tests_and_lateness() -> None:
    got = editor.rename_item(APPROVAL, ("stages",), "director", "head")

    assert "director" not in got.replace('approver.role = "director"', "")
    assert got == APPROVAL.replace("director", "head").replace('approver.role = "head"', 'approver.role = "director"')


def test_a_rule_taken_out_is_no_longer_expected_to_hit() -> None:
    text = APPROVAL.replace("hits: [key-account, list-price]", "hits: [[key-account, list-price], [list-price]]")

    got = editor.remove_rule(text, "list-price")

    assert "hits: [[key-account], [list-price]]" in got, "a test that expects nothing else keeps naming it"
    assert "id: list-price" not in got


def test_a_rule_is_renamed_in_what_tests_expect_of_each_item() -> None:
    text = APPROVAL.replace("hits: [key-account, list-price]", "hits: [[key-account, list-price], [list-price]]")

    assert "hits: [[key-account, normal], [normal]]" in editor.rename_rule(text, "list-price", "normal")


def test_the_authors_quotes_stay() -> None:
    text = SAMPLES["penalty"]

    got = editor.set_because(text, "outside", Text(zh="客户'甲'", en="Taken outside"))

    assert got == text.replace("'客户订单流向公司以外'", "'客户''甲'''").replace(
        '"An order was taken outside of the company"', '"Taken outside"'
    )


def test_a_text_that_reads_like_a_number_is_quoted_where_a_text_is_meant() -> None:
    assert "then: {points: 30, grade: '5'}" not in editor.set_outcome(SCORECARD, "satisfied", "grade", "5")
    assert 'then: {points: 30, grade: "5"}' in editor.set_outcome(SCORECARD, "satisfied", "grade", "5")
    assert 'then: {points: 30, grade: "true"}' in editor.set_outcome(SCORECARD, "satisfied", "grade", "true")
    assert "then: {points: 30, grade: 5}" in editor.set_outcome(SCORECARD, "satisfied", "grade", editor.typed("5"))


def test_a_change_to_what_stands_there_changes_nothing() -> None:
    text = editor.set_cell(APPROVAL, "steep-discount", "customer.tier", ["B", "C"])
    text = editor.set_title(text, Text(zh="订单分级审批", en="Tiered order approval"))
    text = editor.set_value(text, ("stages", "finance", "need"), 2)

    assert editor.move_rule(text, "any-discount", to=2) == APPROVAL


def test_the_result_is_canonical() -> None:
    got = editor.set_title("\ufeff" + APPROVAL.replace("\n", "\r\n") + "\n\n", "Orders")

    assert got == editor.set_title(APPROVAL, "Orders")


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda: editor.set_cell(APPROVAL, "nobody", "a", "1"), "edit-not-found"),
        (lambda: editor.set_cell(APPROVAL, "key-account", "order.amount", "1"), "edit-no-cells"),
        (lambda: editor.set_cell(APPROVAL, "any-discount", "order.x", None), "edit-not-found"),
        (lambda: editor.remove_rule(APPROVAL, "nobody"), "edit-not-found"),
        (lambda: editor.move_rule(APPROVAL, "any-discount", to=4), "edit-not-found"),
        (lambda: editor.move_rule(APPROVAL, "any-discount", to=-1), "edit-not-found"),
        (lambda: editor.add_item(APPROVAL, ("owner",), {"id": "x"}), "edit-not-found"),
        (lambda: editor.add_item(APPROVAL, ("allocate", "score"), {"id": "x"}), "edit-not-found"),
        (lambda: editor.set_value(APPROVAL, ("owner", "name"), "x"), "edit-not-found"),
        (lambda: editor.set_value(APPROVAL, ("rules", 9, "because"), "x"), "edit-not-found"),
        (lambda: editor.set_value(APPROVAL, ("owner", "name"), None), "edit-not-found"),
        (lambda: editor.copy_item(SAMPLES["penalty"], ("measures", "warning", "evidence"), 1, "x"), "edit-not-found"),
        (lambda: editor.copy_item(SAMPLES["reference"], ("rows",), 0, "x"), "wrong-date"),
        (lambda: editor.copy_rule(APPROVAL, "any-discount", "list-price"), "duplicate-id"),
        (lambda: editor.rename_rule(APPROVAL, "any-discount", "Any"), "wrong-id"),
        (lambda: editor.add_rule(APPROVAL, {"id": "x"}), "missing-key"),
        (lambda: editor.set_value(APPROVAL, ("colour",), "red"), "unknown-key"),
        (lambda: editor.set_title(APPROVAL, "a\0"), "forbidden-character"),
        (lambda: editor.set_title("a: [", "x"), "unclosed-bracket"),
        (lambda: editor.set_title("- a", "x"), "unknown-document"),
    ],
)
def test_what_cannot_be_edited_is_said(edit: Callable[[], str], code: str) -> None:
    with pytest.raises(SourceError) as caught:
        edit()

    assert code in {finding.code for finding in caught.value.findings}


def test_comments_that_stand_apart_stay_where_they_are() -> None:
    text = "a: 1\nrules:\n  # apart\n\n  # of one\n  - {id: one}   # beside\n    # below\n\n  - {id: two}\n"
    root = top(text)
    listed = root.get("rules")
    assert isinstance(listed, ListNode)

    moved = spliced(text, items(text, listed).moved(0, 1))
    removed = spliced(text, items(text, listed).removed(1))

    assert moved == "a: 1\nrules:\n  # apart\n\n  - {id: two}\n\n  # of one\n  - {id: one}   # beside\n    # below\n"
    assert removed == "a: 1\nrules:\n  # apart\n\n  # of one\n  - {id: one}   # beside\n    # below\n"


# --- values as YAML

INVISIBLE = "\u200b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters=INVISIBLE), min_size=1)


@given(TEXT, st.booleans())
def test_a_text_written_reads_as_itself(text: str, inside: bool) -> None:
    written = scalar(text, None, -1 if inside else 2)
    node = top(f"{{a: {written}, b: c}}\n" if inside else f"a: {written}\n").get("a")

    assert isinstance(node, ScalarNode)
    assert node.value == text
    assert bool(node.style) != is_plain(text, inside=inside)


ODD = ["a\tb", "<<", "=", "2026-02-30", "2026-02-30T25:00:00", "0b_", "!x", "%a", "@a", "`a`", "a: b", "- a", "?", "~"]


@pytest.mark.parametrize("text", ODD)
def test_other_readers_of_yaml_read_what_is_written(text: str) -> None:
    got = editor.set_value(SAMPLES["approval"], ("title",), Text(zh=text, en=f"{text}!"))

    assert yaml.safe_load(got)["title"]["zh"] in (text, None if text == "~" else text)
    assert read(got).document.title == Text(zh=text, en=f"{text}!")  # type: ignore[union-attr]


@given(TEXT | st.sampled_from(ODD), st.booleans())
def test_any_text_written_is_read_elsewhere(text: str, inside: bool) -> None:
    written = scalar(text, None, -1 if inside else 2)

    assert yaml.safe_load(f"{{a: {written}, b: c}}\n" if inside else f"a: {written}\n") is not None


@given(st.lists(TEXT, min_size=2).map("\n".join))
def test_a_text_of_several_lines_reads_as_itself(text: str) -> None:
    for written in (f"a:\n  b: {scalar(text, None, 4)}\n", f"a: {{b: {scalar(text, None, -1)}}}\n"):
        node = at(top(written), ("a", "b"))
        assert isinstance(node, ScalarNode)
        assert node.value == text


@given(st.recursive(TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=6))
def test_values_written_on_one_line_read_as_themselves(value: Any) -> None:
    assert plain(top(f"a: {flow(value)}\n").get("a")) == value


# --- a thousand random edits


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit that was made.

    Attributes:
        text: The text after it.
        low: Offset in the text before it up to which nothing may differ.
        high: Offset in the text before it from which on nothing may differ.
        meant: What it does to the document as plain data.
        undone: The text after the inverse edit; None where the inverse is not defined.
    """

    text: str
    low: int
    high: int
    meant: Callable[[Any], None]
    undone: str | None


Draw = Callable[[st.SearchStrategy[Any]], Any]


def moved(draw: Draw, text: str, where: editor.Where, index: int) -> Edit:
    listed = listed_at(text, where)
    spans = items(text, listed).spans
    to = draw(st.integers(0, len(spans) - 1))
    got = editor.move_item(text, where, index, to=to)

    def meant(data: Any) -> None:
        each = reach(data, where)
        each.insert(to, each.pop(index))

    low, high = min(index, to), max(index, to)
    return Edit(got, spans[low][0], spans[high][1], meant, editor.move_item(got, where, to, to=index))


def copied(text: str, where: editor.Where, index: int) -> Edit:
    end = items(text, listed_at(text, where)).spans[index][1]
    got = editor.copy_item(text, where, index, "a-new-one")

    def meant(data: Any) -> None:
        each = reach(data, where)
        each.insert(index + 1, {**each[index], "id": "a-new-one"})

    return Edit(got, end, end, meant, editor.remove_item(got, where, "a-new-one"))


def removed(text: str, where: editor.Where, index: int) -> Edit:
    spans = items(text, listed_at(text, where)).spans
    beside = spans[index - 1][1] if index else spans[1][0]

    def meant(data: Any) -> None:
        del reach(data, where)[index]

    low, high = min(beside, spans[index][0]), max(beside, spans[index][1])
    return Edit(editor.remove_item(text, where, index), low, high, meant, None)


def added(draw: Draw, text: str, index: int) -> Edit:
    spans = items(text, listed_at(text, RULES)).spans
    rule: dict[str, Any] = {"id": "a-new-one", "when": {"order.other": draw(st.sampled_from(TEXTS))}, "then": {}}
    got = editor.add_item(text, RULES, rule, after=index)

    def meant(data: Any) -> None:
        data["rules"].insert(index + 1, rule)

    return Edit(got, spans[index][1], spans[index][1], meant, editor.remove_rule(got, "a-new-one"))


def cell(draw: Draw, text: str, index: int) -> Edit:
    rule = listed_at(text, RULES).items[index]
    assert isinstance(rule, MapNode)
    name, cells = plain(rule.get("id")), plain(rule.get("when")) or {}
    column, written = draw(st.sampled_from([*cells, "order.other"])), draw(st.sampled_from(TEXTS))
    got = editor.set_cell(text, name, column, written)

    def meant(data: Any) -> None:
        each = data["rules"][index]
        each["when"] = {**each.get("when", {}), column: written}

    undone = None if column in cells else editor.set_cell(got, name, column, None)
    return Edit(got, *items(text, listed_at(text, RULES)).spans[index], meant, undone)


def set_text(draw: Draw, text: str, where: editor.Where, index: int, key: str) -> Edit:
    item = listed_at(text, where).items[index]
    assert isinstance(item, MapNode)
    old, written = item.get(key), draw(st.sampled_from(TEXTS))
    got = editor.set_value(text, (*where, index, key), written)

    def meant(data: Any) -> None:
        reach(data, where)[index][key] = written

    undone = None
    if isinstance(old, ScalarNode) and not old.style and "\n" not in text[old.start : old.end]:
        undone = editor.set_value(got, (*where, index, key), editor.typed(old.value))
    return Edit(got, *items(text, listed_at(text, where)).spans[index], meant, undone)


def listed_at(text: str, where: editor.Where) -> ListNode:
    node = at(top(text), where)
    assert isinstance(node, ListNode)
    return node


def edited(draw: Draw, text: str) -> Edit:
    """Draw an edit that the document allows, and make it."""
    where = draw(st.sampled_from([each for each in LISTS if isinstance(at(top(text), each), ListNode)]))
    listed = listed_at(text, where)
    index = draw(st.integers(0, len(listed.items) - 1))
    item = listed.items[index]
    possible: list[Callable[[], Edit]] = [lambda: moved(draw, text, where, index)]
    if isinstance(item, MapNode):
        keys = [key for key in ("because", "name", "who", "never", "value", "add") if item.get(key)]
        possible += [partial(set_text, draw, text, where, index, key) for key in keys]
        if item.get("id"):
            possible.append(lambda: copied(text, where, index))
        if where == RULES:
            possible.append(lambda: added(draw, text, index))
            if not isinstance(item.get("when"), ScalarNode):
                possible.append(lambda: cell(draw, text, index))
    if len(listed.items) > 1 and where not in {("stages",), ("measures",)}:
        possible.append(lambda: removed(text, where, index))
    edit: Edit = draw(st.sampled_from(possible))()
    return edit


@settings(max_examples=60)  # of four edits, most of them followed by the inverse edit: hundreds in all
@given(st.data(), st.sampled_from(sorted(POLICIES)))
def test_random_edits_change_what_was_asked_and_nothing_else(data: st.DataObject, name: str) -> None:
    text = POLICIES[name]
    for _ in range(4):
        meant = plain(top(text))
        edit = edited(data.draw, text)
        edit.meant(meant)

        assert plain(top(edit.text)) == meant
        assert edit.text[: edit.low] == text[: edit.low]
        assert edit.text.endswith(text[edit.high :])
        assert edit.undone in {None, text}
        text = text if "a-new-one" in edit.text else edit.text


ROWS = """\
reference: r
title: R
key: [a]
columns: {a: {type: string}, b: {type: number, optional: true}}
rows:
  - {from: 2025-01-01, a: x, b: 1}   # one
  # two
  - from: 2025-02-01
    a: x
  - {from: 2025-03-01, a: x, b: 3}
"""


def test_one_key_of_several_items_is_set_and_taken_out_at_once() -> None:
    text = editor.set_items(ROWS, ("rows",), "b", {0: Decimal(7), 1: Decimal(8), 2: None})

    assert text == ROWS.replace("b: 1}", "b: 7}").replace("    a: x\n", "    a: x\n    b: 8\n").replace(", b: 3}", "}")
    assert editor.set_items(ROWS, ("rows",), "b", {}) == ROWS
    with pytest.raises(SourceError):
        editor.set_items(ROWS, ("rows",), "b", {3: Decimal(1)})
    with pytest.raises(SourceError):
        editor.set_items(ROWS, ("rows",), "b", {1: None})


def test_several_items_are_added_at_once_in_order() -> None:
    added = [{"from": f"2026-0{number}-01", "a": "y"} for number in (1, 2)]

    assert editor.add_items(ROWS, ("rows",), added) == (
        f"{ROWS}  - {{from: 2026-01-01, a: y}}\n  - {{from: 2026-02-01, a: y}}\n"
    )
    assert editor.add_items(ROWS, ("rows",), []) == ROWS
    with pytest.raises(SourceError):
        editor.add_items(ROWS, ("columns",), added)


def test_a_stage_is_renamed_in_defaults_and_expected_results_too() -> None:
    text = (ROOT / "rules/approval/order.yaml").read_text("utf-8")
    text = text.replace("combine: union,", "combine: union, default: [team-lead],")

    got = editor.rename_item(text, ("stages",), "team-lead", "supervisor")

    assert "team-lead" not in got
    assert got.replace("supervisor", "team-lead") == text
