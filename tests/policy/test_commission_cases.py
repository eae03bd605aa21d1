"""Published commission examples, each said as a policy and compared to the cent.

Every plan of the outside file can be said. What the published plan does beyond the one statement it was worked out
for is named in `beyond`: that part is given as a fact here, or comes with the history of later statements.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import policy

FILE = Path(__file__).parents[3] / "shared" / "cases" / "commission.json"

Facts = dict[str, Any]
Statement = Mapping[str, Any]

STATEMENT = """
title: A published plan
subject: {id: person.id, about: [person.id]}
period: quarter
each: {list: credits, as: credit}
outputs: {counts: {type: number, scale: 4}}
hit_policy: first
"""

AMOUNTS = """
inputs:
  - person.id: {type: string}
  - credits[].amount: {type: number, scale: 2}
rules: [{id: all, then: {counts: 1}}]
credit: credit.amount * counts
"""


@dataclass(frozen=True)
class Plan:
    """A published plan as a policy.

    Attributes:
        text: The document.
        facts: The case's inputs → the facts of each decision it takes.
        found: The results of these decisions → what the case expects, under the same keys.
        beyond: What of the published plan the policy does not do by itself.
    """

    text: str
    facts: Callable[[Any], list[Facts]]
    found: Callable[[list[Statement]], Facts]
    beyond: str = ""


def credited(*amounts: Any, **more: Any) -> Facts:
    return {"person": {"id": "p"}, "credits": [{"amount": amount} for amount in amounts], **more}


def slice_of(line: Statement) -> Decimal:
    width: Decimal = (line["to"] - line["from"]) * line["base"]
    return width


def blended(statement: Statement) -> Facts:
    whole = statement["credited"]
    return {
        "blended_rate_pct": statement["earned"] / whole * 100,
        "slice_contributions_pct": [line["amount"] / whole * 100 for line in statement["lines"]],
        "slice_amounts": [slice_of(line) for line in statement["lines"]],
    }


PLANS: Mapping[str, Plan] = {
    "oracle-step-individual": Plan(
        f"""
policy: incentive.oracle-step-individual{STATEMENT}{AMOUNTS}
bands:
  method: marginal
  basis: each
  base: 1
  rows: [{{from: 0, rate: 0.01}}, {{from: 1000, rate: 0.02}}, {{from: 3000, rate: 0.03}}, {{from: 8000, rate: 0.05}}]
measure: credited
""",
        lambda given: [credited(*given["transactions"])],
        lambda got: {"commissions": [each["earned"] for each in got[0]["credits"]], "total": got[0]["total"]},
    ),
    "oracle-flat-highest-tier": Plan(
        f"""
policy: incentive.oracle-flat-highest-tier{STATEMENT}{AMOUNTS}
bands:
  method: whole
  basis: each
  base: 1
  rows:
    - {{from: 0, rate: 0.01}}
    - {{from: 10000, rate: 0.02}}
    - {{from: 50000, rate: 0.03}}
    - {{from: 100000, rate: 0.04}}
measure: credited
""",
        lambda given: [credited(*given["transactions"])],
        lambda got: {
            "rates_pct": [line["rate"] * 100 for line in got[0]["lines"]],
            "commissions": [line["amount"] for line in got[0]["lines"]],
        },
    ),
    "oracle-24b-blended-step": Plan(
        f"""
policy: incentive.oracle-24b-blended-step{STATEMENT}{AMOUNTS}
bands:
  method: marginal
  base: 1
  rows: [{{from: 0, rate: 0.01}}, {{from: 1000, rate: 0.02}}, {{from: 5000, rate: 0.03}}, {{from: 10000, rate: 0}}]
measure: credited
""",
        lambda given: [credited(given["amount"])],
        lambda got: blended(got[0]),
    ),
    "sce-total-1000": Plan(
        f"""
policy: incentive.sce-total-1000{STATEMENT}{AMOUNTS}
bands:
  method: marginal
  base: 1
  rows: [{{from: 0, rate: 0}}, {{from: 100, rate: 0.05}}, {{from: 200, rate: 0.07}}, {{from: 500, rate: 0.09}}]
measure: credited
""",
        lambda given: [credited(given["amount"])],
        lambda got: {"commission": got[0]["total"]},
    ),
    "excelguru-accelerated-bands": Plan(
        f"""
