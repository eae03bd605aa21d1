"""Expressions in words: what is said is what is meant, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random

import pytest
from markupsafe import Markup

from policy.engine import Policy, check, load_folder
from policy.feel import parse
from policy.feel.checker import check as checked
from policy.model.ruleset import Part
from policy.values import Language
from tests.reference.expressions import NAMES, SCOPE, Writer
from webadmin.wording.phrases import closed_up
from webadmin.wording.sections import told
from webadmin.wording.speech import Speech

POLICY = """\
policy: approval.test
title: {zh: 测试, en: Test}
subject: {id: order.id}
inputs:
  - order.id: {type: string, label: {zh: 订单号, en: Order}}
  - order.amount: {type: number, unit: CNY, scale: 2, label: {zh: 金额, en: Amount}}
  - order.discount: {type: number, scale: 4, min: 0, max: 1, label: {zh: 折扣, en: Discount}}
  - order.count: {type: number, scale: 0, label: {zh: 件数, en: Pieces}}
  - order.tier: {type: string, one_of: [A, B, C], label: {zh: 等级, en: Tier}}
  - order.prepaid: {type: boolean, label: {zh: 预付, en: Prepaid}}
  - order.due: {type: date, optional: true, label: {zh: 到期日, en: Due date}}
  - order.tags: {type: list, of: string, default: [], label: {zh: 标签, en: Tags}}
  - order.lines: {type: list, default: []}
  - order.lines[].price: {type: number, unit: CNY, scale: 2, label: {zh: 单价, en: Price}}
outputs: {stages: {type: list, of: stages, combine: union}}
hit_policy: collect
rules:
  - {id: one, when: WHEN, then: {stages: [lead]}}
