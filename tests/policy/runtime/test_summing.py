"""Many decisions in a few lines: equal answers are counted together, amounts are added by currency."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import policy
from policy.runtime.summing import Sums
from policy.values import Language

RULES = Path(__file__).resolve().parents[3] / "rules"
POLICIES = policy.load_folder(RULES)


def sums(name: str, language: Language = Language.EN) -> Sums:
    """Return what the decisions of a shipped policy's own tests come to."""
    loaded, total = POLICIES[name], Sums(language)
    for result in loaded.test().results:
        if result.decision is not None and result.decision.outcome is not None:
            total.add(result.decision, loaded.rule_set)
    return total


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("approval.order", "needs no approval"),
        ("scorecard.customer-value", "grade D"),
        ("assignment.new-customer", "assigned"),
        ("assignment.reclaim", "action is keep, pool is none"),
        ("incentive.quarterly", "comes to an amount"),
        ("incentive.quarterly", "comes to nothing, a balance is carried"),
        ("penalty.order-diversion", "proposes nothing"),
    ],
)
def test_answers_are_counted(name: str, answer: str) -> None:
    assert answer in sums(name).answers


@pytest.mark.parametrize(
    ("name", "answer", "english", "chinese"),
    [
        (
            "approval.order",
            "needs two approvals: team-lead, director",
            "needs two approvals: team lead, sales director",
            "须经两项审批：销售主管、销售总监",
        ),
        ("scorecard.customer-value", "grade D", "Grade D", "价值等级 D"),
        (
            "assignment.reclaim",
            "action is reclaim, pool is team",
            "The customer is taken back, its pool is the team's",
            "客户的处理为收回，去向为团队池",
        ),
        (
            "penalty.order-diversion",
            "proposes training, warning",
            "proposes training, written warning",
            "建议培训、书面警告",
        ),
    ],
)
def test_machines_read_ids_and_people_labels(name: str, answer: str, english: str, chinese: str) -> None:
    total = sums(name)
    count = total.answers[answer]

    assert count > 0
    assert (english, count) in total.said(total.answers)
    in_chinese = sums(name, Language.ZH)
    assert (chinese, count) in in_chinese.said(in_chinese.answers)


def test_awards_are_called_by_their_labels() -> None:
    total = sums("incentive.quarterly", Language.ZH)

    assert "star: recognition" in total.awards
    assert ("季度之星: recognition", total.awards["star: recognition"]) in total.said(total.awards)


def test_one_answer_under_two_revisions_is_one_line_by_the_later_label() -> None:
    before = POLICIES["scorecard.customer-value"]
    after = policy.load(
        before.text.replace("{zh: 价值等级, en: Grade}", "{zh: 价值等级, en: Class}"),
        others=[(RULES / "vocabulary.yaml").read_text("utf-8")],
    )
    facts = next(each for each in before.test().results if each.decision is not None and each.decision.outcome)
    assert facts.decision is not None
    total = Sums(Language.EN)

    total.add(facts.decision, before.rule_set)
    total.add(facts.decision, after.rule_set)

    assert [count for _, count in total.said(total.answers)] == [2]
    assert total.said(total.answers)[0][0].startswith("Class ")


def test_amounts_are_those_of_the_statements() -> None:
    loaded, total = POLICIES["incentive.quarterly"], sums("incentive.quarterly")
    expected: dict[Any, Decimal] = {}
    for result in loaded.test().results:
        if result.decision is not None and result.decision.result is not None:
            data = result.decision.result.to_data()
            key = ("paid", data["currency"])
            expected[key] = expected.get(key, Decimal(0)) + data["paid"]

    assert {key: amount for key, amount in total.amounts.items() if key[0] == "paid"} == expected
    assert "star: recognition" in total.awards
