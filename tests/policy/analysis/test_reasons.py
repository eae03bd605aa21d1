"""A reason that names a number its rule does not have is doubted, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy.engine import NamedText, documents_in, prepare
from policy.errors import Finding
from policy.values import Language

RULES = Path(__file__).parents[3] / "rules"
RECLAIM = RULES / "assignment" / "reclaim.yaml"

POLICY = """\
policy: approval.told
title: Told
subject: {{id: order.id}}
inputs:
  - order.id: {{type: string}}
  - requester.id: {{type: string}}
  - order.net: {{type: number, unit: CNY, scale: 2, default: 0}}
  - order.discount: {{type: number, scale: 4, min: 0, max: 1, default: 0}}
  - customer.idle_days: {{type: number, scale: 0, default: 0}}
  - customer.visits: {{type: number, scale: 0, default: 0, label: {{zh: 近30天拜访次数, en: Visits within 30 days}}}}
  - customer.since: {{type: date, optional: true}}
derived: {{order.large: order.net > 500000}}
outputs:
  stages: {{type: list, of: stages, combine: union, default: []}}
  points: {{type: number, scale: 2, combine: sum, default: 0}}
hit_policy: collect
rules:
  - id: told
    when: {when}
    then: {then}
    because: {because}
stages:
  - {{id: lead, who: 'approver.role = "lead"', label: {{zh: 主管, en: lead}}, within: P2D}}
  - {{id: finance, who: 'approver.role = "finance"', need: 3}}
