"""Explanations in words: rules by their reasons, parts of conditions by what they mean, values by their names."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from markupsafe import Markup

from policy.engine import Policies, load_folder
from policy.values import Language
from webadmin.wording.explanations import Words

POLICY = """\
policy: approval.told
title: {zh: 测试, en: Test}
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.net: {type: number, scale: 0, label: {zh: 净额, en: Net amount}}
  - order.prepaid: {type: boolean, label: {zh: 预付, en: Prepaid}}
  - order.kind:
      {type: string, one_of: [gift, sale], names: {gift: {zh: 礼品, en: present}}, label: {zh: 类别, en: Kind}}
  - credits: {type: list, default: []}
  - credits[].amount: {type: number, scale: 0, label: {zh: 金额, en: Amount}}
outputs: {stages: {type: list, of: stages, combine: union}}
hit_policy: collect
rules:
  - id: big
    when: order.net > 5 and not(order.prepaid) and not(order.net > 90 or order.kind = "gift")
    then: {stages: [lead]}
    because: {zh: 净额大, en: A large one}
  - {id: rest, when: {order.kind: gift}, then: {stages: []}}
stages: [{id: lead, label: {zh: 主管, en: team lead}, who: approver.role = "lead"}]
"""


def plain(said: Markup | str) -> str:
    return unescape(re.sub("<[^>]+>", "", str(said)))


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Policies:
    folder = tmp_path_factory.mktemp("told")
    (folder / "told.yaml").write_text(POLICY, "utf-8")
    return load_folder(folder)


def explained(policies: Policies, language: Language, **order: object) -> list[dict[str, object]]:
    policy = policies["approval.told"]
    facts = {"order": {"id": "o", "net": 9, "prepaid": False, "kind": "sale", **order}}
    decision = policy.decide(facts, as_of="2026-03-01", explain=True)
    assert decision.explanation is not None
    words = Words(policy, language)
    return [words.rule(each) for each in decision.explanation.to_data(language)["rules"]]


@pytest.mark.parametrize(
    ("language", "parts", "reason"),
    [
        (
            Language.EN,
            ["Net amount is above 5", "Prepaid is “no”", "Net amount is at most 90", "Kind is not present"],
            "“A large one” does not hit: [Prepaid is “no”] is false, Prepaid = yes",
        ),
        (
            Language.ZH,
            ["净额 > 5", "预付为“否”", "净额 ≤ 90", "类别不为礼品"],
            "“净额大”未命中：「预付为“否”」不成立，预付 = 是",
        ),
    ],
)
def test_each_part_is_told_in_words_and_the_deciding_one_in_the_reason(
    policies: Policies, language: Language, parts: list[str], reason: str
) -> None:
    big, rest = explained(policies, language, prepaid=True)

    assert [plain(each["said"]) for each in big["parts"]] == parts  # type: ignore[attr-defined]
    assert [each["decides"] for each in big["parts"]] == [False, True, False, False]  # type: ignore[attr-defined]
    assert re.sub(r"\s", "", str(big["reason"])) == re.sub(r"\s", "", reason)
    assert "order.kind" not in str(rest["reason"])


def test_what_is_missing_and_who_is_meant_have_their_labels(policies: Policies) -> None:
    words = Words(policies["approval.told"], Language.ZH)

    assert words.sentence("缺少 `order.net`、`credits[2].amount`、`nobody.knows`") == (
        "缺少净额、金额 `credits[2].amount`、`nobody.knows`"
    )
    assert plain(words.stage("lead")) == "approver.role 为 lead"


def test_every_rule_of_what_ships_is_told(rules: Path) -> None:
    """Parts and their words are counted the same way, whatever a condition is made of."""
    told = 0
    for policy in load_folder(rules).values():
        words = Words(policy, Language.EN)
        for case in policy.rule_set.cases:
            facts = policy.reader.plain(case.given)
            decision = policy.decide(facts, as_of=case.as_of, events=case.events, explain=True)
            assert decision.explanation is not None
            for why in decision.explanation.to_data(Language.EN)["rules"]:
                said = words.rule(why)
                told += len(said["parts"])
                assert all(each["said"] for each in said["parts"])
                assert sum(each["decides"] for each in said["parts"]) == (why["decisive"] is not None)
    assert told > 1000
