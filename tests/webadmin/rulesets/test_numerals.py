"""Numbers in words: Chinese numerals, shares of ten and of a hundred, bounds as laws and people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.model.document import FieldType
from policy.model.fields import Field
from policy.numerals import arabic
from policy.values import plain
from webadmin.rulesets import spoken

MONEY = Field("order.net", FieldType.NUMBER, unit="CNY")
SHARE = Field("order.discount", FieldType.NUMBER, min=Decimal(0), max=Decimal(1), scale=4)
DAYS = Field("order.days", FieldType.NUMBER, unit="days")
DAY = Field("order.day", FieldType.DATE)


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (MONEY, "五十万", "500000"),
        (MONEY, "一千二百", "1200"),
        (MONEY, "两万五", "25000"),
        (MONEY, "一百万零五", "1000005"),
        (MONEY, "一亿二千万元", "120000000"),
        (MONEY, "三点五万", "35000"),
        (MONEY, "1万2千", "12000"),
        (MONEY, "50w", "500000"),
        (MONEY, "more than 50k", "> 50000"),
        (MONEY, "between 50k and 2 million", "[50000..2000000]"),
        (MONEY, "50万元以上", ">= 500000"),
        (MONEY, "五十万元以下", "<= 500000"),
        (MONEY, "50万元（不含）以上", "> 500000"),
        (MONEY, "50万以下（不含）", "< 500000"),
        (MONEY, "50万元（含）以上", ">= 500000"),
        (MONEY, "超过五十万", "> 500000"),
        (MONEY, "不足五十万元", "< 500000"),
        (MONEY, "未满五十万", "< 500000"),
        (MONEY, "至少五万", ">= 50000"),
        (MONEY, "至多五十万元", "<= 500000"),
        (MONEY, "介于十万与五十万之间", "[100000..500000]"),
        (MONEY, "十万至五十万", "[100000..500000]"),
        (MONEY, "二十至五十万", "[200000..500000]"),
        (MONEY, "10 万以上，50 万以下", "[100000..500000]"),
        (MONEY, "> 10万 and < 50万", "(100000..500000)"),
        (MONEY, "１０万以上", ">= 100000"),
        (SHARE, "两成", "0.20"),
        (SHARE, "超过三成五", "> 0.35"),
        (SHARE, "三成半", "0.35"),
        (SHARE, "一半以上", ">= 0.50"),
        (SHARE, "百分之八", "0.08"),
        (SHARE, "百分之八点五以下", "<= 0.085"),
        (SHARE, "千分之五", "0.005"),
        (SHARE, "5‰", "0.005"),
        (SHARE, "不少于10%且不超过20%", "[0.10..0.20]"),
        (SHARE, "below 20 per cent", "< 0.20"),
        (DAYS, "超过六十天", "> 60"),
        (DAYS, "满三十天", ">= 30"),
        (DAYS, "三天以外", "> 3"),
        (DAY, "二〇二六年三月十一日起", '>= date("2026-03-11")'),
    ],
)
def test_numbers_in_words_are_read(field: Field, typed: str, read: str) -> None:
    assert spoken.condition(typed, field) == read


@pytest.mark.parametrize(
    "typed",
    [
        "五十多万",
        "50多万",
        "约50万",
        "三四十万",
        "九折",
        "十几万",
        "1.5m",
        "1万2",
        "五十万以上或者以下",
        "万",
        "> 50万, x",
    ],
)
def test_what_has_more_than_one_reading_is_not_read(typed: str) -> None:
    assert spoken.condition(typed, MONEY) is None


def test_words_that_only_hold_a_numeral_stay() -> None:
    assert arabic("5, 6 之一") == "5, 6 之一"
    assert spoken.condition("不为 5, 6 中任何一个", MONEY) == "not(5, 6)"
    assert spoken.condition("在 5 与 9 之间（含两端）", MONEY) == "[5..9]"


def spelt(number: int) -> str:
    """Return a number as Chinese has it."""
    if number >= 10**8:
        return joined(number, 10**8, "亿")
    if number >= 10**4:
        return joined(number, 10**4, "万")
    said, owes_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += ("零" if owes_zero else "") + "零一二三四五六七八九"[digit] + name
        owes_zero = bool(said) and not digit
    return said or "零"


def joined(number: int, unit: int, name: str) -> str:
    high, low = divmod(number, unit)
    between = "零" if low and low < unit // 10 else ""
    return spelt(high) + name + between + (spelt(low) if low else "")


@given(st.integers(0, 10**12 - 1))
def test_what_is_spelt_reads_back_to_the_same(number: int) -> None:
    assert spoken.amount(spelt(number), None) == number, spelt(number)
    assert spoken.condition(f"{spelt(number)}元以上", MONEY) == f">= {plain(Decimal(number))}"
