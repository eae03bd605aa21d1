"""The page on which a policy is read through."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today

POLICIES = (
    "approval.order",
    "approval.special-terms",
    "assignment.new-customer",
    "assignment.reclaim",
    "incentive.quarterly",
    "scorecard.customer-value",
    "scorecard.manager-performance",
)


def read(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", answer.text)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_rule_of_what_ships_can_be_read(client: FlaskClient, policy: str, language: str, app: Flask) -> None:
    said = client.get(f"/policies/{policy}/read", headers={"Accept-Language": language}).text
    with app.extensions["record"].engine.connect() as connection:
        rules = app.extensions["record"].catalogue.policies(connection, today(clock()))[policy].rule_set.rules

    assert [each.id for each in rules if f'id="rule-{each.id}"' not in said] == []


def test_a_rule_is_a_sentence_in_either_language(client: FlaskClient) -> None:
    english = read(client, "/policies/approval.order/read")
    chinese = read(client, "/policies/approval.order/read", "zh")

    assert "When Discount is above 20% and Customer tier is one of B, C → Stages: team lead, sales director" in english
    assert "当 折扣率 > 20% 且客户等级为 B、C 之一 → 审批环节：销售主管、销售总监" in chinese
    assert "Every rule that hits counts, and their outcomes are put together." in english
    assert "Nobody approves what they asked for." in english


def test_what_is_a_share_of_something_is_read_as_per_cent(client: FlaskClient) -> None:
    pay = read(client, "/policies/incentive.quarterly/read", "zh")
    value = read(client, "/policies/scorecard.customer-value/read", "zh")

    for said in ("达成度自 80% 起：费率 3%", "达成度 ≥ 120% 时给予", "团队达成率 ≥ 100%"):
        assert said in pay, said
    for said in ("同比增长率 ≤ -20%", "毛利率 ≥ 30%"):
        assert said in value, said


@pytest.mark.parametrize(
    ("policy", "language", "said"),
    [
        ("approval.order", "en", "within 1 day (checked, not carried out yet)"),
        ("approval.order", "zh", "（已检查，目前还不会执行）"),
        ("incentive.quarterly", "en", "(checked, not carried out yet)"),
        ("assignment.new-customer", "zh", "（已检查，目前还不会执行）"),
    ],
)
def test_what_is_not_carried_out_yet_is_not_told_as_a_fact(
    client: FlaskClient, policy: str, language: str, said: str
) -> None:
    assert said in read(client, f"/policies/{policy}/read", language)


def test_a_draft_shows_what_it_changes(make_app: MakeApp, rules: Path) -> None:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(app)
    client.post("/drafts/approval.order/begin")
    text = (rules / "approval" / "order.yaml").read_text("utf-8")
    changed = text.replace("order.net_cny >= 2000000", "order.net_cny >= 3000000")
    changed = re.sub(r"\{order.net_cny: \">= 2000000\"\}", '{order.net_cny: ">= 3000000"}', changed)
    assert changed != text
    client.post("/drafts/approval.order/text", data={"text": changed, "since": "1"})

    page = read(client, "/policies/approval.order/read?of=draft")

    assert page.count("changed in this draft") == 1
    assert "is at least 3,000,000" in page
    assert "changed in this draft" not in read(client, "/policies/approval.order/read")


def test_a_text_that_does_not_load_is_shown_as_text(make_app: MakeApp, rules: Path) -> None:
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(app)
    client.post("/drafts/approval.order/begin")
    client.post("/drafts/approval.order/text", data={"text": "policy: approval.order\nrules: [", "since": "1"})

    answer = client.get("/policies/approval.order/read?of=draft")

    assert answer.status_code == 302
    assert "/policies/approval.order/text" in answer.location
