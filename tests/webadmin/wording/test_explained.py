"""Reasons on pages: whatever decided a rule stands there in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from policy.engine import Policy, load_folder
from policy.runtime.explain import DecisionExplanation
from policy.values import Language
from tests.webadmin.wording.test_speech import plain, policy_of
from webadmin.wording.explained import leaves, reasoned
from webadmin.wording.leaves import Leaves

ORDER: dict[str, Any] = {
    "order": {
        "id": "o-1", "amount": 10, "discount": 0.5, "count": 1, "tier": "B", "prepaid": False, "tags": [], "lines": [],
    },
}  # fmt: skip


def rules_of(policy: Policy, facts: Any, as_of: str, language: Language, events: Any = ()) -> Iterator[dict[str, Any]]:
    made = policy.decide(facts, as_of=as_of, events=events, explain=True)
    assert isinstance(made.explanation, DecisionExplanation)
    yield from made.explanation.to_data(language)["rules"]


def of_one(when: str, folder: Path, language: Language) -> tuple[Policy, dict[str, Any]]:
    policy = policy_of(when, folder)
    (rule,) = rules_of(policy, ORDER, "2026-03-01", language)
    return policy, rule


@pytest.mark.parametrize("language", Language)
def test_every_part_of_the_shipped_policies_is_said(rules: Path, language: Language) -> None:
    seen = 0
    for policy in load_folder(rules).values():
        said_by = Leaves(policy.rule_set, language)
        for case in policy.rule_set.cases[:6]:
            facts = policy.reader.plain(case.given)
            for rule in rules_of(policy, facts, str(case.as_of), language, case.events):
                for part in rule["parts"]:
                    said = said_by.said(rule["id"], part["text"])
                    assert said, (policy.id, rule["id"], part["text"])
                    assert "<a " not in said  # leads nowhere on these pages
                    seen += 1
                if rule["decisive"]:
                    told = reasoned(rule, said_by)
                    assert f"<code>{Markup.escape(rule['decisive']['text'])}</code>" not in told
                    assert 'class="in-words"' in told
    assert seen > 500


TOLD = [
    (
        "order.amount >= 20 and order.prepaid",
        "one 未命中：金额 ≥ 20 CNY 不成立，金额 = 10",
        "one does not hit: Amount is at least 20 CNY is false, Amount = 10",
    ),
    (
        'not(order.tier = "B") or order.amount > 20',
        "one 未命中：等级 不为 B 不成立，等级 = B",
        "one does not hit: Tier is not B is false, Tier = B",
    ),
    (
        "{order.discount: '> 0.6'}",
        "one 未命中：折扣 > 60% 不成立，折扣 = 50%",
        "one does not hit: Discount is above 60 % is false, Discount = 50 %",
    ),
    (
        'order.due > date("2026-01-01")',
        "one 未知：缺少 order.due，无法判断 到期日 晚于 2026年1月1日",
        "one is unknown: Due date is after 1 January 2026 cannot be told without order.due",
    ),
    ("false", "one 未命中：否 不成立", "one does not hit: no is false"),
]


@pytest.mark.parametrize(("when", "zh", "en"), TOLD, ids=[each[0] for each in TOLD])
def test_a_reason_is_told(when: str, zh: str, en: str, tmp_path: Path) -> None:
    written = when if when.startswith("{") else f"'{when}'"
    for language, expected in zip((Language.ZH, Language.EN), (zh, en), strict=True):
        policy, rule = of_one(written, tmp_path, language)
        assert plain(reasoned(rule, Leaves(policy.rule_set, language))) == expected


def test_a_rule_that_is_called_like_its_condition_keeps_its_name(tmp_path: Path) -> None:
    policy, rule = of_one("order.prepaid", tmp_path, Language.EN)
    rule = {**rule, "id": "one", "reason": rule["reason"].replace("`one`", "`order.prepaid`")}

    told = reasoned(rule, Leaves(policy.rule_set, Language.EN))

    assert told.startswith("<code>order.prepaid</code> ")
    assert told.count("<code>") == 1


def test_what_it_is_written_like_stays_text(tmp_path: Path) -> None:
    policy, rule = of_one("'order.id = \"<script>`\"'", tmp_path, Language.EN)

    told = reasoned(rule, Leaves(policy.rule_set, Language.EN))

    assert "<script" not in told
    assert not re.search("<(?!/?(code|span|em|b)\\b)", told)


def test_one_request_says_a_policy_once(app: Flask, rules: Path) -> None:
    policy = load_folder(rules)["approval.order"]

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert leaves(policy) is leaves(policy)