policy: incentive.excelguru-accelerated-bands{STATEMENT}
inputs:
  - person.id: {{type: string}}
  - person.quota: {{type: number, scale: 2, min: 1}}
  - credits[].amount: {{type: number, scale: 2}}
rules: [{{id: all, then: {{counts: 1}}}}]
credit: credit.amount * counts
measure: credited / person.quota
bands:
  method: marginal
  base: person.quota
  rows:
    - {{from: 0, rate: 0}}
    - {{from: 1, rate: 1.25}}
    - {{from: 1.25, rate: 1.5}}
    - {{from: 1.5, rate: 1.75}}
    - {{from: 2, rate: 2}}
""",
        lambda given: [credited(given["actual"], person={"id": "p", "quota": given["quota"]})],
        lambda got: {
            "band_amounts": [slice_of(line) for line in got[0]["lines"][1:]],
            "accelerated": [line["amount"] for line in got[0]["lines"][1:]],
        },
        beyond="what is paid below the quota was not published; here nothing is",
    ),
    "prowi-split-60-40": Plan(
        f"""
policy: incentive.prowi-split{STATEMENT}
inputs:
  - person.id: {{type: string}}
  - credits[].amount: {{type: number, scale: 2}}
  - credits[].split: {{type: number, scale: 4, min: 0, max: 1}}
rules: [{{id: all, then: {{counts: 1}}}}]
credit: credit.amount * credit.split * counts
measure: credited
bands: {{base: 1, rows: [{{from: 0, rate: 0.1}}]}}
""",
        lambda given: [
            {"person": {"id": "p"}, "credits": [{"amount": given["deal"], "split": Decimal(share)}]}
            for share in ("0.6", "0.4")
        ],
        lambda got: {"commissions": [each["paid"] for each in got], "total": sum(each["paid"] for each in got)},
        beyond="that the splits of a deal add up to 1 concerns two persons, each decision sees one",
    ),
    "prowi-sdr-ae": Plan(
        f"""
policy: incentive.prowi-sdr-ae{STATEMENT}
inputs:
  - person.id: {{type: string}}
  - person.role: {{type: string, one_of: [sdr, ae]}}
  - credits[].amount: {{type: number, scale: 2}}
  - credits[].split: {{type: number, scale: 4, min: 0, max: 1}}
rules:
  - {{id: sdr, when: 'person.role = "sdr"', then: {{counts: 0.02}}}}
  - {{id: ae, when: 'person.role = "ae"', then: {{counts: 0.1}}}}
credit: credit.amount * credit.split * counts
adjustments:
  - {{id: flat, add: 'if person.role = "sdr" then 50 * count(credits) else 0'}}
""",
        lambda given: [
            {"person": {"id": role, "role": role}, "credits": [{"amount": given["deal"], "split": Decimal(share)}]}
            for role, share in (("sdr", "0.15"), ("ae", "0.85"))
        ],
        lambda got: {
            "sdr": got[0]["paid"],
            "ae": got[1]["paid"],
            "total": sum(each["paid"] for each in got),
        },
    ),
    "core8-clawback-50pct": Plan(
        f"""
policy: incentive.core8-clawback{STATEMENT}
inputs:
  - person.id: {{type: string}}
  - credits[].amount: {{type: number, scale: 2}}
  - terminated[].commission_paid: {{type: number, scale: 2}}
rules: [{{id: all, then: {{counts: 1}}}}]
credit: credit.amount * counts
adjustments:
  - {{id: clawback, add: "-0.5 * sum(concatenate([0], terminated.commission_paid))"}}
""",
        lambda given: [credited(terminated=[{"commission_paid": given["earned"]}])],
        lambda got: {"adjustment": got[0]["lines"][0]["amount"]},
        beyond="which contracts ended early, and what was paid for them, are facts of the period of the clawback",
    ),
    "zepys-holdback-70-30": Plan(
        f"""
policy: incentive.zepys-holdback{STATEMENT}{AMOUNTS}
adjustments:
  - {{id: reserve, hold: 0.3, release: P30D}}
""",
        lambda given: [credited(given["commission"])],
        lambda got: {"paid_now": got[0]["paid"], "reserve": got[0]["held"]},
        beyond="the release after the refund window is not carried out yet",
    ),
    "masters-month1": Plan(
        f"""
