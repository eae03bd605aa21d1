"""What stands behind the rows of a result, in the shipped policies: conditions, values seen, reasons."""

from __future__ import annotations

from pathlib import Path

import policy
from policy.values import Language

POLICIES = policy.load_folder(Path(__file__).resolve().parents[3] / "rules")


def texts(name: str, language: Language = Language.EN) -> str:
    """Return the explanations of every test of a shipped policy, one after the other."""
    loaded = POLICIES[name]
    found = []
    for case in loaded.rule_set.cases:
        decision = loaded.decide(loaded.reader.plain(case.given), as_of=case.as_of, explain=True)
        assert decision.explanation is not None
        found.append(decision.explanation.to_text(language))
    return "\n".join(found)


def test_who_is_passed_over_is_told_the_condition_and_the_value() -> None:
    assert "am-2 is excluded by `level`: `manager.level >= need_level`" in texts("assignment.new-customer")


def test_who_may_not_approve_is_told_why() -> None:
    text = texts("approval.order")

    assert "may not act, by being who asks" in text
    assert "may not act, by `who`: `approver.role" in text


def test_only_the_reasons_of_the_outcome_stand_beneath_it() -> None:
    loaded = POLICIES["assignment.reclaim"]
    for case in loaded.rule_set.cases:
        decision = loaded.decide(loaded.reader.plain(case.given), as_of=case.as_of, explain=True)
        if isinstance(decision.outcome, dict) and decision.outcome["action"] != "keep":
            assert decision.explanation is not None
            assert "没有回收事由" not in "\n".join(decision.explanation.to_data(Language.ZH)["because"])


def test_a_rule_that_adds_nothing_is_no_reason() -> None:
    loaded = POLICIES["approval.order"]
    facts = {
        "order": {"id": "o", "amount": 600000},
        "customer": {"id": "c", "tier": "B"},
        "requester": {"id": "r", "team": "t"},
    }
    explanation = loaded.decide(facts, as_of="2026-03-01", explain=True).explanation

    assert explanation is not None
    data = explanation.to_data(Language.EN)
    assert [reason for reason in data["because"] if "authority" in reason] == []
    assert "`list-price` fits too" in explanation.to_text(Language.EN)


def test_what_needs_no_approval_has_its_reason() -> None:
    loaded = POLICIES["approval.order"]
    facts = {
        "order": {"id": "o", "amount": 600},
        "customer": {"id": "c", "tier": "B"},
        "requester": {"id": "r", "team": "t"},
    }
    explanation = loaded.decide(facts, as_of="2026-03-01", explain=True).explanation

    assert explanation is not None
    assert explanation.to_data(Language.EN)["because"] != []


def test_a_reason_names_the_credits_it_is_about() -> None:
    assert "(item 1, item 2)" in texts("incentive.quarterly")


def test_what_a_measure_needs_stands_beneath_it() -> None:
    text = texts("penalty.order-diversion")

    assert "points for 12 months; still needs" in text
    assert "proposes" in text
    assert "尚需" in texts("penalty.order-diversion", Language.ZH)
