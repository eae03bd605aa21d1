"""Mistakes in the sections of each kind, in reference tables and in the vocabulary, each with its code."""

from __future__ import annotations

from textwrap import dedent

import pytest

from policy.engine import prepare
from policy.errors import Finding, Grade

APPROVAL = dedent(
    """\
    policy: approval.test
    title: Test
    subject: {id: order.id}
    inputs:
      - order.id: {type: string}
      - order.prepaid: {type: boolean}
      - requester.id: {type: string}
      - approvers: {optional: true}
      - approvers[].id: {type: string}
      - approvers[].role: {type: string, one_of: [lead, finance]}
    outputs: {stages: {type: list, of: stages, combine: union}}
    hit_policy: collect
    rules: [{id: all, then: {stages: [lead]}}]
    stages:
      - {id: lead, who: approver.role = "lead", unless: order.prepaid}
    separation:
      - {id: self, never: approver.id = order.id}
    """
)

ASSIGNMENT = dedent(
    """\
    policy: assignment.test
    title: Test
    subject: {id: customer.id}
    inputs:
      - customer.id: {type: string}
      - customer.region: {type: string, one_of: [east, west]}
      - managers[].id: {type: string}
      - managers[].region: {type: string, one_of: [east, west]}
      - managers[].years: {type: number}
      - managers[].active: {type: boolean}
      - managers[].absent: {type: boolean}
    outputs: {need: {type: number}}
    hit_policy: first
    rules: [{id: all, then: {need: 1}}]
    allocate:
      candidates: managers
      eligible: [{id: region, when: manager.region = customer.region}]
      score: [{id: years, weight: 1, value: "min(manager.years / 10, need)"}]
      tie_break: [manager.years]
    """
)

INCENTIVE = dedent(
    """\
    policy: incentive.test
    title: Test
    subject: {id: person.id}
    period: quarter
    each: {list: credits, as: credit}
    inputs:
      - person.id: {type: string}
      - person.quota: {type: number, unit: CNY}
      - credits[].amount: {type: number, unit: CNY}
    outputs: {counts: {type: number}}
    hit_policy: first
    rules: [{id: all, then: {counts: 1}}]
    credit: credit.amount * counts
    measure: credited / person.quota
    bands:
      base: person.quota
      rows: [{from: 0, rate: 0.1}]
    adjustments:
      - {id: cap, at_most: earned * 2}
      - {id: back, hold: 0.2}
    awards:
      - {id: star, when: measure > 1, give: recognition}
    """
)

PENALTY = dedent(
    """\
    policy: penalty.test
    title: Test
    subject: {id: case.id}
    inputs:
      - case.id: {type: string}
      - case.proven_loss: {type: number, unit: CNY}
    outputs: {measures: {type: list, of: measures, combine: union}}
    hit_policy: collect
    rules: [{id: all, then: {measures: [talk]}}]
    measures:
      - {id: talk, amount: case.proven_loss}
    patterns:
      - id: lost
        severity: act
        key: customer.id
        sequence: [{as: lost, event: customer_lost}, {as: sale, event: sold, within: P30D, where: sale.x = lost.x}]
        without: {event: transfer, where: transfer.approved = true}
      - id: three
        severity: warn
        key: manager.id
        count: {event: customer_lost, at_least: 3, within: P7D, where: customer_lost.big}
    """
)

SCORECARD = dedent(
    """\
    policy: scorecard.test
    title: Test
    subject: {id: customer.id}
    inputs: [customer.id: {type: string}]
    outputs:
      points: {type: number, combine: sum, default: 0}
      grade: {type: string, one_of: [A, B]}
    hit_policy: collect
    rules: [{id: all, then: {points: 1}}]
    grades: {of: points, give: grade, rows: [{from: 0, value: B}, {from: 5, value: A}]}
    """
)

SOUND = {
    "approval": APPROVAL,
    "assignment": ASSIGNMENT,
    "incentive": INCENTIVE,
    "penalty": PENALTY,
    "scorecard": SCORECARD,
}

