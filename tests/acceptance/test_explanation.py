"""The explanation: the answer first, then every rule with what decided it and the value it saw, in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, FLAG, document, facts, render, vocabulary
from tests.acceptance.test_asking import ASKED, asker
from tests.acceptance.test_kinds import APPROVAL, ASSIGN, CASE, PLAN, lead, manager

NUM = {"type": "number", "scale": 2}
OPT = {**NUM, "optional": True}
EN, ZH = policy.Language.EN, policy.Language.ZH
OPEN = frozenset({"open"})


def explained(when: Any, inputs: dict[str, Any], given: dict[str, Any], *others: str, **keys: Any) -> Any:
    rules = [{"id": "only", "when": when, "then": {"r": "yes"}}]
    loaded = policy.load(
        document(inputs, **{"outputs": FLAG, "hit_policy": "first", "rules": rules, **keys}), others=others
    )
    return loaded.decide(facts(**given), as_of=DAY, explain=True).explanation


def line_of(explanation: Any, rule: str, language: Any = EN) -> str:
    return next(line for line in explanation.to_text(language).splitlines() if f"`{rule}`" in line)


# --- the part that decided


DECISIVE: list[tuple[str, Any, dict[str, Any], list[str], list[str]]] = [
    # why, condition, facts, what the line names, what it does not name
    ("the false cell and its value", {"a": "> 5", "b": "> 5"}, {"a": 9, "b": 1}, ["b", "> 5", "= 1"], ["= 9"]),
    ("the first of two false cells", {"a": "> 5", "b": "> 5"}, {"a": 2, "b": 1}, ["a", "= 2"], ["= 1"]),
    ("the false part of an and", "a > 5 and b > 7", {"a": 9, "b": 1}, ["b > 7", "= 1"], ["= 9"]),
    ("the first false part of an and", "a > 5 and b > 7", {"a": 1, "b": 2}, ["a > 5", "= 1"], ["= 2"]),
    ("the unknown cell", {"a": "> 5", "o": "> 6"}, {"a": 9, "b": 1}, ["o"], ["= 9"]),
    ("the unknown part", "a > 5 and o > 7", {"a": 9, "b": 1}, ["o > 7"], ["= 9"]),
    ("a false part beats an unknown one", "o > 5 and b > 7", {"a": 9, "b": 1}, ["b > 7"], []),
]


@pytest.mark.parametrize(("why", "when", "given", "named", "not_named"), DECISIVE)
def test_the_first_part_that_was_false_or_unknown_and_the_value_it_saw(
    why: str, when: Any, given: dict[str, Any], named: list[str], not_named: list[str]
) -> None:
    for language in (EN, ZH):
        line = line_of(explained(when, {"a": NUM, "b": NUM, "o": OPT}, given), "only", language)
        assert all(word in line for word in named), (why, line)
        assert not any(word in line for word in not_named), (why, line)


def test_an_unknown_part_names_the_missing_path() -> None:
    explanation = explained("o > 7", {"o": OPT}, {})
    assert "`o`" in explanation.to_text(EN) or "o = missing" in explanation.to_text(EN)
    assert "缺" in explanation.to_text(ZH)


def test_every_rule_is_listed_in_order_of_the_document() -> None:
    rules = [{"id": f"rule-{i}", "when": f"a = {i}", "then": {"r": "yes"}} for i in range(12)]
    loaded = policy.load(document({"a": NUM}, outputs=FLAG, hit_policy="first", rules=rules))
    text = loaded.decide(facts(a=5), as_of=DAY, explain=True).explanation.to_text(EN)
    places = [text.index(f"`rule-{i}`") for i in range(12)]
    assert places == sorted(places)


def test_the_answer_comes_first_and_then_the_reason() -> None:
    rules = [{"id": "only", "then": {"r": "yes"}, "because": {"zh": "理由一", "en": "reason one"}}]
    explanation = explained(None, {}, {}, rules=rules)
    for language, answer, reason in ((EN, "yes", "reason one"), (ZH, "yes", "理由一")):
        text = explanation.to_text(language)
        assert answer in text.splitlines()[0]
        assert text.index(reason) < text.index("`only`")


def test_needs_three_approvals_because() -> None:
    rules = [
        {
            "id": "large",
            "then": {"stages": ["team-lead", "director", "finance"]},
            "because": {"zh": "净额 {order.amount}，须三级审批", "en": "Net amount {order.amount}: three levels"},
        }
    ]
    stages = [{**each, "need": 1} for each in APPROVAL["stages"]]
    given = {"order": {"id": "o", "amount": 5000}, "requester": {"id": "r", "team": "east"}}
    explanation = (
        policy.load(render({**APPROVAL, "rules": rules, "stages": stages}))
        .decide(given, as_of=DAY, explain=True)
        .explanation
    )
    first = explanation.to_text(EN).splitlines()[0]
    assert first.startswith("needs three approvals")
    assert "because" in first
    assert "Net amount 5,000: three levels" in explanation.to_text(EN).replace("5000", "5,000")
    assert "须三级审批" in explanation.to_text(ZH)


ANSWERS: list[tuple[str, list[dict[str, Any]], dict[str, Any], str, list[str]]] = [
    ("no_hit", [{"id": "a", "when": "x > 5", "then": {"v": "p"}}], {"x": 1}, "unique", []),
    ("undetermined", [{"id": "a", "when": "o > 5", "then": {"v": "p"}}], {"x": 1}, "unique", ["o"]),
    (
        "conflict",
        [{"id": "one", "then": {"v": "p"}}, {"id": "two", "then": {"v": "q"}}],
        {"x": 1},
        "unique",
        ["one", "two"],
    ),
    (
        "conflict",
        [{"id": "one", "then": {"v": "p"}}, {"id": "two", "then": {"v": "q"}}],
        {"x": 1},
        "any",
        ["one", "two"],
    ),
    ("decided", [{"id": "a", "then": {"v": "p"}}], {"x": 1}, "unique", ["p"]),
]


@pytest.mark.parametrize(("status", "rules", "given", "hit_policy", "named"), ANSWERS)
def test_the_first_line_answers_every_status(
    status: str, rules: list[dict[str, Any]], given: dict[str, Any], hit_policy: str, named: list[str]
) -> None:
    text = document(
        {"x": NUM, "o": OPT},
        outputs={"v": {"type": "string", "one_of": ["p", "q"]}},
        hit_policy=hit_policy,
        rules=rules,
    )
    decision = policy.load(text).decide(facts(**given), as_of=DAY, explain=True)
    assert decision.status == status
    for language in (EN, ZH):
        first = decision.explanation.to_text(language).splitlines()[0]
        assert first.strip()
        assert all(word in first for word in named), first
    assert any("\u4e00" <= sign <= "\u9fff" for sign in decision.explanation.to_text(ZH).splitlines()[0])


def test_it_is_plain_data_too() -> None:
    explanation = explained({"a": "> 5"}, {"a": NUM}, {"a": 1})
    for language in (EN, ZH):
        data = json.loads(json.dumps(explanation.to_data(language), ensure_ascii=False))
        (rule,) = data["rules"]
        assert (rule["id"], rule["verdict"]) == ("only", False)
        assert rule["decisive"]["reads"][0]["path"] == "a"
        assert rule["decisive"]["reads"][0]["value"] == "1"


def test_it_names_the_asked_policy_and_its_answer() -> None:
    loaded = policy.load(asker(), others=[ASKED])
    text = loaded.decide({"c": {"id": "1", "revenue": 100}}, as_of=DAY, explain=True).explanation.to_text(EN)
    assert "scorecard.value" in text
    assert "c.grade" in text


def test_what_the_asked_policy_missed_is_named() -> None:
    asked = ASKED.replace('"type": "number", "scale": 2', '"type": "number", "scale": 2, "optional": true')
    explanation = policy.load(asker(), others=[asked]).decide({"c": {"id": "1"}}, as_of=DAY, explain=True).explanation
    for language in (EN, ZH):
        assert "scorecard.value" in explanation.to_text(language).splitlines()[0]
        assert "c.revenue" in explanation.to_text(language).splitlines()[0]


# --- kinds


def test_an_assignment_names_the_chosen_the_terms_and_the_excluded() -> None:
    given = {
        "customer": {"id": "c", "region": "east"},
        "managers": [manager("a", level=4), manager("b", region="west")],
    }
    text = policy.load(render(ASSIGN)).decide(given, as_of=DAY, explain=True).explanation.to_text(EN)
    assert "a" in text.splitlines()[0].split()
    assert "0.6" in text
    assert "senior" in text
    assert any("b" in line and "region" in line for line in text.splitlines())


def test_nobody_eligible_is_said_first() -> None:
    given = {"customer": {"id": "c", "region": "east"}, "managers": []}
    first = policy.load(render(ASSIGN)).decide(given, as_of=DAY, explain=True).explanation.to_text(EN).splitlines()[0]
    assert "unassigned" in first or "nobody" in first


def test_a_statement_goes_line_by_line() -> None:
    given = {"person": {"id": "p", "quota": 100000}, "credits": [{"amount": 120000}]}
    text = policy.load(render(PLAN)).decide(given, as_of=DAY, explain=True).explanation.to_text(EN).replace(",", "")
    assert "3200.00" in text.splitlines()[0]
    assert all(amount in text for amount in ("1600.00", "600.00", "1000.00"))


def test_a_penalty_says_what_is_still_needed() -> None:
    given = {"case": {"id": "k", "kind": "large", "proven_loss": 800}, "manager": {"id": "m"}}
    text = policy.load(render(CASE)).decide(given, as_of=DAY, explain=True).explanation.to_text(EN)
    assert text.startswith("proposes")
    assert "compensation" in text.splitlines()[0]


def test_who_may_not_act_and_why() -> None:
    given = {
        "order": {"id": "o", "amount": 1000},
        "requester": {"id": "am-1", "team": "east"},
        "approvers": [lead("am-1"), lead("l1")],
    }
    text = policy.load(render(APPROVAL)).decide(given, as_of=DAY, explain=True).explanation.to_text(EN)
    assert any("am-1" in line and "may not" in line for line in text.splitlines())


# --- classes


def test_values_of_classes_one_may_not_see_are_hidden_everywhere() -> None:
    inputs = {"m.pay": {**NUM, "class": "pay"}, "m.phone": {"type": "string", "class": "personal"}}
    rules = [
        {
            "id": "only",
            "when": 'm.pay > 5 and m.phone != "x"',
            "then": {"r": "yes"},
            "because": "pay {m.pay}, phone {m.phone}",
        }
    ]
    explanation = explained(None, inputs, {"m": {"pay": 4711, "phone": "13800000000"}}, rules=rules)
    for language in (EN, ZH):
        shown = explanation.to_text(language).replace(",", "")
        assert "4711" in shown
        assert "13800000000" in shown
        hidden = (
            explanation.to_text(language, OPEN) + json.dumps(explanation.to_data(language, OPEN), ensure_ascii=False)
        ).replace(",", "")
        assert "4711" not in hidden
        assert "13800000000" not in hidden


def test_the_class_of_a_vocabulary_field_holds_too() -> None:
    words = vocabulary({"m.pay": {**NUM, "class": "pay"}})
    rules = [{"id": "only", "when": "twice > 5", "then": {"r": "yes"}, "because": "twice the pay is {twice}"}]
    loaded = policy.load(
        document({"m.pay": None}, outputs=FLAG, hit_policy="first", rules=rules, derived={"twice": "m.pay * 2"}),
        others=[words],
    )
    explanation = loaded.decide(facts(m={"pay": 4711}), as_of=DAY, explain=True).explanation
    assert "9422" not in explanation.to_text(EN, OPEN).replace(",", ""), "what is derived from pay tells the pay"


def test_a_whistle_blowers_identity_is_never_in_an_explanation() -> None:
    inputs = {"case.reporter": {"type": "string", "class": "identity"}}
    rules = [
        {"id": "only", "when": 'case.reporter != "x"', "then": {"r": "yes"}, "because": "reported by {case.reporter}"}
    ]
    text = document(inputs, outputs=FLAG, hit_policy="first", rules=rules)
    try:
        loaded = policy.load(text)
    except policy.SourceError:
        return
    explanation = loaded.decide(facts(case={"reporter": "WANG-LEI"}), as_of=DAY, explain=True).explanation
    assert "WANG-LEI" not in explanation.to_text(EN) + explanation.to_text(ZH) + str(explanation.to_data(EN))


# --- values as people read them


@pytest.mark.parametrize(
    ("declared", "given", "english", "chinese"),
    [
        ({"type": "number", "scale": 2}, 1234567, ["1,234,567"], ["1,234,567"]),
        ({"type": "boolean"}, True, ["true", "yes"], ["是", "真"]),
        ({"type": "date"}, "2026-03-01", ["2026"], ["2026"]),
        ({"type": "list", "of": "string"}, ["p", "q"], ["p"], ["p"]),
        ({"type": "string"}, "订单", ["订单"], ["订单"]),
    ],
)
def test_because_formats_for_the_reader(
    declared: dict[str, Any], given: Any, english: list[str], chinese: list[str]
) -> None:
    rules = [{"id": "only", "then": {"r": "yes"}, "because": "saw <{x}>"}]
    explanation = explained(None, {"x": declared}, {"x": given}, rules=rules)
    for language, words in ((EN, english), (ZH, chinese)):
        line = next(each for each in explanation.to_text(language).splitlines() if "saw <" in each)
        assert any(word in line for word in words), line
        assert "None" not in line
        assert "Decimal" not in line


def test_because_with_a_missing_value_says_so() -> None:
    rules = [{"id": "only", "then": {"r": "yes"}, "because": "saw <{x}>"}]
    explanation = explained(None, {"x": OPT}, {}, rules=rules)
    line = next(each for each in explanation.to_text(EN).splitlines() if "saw <" in each)
    assert "None" not in line
    assert "null" not in line
    assert "<>" not in line


def test_a_label_in_both_languages_is_offered_to_readers() -> None:
    words = vocabulary({"x": {**NUM, "label": {"zh": "金额", "en": "Amount"}}})
    explanation = explained({"x": "> 5"}, {"x": None}, {"x": 1}, words)
    assert "Amount" in json.dumps(explanation.to_data(EN))
    assert "金额" in json.dumps(explanation.to_data(ZH), ensure_ascii=False)


# --- labels of derived values


LABELLED = {"is": "a * 2", "label": {"zh": "两倍", "en": "Twice"}}


@pytest.mark.parametrize(("language", "label"), [(EN, "Twice = 8"), (ZH, "两倍 = 8")])
def test_a_derived_value_is_called_by_its_label(language: Any, label: str) -> None:
    explanation = explained("twice > 5", {"a": NUM}, {"a": 4}, derived={"twice": LABELLED})
    assert label in line_of(explanation, "only", language)


def test_a_derived_value_without_a_label_is_called_by_its_name() -> None:
    for made in ("a * 2", {"is": "a * 2"}):
        assert "twice = 8" in line_of(explained("twice > 5", {"a": NUM}, {"a": 4}, derived={"twice": made}), "only")


def test_what_another_policy_gives_is_called_as_asked() -> None:
    ask = {"label": {"zh": "客户级别", "en": "Rank"}}
    loaded = policy.load(asker({"c.revenue": NUM}, ask=ask), others=[ASKED])
    explanation = loaded.decide({"c": {"id": "c1", "revenue": 100}}, as_of=DAY, explain=True).explanation
    assert "Rank is A, by `scorecard.value`" in explanation.to_text(EN)
    assert "客户级别为 A，由 `scorecard.value` 得出" in explanation.to_text(ZH)
