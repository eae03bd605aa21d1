"""The examples of `format.md`, loaded as they stand there; only what it says is left out is put in."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import policy
from tests.acceptance.support import DAY, exact, findings, said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def blocks(shared: Path) -> dict[str, str]:
    """Return the YAML examples by the word that begins what is particular to each."""
    text = (shared / "format.md").read_text(encoding="utf-8")
    found = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names = ["approval", "vocabulary", "scorecard", "assignment", "incentive", "penalty"]
    assert len(found) == len(names)
    return dict(zip(names, found, strict=True))


@pytest.fixture(scope="module")
def words(blocks: dict[str, str]) -> str:
    """Return the example vocabulary, with the fields the examples name besides."""
    return (
        blocks["vocabulary"]
        + """\
  order.id: {type: string}
  order.prepaid: {type: boolean}
  order.commission_to: {type: string, class: personal}
  customer.id: {type: string}
  customer.since: {type: date}
  customer.annual_revenue: {type: number, unit: CNY, scale: 2}
  customer.growth: {type: number, scale: 4}
  customer.satisfaction: {type: number, scale: 2}
  customer.region: {type: string}
  customer.industry: {type: string}
  customer.needs: {type: list, of: string}
  customer.open_deals: {type: number, scale: 0}
  requester.id: {type: string}
  requester.team: {type: string}
  managers: {type: list}
  managers[].id: {type: string}
  managers[].active: {type: boolean}
  managers[].absent: {type: boolean}
  managers[].region: {type: string}
  managers[].industry: {type: string}
  managers[].skills: {type: list, of: string}
  managers[].level: {type: number, scale: 0}
  managers[].years: {type: number, scale: 1}
  managers[].capacity: {type: number, scale: 1}
  person.id: {type: string}
  person.quota: {type: number, unit: CNY, scale: 2}
  person.base_pay: {type: number, unit: CNY, scale: 2, class: pay}
  credits: {type: list}
  credits[].amount: {type: number, unit: CNY, scale: 2}
  credits[].split: {type: number, scale: 4}
  credits[].product: {type: string, one_of: [goods, service]}
  credits[].paid_on: {type: date}
  refunds: {type: list}
  refunds[].commission_paid: {type: number, unit: CNY, scale: 2}
  opening.draw: {type: number, unit: CNY, scale: 2}
  case.id: {type: string}
  case.proven: {type: boolean}
  case.proven_loss: {type: number, unit: CNY, scale: 2}
  manager.id: {type: string}
"""
    )


def head(name: str, subject: str, inputs: list[str]) -> str:
    return f"policy: {name}\ntitle: T\nowner: o\nlanguage: 1\n{subject}inputs:\n" + "".join(
        f"  - {each}\n" for each in inputs
    )


SCORECARD = head(
    "scorecard.customer-value",
    "subject: {id: customer.id, about: [customer.id]}\n",
    ["customer.id", "customer.annual_revenue", "customer.growth", "customer.satisfaction"],
)
ASSIGNMENT = head(
    "assignment.new-customer",
    "subject: {id: customer.id, about: [customer.id]}\n",
    ["customer.id", "customer.region", "customer.industry", "customer.needs", "customer.open_deals", "managers"]
    + [
        f"managers[].{each}"
        for each in ("id", "active", "absent", "region", "industry", "skills", "level", "years", "capacity")
    ],
)
INCENTIVE = head(
    "incentive.quarterly",
    "",
    [
        "person.id",
        "person.quota",
        "person.base_pay",
        "credits",
        "credits[].amount",
        "credits[].split",
        "credits[].product",
        "credits[].paid_on: {optional: true}",
        "refunds: {default: []}",
        "refunds[].commission_paid",
        "opening.draw: {default: 0}",
    ],
)
PENALTY = (
    head(
        "penalty.t",
        "subject: {id: case.id, about: [manager.id]}\n",
        ["case.id", "case.proven", "case.proven_loss: {default: 0}", "manager.id", "customer.id"],
    )
    + """\
outputs: {measures: {type: list, of: measures, combine: union}}
hit_policy: collect
rules:
  - {id: proven, when: {case.proven: true}, then: {measures: [compensation, talk]}}
  - {id: open, when: {case.proven: false}, then: {measures: []}}
