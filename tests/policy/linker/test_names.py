"""What people call values and rows of sections."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.engine import Policy, check
from policy.values import Language

POLICY = """\
policy: approval.named
title: {zh: 测试, en: Test}
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.kind: {type: string, one_of: [gift, loan], names: {NAMES}}
outputs: {stages: {type: list, of: stages, combine: union}}
hit_policy: collect
rules:
  - id: one
    when: {order.kind: gift}
    then: {stages: [lead]}
    because: {zh: "类别为{order.kind}", en: "a {order.kind}"}
stages: [{id: lead, label: {zh: 主管, en: team lead}, who: true}]
"""


def checked(tmp_path: Path, names: str) -> tuple[list[str], Policy | None]:
    file = tmp_path / "named.yaml"
    file.write_text(POLICY.replace("NAMES", names), "utf-8")
    prepared = check([file])
    found = next(iter(prepared.policies.values()), None)
    return [each.code for each in prepared.findings if each.grade == "error"], found


@pytest.mark.parametrize(
    ("language", "answer", "because"),
    [(Language.ZH, "须经一项审批：主管", "类别为礼品"), (Language.EN, "needs one approval: team lead", "a present")],
)
def test_explanations_say_names(tmp_path: Path, language: Language, answer: str, because: str) -> None:
    codes, policy = checked(tmp_path, "gift: {zh: 礼品, en: present}")
    assert codes == []
    assert policy is not None

    decision = policy.decide({"order": {"id": "o", "kind": "gift"}}, as_of="2026-03-01", explain=True)
    assert decision.explanation is not None
    said = decision.explanation.to_data(language)

    assert (said["answer"], said["because"]) == (answer, [because])
    assert decision.outcome == {"stages": ["lead"]}  # names change what is said, never what is decided


def test_a_name_of_no_value_is_an_error(tmp_path: Path) -> None:
    codes, _ = checked(tmp_path, "gifts: {zh: 礼品, en: present}")

    assert codes == ["name-of-no-value"]
