"""What candidates lack, in words: what holds instead of what a row asks, with the values seen."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from policy.engine import Policy, load_folder
from policy.model.document import FieldClass
from policy.runtime.explain import DecisionExplanation
from policy.values import Language
from tests.webadmin.wording.test_speech import plain
from webadmin.wording.lacking import Lack, Lacking

CUSTOMER = {
    "id": "n1", "region": "Shanghai", "industry": "retail", "expected_revenue": 40000, "needs": ["cloud", "security"]
}  # fmt: skip
FIT = {
    "id": "am-1", "active": True, "absent": False, "region": "Shanghai", "regions": ["Shanghai"], "level": 2,
    "hired_on": "2019-01-01", "capacity": 30, "load": 0, "skills": ["cloud", "security"],
}  # fmt: skip

LACKS: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"load": 29.5},
        "room",
        "当前负荷 29.5 + 占用承载量 6 = 35.5，至多可承载量 30",
        "Present load 29.5 + Load it brings 6 = 35.5, at most Capacity 30",
    ),
    ({"level": 4}, "level", "职级 4，至少所需最低职级 5", "Level 4, at least Least level needed 5"),
    ({"regions": ["Lhasa"]}, "region", "缺：上海", "missing: Shanghai"),
    ({"skills": ["cloud"]}, "skills", "缺：信息安全", "missing: security"),
    ({"absent": True}, "present", "是否缺勤为“是”", "Absent is “yes”"),
    (
        {"hired_on": "2025-12-01"},
        "settled-in",
        "新人可承接为“否”且入职日期晚于裁定当日 - 6 个月",
        "Open to newcomers is “no” and Date of hire is after the day of the decision - 6 months",
    ),
]


@pytest.fixture(scope="module")
def policy(rules: Path) -> Policy:
    return load_folder(rules)["assignment.new-customer"]


def lacks(
    policy: Policy, manager: dict[str, Any], language: Language, classes: frozenset[FieldClass] = frozenset(FieldClass)
) -> dict[str, Lack]:
    """Return what one candidate lacks for a customer that is not for newcomers, by row."""
    facts = {"customer": {**CUSTOMER, "strategic": True}, "managers": [{**FIT, "level": 5, **manager}]}
    made = policy.decide(facts, as_of="2026-03-02", explain=True)
    assert isinstance(made.explanation, DecisionExplanation)
    barred = made.explanation.barred(language, classes)
    return {each.row: each for each in Lacking(policy, language).lacks(barred.get("am-1", ()))}


@pytest.mark.parametrize("row", LACKS, ids=[each[1] for each in LACKS])
def test_what_holds_instead_is_said(row: tuple[dict[str, Any], str, str, str], policy: Policy) -> None:
    manager, name, *expected = row
    for language, said in zip((Language.ZH, Language.EN), expected, strict=True):
        found = lacks(policy, manager, language)
        assert list(found) == [name]
        assert found[name].is_known
        assert plain(found[name].said or Markup()) == said


def test_the_values_seen_are_told_by_their_names(policy: Policy) -> None:
    seen = dict(lacks(policy, {"hired_on": "2025-12-01"}, Language.EN)["settled-in"].seen)

    assert seen == {"Date of hire": "December 1, 2025"}, "that newcomers may not is said already"


def test_what_may_not_be_seen_is_not_told_as_what_is_short(rules: Path, tmp_path: Path) -> None:
    shutil.copytree(rules, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "assignment" / "new-customer.yaml"
    text = file.read_text("utf-8")
    for name in ("skills", "load"):
        default = "[]" if name == "skills" else "0"
        closed = f"- managers[].{name}: {{default: {default}, class: personal}}"
        text = text.replace(f"- managers[].{name}: {{default: {default}}}", closed)
    file.write_text(text, "utf-8")
    closed_to = frozenset({FieldClass.OPEN})

    found = lacks(load_folder(tmp_path)["assignment.new-customer"], {"skills": [], "load": 30}, Language.EN, closed_to)

    assert plain(found["skills"].said or Markup()).startswith("for at least one of")
    assert plain(found["room"].said or Markup()) == "Present load + Load it brings is above Capacity"
    assert dict(found["room"].seen)["Present load"] == "(hidden)"


def test_what_is_not_known_is_told_as_what_is_asked(rules: Path, tmp_path: Path) -> None:
    shutil.copytree(rules, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "assignment" / "new-customer.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("- managers[].level\n", "- managers[].level: {optional: true}\n"), "utf-8")
    open_ = load_folder(tmp_path)["assignment.new-customer"]

    found = lacks(open_, {"level": None}, Language.EN)["level"]

    assert not found.is_known
    assert plain(found.said or Markup()) == "Level is at least Least level needed"
