"""Mistakes in patterns and in types of events: each found at its place, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.engine import Prepared, prepare
from policy.errors import Grade
from policy.messages import patterns
from policy.model.document import FieldClass
from policy.values import Language
from tests.histories import CASES, loaded

PROBLEMS: list[dict[str, Any]] = yaml.safe_load((CASES / "problems.yaml").read_text("utf-8"))
BOTH, WORDS = ((CASES / f"{name}.yaml").read_text("utf-8") for name in ("both", "vocabulary"))


def changed(case: dict[str, Any]) -> Prepared:
    texts = []
    for text, change in ((BOTH, case.get("swap")), (WORDS, case.get("words"))):
        assert change is None or change[0] in text
        texts.append(text if change is None else text.replace(*change, 1))
    return prepare(texts)


@pytest.mark.parametrize("case", PROBLEMS, ids=lambda case: case["name"])
def test_a_mistake_is_found_at_its_place(case: dict[str, Any]) -> None:
    got = changed(case)

    assert [[each.code, each.place.line, each.place.column] for each in got.findings] == case["expect"]
    said = "\n".join(each.text(language) for each in got.findings for language in Language)
    assert [phrase for phrase in case.get("says", ()) if phrase not in said] == []
    assert got.is_sound == all(each.grade is Grade.NOTE for each in got.findings)


def test_every_sentence_about_patterns_is_seen_in_a_case() -> None:
    seen = {code for case in PROBLEMS for code, _, _ in case["expect"]}
    told = {code for code in patterns.MESSAGES if not code.startswith("says-")}
    of_events = {"event-empty", "too-many-events", "too-many-matches", "fact-unfit"}

    assert told - seen - of_events == {"patterns-without-events"}


def test_without_types_of_events_patterns_are_read_and_not_looked_for() -> None:
    got = prepare([BOTH])

    assert [each.code for each in got.findings] == ["patterns-without-events"]
    assert got.policies["penalty.both"].patterns == ()
    assert dict(got.policies.events) == {}


def test_a_sound_pattern_is_resolved() -> None:
    first, *others = (each.pattern for each in loaded()["penalty.both"].patterns)

    assert (first.name, first.severity, first.key) == ("penalty.both/diverted", "act", "customer.id")
    assert [(each.alias, each.type.name, each.within) for each in first.steps] == [
        ("l", "lost", None),
        ("s", "sold", 30),
    ]
    assert first.without is not None
    assert (first.without.alias, first.without.where is None, first.at_least) == ("moved", False, None)
    assert [(each.id, each.at_least) for each in others if each.at_least] == [("thrice", 3), ("twice", 2), ("once", 1)]


def test_the_shipped_policy_checks_clean(rules: Path) -> None:
    from policy import load_folder  # noqa: PLC0415 - as a caller does

    loaded = load_folder(rules)

    found = loaded["penalty.order-diversion"].findings
    assert [each.code for each in found] == ["without-consultation"]
    assert [each.pattern.id for each in loaded["penalty.order-diversion"].patterns] == [
        "lost-then-sold-elsewhere",
        "three-losses",
        "contacts-exported-before-loss",
    ]


def test_the_shipped_vocabulary_declares_types_with_their_classes(rules: Path) -> None:
    from policy import load_folder  # noqa: PLC0415 - as a caller does

    events = load_folder(rules).events

    assert set(events) == {
        "case_opened",
        "contested",
        "contest_answered",
        "customer_lost",
        "competitor_sale",
        "transfer",
        "contacts_exported",
        "contact",
        "complaint",
        "refund",
        "report_received",
        "person_changed",
        "customer_changed",
        "team_changed",
        "deal_changed",
    }
    reporter = events["report_received"].field("reporter")
    assert reporter is not None
    assert reporter.class_ is FieldClass.IDENTITY
    manager = events["customer_lost"].field("manager.id")
    assert manager is not None
    assert (manager.class_, manager.vocabulary) == (FieldClass.PERSONAL, True)
    assert (events["transfer"].label.zh, events["transfer"].label.en) == ("客户转移", "Customer handed over")
