"""Conditions and cells: the five rules of a cell, what `then` and the other slots take, and `because`."""

from __future__ import annotations

from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, FLAG, document, errors, exact, facts, findings, said, truth, value

TIER = {"type": "string", "one_of": ["A", "B", "C", "D"]}
NUM = {"type": "number", "scale": 4}
STR = {"type": "string"}


def cell(written: Any, declared: dict[str, Any], given: Any) -> str:
    return truth({"x": written}, {"x": declared}, {} if given is None else {"x": given})


def cell_errors(written: Any, declared: dict[str, Any], more: dict[str, Any] | None = None) -> list[Any]:
    rules = [{"id": "t", "when": {"x": written}, "then": {"r": "yes"}}]
    return errors(document({"x": declared, **(more or {})}, outputs=FLAG, hit_policy="first", rules=rules))


# --- 1 numbers, booleans, lists

LITERALS: list[tuple[Any, dict[str, Any], Any, str]] = [
    (5, NUM, 5, "true"),
    (5, NUM, 5.0, "true"),
    (5, NUM, 6, "false"),
    (0, NUM, 0, "true"),
    (-1, NUM, -1, "true"),
    (0.1, NUM, exact("0.1000"), "true"),
    (True, {"type": "boolean"}, True, "true"),
    (True, {"type": "boolean"}, False, "false"),
    (False, {"type": "boolean"}, False, "true"),
    ([1, 2], NUM, 2, "true"),
    ([1, 2], NUM, 3, "false"),
    ([1, "> 10"], NUM, 11, "true"),
    ([1, "> 10"], NUM, 5, "false"),
    (["[1..2]", "[5..6)"], NUM, 5, "true"),
    (["[1..2]", "[5..6)"], NUM, 6, "false"),
    ([True, False], {"type": "boolean"}, False, "true"),
    # 2 members of one_of
    ("B", TIER, "B", "true"),
    ("B", TIER, "A", "false"),
    (["B", "C"], TIER, "C", "true"),
    (["B", "C"], TIER, "A", "false"),
    ('not("C")', TIER, "A", "true"),
    ('not("C")', TIER, "C", "false"),
    ('"A","B"', TIER, "B", "true"),
    ('"A","B"', TIER, "C", "false"),
    ('not("A","B")', TIER, "C", "true"),
    # a member is that literal even where it reads like FEEL
    ("> 5", {"type": "string", "one_of": ["> 5", "rest"]}, "> 5", "true"),
    ("not(A)", {"type": "string", "one_of": ["not(A)", "A"]}, "A", "false"),
    ("null", {"type": "string", "one_of": ["null", "A"]}, "null", "true"),
    ("true", {"type": "string", "one_of": ["true", "A"]}, "true", "true"),
    ('say "hi"', {"type": "string", "one_of": ['say "hi"', "A"]}, 'say "hi"', "true"),
    ("back\\slash", {"type": "string", "one_of": ["back\\slash", "A"]}, "back\\slash", "true"),
    ("关键客户", {"type": "string", "one_of": ["关键客户", "其他"]}, "关键客户", "true"),
    ("two words", {"type": "string", "one_of": ["two words", "A"]}, "two words", "true"),
    # 3 dates, times, durations
    ("2026-01-01", {"type": "date"}, "2026-01-01", "true"),
    ("2026-01-01", {"type": "date"}, "2026-01-02", "false"),
    (["2026-01-01", "2026-01-02"], {"type": "date"}, "2026-01-02", "true"),
    ('>= date("2026-01-01")', {"type": "date"}, "2026-01-02", "true"),
    ('[date("2026-01-01")..date("2026-02-01"))', {"type": "date"}, "2026-02-01", "false"),
    ("09:30:00", {"type": "time"}, "09:30:00", "true"),
    ("09:30:00", {"type": "time"}, "09:31:00", "false"),
    ("2026-01-01T09:30:00", {"type": "date-time"}, "2026-01-01T09:30:00", "true"),
    ("P7D", {"type": "days-duration"}, "P7D", "true"),
    ("P7D", {"type": "days-duration"}, "PT168H", "true"),
    ("P7D", {"type": "days-duration"}, "P8D", "false"),
    ("P1Y", {"type": "months-duration"}, "P12M", "true"),
    # 3 strings without one_of, and unary tests
    ('"Shanghai"', STR, "Shanghai", "true"),
    ('"Shanghai"', STR, "Beijing", "false"),
    ('"Shanghai","Beijing"', STR, "Beijing", "true"),
    ("> 0.2", NUM, exact("0.2001"), "true"),
    ("> 0.2", NUM, exact("0.2"), "false"),
    ("[100..500)", NUM, 100, "true"),
    ("[100..500)", NUM, 500, "false"),
    ("(100..500]", NUM, 100, "false"),
    ("(100..500]", NUM, 500, "true"),
    ("]100..500[", NUM, 100, "false"),
    ("< 1, > 5", NUM, 7, "true"),
    ("< 1, > 5", NUM, 3, "false"),
    ("not(< 1, > 5)", NUM, 3, "true"),
    ("? > 1 and ? < 3", NUM, 2, "true"),
    ("? > 1 and ? < 3", NUM, 3, "false"),
    ("-1", NUM, -1, "true"),
    ("5", NUM, 5, "true"),
    ("null", {**NUM, "optional": True}, None, "true"),
    ("null", {**NUM, "optional": True}, 0, "false"),
    ("not(null)", {**NUM, "optional": True}, 0, "true"),
    ("not(null)", {**NUM, "optional": True}, None, "false"),
    # 4 any value
    ("-", {**NUM, "optional": True}, None, "true"),
    ("-", NUM, 7, "true"),
    ("-", {**TIER, "optional": True}, None, "true"),
]


