"""The sections of each kind, every figure worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, document, errors, exact, findings, render, said

NUM = {"type": "number", "scale": 4}
STR = {"type": "string"}
MONEY = {"type": "number", "unit": "CNY", "scale": 2}


def notes(text: str) -> list[Any]:
    return [f for f in findings(text) if f.grade == "note"]


# --- scorecard

CARD = {
    "outputs": {
        "points": {"type": "number", "scale": 1, "combine": "sum", "default": 0},
        "grade": {"type": "string", "one_of": ["A", "B", "C", "D"]},
    },
    "hit_policy": "collect",
    "rules": [{"id": "all", "when": {"x": "not(null)"}, "then": {"points": "= x"}}],
    "grades": {
        "of": "points",
        "give": "grade",
        "rows": [
            {"from": 0, "value": "D"},
            {"from": 40, "value": "C"},
            {"from": 60, "value": "B"},
            {"from": 80, "value": "A"},
        ],
    },
}


def grade(x: Any) -> Any:
    return policy.load(document({"x": {**NUM, "optional": True}}, **CARD)).decide({"s": {"id": "1"}, "x": x}, as_of=DAY)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("-1000", "D"),
        ("-0.1", "D"),
        ("0", "D"),
        ("39.9", "D"),
        ("39.99", "D"),
        ("40", "C"),
        ("59.9", "C"),
        ("59.99", "C"),
        ("60", "B"),
        ("79.9999", "B"),
        ("80", "A"),
        ("1000000", "A"),
    ],
)
def test_a_grade_begins_at_its_from_and_the_first_reaches_down(points: str, expected: str) -> None:
    assert grade(exact(points)).result.to_data()["grade"] == expected


def test_a_scorecard_with_no_hit_and_a_default_has_a_grade() -> None:
    decision = grade(None)
    assert (decision.status, decision.hits) == ("decided", [])
    assert decision.result.to_data()["grade"] == "D"


def test_grade_rows_out_of_order_are_refused_or_mean_the_same() -> None:
    card = {**CARD, "grades": {**CARD["grades"], "rows": list(reversed(CARD["grades"]["rows"]))}}  # type: ignore[dict-item,index]
    text = document({"x": NUM}, **card)
    if not errors(text):
        assert policy.load(text).decide({"s": {"id": "1"}, "x": 45}, as_of=DAY).result.to_data()["grade"] == "C"


def test_a_scorecard_that_is_undetermined_has_no_grade() -> None:
    card = {**CARD, "rules": [{"id": "all", "when": "x > 1", "then": {"points": 50}}]}
    decision = policy.load(document({"x": {**NUM, "optional": True}}, **card)).decide({"s": {"id": "1"}}, as_of=DAY)
    assert (decision.status, decision.result, decision.missing) == ("undetermined", None, ["x"])


# --- approval

APPROVAL: dict[str, Any] = {
    "policy": "approval.t",
    "title": "T",
    "owner": "o",
    "language": 1,
    "subject": {"id": "order.id", "about": ["requester.id"]},
    "inputs": [
        {"order.id": STR},
        {"order.amount": NUM},
        {"order.prepaid": {"type": "boolean", "default": False}},
        {"order.commission_to": {**STR, "optional": True}},
        {"requester.id": STR},
        {"requester.team": STR},
        {"approvers": {"type": "list", "optional": True}},
        {"approvers[].id": STR},
        {"approvers[].role": STR},
        {"approvers[].team": {**STR, "optional": True}},
    ],
    "outputs": {"stages": {"type": "list", "of": "stages", "combine": "union"}},
    "hit_policy": "collect",
    "rules": [
        {"id": "large", "when": {"order.amount": ">= 1000"}, "then": {"stages": ["finance", "team-lead"]}},
        {"id": "huge", "when": {"order.amount": ">= 5000"}, "then": {"stages": ["director", "finance"]}},
        {"id": "small", "when": {"order.amount": "[0..100)"}, "then": {"stages": []}},
    ],
    "stages": [
        {"id": "team-lead", "who": 'approver.role = "lead" and approver.team = requester.team'},
        {"id": "director", "who": 'approver.role = "director"'},
        {"id": "finance", "who": 'approver.role = "finance"', "need": 2, "unless": "order.prepaid"},
    ],
}


def approve(
    amount: int, approvers: list[dict[str, Any]] | None = None, order: dict[str, Any] | None = None, **keys: Any
) -> Any:
    given: dict[str, Any] = {
        "order": {"id": "o1", "amount": amount, **(order or {})},
        "requester": {"id": "am-1", "team": "east"},
    }
    if approvers is not None:
        given["approvers"] = approvers
    return policy.load(render({**APPROVAL, **keys})).decide(given, as_of=DAY)


def lead(name: str, team: str = "east") -> dict[str, Any]:
    return {"id": name, "role": "lead", "team": team}


def stage(decision: Any, name: str) -> Any:
    return next(each for each in decision.result.to_data()["stages"] if each["id"] == name)


def test_stages_come_in_the_order_of_the_section() -> None:
    decision = approve(5000)
    assert decision.hits == ["large", "huge"]
    assert decision.outcome == {"stages": ["team-lead", "director", "finance"]}
    assert [each["id"] for each in decision.result.to_data()["stages"]] == ["team-lead", "director", "finance"]


def test_an_empty_list_of_stages_is_no_approval_needed() -> None:
    decision = approve(50)
    assert (decision.status, decision.outcome) == ("decided", {"stages": []})
    assert decision.result.to_data()["needed"] is False


def test_nothing_hit_is_not_no_approval_needed() -> None:
    decision = approve(500)
    assert (decision.status, decision.outcome, decision.result) == ("no_hit", None, None)


def test_need_and_unless() -> None:
    assert stage(approve(1000), "finance")["need"] == 2
    assert stage(approve(1000), "team-lead")["need"] == 1
    assert stage(approve(1000), "finance")["skipped"] is False
    assert stage(approve(1000, order={"prepaid": True}), "finance")["skipped"] is True


def test_who_may_act() -> None:
    people = [
        lead("l1"),
        lead("l2", "west"),
        {"id": "f1", "role": "finance"},
        {"id": "f2", "role": "finance", "team": "west"},
    ]
    decision = approve(1000, people)
    assert stage(decision, "team-lead")["may_act"] == ["l1"]
    assert stage(decision, "finance")["may_act"] == ["f1", "f2"]


def test_who_asks_may_not_approve_whatever_is_written() -> None:
    decision = approve(1000, [lead("am-1"), lead("l1")])
    assert stage(decision, "team-lead")["may_act"] == ["l1"]
    everybody = [{"id": "team-lead", "who": "true"}, *APPROVAL["stages"][1:]]
    decision = approve(1000, [lead("am-1"), lead("l1")], stages=everybody)
    assert stage(decision, "team-lead")["may_act"] == ["l1"]
    said_so = next(each for each in stage(decision, "team-lead")["barred"] if each["approver"] == "am-1")
    assert said_so["by"]


def test_separation_is_added() -> None:
    separation = [{"id": "no-beneficiary", "never": "approver.id = order.commission_to"}]
    decision = approve(1000, [lead("l1"), lead("l2")], {"commission_to": "l1"}, separation=separation)
    assert stage(decision, "team-lead")["may_act"] == ["l2"]
    barred = next(each for each in stage(decision, "team-lead")["barred"] if each["approver"] == "l1")
    assert barred["by"] == ["no-beneficiary"]


def test_an_approver_of_unknown_team_may_not_act() -> None:
    decision = approve(1000, [{"id": "l1", "role": "lead"}])
    assert stage(decision, "team-lead")["may_act"] == []


def test_late_is_accepted_with_a_note() -> None:
    staged = [{**APPROVAL["stages"][0], "within": "P1D", "late": "director"}, *APPROVAL["stages"][1:]]
    text = render({**APPROVAL, "stages": staged})
    assert not errors(text)
    assert any("late" in f.text(policy.Language.EN) for f in notes(text)), said(findings(text))


@pytest.mark.parametrize("within", ["1 day", "1D", "P", "PT", "-", "tomorrow", "P1X"])
def test_durations_of_sections_are_iso_8601(within: str) -> None:
    staged = [{**APPROVAL["stages"][0], "within": within}, *APPROVAL["stages"][1:]]
    assert errors(render({**APPROVAL, "stages": staged}))


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("need", 0),
        ("need", -1),
        ("need", 1.5),
        ("who", 'approver.rle = "x" and'),
        ("unless", "order.prepayd"),
        ("who", 'requester.nme = "x"'),
    ],
)
def test_broken_stages_are_refused(key: str, written: Any) -> None:
    staged = [APPROVAL["stages"][0], APPROVAL["stages"][1], {**APPROVAL["stages"][2], key: written}]
    assert errors(render({**APPROVAL, "stages": staged}))


def test_an_approval_without_stages_is_refused() -> None:
    assert errors(render({key: value for key, value in APPROVAL.items() if key != "stages"}))


# --- assignment

ASSIGN: dict[str, Any] = {
    "policy": "assignment.t",
    "title": "T",
    "owner": "o",
    "language": 1,
    "subject": {"id": "customer.id", "about": ["customer.id"]},
    "inputs": [
        {"customer.id": STR},
        {"customer.region": STR},
        {"customer.needs": {"type": "list", "of": "string", "default": []}},
        {"managers": {"type": "list"}},
        {"managers[].id": STR},
        {"managers[].active": {"type": "boolean", "default": True}},
        {"managers[].absent": {"type": "boolean", "default": False}},
        {"managers[].region": {**STR, "optional": True}},
        {"managers[].level": {"type": "number", "scale": 0}},
        {"managers[].years": {"type": "number", "scale": 1, "default": 0}},
        {"managers[].skills": {"type": "list", "of": "string", "default": []}},
        {"managers[].capacity": {"type": "number", "scale": 0, "default": 10}},
    ],
    "outputs": {"need_level": {"type": "number", "scale": 0}},
    "hit_policy": "first",
    "rules": [{"id": "all", "then": {"need_level": 2}}],
    "allocate": {
        "candidates": "managers",
        "eligible": [
            {"id": "region", "when": "manager.region = customer.region"},
            {"id": "level", "when": "manager.level >= need_level"},
            {"id": "skills", "when": "every need in customer.needs satisfies list contains(manager.skills, need)"},
        ],
        "score": [
            {"id": "senior", "weight": 60, "value": "if manager.level >= 4 then 1 else 0"},
            {"id": "tenure", "weight": 40, "value": "min(manager.years / 10, 1)"},
        ],
        "tie_break": ["manager.id"],
        "otherwise": "unassigned",
    },
}


def assign(managers: list[dict[str, Any]], customer: dict[str, Any] | None = None, **allocate: Any) -> dict[str, Any]:
    text = render({**ASSIGN, "allocate": {**ASSIGN["allocate"], **allocate}})
    given = {"customer": {"id": "c1", "region": "east", **(customer or {})}, "managers": managers}
    decision = policy.load(text).decide(given, as_of=DAY)
    assert decision.status == "decided"
    result: dict[str, Any] = decision.result.to_data()
    return result


def manager(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "region": "east", "level": 3, **more}


def ranking(result: dict[str, Any]) -> list[tuple[str, Decimal]]:
    return [(each["manager"], each["score"]) for each in result["ranked"]]


def excluded(result: dict[str, Any]) -> dict[str, list[str]]:
    return {each["manager"]: each["by"] for each in result["excluded"]}


def test_ranking_by_relative_weights() -> None:
    """a: (60·0 + 40·0.5) / 100 = 0.2; b: (60·1 + 40·0.25) / 100 = 0.7; c: (60 + 40) / 100 = 1."""
    result = assign(
        [manager("a", years=5), manager("b", level=4, years=Decimal("2.5")), manager("c", level=5, years=25)]
    )
    assert ranking(result) == [("c", 1), ("b", exact("0.7")), ("a", exact("0.2"))]
    assert result["assigned"] == "c"


def test_weights_are_relative() -> None:
    """3 and 1 mean 0.75 and 0.25: a = 0.25·0.5 = 0.125, b = 0.75."""
    score = [{**ASSIGN["allocate"]["score"][0], "weight": 3}, {**ASSIGN["allocate"]["score"][1], "weight": 1}]
    assert ranking(assign([manager("a", years=5), manager("b", level=4)], score=score)) == [
        ("b", exact("0.75")),
        ("a", exact("0.125")),
    ]


def test_every_term_of_the_score_is_shown() -> None:
    terms = assign([manager("a", level=4, years=5)])["ranked"][0]["terms"]
    assert [(term["id"], term["value"], term["weight"]) for term in terms] == [
        ("senior", 1, 60),
        ("tenure", exact("0.5"), 40),
    ]


def test_everything_must_hold_and_each_reason_is_named() -> None:
    result = assign(
        [manager("a"), manager("b", region="west"), manager("c", level=1), manager("d", region="west", level=1)]
    )
    assert [name for name, _ in ranking(result)] == ["a"]
    assert excluded(result) == {"b": ["region"], "c": ["level"], "d": ["region", "level"]}


def test_unknown_excludes_with_its_reason() -> None:
    result = assign([{"id": "a", "level": 3}])
    assert result["assigned"] is None
    (one,) = result["excluded"]
    assert one["manager"] == "a"
    assert "region" in [*one["by"], *one["unknown"]]
    assert "manager.region" in str(one)


def test_skills_every_need() -> None:
    people = [manager("a", skills=["x"]), manager("b", skills=["y", "x"])]
    assert assign(people, {"needs": ["x", "y"]})["assigned"] == "b"
    assert assign(people, {"needs": []})["assigned"] == "a"


def test_ties_are_broken_by_the_path() -> None:
    assert [name for name, _ in ranking(assign([manager("z"), manager("b"), manager("a")]))] == ["a", "b", "z"]


def test_ties_by_another_path_first() -> None:
    people = [manager("a", capacity=5), manager("b", capacity=3)]
    assert assign(people, tie_break=["manager.capacity", "manager.id"])["assigned"] == "b"


@pytest.mark.parametrize("otherwise", ["unassigned", "pool"])
def test_nobody_eligible_is_said_and_never_hidden(otherwise: str) -> None:
    result = assign([manager("a", region="west")], otherwise=otherwise)
    assert (result["assigned"], result["otherwise"], result["ranked"]) == (None, otherwise, [])
    assert excluded(result) == {"a": ["region"]}


def test_no_candidates_at_all() -> None:
    result = assign([])
    assert (result["assigned"], result["otherwise"], result["ranked"], result["excluded"]) == (
        None,
        "unassigned",
        [],
        [],
    )


@pytest.mark.parametrize("out", [{"active": False}, {"absent": True}])
def test_nobody_inactive_or_absent_receives_anything(out: dict[str, Any]) -> None:
    """The rules of this policy do not ask for it: no rule can switch it off (guard rail 10)."""
    result = assign([manager("a", level=5, years=10, **out), manager("b")])
    assert result["assigned"] == "b"
    assert [name for name, _ in ranking(result)] == ["b"]


def test_limits_are_accepted_with_a_note() -> None:
    limits = [
        {"id": "capacity", "sum": "need_level", "at_most": "manager.capacity"},
        {"id": "new-week", "count": "new", "over": "P7D", "at_most": 3},
    ]
    text = render({**ASSIGN, "allocate": {**ASSIGN["allocate"], "limits": limits}})
    assert not errors(text), said(findings(text))
    assert any("limits" in f.text(policy.Language.EN) for f in notes(text)), said(findings(text))


@pytest.mark.parametrize(
    "change",
    [
        {"candidates": "manager"},
        {"candidates": "customer.needs"},
        {"eligible": [{"id": "a", "when": "manager.levl > 1"}]},
        {"eligible": [{"id": "a", "when": "manager.level > 1"}, {"id": "a", "when": "true"}]},
        {"score": [{"id": "a", "weight": 1, "value": "manager.levl"}]},
        {"score": [{"id": "a", "weight": -1, "value": "1"}]},
        {"tie_break": ["manager.idd"]},
        {"otherwise": "somebody"},
        {"scor": []},
    ],
)
def test_broken_allocation_is_refused(change: dict[str, Any]) -> None:
    assert errors(render({**ASSIGN, "allocate": {**ASSIGN["allocate"], **change}}))


# --- incentive

PLAN: dict[str, Any] = {
    "policy": "incentive.t",
    "title": "T",
    "owner": "o",
    "language": 1,
    "subject": {"id": "person.id", "about": ["person.id"]},
    "period": "quarter",
    "each": {"list": "credits", "as": "credit"},
    "inputs": [
        {"person.id": STR},
        {"person.quota": MONEY},
        {"person.base_pay": {**MONEY, "default": 1000}},
        {"credits": {"type": "list"}},
        {"credits[].amount": MONEY},
        {"credits[].split": {"type": "number", "scale": 4, "default": 1}},
        {"credits[].product": {"type": "string", "one_of": ["goods", "service"], "default": "goods"}},
        {"credits[].paid_on": {"type": "date", "optional": True}},
        {"refunds": {"type": "list", "default": []}},
        {"refunds[].commission_paid": MONEY},
        {"opening.draw": {**MONEY, "default": 0}},
    ],
    "outputs": {"counts": {"type": "number", "scale": 4}},
    "hit_policy": "first",
    "rules": [
        {"id": "service", "when": {"credit.product": "service"}, "then": {"counts": 0.5}},
        {"id": "rest", "then": {"counts": 1}},
    ],
    "credit": "credit.amount * credit.split * counts",
    "measure": "credited / person.quota",
    "bands": {
        "method": "marginal",
        "basis": "total",
        "base": "person.quota",
        "rows": [{"from": 0, "rate": 0.02}, {"from": 0.8, "rate": 0.03}, {"from": 1, "rate": 0.05}],
    },
}


def pay(
    amounts: list[Any], given: dict[str, Any] | None = None, bands: dict[str, Any] | None = None, **keys: Any
) -> dict[str, Any]:
    text = render({**PLAN, **keys, "bands": {**PLAN["bands"], **(bands or {})}})
    items = [each if isinstance(each, dict) else {"amount": each} for each in amounts]
    facts = {"person": {"id": "p", "quota": 100000}, "credits": items, **(given or {})}
    decision = policy.load(text).decide(facts, as_of=DAY)
    assert decision.status == "decided", decision
    result: dict[str, Any] = decision.result.to_data()
    return result


BANDS: list[tuple[str, list[Any], str]] = [
    # marginal: 80,000 at 2 %, the next 20,000 at 3 %, what is above at 5 %
    ("marginal", ["0"], "0"),
    ("marginal", ["50000"], "1000.00"),
    ("marginal", ["80000"], "1600.00"),
    ("marginal", ["80000.50"], "1600.02"),
    ("marginal", ["90000"], "1900.00"),
    ("marginal", ["100000"], "2200.00"),
    ("marginal", ["120000"], "3200.00"),
    ("marginal", ["70000", "50000"], "3200.00"),
    ("marginal", ["300000"], "12200.00"),
    ("marginal", ["-50000"], "-1000.00"),
    # whole: everything at the rate reached
    ("whole", ["79999.99"], "1600.00"),
    ("whole", ["80000"], "2400.00"),
    ("whole", ["99999.99"], "3000.00"),
    ("whole", ["100000"], "5000.00"),
    ("whole", ["120000"], "6000.00"),
    ("whole", ["-50000"], "-1000.00"),
    # interpolated: 0.4 → 2.5 %, 0.9 → 4 %, flat 5 % from 1 on
    ("interpolated", ["0"], "0"),
    ("interpolated", ["40000"], "1000.00"),
    ("interpolated", ["80000"], "2400.00"),
    ("interpolated", ["90000"], "3600.00"),
    ("interpolated", ["100000"], "5000.00"),
    ("interpolated", ["150000"], "7500.00"),
    ("interpolated", ["-50000"], "-1000.00"),
]


@pytest.mark.parametrize(("method", "amounts", "expected"), BANDS)
def test_bands(method: str, amounts: list[str], expected: str) -> None:
    result = pay([exact(amount) for amount in amounts], bands={"method": method})
    assert result["total"] == exact(expected)
    assert result["earned"] == exact(expected)


EACH: list[tuple[str, list[str], str]] = [
    # each credit alone through the table
    ("marginal", ["70000", "50000"], "2400.00"),  # 1400 + 1000
    ("marginal", ["120000", "50000"], "4200.00"),  # 3200 + 1000
    ("whole", ["100000", "80000"], "7400.00"),  # 5000 + 2400
    ("interpolated", ["40000", "90000"], "4600.00"),  # 1000 + 3600
    ("marginal", ["33.25", "33.25"], "1.34"),  # 0.665 → 0.67, twice
    ("marginal", [], "0"),
]


@pytest.mark.parametrize(("method", "amounts", "expected"), EACH)
def test_bands_for_each_credit_alone(method: str, amounts: list[str], expected: str) -> None:
    assert pay([exact(amount) for amount in amounts], bands={"method": method, "basis": "each"})["total"] == exact(
        expected
    )


def test_credits_count_by_rule_and_split() -> None:
    """50000·1·1 + 40000·0.5·0.5 = 60000; at 2 % 1200."""
    result = pay([{"amount": 50000}, {"amount": 40000, "split": exact("0.5"), "product": "service"}])
    assert (result["credited"], result["measure"], result["total"]) == (60000, exact("0.6"), 1200)


def test_each_line_is_rounded_once_and_the_total_is_the_sum_of_lines() -> None:
    """80.008 at 2 % is 1.60016 → 1.60, the next 20.002 at 3 % is 0.60006 → 0.60, 0.99 at 5 % is 0.0495 → 0.05: 2.25."""
    result = pay([exact("101.00")], {"person": {"id": "p", "quota": exact("100.01")}})
    amounts = [line["amount"] for line in result["lines"]]
    assert amounts == [exact("1.60"), exact("0.60"), exact("0.05")]
    assert result["total"] == sum(amounts)


def test_lines_half_up_also_below_zero() -> None:
    assert pay([exact("33.25")])["total"] == exact("0.67")
    assert pay([exact("-33.25")])["total"] == exact("-0.67")


def adjustments(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return list(rows)


CAP = {"id": "cap", "at_most": "3 * person.base_pay"}
CLAWBACK = {"id": "clawback", "add": "-sum(concatenate([0], refunds.commission_paid))"}
DRAW = {"id": "draw", "add": "-opening.draw"}
HOLD = {"id": "holdback", "hold": 0.2, "release": "P90D"}


def lines(result: dict[str, Any]) -> dict[str, Decimal]:
    return {line["id"]: line["amount"] for line in result["lines"] if not str(line["id"]).startswith("band")}


def test_adjustments_in_their_order_each_a_line() -> None:
    """3200, cap at 3·1000 = 3000: -200; clawback -100.50; draw -500; hold 20 % of 2399.50 = 479.90; total 1919.60."""
    given = {"refunds": [{"commission_paid": 100}, {"commission_paid": exact("0.5")}], "opening": {"draw": 500}}
    result = pay([120000], given, adjustments=[CAP, CLAWBACK, DRAW, HOLD])
    assert lines(result) == {"cap": -200, "clawback": exact("-100.50"), "draw": -500, "holdback": exact("-479.90")}
    assert (result["total"], result["paid"], result["carried"]) == (exact("1919.60"), exact("1919.60"), 0)


def test_the_order_of_adjustments_matters() -> None:
    assert pay([120000], adjustments=[CAP, HOLD])["total"] == 2400
    assert pay([120000], adjustments=[HOLD, CAP])["total"] == 2560


def test_a_cap_that_is_not_reached_takes_nothing() -> None:
    assert lines(pay([100000], adjustments=[CAP])) == {"cap": 0}


def test_no_refunds_take_nothing() -> None:
    assert lines(pay([50000], adjustments=[CLAWBACK])) == {"clawback": 0}


def test_hold_is_a_fraction_of_the_running_total_rounded_once() -> None:
    """0.67 held at 20 % is 0.134 → 0.13; 0.54 stays."""
    result = pay([exact("33.25")], adjustments=[HOLD])
    assert (lines(result)["holdback"], result["total"]) == (exact("-0.13"), exact("0.54"))


def test_an_adjustment_may_read_earned() -> None:
    assert pay([120000], adjustments=[{"id": "team", "add": "0.1 * earned"}])["total"] == 3520


def test_a_negative_total_is_carried_never_paid() -> None:
    result = pay([10000], {"opening": {"draw": 500}}, adjustments=[DRAW])
    assert (result["total"], result["paid"], result["carried"]) == (-300, 0, -300)


def test_awards_stand_in_the_statement() -> None:
    awards = [
        {
            "id": "star",
            "when": "measure >= 1.2",
            "give": "recognition",
            "because": {"zh": "季度之星", "en": "Star of the quarter"},
        },
        {"id": "moon", "when": "measure >= 1.3", "give": "recognition"},
    ]
    assert [(a["id"], a["give"]) for a in pay([120000], awards=awards)["awards"]] == [("star", "recognition")]
    assert pay([119999], awards=awards)["awards"] == []


def test_money_is_rounded_to_the_minor_unit_of_its_currency() -> None:
    """Yen have none: 33.25 is refused; 12345 at 2 % is 246.9 → 247."""
    inputs = [
        {key: {**how, "unit": "JPY", "scale": 0} if how.get("unit") == "CNY" else how for key, how in each.items()}
        for each in PLAN["inputs"]
    ]
    result = pay([12345], inputs=inputs)
    assert (result["total"], result["currency"]) == (247, "JPY")


def test_money_in_a_currency_of_three_decimals() -> None:
    """Kuwaiti dinars: 33.255 at 2 % is 0.6651 → 0.665."""
    inputs = [
        {key: {**how, "unit": "KWD", "scale": 3} if how.get("unit") == "CNY" else how for key, how in each.items()}
        for each in PLAN["inputs"]
    ]
    assert pay([exact("33.255")], inputs=inputs)["total"] == exact("0.665")


def test_a_quota_of_zero_is_undetermined_and_never_zero_pay() -> None:
    decision = policy.load(render(PLAN)).decide(
        {"person": {"id": "p", "quota": 0}, "credits": [{"amount": 1000}]}, as_of=DAY
    )
    assert decision.status == "undetermined"


def test_an_unpaid_credit_by_null() -> None:
    rules = [
        {"id": "unpaid", "when": {"credit.paid_on": "null"}, "then": {"counts": 0}},
        {"id": "rest", "then": {"counts": 1}},
    ]
    assert pay([{"amount": 1000}, {"amount": 500, "paid_on": "2026-01-01"}], rules=rules)["credited"] == 500


def test_release_of_a_holdback_is_accepted_with_a_note() -> None:
    text = render({**PLAN, "adjustments": [HOLD]})
    assert not errors(text)
    assert any("release" in f.text(policy.Language.EN) for f in notes(text)), said(findings(text))


@pytest.mark.parametrize(
    "change",
    [
        {"bands": {**PLAN["bands"], "method": "marginel"}},
        {"bands": {**PLAN["bands"], "basis": "person"}},
        {"bands": {**PLAN["bands"], "rows": [{"from": 0, "rate": 0.02}, {"from": 0, "rate": 0.03}]}},
        {"bands": {**PLAN["bands"], "rows": []}},
        {"bands": {**PLAN["bands"], "base": "person.qota"}},
        {"measure": "credted / person.quota"},
        {"credit": "credit.amuont"},
        {"adjustments": [{"id": "a"}]},
        {"adjustments": [{"id": "a", "add": "1"}, {"id": "a", "add": "2"}]},
        {"adjustments": [{"id": "a", "add": "1", "at_most": "2"}]},
        {"adjustments": [{"id": "a", "hold": 1.5}]},
        {"adjustments": [{"id": "a", "hold": -0.1}]},
        {"adjustments": [{"id": "a", "hold": 0.2, "release": "90 days"}]},
        {"adjustments": [{"id": "a", "add": "= 1"}]},
        {"awards": [{"id": "a", "when": "mesure > 1", "give": "recognition"}]},
    ],
)
def test_a_broken_plan_is_refused(change: dict[str, Any]) -> None:
    assert errors(render({**PLAN, **change}))


def test_adding_different_units_is_a_finding() -> None:
    inputs = [*PLAN["inputs"], {"person.bonus": {"type": "number", "unit": "USD", "scale": 2, "default": 0}}]
    assert findings(
        render({**PLAN, "inputs": inputs, "adjustments": [{"id": "a", "add": "person.base_pay + person.bonus"}]})
    )
    text = document(
        {"a": {**MONEY}, "b": {"type": "number", "unit": "USD"}},
        outputs={"r": {"type": "number"}},
        hit_policy="first",
        rules=[{"id": "t", "then": {"r": "= a + b"}}],
    )
    assert findings(text)


# --- penalty

CASE: dict[str, Any] = {
    "policy": "penalty.t",
    "title": "T",
    "owner": "o",
    "language": 1,
    "consultation": {"held": "2025-11-03", "published": "2025-12-01", "record": "a demo record"},
    "subject": {"id": "case.id", "about": ["manager.id"]},
    "inputs": [
        {"case.id": STR},
        {"case.kind": {"type": "string", "one_of": ["small", "large", "none"]}},
        {"case.proven_loss": {**MONEY, "default": 0}},
        {"case.evidence": {"type": "list", "default": []}},
        {"case.evidence[].id": STR},
        {"case.evidence[].kind": STR},
        {"case.evidence[].source": STR},
        {"manager.id": STR},
    ],
    "outputs": {"measures": {"type": "list", "of": "measures", "combine": "union"}},
    "hit_policy": "collect",
    "rules": [
        {"id": "none", "when": {"case.kind": "none"}, "then": {"measures": []}},
        {"id": "large", "when": {"case.kind": "large"}, "then": {"measures": ["compensation", "warning"]}},
        {"id": "small", "when": {"case.kind": "small"}, "then": {"measures": ["talk"]}},
    ],
    "measures": [
        {"id": "talk"},
        {"id": "warning", "evidence": [{"kind": "any", "count": 1}], "points": 3, "expires": "P12M"},
        {
            "id": "compensation",
            "evidence": [{"kind": "document", "count": 2, "independent": 1}],
            "amount": "case.proven_loss",
        },
    ],
}


def propose(kind: str, evidence: list[dict[str, Any]] | None = None, **keys: Any) -> dict[str, Any]:
    loss = keys.pop("loss", 800)
    given = {"case": {"id": "k", "kind": kind, "proven_loss": loss, "evidence": evidence or []}, "manager": {"id": "m"}}
    decision = policy.load(render({**CASE, **keys})).decide(given, as_of=DAY)
    assert decision.status == "decided"
    result: dict[str, Any] = decision.result.to_data()
    return result


def proof(name: str, kind: str, source: str) -> dict[str, Any]:
    return {"id": name, "kind": kind, "source": source}


def test_measures_are_proposed_in_the_order_of_the_ladder() -> None:
    assert [each["measure"] for each in propose("large")["proposed"]] == ["warning", "compensation"]


def test_nothing_is_ever_final() -> None:
    full = [proof("e1", "document", "a"), proof("e2", "document", "b"), proof("e3", "document", "c")]
    for kind in ("none", "small", "large"):
        assert propose(kind, full)["final"] is False


def test_points_expiry_and_amount() -> None:
    warning, compensation = propose("large")["proposed"]
    assert (warning["points"], str(warning["expires"])) == (3, "P12M")
    assert compensation["amount"] == 800


@pytest.mark.parametrize(
    ("evidence", "warning", "compensation"),
    [
        ([], 1, 2),
        ([proof("e1", "log", "a")], 0, 2),
        ([proof("e1", "document", "a")], 0, 1),
        ([proof("e1", "document", "a"), proof("e2", "document", "b")], 0, 0),
    ],
)
def test_what_each_measure_still_needs(evidence: list[dict[str, Any]], warning: int, compensation: int) -> None:
    first, second = propose("large", evidence)["proposed"]
    assert [first["needs"]["evidence"][0]["missing"], second["needs"]["evidence"][0]["missing"]] == [
        warning,
        compensation,
    ]


def test_acts_no_rule_can_switch_off() -> None:
    """Notice, time to answer, a person's decision, time to appeal: guard rails 1 and 2, where the ladder names none."""
    acts = propose("large")["proposed"][0]["needs"]["acts"]
    assert len(acts) >= 4
    assert {word for act in acts for word in ("notice", "answer", "person", "appeal") if word in act} == {
        "notice",
        "answer",
        "person",
        "appeal",
    }


