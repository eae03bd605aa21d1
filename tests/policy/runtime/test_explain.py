"""Explanations: the answer first, every rule with what decided it, nothing a reader may not see."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

import policy
from policy.model.document import FieldClass
from policy.values import Language

TEXT = dedent(
    """\
    policy: scorecard.test
    title: Test
    subject: {id: order.id}
    inputs:
      - order.id: {type: string}
      - order.amount: {type: number, scale: 2, label: {zh: 金额, en: Amount}}
      - order.urgent: {type: boolean, optional: true}
      - person.phone: {type: string, class: personal}
    derived:
      order.tenth: order.amount / 10
      person.prefix: substring(person.phone, 1, 3)
    outputs:
      points: {type: number, scale: 1, combine: sum, default: 0}
    hit_policy: HIT
    rules:
      - id: large
        when: order.amount >= 1000 and (order.urgent or order.tenth > 500)
        then: {points: 9}
        because: {zh: "金额 {order.amount}，得 {points}", en: "Amount {order.amount}, gives {points}"}
      - {id: not-urgent, when: not(order.urgent), then: {points: 1}}
      - id: cell
        when: {order.amount: "[10..20)", person.prefix: '"139"'}
        then: {points: 2}
        because: "Called {person.phone}"
      - {id: always, then: {points: 3}}
    """
)


def explained(facts: dict[str, Any], hit_policy: str = "collect") -> Any:
    text = TEXT.replace("HIT", hit_policy)
    if hit_policy != "collect":
        text = text.replace(", combine: sum", "")
    given = {"id": "o", "amount": 1, **facts}
    whole = {"order": given, "person": {"phone": "13900000000"}}
    return policy.load(text).decide(whole, as_of="2026-01-01", explain=True).explanation


def reasons(explanation: Any, **options: Any) -> dict[str, str]:
    return {rule["id"]: rule["reason"] for rule in explanation.to_data(Language.EN, **options)["rules"]}


@pytest.mark.parametrize(
    ("facts", "rule", "reason"),
    [
        ({"amount": 10}, "large", "`large` does not hit: `order.amount >= 1000` is false, Amount = 10"),
        (
            {"amount": 2000, "urgent": False},
            "large",
            "`large` does not hit: `order.urgent` is false, order.urgent = no",
        ),
        (
            {"amount": 2000},
            "large",
            "`large` is unknown: `order.urgent` cannot be told without `order.urgent`",
        ),
        ({"amount": 6000}, "large", "`large` hits: Amount = 6,000, order.tenth = 600"),
        (
            {"urgent": True},
            "not-urgent",
            "`not-urgent` does not hit: `not(order.urgent)` is false, order.urgent = yes",
        ),
        ({"amount": 10}, "cell", "`cell` hits: Amount = 10, person.prefix = 139"),
        ({"amount": 20}, "cell", "`cell` does not hit: `order.amount: [10..20)` is false, Amount = 20"),
        ({}, "always", "`always` hits: it has no condition"),
    ],
)
def test_each_rule_says_what_decided_it(facts: dict[str, Any], rule: str, reason: str) -> None:
    assert reasons(explained(facts))[rule] == reason


def test_a_rule_below_the_first_hit_says_so() -> None:
    got = reasons(explained({"amount": 6000, "urgent": False}, "first"))

    assert got["not-urgent"] == "`not-urgent` would hit too (order.urgent = no), but a rule above it decides"
    assert got["always"] == "`always` has no condition, but a rule above it decides"


def test_the_answer_comes_first_with_its_reasons() -> None:
    text = explained({"amount": 6000, "urgent": True}).to_text(Language.EN)

    assert text.splitlines()[:2] == ["points is 12, because:", "  Amount 6,000, gives 9"]


def test_the_answer_in_chinese() -> None:
    text = explained({"amount": 6000, "urgent": True}).to_text(Language.ZH)

    assert text.splitlines()[:2] == ["points为12，理由：", "  金额 6,000，得 9"]


def test_an_undetermined_decision_names_what_is_missing() -> None:
    text = explained({"amount": 2000}).to_text(Language.EN)

    assert text.startswith("cannot be decided without `order.urgent`: it could change the outcome\n")


def test_a_conflict_names_its_rules() -> None:
    text = explained({"amount": 10, "urgent": False}, "unique").to_text(Language.EN)

    assert text.startswith("no answer: the rules `not-urgent`, `cell`, `always` hit at once")


def test_values_a_reader_may_not_see_are_hidden_everywhere() -> None:
    explanation = explained({"amount": 10})

    for language in Language:
        assert "139" not in explanation.to_text(language, may_see={FieldClass.OPEN})
        assert "139" in explanation.to_text(language)


def test_what_is_computed_from_hidden_values_is_hidden_too() -> None:
    text = TEXT.replace("HIT", "first").replace(", combine: sum", "")
    text = text.replace("then: {points: 3}", 'then: {points: "= number(person.prefix)"}')
    facts = {"order": {"id": "o", "amount": 1, "urgent": True}, "person": {"phone": "13900000000"}}
    explanation = policy.load(text).decide(facts, as_of="2026-01-01", explain=True).explanation

    assert explanation is not None
    assert explanation.to_text(Language.EN, may_see=set()).startswith("points is (hidden)")
    assert explanation.to_text(Language.EN).startswith("points is 139")


def test_data_holds_every_part_with_its_verdict() -> None:
    data = explained({"amount": 2000}).to_data(Language.EN)

    assert [(part["text"], part["verdict"]) for part in data["rules"][0]["parts"]] == [
        ("order.amount >= 1000", True),
        ("order.urgent", None),
        ("order.tenth > 500", False),
    ]
    assert data["rules"][0]["parts"][0]["reads"] == [
        {"path": "order.amount", "label": "Amount", "value": "2,000", "hidden": False}
    ]