@pytest.mark.parametrize(("written", "declared", "given", "expected"), LITERALS)
def test_a_cell_holds_as_written(written: Any, declared: dict[str, Any], given: Any, expected: str) -> None:
    assert cell(written, declared, given) == expected


def test_a_cell_may_compare_with_another_field() -> None:
    inputs = {"x": STR, "city": STR}
    assert truth({"x": "= city"}, inputs, {"x": "a", "city": "a"}) == "true"
    assert truth({"x": "= city"}, inputs, {"x": "a", "city": "b"}) == "false"


def test_a_cell_may_ask_for_membership_in_a_list() -> None:
    inputs = {"x": STR, "team.regions": {"type": "list", "of": "string"}}
    assert truth({"x": "? in team.regions"}, inputs, {"x": "east", "team": {"regions": ["west", "east"]}}) == "true"
    assert truth({"x": "? in team.regions"}, inputs, {"x": "east", "team": {"regions": []}}) == "false"


def test_all_cells_of_a_row_must_hold() -> None:
    inputs = {"x": NUM, "y": TIER}
    row = {"x": "> 1", "y": ["A", "B"]}
    assert [truth(row, inputs, {"x": x, "y": y}) for x, y in [(2, "A"), (1, "A"), (2, "C"), (0, "D")]] == [
        "true",
        "false",
        "false",
        "false",
    ]


def test_no_when_holds_always() -> None:
    text = document(
        {"x": {**NUM, "optional": True}}, outputs=FLAG, hit_policy="first", rules=[{"id": "t", "then": {"r": "yes"}}]
    )
    assert policy.load(text).decide(facts(), as_of=DAY).hits == ["t"]


def test_an_empty_mapping_holds_always_or_is_refused_but_never_false() -> None:
    text = document({"x": NUM}, outputs=FLAG, hit_policy="first", rules=[{"id": "t", "when": {}, "then": {"r": "yes"}}])
    assert errors(text) or policy.load(text).decide(facts(x=1), as_of=DAY).hits == ["t"]


def test_cells_may_test_derived_values() -> None:
    assert truth({"twice": "> 3"}, {"x": NUM}, {"x": 2}, derived={"twice": "x * 2"}) == "true"


# --- what is refused in a cell

REFUSED: list[tuple[str, Any, dict[str, Any], list[str]]] = [
    ("a bare word offers both readings", "Shanghai", STR, ['"Shanghai"', "= Shanghai"]),
    ("a bare Chinese word too", "上海", STR, ['"上海"', "= 上海"]),
    ("no member of one_of", "E", TIER, ["E"]),
    ("a member in the wrong case", "b", TIER, ["b"]),
    ("a list with a stranger", ["A", "E"], TIER, ["E"]),
    ("null", None, NUM, []),
    ("null in a list", [1, None], NUM, []),
    ("a boolean for a number", True, NUM, []),
    ("a number for a text", 5, STR, []),
    ("a number for a boolean", 1, {"type": "boolean"}, []),
    ("a text for a number", '"5"', NUM, []),
    ("a mapping", {"a": 1}, NUM, []),
    ("a list in a list", [[1]], NUM, []),
    ("broken FEEL", "> > 5", NUM, []),
    ("an unclosed range", "[1..5", NUM, []),
    ("an unknown name", "> amuont", NUM, ["amuont"]),
    ("a day that does not exist", "2026-02-30", {"type": "date"}, []),
    ("a word for a date", "tomorrow", {"type": "date"}, ["tomorrow"]),
    ("a duration for a date", "P7D", {"type": "date"}, []),
    ("an empty text", "", NUM, []),
    ("an empty list", [], NUM, []),
    ("double equals", "== 5", NUM, []),
]