MISTAKES = [
    (APPROVAL, "of: stages", "of: string", "no-output-of"),
    (APPROVAL, "  - requester.id: {type: string}\n", "", "approval-without-requester"),
    (APPROVAL, "id: self,", "id: requester,", "reserved-id"),
    (APPROVAL, 'approver.role = "lead"', 'approver.role = "leed"', "feel-not-one-of"),
    (APPROVAL, 'approver.role = "lead"', "approver.rolle", "feel-unknown-field"),
    (APPROVAL, 'approver.role = "lead"', "approver.role", "wrong-type"),
    (APPROVAL, "stages: [lead]", "stages: [leed]", "value-not-one-of"),
    (ASSIGNMENT, "candidates: managers", "candidates: manager", "candidates-no-list"),
    (ASSIGNMENT, "id: region, when", "id: inactive, when", "reserved-id"),
    (ASSIGNMENT, "  - managers[].absent: {type: boolean}\n", "", "candidates-without-presence"),
    (SCORECARD, "combine: sum, default: 0", "combine: list, default: [0]", "wrong-type"),
    (ASSIGNMENT, "weight: 1", "weight: 0", "score-without-weight"),
    (ASSIGNMENT, "tie_break: [manager.years]", "tie_break: [manager.year]", "unknown-path"),
    (ASSIGNMENT, "manager.years / 10, need", "manager.years / 10, nead", "feel-unknown-name"),
    (INCENTIVE, "from: 0, rate", "from: 1, rate", "bands-not-from-zero"),
    (INCENTIVE, "hold: 0.2", "hold: 1.2", "too-great"),
    (
        INCENTIVE,
        "credit: credit.amount * counts\nmeasure: credited / person.quota",
        "measure: 1",
        "basis-without-credit",
    ),
    (INCENTIVE, "at_most: earned * 2", "at_most: earnt * 2", "feel-unknown-name"),
    (INCENTIVE, "measure > 1", "measure + 1", "wrong-type"),
    (INCENTIVE, "as: credit}", "as: person}", "name-clash"),
    (PENALTY, "of: measures", "of: string", "no-output-of"),
    (PENALTY, "case.proven_loss: {type: number, unit: CNY}", "case.cost: {type: number}", "compensation-without-loss"),
    (PENALTY, "amount: case.proven_loss", "amount: case.id", "wrong-type"),
    (PENALTY, "transfer.approved = true", "transfer.approved +", "feel-unexpected-end"),
    (SCORECARD, "of: points, give", "of: pionts, give", "unknown-output"),
    (SCORECARD, "then: {points: 1}", "then: {points: 1, grade: A}", "output-of-section"),
    (SCORECARD, "value: B", "value: C", "value-not-one-of"),
]


def errors(text: str, *others: str) -> set[str]:
    return {finding.code for finding in findings(text, *others) if finding.grade is not Grade.NOTE}


def findings(text: str, *others: str) -> tuple[Finding, ...]:
    return prepare([text, *others]).findings


@pytest.mark.parametrize("kind", sorted(SOUND))
def test_the_base_is_sound(kind: str) -> None:
    assert errors(SOUND[kind]) == set()


@pytest.mark.parametrize(
    ("base", "good", "bad", "code"), MISTAKES, ids=[f"{index}-{each[3]}" for index, each in enumerate(MISTAKES)]
)
def test_mistake(base: str, good: str, bad: str, code: str) -> None:
    assert good in base
    text = base.replace(good, bad, 1)
    if code == "basis-without-credit":
        text = text.replace("bands:\n", "bands:\n  basis: each\n")

    assert code in errors(text)


TABLE = dedent(
    """\
    reference: rates
    title: Rates
    key: [region]
    columns:
      region: {type: string}
      rate: {type: number, scale: 2}
      note: {type: string, optional: true}
    rows:
      - {from: 2025-01-01, region: east, rate: 1.5}
      - {from: 2026-01-01, until: 2026-07-01, region: east, rate: 2}
    """
)


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("key: [region]", "key: [regoin]", "unknown-key-column"),
        ("region: east, rate: 2", "region: east, rtae: 2", "unknown-column"),
        ("region: east, rate: 2", "region: east", "missing-cell"),
        ("rate: 1.5", "rate: 1.555", "value-scale"),
        ("from: 2026-01-01", "from: 2025-01-01", "row-twice"),
        ("until: 2026-07-01", "until: 2026-01-01", "period-empty"),
        ("rate: {type: number, scale: 2}", "rate: {scale: 2}", "field-without-type"),
    ],
)
def test_mistake_in_a_reference_table(good: str, bad: str, code: str) -> None:
    assert errors(TABLE) == set()

    assert code in errors(TABLE.replace(good, bad, 1))


def test_a_table_is_declared_once() -> None:
    assert errors(TABLE, TABLE) == {"document-twice"}


def test_looking_up_an_unknown_table_offers_the_known_one() -> None:
    text = SCORECARD.replace("then: {points: 1}", "then: {points: '= lookup(\"rate\", customer.id).rate'}")

    found = [finding for finding in findings(text, TABLE) if finding.grade is Grade.ERROR]

    assert [finding.values.get("suggestion") for finding in found] == ["rates"]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("order.amount: {scale: 2}", "field-without-type"),
        ("order.amount: {type: number, of: string}", "option-unfit"),
        ("order.amount: {type: boolean, one_of: [true]}", "option-unfit"),
        ("order.name: {type: string, min: 1}", "option-unfit"),
        ("order.amount: {type: number, min: a}", "value-number-form"),
    ],
)
def test_mistake_in_the_vocabulary(field: str, code: str) -> None:
    assert code in errors(f"vocabulary: 1\nfields:\n  {field}\n")