stages: [{id: lead, who: true}]
"""


def policy_of(when: str, tmp_path: Path) -> Policy:
    file = tmp_path / "test.yaml"
    file.write_text(POLICY.replace("WHEN", when), "utf-8")
    prepared = check([file])
    assert prepared.is_sound, [each.text(Language.EN) for each in prepared.findings]
    (found,) = prepared.policies.values()
    return found


def plain(said: Markup) -> str:
    return unescape(re.sub("<[^>]+>", "", str(said)))


SAID = [
    ("order.amount >= 500000", "金额 ≥ 500,000 CNY", "Amount is at least 500,000 CNY"),
    ("order.amount > 500000", "金额 > 500,000 CNY", "Amount is above 500,000 CNY"),
    ("500000 < order.amount", "金额 > 500,000 CNY", "Amount is above 500,000 CNY"),
    ("order.discount < 0.05", "折扣 < 5%", "Discount is below 5%"),
    ("order.count = 3", "件数 = 3", "Pieces is 3"),
    ('order.tier = "A"', "等级为 A", "Tier is A"),
    ('order.tier != "A"', "等级不为 A", "Tier is not A"),
    ('order.tier in ("A", "B")', "等级为 A、B 之一", "Tier is one of A, B"),
    ("{order.tier: [A, B]}", "等级为 A、B 之一", "Tier is one of A, B"),
    ('{order.tier: \'not("A", "B")\'}', "等级不为 A、B 中任何一个", "Tier is none of A, B"),
    ("order.prepaid", "预付为“是”", "Prepaid is “yes”"),
    ("not(order.prepaid)", "预付为“否”", "Prepaid is “no”"),
    ("order.prepaid != true", "预付为“否”", "Prepaid is “no”"),
    ("order.due = null", "到期日缺失", "Due date is missing"),
    ("order.due != null", "到期日已填", "Due date is given"),
    ('order.due < date("2026-03-01")', "到期日早于 2026年3月1日", "Due date is before March 1, 2026"),
    ("order.due >= today()", "到期日不早于裁定当日", "Due date is not before the day of the decision"),
    (
        'order.due > today() - duration("P30D")',
        "到期日晚于裁定当日 - 30 天",
        "Due date is after the day of the decision - 30 days",
    ),
    (
        "(today() - order.due).days > 30",
        "（裁定当日 - 到期日）的天数 > 30",
        "the days of (the day of the decision - Due date) is above 30",
    ),
    ("order.due.weekday = 1", "到期日的星期几（1 至 7）= 1", "the weekday, 1 to 7, of Due date is 1"),
    (
        "order.count between 1 and 5",
        "件数在 1 与 5 之间（含两端）",
        "Pieces is between 1 and 5, both included",
    ),
    (
        "{order.count: '[1..5)'}",
        "件数在 1（含）与 5（不含）之间",
        "Pieces is between 1 (included) and 5 (not included)",
    ),
    ("{order.count: '< 1, > 5'}", "件数 < 1 或件数 > 5", "Pieces is below 1 or Pieces is above 5"),
    (
        "order.prepaid and (order.count > 1 or order.count < 0)",
        "预付为“是”且（件数 > 1 或件数 < 0）",
        "Prepaid is “yes” and (Pieces is above 1 or Pieces is below 0)",
    ),
    (
        "order.prepaid and order.count > 1 or order.count < 0",
        "（预付为“是”且件数 > 1）或件数 < 0",
        "(Prepaid is “yes” and Pieces is above 1) or Pieces is below 0",
    ),
    (
        "not(order.prepaid or order.count > 1)",
        "并非：（预付为“是”或件数 > 1）",
        "not: (Prepaid is “yes” or Pieces is above 1)",
    ),
    ('not(list contains(order.tags, "vip"))', "标签中没有 vip", "Tags does not have vip in it"),
    ("not(order.amount <= 20)", "金额 > 20 CNY", "Amount is above 20 CNY"),
    ("not(order.due = null)", "到期日已填", "Due date is given"),
    (
        "not(every line in order.lines satisfies line.price > 9)",
        "order.lines 中至少一项：单价 ≤ 9 CNY",
        "for at least one of order.lines: Price is at most 9 CNY",
    ),
    (
        'not(some tag in order.tags satisfies starts with(tag, "a"))',
        "标签中每一项：该项不以 a 开头",
        "for every one of Tags: the item does not start with a",
    ),
    (
        "order.amount * (1 - order.discount) > 100",
        "金额 ×（1 - 折扣）> 100",
        "Amount × (1 - Discount) is above 100",
    ),
    (
        "order.count - (1 - 2) > 0",
        "件数 -（1 - 2）> 0",
        "Pieces - (1 - 2) is above 0",
    ),
    ('list contains(order.tags, "vip")', "标签中有 vip", "Tags has vip in it"),
    (
        "some line in order.lines satisfies line.price > 9",
        "order.lines 中至少一项：单价 > 9 CNY",
        "for at least one of order.lines: Price is above 9 CNY",
    ),
    (
        "every line in order.lines satisfies line.price > 9",
        "order.lines 中每一项：单价 > 9 CNY",
        "for every one of order.lines: Price is above 9 CNY",
    ),
    ("sum(order.lines.price) > 9", "（单价之和）> 9", "(the sum of Price) is above 9"),
    (
        "(if order.prepaid then 1 else 2) = order.count",
        "（若预付为“是”，则 1，否则 2）= 件数",
        "(1 if Prepaid is “yes”, otherwise 2) is Pieces",
    ),
]


@pytest.mark.parametrize(("written", "zh", "en"), SAID, ids=[each[0] for each in SAID])
def test_a_condition_is_said(written: str, zh: str, en: str, tmp_path: Path) -> None:
    policy = policy_of(written if written.startswith("{") else repr(written), tmp_path)
    (rule,) = policy.rule_set.rules

    said = [plain(Speech(policy.rule_set, language).condition(rule.when)) for language in Language]

    assert said == [zh, en]


def test_what_differs_is_said_differently() -> None:
    for place in (1, 2):
        assert len({each[place] for each in SAID}) >= len(SAID) - 5  # some are two ways to write the same


def test_what_has_no_words_stays_as_it_is_written(tmp_path: Path) -> None:
    policy = policy_of("'split(order.id, \"-\")[1] instance of string and {a: 1}.a = 1'", tmp_path)
    (rule,) = policy.rule_set.rules

    said = str(Speech(policy.rule_set, Language.EN).condition(rule.when))

    assert "<code>split(order.id, &#34;-&#34;)[1] instance of string</code>" in said
    assert "<code>{a: 1}</code>" in said


def random_parts(count: int) -> Iterator[Part]:
    for number in range(count):
        text = Writer(Random(number)).draw("boolean", 4)
        found = checked(parse(text, NAMES), SCOPE)
        yield Part(text, found, None)  # type: ignore[arg-type]


def test_every_expression_has_words(tmp_path: Path) -> None:
    policy = policy_of("order.prepaid", tmp_path)
    for language in Language:
        speech = Speech(policy.rule_set, language)
        for part in random_parts(1500):
            said = plain(speech.part(part))
            assert said.strip(), part.text
            assert said.count("（") == said.count("）"), part.text


def everything(policy: Policy, language: Language) -> Iterator[Markup]:
    speech = Speech(policy.rule_set, language)
    for rule in policy.rule_set.rules:
        yield speech.condition(rule.when)
        yield from (speech.given(name, value) for name, value in rule.then.items())
    for made in policy.rule_set.derived.values():
        if isinstance(made, Part):
            yield speech.part(made)
    for each in told(policy.rule_set, speech):
        yield from (said for row in each.rows for said in row.says)


def test_one_of_something_is_said_as_one(rules: Path) -> None:
    policy = load_folder(rules)["approval.order"]
    rows = {row.id: row for each in told(policy.rule_set, Speech(policy.rule_set, Language.EN)) for row in each.rows}

    assert "within 1 day (checked, not carried out yet)" in [plain(each) for each in rows["team-lead"].says]


def test_what_ships_is_said_in_words(rules: Path) -> None:
    """Nothing but names stays as it is written, and neither language shows up in the other."""
    for policy in load_folder(rules).values():
        for language in Language:
            for said in everything(policy, language):
                code = re.findall("<code>(.*?)</code>", str(said))
                assert [each for each in code if not re.fullmatch(r"[\w. -]+", each)] == [], policy.id
                if language is Language.EN:
                    assert not re.search("[\u4e00-\u9fff]", str(said)), said


def test_what_a_statement_takes_away_is_said_as_taken_away(rules: Path) -> None:
    policy = load_folder(rules)["incentive.quarterly"]
    for language, taken, draw in (
        (Language.ZH, "减：已发提成之和", "减：已预支提成"),
        (Language.EN, "take away the sum of Commission paid on it", "take away Draw to be recovered"),
    ):
        parts = told(policy.rule_set, Speech(policy.rule_set, language, links=False))
        said = [each.striptags() for part in parts for row in part.rows for each in row.says]
        assert taken in said
        assert draw in said
        assert not [each for each in said if "concatenate" in each]


@pytest.mark.parametrize(
    ("text", "language", "closed"),
    [
        ("净额 {order.net} 元，超过 5 万", Language.ZH, "净额{order.net}元，超过 5 万"),
        ("“大额”未命中：「净额 > 5」不成立", Language.ZH, "“大额”未命中：「净额 > 5」不成立"),
        ("Net {order.net} in “CNY” now", Language.EN, "Net {order.net} in “CNY” now"),
    ],
)
def test_chinese_has_no_space_beside_its_own_quotation_marks(text: str, language: Language, closed: str) -> None:
    assert closed_up(text, language) == closed