@pytest.mark.parametrize(("why", "written", "declared", "words"), REFUSED)
def test_a_cell_is_refused_at_its_place(why: str, written: Any, declared: dict[str, Any], words: list[str]) -> None:
    found = cell_errors(written, declared)
    assert found, why
    assert all(word in said(found) for word in words), said(found)


def test_a_cell_for_a_field_nobody_declared() -> None:
    found = errors(
        document(
            {"amount": NUM},
            outputs=FLAG,
            hit_policy="first",
            rules=[{"id": "t", "when": {"amuont": "> 1"}, "then": {"r": "yes"}}],
        )
    )
    assert any(
        "did you mean" in f.text(policy.Language.EN) and "`amount`" in f.text(policy.Language.EN) for f in found
    ), said(found)


def test_a_literal_beyond_one_of_in_text_form_is_noticed() -> None:
    """`customer.tier = "E"` can never be true where one_of is A to D."""
    rules = [{"id": "t", "when": 'x = "E"', "then": {"r": "yes"}}]
    assert findings(document({"x": TIER}, outputs=FLAG, hit_policy="first", rules=rules))


# --- 5 what YAML itself cannot read

HOST = """\
policy: scorecard.t
title: T
owner: o
language: 1
subject: {id: s.id, about: [s.id]}
inputs:
  - s.id: {type: string}
  - x: {type: number}
  - tags: {type: list, of: string}
outputs: {r: {type: string, one_of: [no, yes], default: no}}
hit_policy: first
rules:
"""

QUOTES = {
    "folded block scalar sign": "  - {id: t, when: {x: > 0.2}, then: {r: yes}}\n",
    "comparison in block style": "  - id: t\n    when:\n      x: > 0.2\n    then: {r: yes}\n",
    "at least": "  - id: t\n    when:\n      x: >= 0.2\n    then: {r: yes}\n",
    "half-open range": "  - {id: t, when: {x: [1..5)}, then: {r: yes}}\n",
    "half-open range in block style": "  - id: t\n    when:\n      x: [1..5)\n    then: {r: yes}\n",
    "range open below": "  - {id: t, when: {x: ]1..5]}, then: {r: yes}}\n",
    "closed range": "  - {id: t, when: {x: [100..500]}, then: {r: yes}}\n",
    "cut by a hash": '  - {id: t, when: {x: "> 1"}, then: {r: yes}, because: order #5 of the day}\n',
    "cut by a hash in block style": '  - id: t\n    when: list contains(tags, "a #1")\n    then: {r: yes}\n',
    "split at a comma in a call": '  - {id: t, when: list contains(tags, "a"), then: {r: yes}}\n',
    "split at a comma in a text": "  - {id: t, then: {r: yes}, because: {zh: 第三章, en: Control, chapter 3}}\n",
    "question mark": "  - {id: t, when: {x: ? > 3}, then: {r: yes}}\n",
    "colon": '  - {id: t, when: {x: "> 1"}, then: {r: yes}, because: Note: this}\n',
}


@pytest.mark.parametrize("case", QUOTES)
def test_what_yaml_cannot_read_gets_the_mended_line(case: str) -> None:
    found = errors(HOST + QUOTES[case])
    assert "in quotes" in said(found), said(found)
    assert any("mended" in f.values for f in found), said(found)


@pytest.mark.parametrize("case", QUOTES)
def test_the_mended_line_loads(case: str) -> None:
    text = HOST + QUOTES[case]
    found = [f for f in errors(text) if "mended" in f.values]
    assert found
    lines = text.splitlines()
    before = lines[found[0].place.line - 1]
    mended = str(found[0].values["mended"]).strip("\n")
    lines[found[0].place.line - 1] = before[: len(before) - len(before.lstrip())] + mended.lstrip()
    assert not errors("\n".join(lines) + "\n"), (mended, said(errors("\n".join(lines) + "\n")))


