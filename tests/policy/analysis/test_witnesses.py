"""Facts made from the condition of a rule, for a test that hits it."""

from __future__ import annotations

import pytest

from policy.analysis import witnesses
from policy.engine import Policy, load

HEAD = """\
policy: scorecard.size
title: {zh: 规模, en: Size}
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.staff: {type: number, scale: 0, min: 0, max: 1000000}
  - customer.fee: {type: number, scale: 2, default: 0}
  - customer.kind: {type: string, one_of: [shop, plant], optional: true}
  - customer.founded: {type: date, optional: true}
derived:
  customer.weight: customer.staff + customer.fee
outputs:
  size: {type: string, one_of: [large, small, none]}
hit_policy: first
rules:
"""


def policy(*rules: str) -> Policy:
    return load(HEAD + "".join(f"  - {{{each}}}\n" for each in rules))


def hits(made: Policy, rule: str) -> bool:
    facts = witnesses(made.rule_set, rule)
    return any(rule in made.decide(each, as_of="2026-03-01").hits for each in facts)


@pytest.mark.parametrize(
    "rule",
    [
        'when: {customer.staff: ">= 100", customer.kind: plant}',
        'when: {customer.kind: "null"}',
        'when: {customer.founded: "< date(\\"2000-01-01\\")"}',
        'when: customer.staff > 10 and (customer.kind = "shop" or customer.founded > date("2020-01-01"))',
        'when: {customer.weight: ">= 5000"}',
        "then: {size: small}",
    ],
    ids=str,
)
def test_a_rule_hits_by_what_it_asks_for(rule: str) -> None:
    then = "" if "then" in rule else ", then: {size: small}"

    assert hits(policy(f"id: one, {rule}{then}"), "one")


def test_facts_keep_clear_of_rules_that_come_first() -> None:
    made = policy(
        'id: large, when: {customer.staff: ">= 100"}, then: {size: large}',
        "id: plant, when: {customer.kind: plant}, then: {size: none}",
        "id: rest, then: {size: small}",
    )

    assert hits(made, "plant")
    assert hits(made, "rest")


def test_a_rule_that_never_holds_has_none() -> None:
    made = policy("id: never, when: customer.staff > 9 and customer.staff < 5, then: {size: small}")

    assert list(witnesses(made.rule_set, "never")) == []
