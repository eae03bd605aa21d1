"""What a customer weighs: what it brings to each limit, how much each candidate may have, what moving it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import policy
from policy.errors import EvaluationError
from policy.kinds.assignment import Counted
from policy.values import Language

TEXT = """\
policy: assignment.sized
title: {zh: 大小, en: Sized}
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.size: {type: number}
  - customer.deals: {type: number, default: 0}
  - managers: {type: list}
  - managers[].id: {type: string}
  - managers[].capacity: {type: number, optional: true}
outputs:
  weight: {type: number, scale: 1}
hit_policy: first
rules:
  - {id: large, when: {customer.size: ">= 10"}, then: {weight: 5}, because: {zh: 大客户, en: A large one}}
  - {id: small, then: {weight: 1.5}, because: {zh: 小客户, en: A small one}}
allocate:
  candidates: managers
  eligible:
    - {id: any, when: manager.id != "m-9"}
  limits:
    - {id: capacity, sum: weight, at_most: manager.capacity}
    - {id: anew, count: new, over: P7D, at_most: 3}
    - {id: few-large, count: all, when: {customer.size: ">= 10"}, at_most: 2}
  keep:
    - {id: deals, when: customer.deals > 0, value: 0.3}
    - {id: many-deals, when: customer.deals > 5, value: 0.9}
"""


def facts(**more: Any) -> dict[str, Any]:
    managers = [{"id": "m-1", "capacity": 10}, {"id": "m-2"}, {"id": "m-9", "capacity": 10}]
    return {"customer": {"id": "c", "size": 12, **more}, "managers": managers}


def test_every_limit_says_what_the_customer_brings_and_what_each_eligible_one_may_have() -> None:
    found = policy.load(TEXT).weigh(facts(), as_of="2026-03-02")

    assert [(each.limit.id, each.adds, dict(each.at_most)) for each in found.bounds] == [
        ("capacity", Decimal(5), {"m-1": Decimal(10)}),  # unknown of m-2, and m-9 is not eligible
        ("anew", Decimal(1), {"m-1": Decimal(3), "m-2": Decimal(3)}),
        ("few-large", Decimal(1), {"m-1": Decimal(2), "m-2": Decimal(2)}),
    ]
    assert found.bounds[1].limit.count is Counted.NEW
    assert found.decision == policy.load(TEXT).decide(facts(), as_of="2026-03-02")


SCORED = TEXT.replace(
    "  limits:\n",
    "  score:\n    - {id: half, weight: 1, value: if manager.capacity = null then null else 0.5}\n  limits:\n",
)


def test_of_whom_one_asks_the_score_and_the_limits_are_told_whatever_excludes_them() -> None:
    found = policy.load(SCORED).weigh(facts(), as_of="2026-03-02", asked=["m-2", "m-9", "m-0"])

    assert {name: each.score for name, each in found.scores.items()} == {"m-9": Decimal("0.5")}, (
        "m-2 lacks what the score needs, and there is no m-0"
    )
    assert found.bounds[0].at_most == {"m-1": Decimal(10), "m-9": Decimal(10)}
    assert found.decision == policy.load(SCORED).decide(facts(), as_of="2026-03-02"), "who is eligible stays the same"
    assert policy.load(SCORED).weigh(facts(), as_of="2026-03-02").scores == {}


def test_a_limit_that_is_not_about_the_customer_gets_nothing() -> None:
    found = policy.load(TEXT).weigh(facts(size=1), as_of="2026-03-02")

    assert [each.adds for each in found.bounds] == [Decimal("1.5"), Decimal(1), Decimal(0)]
    assert found.bounds[2].at_most == {}


def test_where_the_rules_have_no_answer_what_needs_it_is_unknown() -> None:
    text = TEXT.replace("customer.size: {type: number}", "customer.size: {type: number, optional: true}")
    text = text.replace("{id: small, then", '{id: small, when: {customer.size: "< 10"}, then')
    given = {"customer": {"id": "c", "deals": 1}, "managers": facts()["managers"]}

    found = policy.load(text).weigh(given, as_of="2026-03-02", asked=["m-1"])

    assert found.decision.status == "undetermined"
    assert [(each.limit.id, each.adds) for each in found.bounds] == [
        ("capacity", None),
        ("anew", Decimal(1)),
        ("few-large", None),
    ]
    assert found.moving == Decimal("0.3")


@pytest.mark.parametrize(("deals", "cost"), [(0, "0"), (1, "0.3"), (6, "1")])
def test_what_moving_costs_is_added_up_and_never_above_one(deals: int, cost: str) -> None:
    assert policy.load(TEXT).weigh(facts(deals=deals), as_of="2026-03-02").moving == Decimal(cost)


def test_a_policy_of_another_kind_weighs_nothing() -> None:
    loaded = policy.load_folder("rules")["approval.order"]
    case = loaded.rule_set.cases[0]

    found = loaded.weigh(loaded.reader.plain(case.given), as_of=case.as_of)

    assert (found.bounds, found.moving) == ((), Decimal(0))


def test_what_is_no_number_is_refused() -> None:
    broken = TEXT.replace("sum: weight", "sum: customer.id")
    with pytest.raises((EvaluationError, policy.errors.SourceError)):
        policy.load(broken).weigh(facts(), as_of="2026-03-02")


def test_the_reasons_can_be_had_alone() -> None:
    decided = policy.load(TEXT).decide(facts(), as_of="2026-03-02", explain=True)
    assert decided.explanation is not None

    assert decided.explanation.because(Language.EN) == decided.explanation.to_data(Language.EN)["because"]
    assert decided.explanation.because(Language.ZH) == ["大客户"]
