"""Whether what a statement adds was due is told exactly, and nothing of it stands in the decision."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import policy
from policy.runtime.adding import Adding
from policy.runtime.explain import DecisionExplanation

POLICIES = policy.load_folder(Path(__file__).resolve().parents[3] / "rules")

BARE = """
policy: incentive.bare
title: bare
subject: {id: person.id}
period: quarter
each: {list: credits, as: credit}
inputs:
  - person.id: {type: string}
  - credits: {type: list}
  - credits[].amount: {type: number, unit: CNY, scale: 2}
  - bonus: {type: number, unit: CNY, scale: 2, optional: true}
outputs: {counts: {type: number, scale: 0}}
hit_policy: first
rules: [{id: all, then: {counts: 1}}]
credit: credit.amount
adjustments:
  - {id: told, add: "if bonus = null then 0 else bonus"}
  - {id: second, add: "if credited > 100 then 5 else if credited > 10 then 2 else 0"}
"""


def additions(loaded: policy.Policy, facts: dict[str, Any]) -> dict[str, Adding]:
    made = loaded.decide(facts, as_of="2026-03-31", explain=True)
    assert isinstance(made.explanation, DecisionExplanation)
    assert loaded.decide(facts, as_of="2026-03-31").to_json() == made.to_json()
    return made.explanation.additions()


@pytest.mark.parametrize(
    ("facts", "is_met", "missing"),
    [
        ({"team": {"attainment": 1}, "credits": [{"amount": 5}]}, True, ()),
        ({"team": {"attainment": 1}, "credits": []}, True, ()),
        ({"team": {"attainment": 0.9999}, "credits": [{"amount": 5}]}, False, ()),
        ({"credits": [{"amount": 5}]}, False, ("team.attainment",)),
    ],
    ids=["met", "met, of nothing earned", "not met", "not known"],
)
def test_a_condition_is_met_or_not_or_not_known(facts: dict[str, Any], is_met: bool, missing: tuple[str, ...]) -> None:
    found = additions(POLICIES["incentive.quarterly"], {"person": {"id": "am-1", "quota": 10}, **facts})

    assert replace(found["team"], share=None, of=None) == Adding(is_met, missing, ("team.attainment",))
    assert found["draw"] == Adding(None, (), ("opening.draw",))
    assert set(found) == {"team", "retention", "released", "refunds", "draw", "carried"}  # neither cap nor holdback


@pytest.mark.parametrize(
    ("facts", "told", "second"),
    [
        ({"credits": [{"amount": 1}]}, (False, ("bonus",)), False),
        ({"credits": [{"amount": 11}], "bonus": 3}, (True, ()), True),
        ({"credits": [{"amount": 101}], "bonus": 0}, (True, ()), True),
    ],
)
def test_the_branch_that_was_taken_counts(
    facts: dict[str, Any], told: tuple[bool, tuple[str, ...]], second: bool
) -> None:
    """Whether `if` comes out true or false: only a plain zero is nothing due."""
    found = additions(policy.load(BARE), {"person": {"id": "am-1"}, **facts})

    assert (found["told"].is_met, found["told"].missing) == told
    assert found["second"] == Adding(second, (), ())


@pytest.mark.parametrize(("attainment", "expected"), [(1, (Decimal("0.10"), Decimal("0.10"))), (0.5, (None, None))])
def test_a_share_of_a_sum_is_told_where_its_branch_was_taken(
    attainment: float, expected: tuple[Decimal | None, Decimal | None]
) -> None:
    facts = {"person": {"id": "am-1", "quota": 10}, "team": {"attainment": attainment}, "credits": [{"amount": 5}]}

    found = additions(POLICIES["incentive.quarterly"], facts)

    assert (found["team"].share, found["team"].of) == expected
    assert (found["draw"].share, found["draw"].of) == (None, None)


def test_other_kinds_add_nothing() -> None:
    loaded = POLICIES["scorecard.customer-value"]
    case = loaded.rule_set.cases[0]

    assert additions(loaded, loaded.reader.plain(case.given)) == {}