def test_own_acts_are_added() -> None:
    ladder = [CASE["measures"][0], {**CASE["measures"][1], "acts": ["union-opinion"]}, CASE["measures"][2]]
    acts = propose("large", measures=ladder)["proposed"][0]["needs"]["acts"]
    assert "union-opinion" in acts
    assert len(acts) >= 5


def test_money_is_never_more_than_the_proven_loss() -> None:
    """Money is compensation for proven loss, never a fine (guard rail 4): refused when checked, or held to the loss."""
    for amount in ("case.proven_loss * 2", "5000", "case.proven_loss + 1"):
        ladder = [*CASE["measures"][:2], {**CASE["measures"][2], "amount": amount}]
        text = render({**CASE, "measures": ladder})
        if not errors(text):
            proposed = propose("large", measures=ladder)["proposed"]
            assert all(each["amount"] is None or each["amount"] <= 800 for each in proposed), amount


def test_without_a_consultation_it_is_a_draft() -> None:
    text = render({key: value for key, value in CASE.items() if key != "consultation"})
    assert not errors(text)
    assert any("consultation" in f.text(policy.Language.EN) for f in findings(text)), said(findings(text))
    assert not any("consultation" in f.text(policy.Language.EN) for f in findings(render(CASE)))


PATTERNS: list[dict[str, Any]] = [
    {
        "id": "lost-then-sold-elsewhere",
        "severity": "act",
        "key": "customer.id",
        "sequence": [
            {"as": "lost", "event": "customer_lost"},
            {"as": "sale", "event": "competitor_sale", "within": "P30D"},
        ],
        "without": {"event": "transfer", "where": "transfer.approved = true"},
        "because": {"zh": "客户流失", "en": "Lost"},
    },
    {
        "id": "three-losses",
        "severity": "warn",
        "key": "manager.id",
        "count": {"event": "customer_lost", "at_least": 3, "within": "P7D"},
    },
]