"""
)


def load(text: str, *others: str) -> policy.Policy:
    try:
        return policy.load(text, others=others)
    except policy.SourceError as error:
        pytest.fail(said(list(error.findings)))


def test_the_whole_policy_loads_and_its_own_test_passes(blocks: dict[str, str], words: str) -> None:
    loaded = load(blocks["approval"], words)
    assert loaded.id == "approval.order"
    assert loaded.title.zh == "订单分级审批"
    assert loaded.test().passed
    given = {
        "order": {"id": "o1", "amount": 100},
        "customer": {"id": "c1", "tier": "A"},
        "requester": {"id": "am-07", "team": "east-1"},
    }
    decision = loaded.decide(given, as_of=DAY)
    assert (decision.hits, decision.outcome) == (
        ["key-account", "list-price"],
        {"stages": ["team-lead", "director", "finance"]},
    )


ORDERS: list[tuple[dict[str, Any], str, list[str], list[str]]] = [
    # 600000 · 0.9 = 540000; the discount is above 5 % but not above 20 %
    (
        {"amount": 600000, "discount": exact("0.1")},
        "B",
        ["key-account", "any-discount"],
        ["team-lead", "director", "finance"],
    ),
    # 600000 · 0.8 = 480000; 20 % is not above 20 %
    ({"amount": 600000, "discount": exact("0.2")}, "B", ["any-discount"], ["team-lead"]),
    # 625000 · 0.8 = 500000, and the bound is inclusive
    (
        {"amount": 625000, "discount": exact("0.2")},
        "B",
        ["key-account", "any-discount"],
        ["team-lead", "director", "finance"],
    ),
    ({"amount": 1000, "discount": exact("0.2001")}, "C", ["steep-discount", "any-discount"], ["team-lead", "director"]),
    ({"amount": 1000, "discount": exact("0.2001")}, "D", ["any-discount"], ["team-lead"]),
    ({"amount": 1000, "discount": exact("0.05")}, "D", ["list-price"], []),
    ({"amount": 1000, "discount": exact("0.0501")}, "D", ["any-discount"], ["team-lead"]),
    ({"amount": 499999.99}, "D", ["list-price"], []),
]


@pytest.mark.parametrize(("order", "tier", "hits", "stages"), ORDERS)
def test_orders_by_the_whole_policy(
    blocks: dict[str, str], words: str, order: dict[str, Any], tier: str, hits: list[str], stages: list[str]
) -> None:
    order = {**order, "amount": Decimal(str(order["amount"]))}
    given = {
        "order": {"id": "o1", **order},
        "customer": {"id": "c1", "tier": tier},
        "requester": {"id": "am-07", "team": "east-1"},
    }
    decision = load(blocks["approval"], words).decide(given, as_of=DAY)
    assert (decision.hits, decision.outcome) == (hits, {"stages": stages})


def test_the_stages_of_the_whole_policy(blocks: dict[str, str], words: str) -> None:
    given = {
        "order": {"id": "o1", "amount": 500000, "prepaid": True},
        "customer": {"id": "c1", "tier": "B"},
        "requester": {"id": "am-07", "team": "east-1"},
    }
    stages = load(blocks["approval"], words).decide(given, as_of=DAY).result.to_data()["stages"]
    assert [(each["id"], each["need"], each["skipped"]) for each in stages] == [
        ("team-lead", 1, False),
        ("director", 1, False),
        ("finance", 2, True),
    ]


def test_the_reason_of_the_whole_policy_shows_the_net_amount(blocks: dict[str, str], words: str) -> None:
    given = {
        "order": {"id": "o1", "amount": 600000, "discount": exact("0.1")},
        "customer": {"id": "c1", "tier": "B"},
        "requester": {"id": "r", "team": "e"},
    }
    explanation = load(blocks["approval"], words).decide(given, as_of=DAY, explain=True).explanation
    assert "540,000" in explanation.to_text(policy.Language.EN).replace("540000", "540,000")
    assert "关键客户，须三级审批" in explanation.to_text(policy.Language.ZH)


CUSTOMERS: list[tuple[tuple[str, str, str], str, str]] = [
    # revenue, growth, satisfaction → points, grade
    (("5000000", "0.2", "4.5"), "100.0", "A"),  # 50 + 20 + 30
    (("4999999.99", "0.05", "4.5"), "65.0", "B"),  # 30 + 5 + 30
    (("1000000", "0.5", "4.4"), "50.0", "C"),  # 30 + 20
    (("1000000", "0.0996", "0"), "40.0", "D"),  # 30 + 9.96 = 39.96: shown as 40.0, still below 40
    (("999999.99", "0", "4.5"), "30.0", "D"),
    (("0", "-0.5", "0"), "0.0", "D"),
    (("5000000", "0", "4.5"), "80.0", "A"),
]


@pytest.mark.parametrize(("customer", "points", "grade"), CUSTOMERS)
def test_the_scorecard(
    blocks: dict[str, str], words: str, customer: tuple[str, str, str], points: str, grade: str
) -> None:
    revenue, growth, satisfaction = map(Decimal, customer)
    given = {"customer": {"id": "c", "annual_revenue": revenue, "growth": growth, "satisfaction": satisfaction}}
    decision = load(SCORECARD + blocks["scorecard"], words).decide(given, as_of=DAY)
    assert decision.outcome["points"] == Decimal(points)
    assert decision.result.to_data()["grade"] == grade


def test_the_assignment_asks_the_scorecard(blocks: dict[str, str], words: str) -> None:
    loaded = load(ASSIGNMENT + blocks["assignment"], words, SCORECARD + blocks["scorecard"])
    customer = {
        "id": "c1", "region": "east", "industry": "retail", "needs": ["cloud"], "open_deals": 0,
        "annual_revenue": 5000000, "growth": 1, "satisfaction": 5,
    }  # fmt: skip
    manager = {
        "active": True,
        "absent": False,
        "region": "east",
        "industry": "retail",
        "skills": ["cloud"],
        "level": 4,
        "years": 5,
        "capacity": 10,
    }
    managers = [
        {**manager, "id": "a"},
        {**manager, "id": "b", "industry": "other", "years": 20},
        {**manager, "id": "c", "level": 3},
        {**manager, "id": "d", "absent": True, "skills": []},
    ]
    decision = loaded.decide({"customer": customer, "managers": managers}, as_of=DAY)
    assert (decision.hits, decision.outcome) == (["key"], {"need_level": 4, "weight": 5})
    result = decision.result.to_data()
    # a: 0.6 · 1 + 0.4 · 0.5 = 0.8; b: 0.6 · 0 + 0.4 · 1 = 0.4
    assert [(each["manager"], each["score"]) for each in result["ranked"]] == [("a", exact("0.8")), ("b", exact("0.4"))]
    assert {each["manager"]: each["by"] for each in result["excluded"]} == {"c": ["level"], "d": ["present", "skills"]}
    assert set(decision.closure) == {"assignment.new-customer", "scorecard.customer-value", "vocabulary"}


def test_what_the_assignment_does_not_carry_out_is_noted(blocks: dict[str, str], words: str) -> None:
    found = findings(ASSIGNMENT + blocks["assignment"], words, SCORECARD + blocks["scorecard"])
    assert not [f for f in found if f.grade == "error"]
    assert any("limits" in f.text(policy.Language.EN) for f in found if f.grade == "note"), said(found)


def test_the_incentive(blocks: dict[str, str], words: str) -> None:
    """Credits 60000 + 50000 (half) + 10000 (service) + 0 (unpaid) = 120000, quota 100000: 1600 + 600 + 1000 = 3200.

    Cap 3·1000 = 3000: -200. Clawback -150.50. Draw -500. Held a fifth of 2349.50: -469.90. Total 1879.60.
    """
    loaded = load(INCENTIVE + blocks["incentive"], words)
    day = {"paid_on": "2026-02-01"}
    given = {
        "person": {"id": "p", "quota": 100000, "base_pay": 1000},
        "credits": [
            {"amount": 60000, "split": 1, "product": "goods", **day},
            {"amount": 100000, "split": exact("0.5"), "product": "goods", **day},
            {"amount": 20000, "split": 1, "product": "service", **day},
            {"amount": 99999, "split": 1, "product": "goods"},
        ],
        "refunds": [{"commission_paid": exact("150.5")}],
        "opening": {"draw": 500},
    }
    decision = loaded.decide(given, as_of="2026-03-31")
    assert decision.hits == [["rest"], ["rest"], ["service"], ["unpaid"]]
    result = decision.result.to_data()
    assert (result["credited"], result["measure"], result["earned"]) == (120000, exact("1.2"), 3200)
    assert [line["amount"] for line in result["lines"]] == [
        exact(each) for each in ("1600", "600", "1000", "-200", "-150.50", "-500", "-469.90")
    ]
    assert (result["total"], result["paid"]) == (exact("1879.60"), exact("1879.60"))
    assert [(each["id"], each["give"]) for each in result["awards"]] == [("star", "recognition")]


def test_the_incentive_without_credits(blocks: dict[str, str], words: str) -> None:
    given = {"person": {"id": "p", "quota": 100000, "base_pay": 1000}, "credits": []}
    result = load(INCENTIVE + blocks["incentive"], words).decide(given, as_of="2026-03-31").result.to_data()
    assert (result["credited"], result["total"], result["awards"]) == (0, 0, [])


def test_the_penalty(blocks: dict[str, str], words: str) -> None:
    loaded = load(PENALTY + blocks["penalty"], words)
    given = {
        "case": {"id": "k", "proven": True, "proven_loss": exact("1234.5")},
        "manager": {"id": "m"},
        "customer": {"id": "c"},
    }
    decision = loaded.decide(given, as_of=DAY)
    assert decision.outcome == {"measures": ["talk", "compensation"]}
    talk, compensation = decision.result.to_data()["proposed"]
    assert (talk["measure"], compensation["measure"]) == ("talk", "compensation")
    assert compensation["amount"] == exact("1234.50")
    assert [(each["kind"], each["count"], each["missing"]) for each in compensation["needs"]["evidence"]] == [
        ("document", 2, 2)
    ]
    assert decision.result.to_data()["final"] is False


def test_what_the_penalty_does_not_carry_out_is_noted(blocks: dict[str, str], words: str) -> None:
    found = findings(PENALTY + blocks["penalty"], words)
    assert not [f for f in found if f.grade == "error"], said(found)
    assert any("patterns" in f.text(policy.Language.EN) for f in found if f.grade == "note"), said(found)


def test_the_vocabulary_refuses_its_forbidden_field(blocks: dict[str, str], words: str) -> None:
    text = (SCORECARD + blocks["scorecard"]).replace(
        "  - customer.growth\n", "  - customer.growth\n  - person.health\n"
    )
    assert any("person.health" in f.text(policy.Language.EN) for f in findings(text, words) if f.grade == "error")