policy: incentive.masters-month1{STATEMENT}
inputs:
  - person.id: {{type: string}}
  - person.goal: {{type: number, scale: 2, min: 1}}
  - person.days_left: {{type: number, scale: 0, min: 1, max: 30}}
  - credits[].amount: {{type: number, scale: 2}}
rules: [{{id: all, then: {{counts: 1}}}}]
credit: credit.amount * counts
measure: credited / (person.goal * person.days_left / 30)
bands: {{base: person.goal * person.days_left / 30, rows: [{{from: 0, rate: 1}}]}}
""",
        lambda given: [
            credited(1, person={"id": "p", "goal": Decimal(20), "days_left": days}) for days in given["days_left"]
        ],
        lambda got: {"goals": [each["lines"][0]["base"] for each in got]},
        beyond="the days left of the first month are given as a fact",
    ),
    "oca-partial-payment-50-50": Plan(
        f"""
policy: incentive.oca-partial-payment{STATEMENT}
inputs:
  - person.id: {{type: string}}
  - credits[].paid: {{type: number, scale: 2}}
  - credits[].invoice: {{type: number, scale: 2, min: 0.01}}
  - credits[].commission: {{type: number, scale: 2}}
rules: [{{id: all, then: {{counts: 1}}}}]
credit: credit.paid * credit.commission / credit.invoice * counts
""",
        lambda given: [
            {
                "person": {"id": "p"},
                "credits": [
                    {"paid": paid, "invoice": given["invoice"], "commission": Decimal(4000)}
                    for paid in given["payments"]
                ],
            }
        ],
        lambda got: {"settlements": [line["amount"] for line in got[0]["lines"]]},
    ),
    "oca-refund-nets-zero": Plan(
        f"""
policy: incentive.oca-refund{STATEMENT}{AMOUNTS}
measure: credited
bands: {{basis: each, base: 1, rows: [{{from: 0, rate: 0.1}}]}}
""",
        lambda given: [credited(given["invoice"], given["refund"])],
        lambda got: {
            "settlements": [line["amount"] for line in got[0]["lines"]],
            "grouped_total": got[0]["total"],
        },
    ),
    "cn-wage-deduction-cap": Plan(
        """
policy: penalty.wage-deduction
title: Compensation within what a month's wage may bear
subject: {id: case.id, about: [manager.id]}
inputs:
  - case.id: {type: string}
  - case.proven_loss: {type: number, scale: 2, min: 0}
  - manager.id: {type: string}
  - manager.wage: {type: number, scale: 2, min: 0}
  - region.minimum_wage: {type: number, scale: 2, min: 0}
outputs: {measures: {type: list, of: measures, combine: union}}
hit_policy: collect
rules: [{id: loss, when: case.proven_loss > 0, then: {measures: [compensation]}}]
measures:
  - id: compensation
    amount: min(case.proven_loss, manager.wage * 0.2, max(manager.wage - region.minimum_wage, 0))
""",
        lambda given: [
            {
                "case": {"id": "c", "proven_loss": given["loss"]},
                "manager": {"id": "p", "wage": given["wage"]},
                "region": {"minimum_wage": given["minimum_wage"]},
            }
        ],
        lambda got: {"max_deduction_this_month": got[0]["proposed"][0]["amount"]},
        beyond="what is over is not carried to the following months yet",
    ),
}


def cases() -> list[dict[str, Any]]:
    if not FILE.exists():
        return []
    read: list[dict[str, Any]] = json.loads(FILE.read_text(), parse_float=Decimal)
    return read


@pytest.mark.skipif(not FILE.exists(), reason="the outside cases are not here")
def test_every_published_plan_is_looked_at() -> None:
    assert {case["id"] for case in cases()} == set(PLANS)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_agrees_to_the_cent(case: dict[str, Any]) -> None:
    plan = PLANS[case["id"]]
    loaded = policy.load(plan.text)

    got = [decided(loaded, facts) for facts in plan.facts(case["inputs"])]

    assert plan.found(got) == case["expected"], f"{case['source']} ({case['note']})"


def decided(loaded: policy.Policy, facts: Facts) -> Statement:
    decision = loaded.decide(facts, as_of="2026-03-31")
    assert decision.result is not None, decision
    return decision.result.to_data()