def test_patterns_are_accepted_with_a_note() -> None:
    text = render({**CASE, "patterns": PATTERNS})
    assert not errors(text), said(errors(text))
    assert any("patterns" in f.text(policy.Language.EN) for f in notes(text)), said(findings(text))


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "kill"},
        {"key": None},
        {"count": {"event": "customer_lost", "at_least": 3, "within": "7 days"}},
        {"count": {"event": "customer_lost", "at_least": 0, "within": "P7D"}},
        {"sequence": [{"as": "a", "event": "b"}]},
        {"id": "lost-then-sold-elsewhere"},
    ],
)
def test_a_broken_pattern_is_refused(change: dict[str, Any]) -> None:
    """The second has neither both forms at once nor an id that is taken."""
    broken = {key: value for key, value in {**PATTERNS[1], **change}.items() if value is not None}
    assert errors(render({**CASE, "patterns": [PATTERNS[0], broken]}))


@pytest.mark.parametrize(
    "change",
    [
        {"measures": [{"id": "talk", "expires": "12 months"}, *CASE["measures"][1:]]},
        {"measures": [{"id": "talk", "points": -1}, *CASE["measures"][1:]]},
        {"measures": [{"id": "talk", "amount": "case.proven_los"}, *CASE["measures"][1:]]},
        {"measures": [{"id": "talk", "evidence": [{"kind": "document", "count": -1}]}, *CASE["measures"][1:]]},
        {"measures": CASE["measures"][:2]},
        {"measures": [*CASE["measures"], {"id": "talk"}]},
        {"consultation": {"held": "soon"}},
    ],
)
def test_a_broken_ladder_is_refused(change: dict[str, Any]) -> None:
    assert errors(render({**CASE, **change}))


