"""Chinese sentences have no space where Chinese has none, and keep it beside Latin letters and digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from policy.engine import Policies, load_folder
from policy.messages import sentence
from policy.values import Language, Text
from webadmin.rulesets import saidtable
from webadmin.wording import reading, setting

_SIGN = "[\u4e00-\u9fff\u3001-\u303f\uff01-\uff0f\uff1a-\uff1f“”]"
SPACED = re.compile(f"{_SIGN} +{_SIGN}|[（）「」，；：、。] | [（）「」，；：、。]")


@pytest.fixture(scope="module")
def shipped(rules: Path) -> Policies:
    return load_folder(rules)


def sentences(said: Any) -> Iterator[str]:
    """Yield every sentence of a page as it is read: without its tags."""
    if isinstance(said, Markup):
        yield re.sub("<[^>]*>", "", said)
    elif isinstance(said, Mapping):
        yield from (each for value in said.values() for each in sentences(value))
    elif isinstance(said, list | tuple):
        yield from (each for value in said for each in sentences(value))
    elif is_dataclass(said):
        yield from (each for field in fields(said) for each in sentences(getattr(said, field.name)))


def test_no_sentence_of_a_shipped_policy_has_a_space_where_chinese_has_none(shipped: Policies) -> None:
    said = [
        each
        for policy in shipped.values()
        for page in (reading.page(policy, None, Language.ZH), saidtable.rule_table(policy, Language.ZH, links=False))
        for each in sentences(page)
    ]

    assert len(said) > 500
    assert [each for each in said if SPACED.search(each)] == []


def test_words_and_marks_are_set_as_the_sentence_needs_it(shipped: Policies) -> None:
    order = reading.page(shipped["approval.order"], None, Language.ZH)
    said = " ".join(sentences(order))

    assert "订单净额（折合人民币）≥ 500,000 或客户等级为 A" in said
    assert "客户等级 为" not in said


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{a} 且 {b}", ("净额（含两端）", "等级"), "净额（含两端）且等级"),
        ("{a} 且 {b}", ("A", "等级"), "A 且等级"),
        ("{a} 且 {b}", ("等级", "9"), "等级且 9"),
        ("{a} ≥ {b}", (Markup("<em>净额</em>"), Markup("<b>500</b>")), "<em>净额</em> ≥ <b>500</b>"),
        ("{a} 为 {b}", (Markup("<em>等级</em>"), Markup("<b>甲 等</b>")), "<em>等级</em>为<b>甲 等</b>"),
        ("{a} 为 {b}", (Markup("<em>等级</em>"), "<i>"), "<em>等级</em>为 &lt;i&gt;"),
    ],
)
def test_a_phrase_is_set_around_its_values_and_leaves_them_alone(
    text: str, values: tuple[Any, Any], expected: str
) -> None:
    assert setting.phrase(text, Language.ZH, (), dict(zip("ab", values, strict=True))) == expected
    if "且" in text:
        assert setting.joined(" 且 ", Language.ZH, values) == expected


def test_sentences_of_the_engine_are_set_the_same_way() -> None:
    said = sentence("box-and", {"left": Text("期限（月）", "a"), "right": Text("（含两端）", "b")}, Language.ZH)

    assert said == "期限（月）且（含两端）"