"""


def doubted(when: str, because: str, then: str = "{stages: [lead]}") -> list[Finding]:
    """Return what is said of the reason of a rule."""
    prepared = prepare([POLICY.format(when=when, because=because, then=then)])
    assert prepared.is_sound, [each.text(Language.EN) for each in prepared.findings]
    return [each for each in prepared.findings if each.code == "reason-number"]


def test_a_shipped_rule_whose_threshold_alone_was_changed_is_doubted_at_its_reason() -> None:
    text = RECLAIM.read_text(encoding="utf-8")
    changed = text.replace(
        'customer.tier: C, customer.idle_days: "> 60"', 'customer.tier: C, customer.idle_days: "> 45"'
    )
    others = [each for each in documents_in([RULES]) if each != RECLAIM]

    prepared = prepare([*others, NamedText("reclaim.yaml", changed)])

    (told,) = [each for each in prepared.findings if each.code == "reason-number"]
    line = changed.split("\n")[told.place.line - 1]
    assert line[told.place.column - 1 :].startswith('because: {zh: "C级客户')
    assert told.text(Language.ZH).startswith("`idle-c` 的理由写着 `60天`，规则中却没有这个数（其中的数为 `45`）")
    assert "says `60`, which stands nowhere in the rule (its numbers are `45`)" in told.text(Language.EN)
    assert "`{customer.idle_days}`" in told.text(Language.EN)


def test_no_shipped_reason_is_doubted() -> None:
    assert [str(each.place) for each in prepare(documents_in([RULES])).findings if each.code == "reason-number"] == []


@pytest.mark.parametrize(
    ("when", "because"),
    [
        ('{order.discount: "> 0.08"}', "折扣超过8%"),
        ('{order.discount: "> 0.2"}', "折扣超过两成"),
        ('{order.discount: "> 0.2"}', "折扣超过百分之二十"),
        ('{order.discount: "> 0.2"}', "a discount above 20 per cent"),
        ('{order.discount: "[0.03..0.1]"}', "between 3 and 10%"),
        ('{order.net: "> 20000"}', "超过2万元"),
        ('{order.net: "> 1200000"}', "超过一百二十万元"),
        ('{order.net: "> 300000000"}', "超过3亿"),
        ('{order.net: "> 1000000"}', '"more than 1,000,000"'),
        ('{order.net: "[2000000..5000000]"}', "between 2 and 5 million"),
        ('{customer.idle_days: "> 60"}', "超过六十天"),
        ('{customer.idle_days: "> 60"}', "more than sixty days"),
        ('{customer.idle_days: "> 180"}', "超过半年"),
        ('{customer.idle_days: "> 90"}', "三个月没有跟进"),
        ('customer.since < today() - duration("P90D")', "超过九十天"),
        ('customer.since < today() - duration("P6M")', "合作满半年"),
        ('customer.since < today() - @"P1Y"', "合作满一年，即12个月"),
        ('{customer.visits: "< 2"}', "近30天拜访少于2次"),
        ("order.large", "超过50万元"),
        ('{order.net: "> 100"}', "主管须在2天内处理，超过100元"),
        ('{order.net: "> 100"}', "按第3章第五条、2025年3月1日的制度（ISO 9001）统一处理，一对一、十佳"),
        ('{order.net: "> 100"}', '"净额 {order.net}，2026-03-01 起，article 4 of the control, 24/7"'),
    ],
)
def test_a_number_that_the_rule_has_in_another_form_is_not_doubted(when: str, because: str) -> None:
    assert [each.text(Language.ZH) for each in doubted(when, because)] == []


@pytest.mark.parametrize(
    ("when", "because", "number"),
    [
        ('{customer.idle_days: "> 45"}', "超过60天", "60天"),
        ('{customer.idle_days: "> 45"}', "超过六十天", "60天"),
        ('{customer.idle_days: "> 45"}', "more than sixty days", "60 days"),
        ('{customer.idle_days: "> 45"}', "超过半年", "半年"),
        ('{order.discount: "> 0.08"}', "折扣超过5%", "5%"),
        ('{order.discount: "> 0.08"}', "折扣超过两成", "20%"),
        ('{order.net: "> 20000"}', "超过3万元", "3万元"),
        ('{order.net: "> 500"}', '"above 1,000"', "1,000"),
        ('{order.net: "> 500"}', "{zh: 超过500元, en: above 400}", "400"),
        ('customer.since < today() - duration("P90D")', "超过六十天", "60天"),
    ],
)
def test_a_number_that_the_rule_does_not_have_is_doubted(when: str, because: str, number: str) -> None:
    (told,) = doubted(when, because)

    assert f"`{number}`" in told.text(Language.ZH)
    assert f"`{number}`" in told.text(Language.EN)


def test_what_a_rule_gives_and_how_many_it_gives_may_be_named() -> None:
    assert doubted("order.net > 0", "两级审批，财务须3人", "{stages: [lead, finance]}") == []
    assert doubted("order.net > 0", "记八成", "{stages: [lead], points: 0.8}") == []
    assert len(doubted("order.net > 0", "记七成", "{stages: [lead], points: 0.8}")) == 1


def test_the_numbers_of_a_share_are_told_as_per_cent() -> None:
    (told,) = doubted('{order.discount: "> 0.08"}', "折扣超过5%")

    assert "其中的数为 `8%`" in told.text(Language.ZH)


def test_a_rule_may_name_what_rules_before_it_or_of_the_same_outcome_test() -> None:
    other = "  - {id: other, when: {customer.idle_days: '> 45'}, then: {stages: [lead]}}\n"
    before = POLICY.replace("rules:\n", "rules:\n" + other.replace("{", "{{").replace("}", "}}"))

    def codes(when: str, then: str, policy: str) -> list[str]:
        text = policy.format(when=when, because="like whoever is silent for more than 45 days", then=then)
        return re.findall("reason-number", " ".join(each.code for each in prepare([text]).findings))

    alike = codes('{order.net: "> 9"}', "{stages: [lead]}", before)
    by_order = before.replace("collect", "first").replace(", combine: union", "").replace(", combine: sum", "")
    first = codes('{customer.idle_days: "> 9"}', "{points: 3}", by_order)
    neither = codes('{order.net: "> 9"}', "{points: 3}", before)
    assert (alike, first, neither) == ([], [], ["reason-number"])