@pytest.mark.parametrize("case", QUOTES)
def test_the_finding_stands_on_the_line_with_the_slip(case: str) -> None:
    slip = next(
        i
        for i, line in enumerate(QUOTES[case].splitlines())
        if any(
            w in line for w in ("> 0.2", ">= 0.2", "1..5", "100..500", "#", "list contains", "chapter", "? >", "Note:")
        )
    )
    found = [f for f in errors(HOST + QUOTES[case]) if "mended" in f.values]
    assert any(f.place.line == 13 + slip for f in found), said(found)


def test_a_quoted_hash_is_no_slip() -> None:
    assert not errors(HOST + '  - {id: t, when: {x: "> 1"}, then: {r: yes}, because: "order #5"}\n')


def test_a_comment_after_a_value_is_no_slip() -> None:
    assert not errors(HOST + '  - {id: t, when: {x: "> 1"}, then: {r: yes}}   # a remark, with a comma\n')


# --- then


def then_errors(given: Any, declared: dict[str, Any], inputs: dict[str, Any] | None = None) -> list[Any]:
    return errors(
        document(
            {"x": NUM, **(inputs or {})},
            outputs={"v": declared},
            hit_policy="first",
            rules=[{"id": "t", "then": {"v": given}}],
        )
    )


GIVEN: list[tuple[Any, dict[str, Any], Any]] = [
    ("= x * 0.05", {"type": "number", "scale": 2}, exact("5.00")),
    ("=x", {"type": "number", "scale": 2}, exact("100")),
    (5, {"type": "number", "scale": 0}, exact("5")),
    (-0.5, {"type": "number", "scale": 1}, exact("-0.5")),
    ("hello", {"type": "string"}, "hello"),
    ("x", {"type": "string"}, "x"),
    ("x * 2", {"type": "string"}, "x * 2"),
    ('= "a" + "b"', {"type": "string"}, "ab"),
    ("A", TIER, "A"),
    ('= if x > 1 then "A" else "B"', TIER, "A"),
    (True, {"type": "boolean"}, True),
    ("= x > 1", {"type": "boolean"}, True),
    (["a", "b"], {"type": "list", "of": "string"}, ["a", "b"]),
    ([], {"type": "list", "of": "string"}, []),
    ('= ["a", "b"]', {"type": "list", "of": "string"}, ["a", "b"]),
]


@pytest.mark.parametrize(("given", "declared", "expected"), GIVEN)
def test_then_gives_literals_and_formulas(given: Any, declared: dict[str, Any], expected: Any) -> None:
    text = document({"x": NUM}, outputs={"v": declared}, hit_policy="first", rules=[{"id": "t", "then": {"v": given}}])
    assert policy.load(text).decide(facts(x=100), as_of=DAY).outcome == {"v": expected}


NOT_GIVEN: list[tuple[str, Any, dict[str, Any]]] = [
    ("a formula without its sign", "x * 0.05", {"type": "number"}),
    ("a literal finer than its scale", 0.125, {"type": "number", "scale": 2}),
    ("a text for a number", "five", {"type": "number"}),
    ("a number for a text", 5, {"type": "boolean"}),
    ("no member", "E", TIER),
    ("a formula that is none", "= x *", {"type": "number"}),
    ("a formula of another type", '= "a"', {"type": "number"}),
    ("a formula of an unknown name", "= y", {"type": "number"}),
    ("one value for a list", "a", {"type": "list", "of": "string"}),
    ("a list for one value", ["A"], TIER),
    ("null", None, {"type": "number"}),
    ("an empty formula", "=", {"type": "number"}),
]


@pytest.mark.parametrize(("why", "given", "declared"), NOT_GIVEN)
def test_then_refuses(why: str, given: Any, declared: dict[str, Any]) -> None:
    assert then_errors(given, declared), why


def test_then_names_only_outputs() -> None:
    found = errors(
        document({}, outputs={"pay": {"type": "number"}}, hit_policy="first", rules=[{"id": "t", "then": {"pya": 1}}])
    )
    assert any("did you mean" in f.text(policy.Language.EN) and "`pay`" in f.text(policy.Language.EN) for f in found), (
        said(found)
    )


