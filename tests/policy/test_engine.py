"""Whole decisions, from text and facts to the answer and its canonical form."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import policy
from policy.errors import UnsupportedError

VOCABULARY = dedent(
    """\
    vocabulary: 1
    fields:
      order.id: {type: string}
      order.amount: {type: number, unit: CNY, scale: 2, min: 0, max: 1000000000}
      order.discount: {type: number, scale: 4, min: 0, max: 1}
      customer.id: {type: string}
      customer.tier: {type: string, one_of: [A, B, C, D]}
      customer.since: {type: date}
      customer.region: {type: string}
    """
)

MINIMUM = dedent(
    """\
    reference: floor
    title: {zh: 下限, en: Floor}
    key: [region]
    columns:
      region: {type: string}
      amount: {type: number, unit: CNY, scale: 2}
    rows:
      - {from: 2025-01-01, region: east, amount: 100}
      - {from: 2026-01-01, region: east, amount: 120}
      - {from: 2025-01-01, until: 2025-07-01, region: west, amount: 80}
    """
)


def scorecard(body: str, **changes: str) -> str:
    parts = {
        "policy": "scorecard.test",
        "inputs": "[order.id, order.amount, customer.tier: {optional: true}]",
        "outputs": "{points: {type: number, scale: 1}}",
        "hit_policy": "first",
        **changes,
    }
    head = "".join(f"{key}: {value}\n" for key, value in parts.items())
    return f"title: Test\nsubject: {{id: order.id}}\n{head}{dedent(body)}"


def decide(text: str, facts: Any, *others: str, as_of: str = "2026-03-01", explain: bool = False) -> policy.Decision:
    return policy.load(text, others=[VOCABULARY, *others]).decide(facts, as_of=as_of, explain=explain)


TIERS = """\
rules:
  - {id: top, when: {customer.tier: A}, then: {points: 9}}
  - {id: big, when: order.amount >= 100, then: {points: "= order.amount / 30"}}
  - {id: rest, then: {points: 0}}