# --- guard rail 9


@pytest.mark.parametrize("base", [ASSIGN, CASE], ids=["assignment", "penalty"])
def test_forbidden_inputs_are_refused(base: dict[str, Any]) -> None:
    for path in ("person.health", "manager.family"):
        text = render(
            {**base, "inputs": [*base["inputs"], {path: {"type": "string", "optional": True, "class": "forbidden"}}]}
        )
        found = errors(text)
        assert any(path in f.text(policy.Language.EN) for f in found), said(found)


def test_forbidden_inputs_are_refused_for_evaluation() -> None:
    text = document({"person.health": {"type": "string", "optional": True, "class": "forbidden"}, "x": NUM}, **CARD)
    assert any("person.health" in f.text(policy.Language.EN) for f in errors(text))


# --- what belongs to another kind


@pytest.mark.parametrize(
    "key", ["stages", "allocate", "bands", "measures", "separation", "patterns", "consultation", "period"]
)
def test_a_section_of_another_kind_is_an_unknown_key(key: str) -> None:
    text = document({"x": NUM}, **{**CARD, key: {}})
    assert any(key in f.text(policy.Language.EN) for f in errors(text))


def test_missing_credits_are_never_zero_pay() -> None:
    inputs = [
        {path: {**how, "optional": True} if path == "credits" else how for path, how in each.items()}
        for each in PLAN["inputs"]
    ]
    text = render({**PLAN, "inputs": inputs})
    if not errors(text):
        decision = policy.load(text).decide({"person": {"id": "p", "quota": 100000}}, as_of=DAY)
        assert (decision.status, decision.missing, decision.result) == ("undetermined", ["credits"], None)