@pytest.mark.parametrize("slot", ["derived", "when"])
def test_slots_that_are_always_feel_take_no_sign(slot: str) -> None:
    rule: dict[str, Any] = {"id": "t", "then": {"r": "yes"}}
    keys: dict[str, Any] = {"outputs": FLAG, "hit_policy": "first", "rules": [rule]}
    if slot == "derived":
        keys["derived"] = {"y": "= x"}
    else:
        rule["when"] = "= x > 1"
    assert errors(document({"x": NUM}, **keys))


# --- because


def reasons(because: Any, inputs: dict[str, Any], given: dict[str, Any]) -> tuple[str, str]:
    rules = [{"id": "t", "then": {"r": "yes"}, "because": because}]
    decision = policy.load(document(inputs, outputs=FLAG, hit_policy="first", rules=rules)).decide(
        facts(**given), as_of=DAY, explain=True
    )
    return decision.explanation.to_text(policy.Language.ZH), decision.explanation.to_text(policy.Language.EN)


def test_because_shows_the_value_in_both_languages() -> None:
    chinese, english = reasons(
        {"zh": "净额 {x} 元", "en": "Net amount {x}"}, {"x": {"type": "number", "scale": 2}}, {"x": 1234}
    )
    assert (
        "净额 1,234.00 元" in chinese
        or "净额 1234.00 元" in chinese
        or "净额 1,234 元" in chinese
        or "净额 1234 元" in chinese
    )
    assert "Net amount 1,234" in english or "Net amount 1234" in english


def test_a_plain_because_means_both_languages() -> None:
    chinese, english = reasons("Both", {}, {})
    assert "Both" in chinese
    assert "Both" in english


def test_because_with_an_unknown_path_is_a_finding() -> None:
    rules = [{"id": "t", "then": {"r": "yes"}, "because": "value {nett}"}]
    found = errors(document({"net": NUM}, outputs=FLAG, hit_policy="first", rules=rules))
    assert any("nett" in f.text(policy.Language.EN) for f in found), said(found)


def test_because_may_show_derived_values() -> None:
    rules = [{"id": "t", "then": {"r": "yes"}, "because": "twice is {twice}"}]
    text = document({"x": NUM}, derived={"twice": "x * 2"}, outputs=FLAG, hit_policy="first", rules=rules)
    decision = policy.load(text).decide(facts(x=21), as_of=DAY, explain=True)
    assert "twice is 42" in decision.explanation.to_text(policy.Language.EN)


def test_because_of_a_list_date_and_truth() -> None:
    inputs = {"d": {"type": "date"}, "b": {"type": "boolean"}, "l": {"type": "list", "of": "string"}}
    chinese, english = reasons("on {d}, {b}, {l}", inputs, {"d": "2026-03-01", "b": True, "l": ["p", "q"]})
    assert "2026" in english
    assert "p" in english
    assert "2026" in chinese


# --- outputs of formulas inside expressions


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("x + 0.1 + 0.2", "100.3"),
        ("x / 3", "33.333333"),
        ("2 / 3", "0.666667"),
        ("-x", "-100"),
        ("x ** 2", "10000"),
        ("min(x * 100, 20)", "20"),
        ("max(1, x, 3)", "100"),
        ("sum([1, 2, x])", "103"),
        ("count([1, 2, 3])", "3"),
        ("if x > 50 then 1 else 0", "1"),
        ("abs(-3)", "3"),
        ("floor(1.9)", "1"),
        ("floor(-1.1)", "-2"),
        ("ceiling(1.1)", "2"),
        ("modulo(10, 3)", "1"),
        ("modulo(-10, 3)", "2"),
        ("round half up(2.5, 0)", "3"),
        ("round half up(-2.5, 0)", "-3"),
        ("0.1 * 3", "0.3"),
        ("1 - 0.9", "0.1"),
        ("count(for i in [1, 2, 3] return i * 2)", "3"),
        ("sum(for i in [1, 2, 3] return i * 2)", "12"),
        ("[10, 20, 30][2]", "20"),
        ("[10, 20, 30][-1]", "30"),
        ("sum([1, 5, 9][item > 2])", "14"),
        ('string length("订单𠀀")', "3"),
        ("{a: 1, b: a + 1}.b", "2"),
    ],
)
def test_formulas_are_feel(formula: str, expected: str) -> None:
    assert value(formula, {"x": NUM}, {"x": 100}) == exact(expected)