"""


def order(amount: Any = 100, **customer: Any) -> dict[str, Any]:
    return {"order": {"id": "o1", "amount": amount}, **({"customer": customer} if customer else {})}


def test_a_hit_decides() -> None:
    decision = decide(scorecard(TIERS), order(tier="A"))

    assert (decision.status, decision.hits, decision.outcome) == ("decided", ["top"], {"points": Decimal("9.0")})


def test_a_computed_value_is_rounded_once_half_up() -> None:
    assert decide(scorecard(TIERS), order(tier="B", amount=101.5)).outcome == {"points": Decimal("3.4")}


def test_an_unknown_above_the_first_hit_stops() -> None:
    decision = decide(scorecard(TIERS), order())

    assert (decision.status, decision.outcome, decision.missing) == ("undetermined", None, ["customer.tier"])


def test_an_unknown_counts_as_false_where_the_policy_says_so() -> None:
    decision = decide(scorecard(TIERS, on_unknown="skip"), order())

    assert (decision.status, decision.hits) == ("decided", ["big"])


def test_an_unknown_below_the_first_hit_does_not_matter() -> None:
    rules = """\
    rules:
      - {id: big, when: order.amount >= 100, then: {points: 1}}
      - {id: top, when: {customer.tier: A}, then: {points: 9}}
    """

    assert decide(scorecard(rules), order()).status == "decided"


def test_an_unknown_with_the_same_outcome_does_not_matter() -> None:
    rules = """\
    rules:
      - {id: top, when: {customer.tier: A}, then: {points: 1}}
      - {id: rest, then: {points: 1}}
    """

    decision = decide(scorecard(rules), order())

    assert (decision.status, decision.outcome) == ("decided", {"points": Decimal(1)})


@pytest.mark.parametrize("condition", ["customer.tier = null", "not(customer.tier != null)", "customer.tier in (null)"])
def test_only_asking_for_null_is_definite(condition: str) -> None:
    rules = f"rules:\n  - {{id: none, when: '{condition}', then: {{points: 1}}}}\n"

    assert decide(scorecard(rules), order()).hits == ["none"]


@pytest.mark.parametrize(
    "condition",
    [
        'customer.tier != "A"',
        'customer.tier in ("A", "B")',
        'not(customer.tier = "A")',
        'list contains(["A"], customer.tier)',
    ],
)
def test_comparing_something_missing_is_unknown(condition: str) -> None:
    rules = (
        f"rules:\n  - {{id: some, when: '{condition}', then: {{points: 1}}}}\n  - {{id: rest, then: {{points: 0}}}}\n"
    )

    decision = decide(scorecard(rules), order())

    assert (decision.status, decision.missing) == ("undetermined", ["customer.tier"])


def test_null_in_an_output_is_undetermined_never_zero() -> None:
    rules = 'rules:\n  - {id: all, then: {points: "= order.discount * 2"}}\n'
    text = scorecard(rules, inputs="[order.id, order.discount: {optional: true}]")

    decision = decide(text, {"order": {"id": "o1"}})

    assert (decision.status, decision.missing) == ("undetermined", ["order.discount"])


def test_no_hit_is_not_an_outcome() -> None:
    rules = "rules:\n  - {id: big, when: order.amount > 1000, then: {points: 1}}\n"

    decision = decide(scorecard(rules), order())

    assert (decision.status, decision.outcome) == ("no_hit", None)


def test_two_hits_under_unique_conflict_and_are_named() -> None:
    rules = """\
    rules:
      - {id: one, when: order.amount > 1, then: {points: 1}}
      - {id: two, when: order.amount > 2, then: {points: 1}}
    """

    decision = decide(scorecard(rules, hit_policy="unique"), order())

    assert (decision.status, decision.hits, decision.outcome) == ("conflict", ["one", "two"], None)


def test_derived_values_are_seen_like_inputs() -> None:
    rules = """\
    derived: {order.half: order.amount / 2, order.quarter: order.half / 2}
    rules:
      - {id: all, when: {order.quarter: "25"}, then: {points: "= order.half + order.quarter"}}
    """

    assert decide(scorecard(rules), order()).outcome == {"points": Decimal("75.0")}


def test_a_reference_table_gives_the_row_in_effect() -> None:
    rules = "rules:\n  - {id: all, then: {points: '= lookup(\"floor\", customer.region).amount'}}\n"
    text = scorecard(rules, inputs="[order.id, customer.region]")
    facts = {"order": {"id": "o1"}, "customer": {"region": "east"}}

    got = [decide(text, facts, MINIMUM, as_of=day).outcome for day in ("2025-12-31", "2026-01-01")]

    assert got == [{"points": Decimal(100)}, {"points": Decimal(120)}]


@pytest.mark.parametrize("day", ["2024-12-31", "2025-07-01"])
def test_a_reference_table_without_a_row_gives_null(day: str) -> None:
    rules = "rules:\n  - {id: all, then: {points: '= lookup(\"floor\", customer.region).amount'}}\n"
    text = scorecard(rules, inputs="[order.id, customer.region]")

    assert (
        decide(text, {"order": {"id": "o"}, "customer": {"region": "west"}}, MINIMUM, as_of=day).status
        == "undetermined"
    )


ASKED = scorecard(
    """\
    rules:
      - {id: big, when: "order.amount >= 100", then: {level: high}}
      - {id: small, when: {customer.tier: "not(null)"}, then: {level: low}}
    """,
    policy="scorecard.asked",
    outputs="{level: {type: string, one_of: [low, high]}}",
)

ASKING = scorecard(
    """\
    derived: {order.level: {policy: scorecard.asked, take: level}}
    rules:
      - {id: null-amount, when: order.amount < 10, then: {points: 1}}
      - {id: high, when: {order.level: high}, then: {points: 5}}
      - {id: low, when: {order.level: low}, then: {points: 3}}
    """,
    inputs="[order.id]",
)


def test_another_policy_is_asked_with_inherited_inputs() -> None:
    asking = policy.load(ASKING, others=[VOCABULARY, ASKED])

    decision = asking.decide(order(), as_of="2026-03-01")

    assert decision.hits == ["high"]
    assert set(decision.closure) == {"scorecard.test", "scorecard.asked", "vocabulary"}
    assert asking.rule_set.fields["order.amount"].inherited == "scorecard.asked"


def test_another_policy_that_does_not_decide_is_unknown_and_named() -> None:
    decision = decide(ASKING, order(amount=50), ASKED)

    assert (decision.status, decision.missing) == ("undetermined", ["scorecard.asked: no_hit"])


def test_another_policy_is_asked_only_when_its_value_is_read() -> None:
    decision = decide(ASKING, order(amount=5), ASKED)

    assert (decision.status, decision.hits) == ("decided", ["null-amount"])


def test_with_gives_the_other_policy_its_inputs() -> None:
    asking = ASKING.replace("take: level}", "take: level, with: {order.amount: order.discount * 1000}}")
    asking = asking.replace("order.amount < 10", "order.discount < 0.01").replace(
        "[order.id]", "[order.id, order.discount]"
    )

    assert decide(asking, {"order": {"id": "o", "discount": 0.2}}, ASKED).hits == ["high"]


EACH = scorecard(
    """\
    each: {list: items, as: item}
    rules:
      - {id: unpaid, when: {item.paid_on: "null"}, then: {points: 0}}
      - {id: dear, when: item.price > 10, then: {points: "= item.price"}}
      - {id: rest, then: {points: 1}}
    """,
    inputs=(
        "[order.id, 'items[].price': {type: number, scale: 2, optional: true}, "
        "'items[].paid_on': {type: date, optional: true}]"
    ),
)


def test_rules_run_once_per_item() -> None:
    items = [{"price": 20}, {"price": 20, "paid_on": "2026-01-01"}, {"price": 2, "paid_on": "2026-01-01"}]

    decision = decide(EACH, {"order": {"id": "o"}, "items": items})

    assert decision.hits == [["unpaid"], ["dear"], ["rest"]]
    assert decision.outcome == [{"points": Decimal(each)} for each in (0, 20, 1)]


def test_what_an_item_misses_is_named_at_its_place() -> None:
    items = [{"price": 2, "paid_on": "2026-01-01"}, {"paid_on": "2026-01-01"}]

    decision = decide(EACH, {"order": {"id": "o"}, "items": items})

    assert (decision.status, decision.missing) == ("undetermined", ["items[1].price"])


def test_without_items_there_is_an_empty_outcome() -> None:
    decision = decide(EACH, {"order": {"id": "o"}, "items": []})

    assert (decision.status, decision.outcome, decision.hits) == ("decided", [], [])


def test_time_comes_from_as_of() -> None:
    rules = 'rules:\n  - {id: all, then: {points: "= today().day"}}\n'

    assert decide(scorecard(rules), order(), as_of="2026-02-28T23:30:00+00:00").outcome == {"points": Decimal(1)}


def test_now_needs_an_instant() -> None:
    rules = 'rules:\n  - {id: all, then: {points: "= now().hour"}}\n'

    with pytest.raises(policy.EvaluationError) as caught:
        decide(scorecard(rules), order())

    assert caught.value.code == "now-without-time"


def test_an_output_outside_its_values_is_refused() -> None:
    rules = 'rules:\n  - {id: all, then: {grade: "= customer.tier"}}\n'
    text = scorecard(rules, outputs="{grade: {type: string, one_of: [A, B]}}")

    with pytest.raises(policy.EvaluationError) as caught:
        decide(text, order(tier="D"))

    assert caught.value.code == "output-not-allowed"


def test_facts_that_do_not_fit_come_back_with_every_problem() -> None:
    with pytest.raises(policy.FactsError) as caught:
        decide(scorecard(TIERS), b'{"order": {"id": 5, "amonut": 3}, "customer": {"tier": "E"}}')

    assert {problem.pointer for problem in caught.value.problems} == {
        "/order/id",
        "/order/amonut",
        "/order/amount",
        "/customer/tier",
    }


@pytest.mark.parametrize("facts", [None, [], 5, "[]", b"null"])
def test_facts_are_an_object(facts: Any) -> None:
    with pytest.raises(policy.FactsError) as caught:
        decide(scorecard(TIERS), facts)

    assert [problem.pointer for problem in caught.value.problems] == [""]


def test_same_facts_same_bytes() -> None:
    loaded = policy.load(scorecard(TIERS), others=[VOCABULARY])
    one = loaded.decide(order(tier="B", amount=Decimal("100.50")), as_of="2026-03-01")
    other = loaded.decide(b'{"customer": {"tier": "B"}, "order": {"amount": 100.5, "id": "o1"}}', as_of="2026-03-01")

    assert one.to_json() == other.to_json()
    assert json.loads(one.to_json())["outcome"] == {"points": 3.4}


def test_events_are_recorded_with_their_digest() -> None:
    loaded = policy.load(scorecard(TIERS), others=[VOCABULARY])

    decision = loaded.decide(order(tier="A"), as_of="2026-03-01", events=[{"id": "e1"}, {"id": "e2"}])

    assert decision.events is not None
    assert decision.events["ids"] == ["e1", "e2"]
    assert decision.events["digest"].startswith("sha256:")


@pytest.mark.parametrize(
    ("events", "code"),
    [([{}], "event-without-id"), (["e1"], "event-without-id"), ([{"id": "e"}, {"id": "e"}], "event-twice")],
)
def test_events_need_an_id_of_their_own(events: Any, code: str) -> None:
    loaded = policy.load(scorecard(TIERS), others=[VOCABULARY])

    with pytest.raises(policy.FactsError) as caught:
        loaded.decide(order(tier="A"), as_of="2026-03-01", events=events)

    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("as_of", ["", "yesterday", "2026-13-01", "2026-W01-1", "2026-03-01T09:00:00", 20260301, None])
def test_as_of_is_a_day_or_an_instant(as_of: Any) -> None:
    loaded = policy.load(scorecard(TIERS), others=[VOCABULARY])

    with pytest.raises(policy.AsOfError):
        loaded.decide(order(tier="A"), as_of=as_of)


def test_a_kind_that_would_fold_history_refuses_it_for_now() -> None:
    text = scorecard(
        "stages: [{id: lead, who: approver.id = order.id}]\nrules:\n  - {id: all, then: {stages: [lead]}}\n",
        policy="approval.test",
        outputs="{stages: {type: list, of: stages}}",
    )
    loaded = policy.load(text, others=[VOCABULARY])

    with pytest.raises(UnsupportedError):
        loaded.decide(order(), as_of="2026-03-01", events=[{"id": "e1"}])


def test_loading_names_every_mistake_and_loads_nothing_by_halves(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    folder = tmp_path / "scorecard"
    folder.mkdir()
    (folder / "test.yaml").write_text(scorecard(TIERS).replace("points: 9", "pionts: 9"), encoding="utf-8")

    with pytest.raises(policy.SourceError) as caught:
        policy.load_folder(tmp_path)

    assert "unknown-output" in {finding.code for finding in caught.value.findings}


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(policy.SourceError) as caught:
        policy.load_folder(tmp_path)

    assert [finding.code for finding in caught.value.findings] == ["folder-empty"]


def test_a_vocabulary_is_not_a_policy() -> None:
    with pytest.raises(policy.SourceError) as caught:
        policy.load(VOCABULARY)

    assert [finding.code for finding in caught.value.findings] == ["not-a-policy"]


def test_the_tests_of_a_policy_tell_every_difference() -> None:
    tests = """\
    tests:
      - {name: right, as_of: 2026-03-01, given: {order: {id: o, amount: 1}, customer: {tier: A}},
         expect: {outcome: {points: 9}}}
      - {name: wrong, as_of: 2026-03-01, given: {order: {id: o, amount: 1}, customer: {tier: B}},
         expect: {status: no_hit, hits: [top], outcome: {points: 1}, missing: [order.id]}}
    """
    loaded = policy.load(scorecard(dedent(TIERS) + dedent(tests)), others=[VOCABULARY])

    report = loaded.test()

    assert [result.passed for result in report.results] == [True, False]
    assert [each.path for each in report.results[1].differences] == ["status", "hits[0]", "outcome.points", "missing"]
    assert report.never_hit == ("big",)
