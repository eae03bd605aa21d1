"""Many decisions in a few lines: equal answers are counted together, amounts are added by currency."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import policy
from policy.runtime.summing import Sums
from policy.values import Language

POLICIES = policy.load_folder(Path(__file__).resolve().parents[3] / "rules")


def sums(name: str) -> Sums:
    """Return what the decisions of a shipped policy's own tests come to."""
    loaded, total = POLICIES[name], Sums(Language.EN)
    for result in loaded.test().results:
        if result.decision is not None and result.decision.outcome is not None:
            total.add(result.decision)
    return total


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("approval.order", "needs no approval"),
        ("scorecard.customer-value", "grade D"),
        ("assignment.new-customer", "assigned"),
        ("assignment.reclaim", "gives action = keep, pool = none"),
        ("incentive.quarterly", "pays an amount"),
        ("incentive.quarterly", "pays nothing, a balance is carried"),
        ("penalty.order-diversion", "proposes nothing"),
    ],
)
def test_answers_are_counted(name: str, answer: str) -> None:
    assert answer in sums(name).answers


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
