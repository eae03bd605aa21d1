"""Values as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import Text
from webadmin import filters

SHOWN: list[tuple[Any, str | None, str, str]] = [
    (Decimal("1234567.50"), None, "1,234,567.5", "1,234,567.5"),
    (Decimal("1E+3"), None, "1,000", "1,000"),
    (Decimal("-0.000001"), None, "-0.000001", "-0.000001"),
    (Decimal("0.3333333333333333333333333333333333"), None, "0.333333…", "0.333333…"),
    (Decimal("9" * 34), None, ",".join(["9", *["999"] * 11]), ",".join(["9", *["999"] * 11])),
    (Decimal("1234.5"), "CNY", "¥1,234.50", "CN¥1,234.50"),
    (Decimal(1234), "JPY", "JP¥1,234", "¥1,234"),
    (Decimal("1.005"), "CNY", "¥1.005", "CN¥1.005"),
    (Decimal("-1.00000119"), "CNY", "-¥1.000001…", "-CN¥1.000001…"),
    (Decimal("0.5"), "JPY", "JP¥0.5", "¥0.5"),
    (Decimal(7), "days", "7 天", "7 days"),
    (Decimal(7), "bushels", "7 bushels", "7 bushels"),
    (Decimal(7), "order.currency", "7", "7"),
    (True, None, "是", "yes"),
    (None, None, "–", "–"),
    (date(2026, 3, 1), None, "2026年3月1日", "March 1, 2026"),
    (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), None, "2026年3月1日", "Mar 1, 2026"),
    (["a", Decimal("2.50")], None, "a、2.5", "a, 2.5"),
    ([], None, "无", "none"),
    ({"a": True}, None, "a：是", "a: yes"),
    (Text("一", "one"), None, "一", "one"),
    ("x", "CNY", "x", "x"),
]


@pytest.mark.parametrize(("value", "unit", "chinese", "english"), SHOWN, ids=lambda each: str(each)[:20])
def test_values_are_written_for_the_reader(
    app: Flask, value: Any, unit: str | None, chinese: str, english: str
) -> None:
    for language, expected in (("zh", chinese), ("en", english)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert filters.quantity(value, unit).startswith(expected)


SENTENCES = [
    ("comes to 17,500.00 CNY: earned 18,000.00 CNY, clawback -500.00 CNY", "CN¥17,500.00", "\u2212\u2060CN¥500.00"),
    ("compensation 5,000 USD", "compensation $5,000.00", ""),
    ("5 XYZ and 2,00 CNY and A5 CNY stay", "5 XYZ and 2,00 CNY and A5 CNY stay", ""),
]


@pytest.mark.parametrize(("said", "first", "second"), SENTENCES)
def test_amounts_in_sentences_of_the_engine_are_written_as_money(
    app: Flask, said: str, first: str, second: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        written = filters.monetary(said)
    assert first in written
    assert second in written
    assert "0 CNY" not in written.replace("2,00 CNY", "")


def test_an_amount_is_counted_in_the_currency_its_facts_name(app: Flask) -> None:
    amount = Field("order.amount", FieldType.NUMBER, unit="order.currency")
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert filters.fact(Decimal(318651), amount, {"order.currency": "USD"}) == "US$318,651.00"
        assert filters.fact(Decimal(318651), amount, {"order.currency": None}) == "318,651"
        assert filters.fact(Decimal(318651), amount) == "318,651"


SPANS = {
    "P2D": ("2天", "2 days"),
    "P1Y6M": ("1年、6个月", "1 year, 6 months"),
    "PT12H": ("12小时", "12 hours"),
    "P": ("P", "P"),
    "whenever": ("whenever", "whenever"),
}


@pytest.mark.parametrize("span", SPANS)
def test_durations_are_written_in_words(app: Flask, span: str) -> None:
    for language, expected in zip(("zh", "en"), SPANS[span], strict=True):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert filters.span(span) == expected


def test_a_day_is_written_out_and_an_instant_by_the_clocks_of_the_organisation(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert filters.day("2026-03-01") == "March 1, 2026"
        assert filters.day("2026-03-01T01:30:00+00:00") == filters.day("2026-03-01T09:30:00+08:00")
        assert filters.day("2026-03-01T09:30:00+08:00").replace("\u202f", " ") == "Mar 1, 2026, 9:30:00 AM"
        assert filters.day("9999-12-31T23:59:59+00:00") == "9999-12-31T23:59:59+00:00"
        assert filters.day("2026-03-01T09:30:00@Asia/Shanghai") == "2026-03-01T09:30:00@Asia/Shanghai"


MARKED = {
    "`a` < `b`": "<code>a</code> &lt; <code>b</code>",
    "one ` alone": "one ` alone",
    "<b>": "&lt;b&gt;",
    "`<b>`": "<code>&lt;b&gt;</code>",
}


@pytest.mark.parametrize("text", MARKED)
def test_what_stands_between_backticks_is_code(text: str) -> None:
    assert filters.marked(text) == MARKED[text]


def test_a_sentence_begins_with_a_capital_letter() -> None:
    assert filters.marked("needs `two` approvals", sentence=True) == "Needs <code>two</code> approvals"
    assert filters.marked("`two` approvals", sentence=True) == "<code>two</code> approvals"


HINTS = [
    (
        Field("x", FieldType.NUMBER, unit="CNY", scale=2, min=Decimal(0)),
        ["unit: CNY", "at least 0", "up to 2 decimals"],
    ),
    (Field("x", FieldType.NUMBER, scale=0, max=Decimal(5)), ["at most 5", "whole number"]),
    (Field("x", FieldType.NUMBER, scale=1), ["up to 1 decimal"]),
    (Field("x", FieldType.DAYS_DURATION), ["days and hours", "as in P7D"]),
    (Field("x", FieldType.LIST, of=FieldType.STRING), ["one item on each line"]),
    (Field("x", FieldType.STRING), []),
]


@pytest.mark.parametrize(("field", "hints"), HINTS, ids=lambda each: str(each)[:40])
def test_hints_say_what_to_know_before_typing(app: Flask, field: Field, hints: list[str]) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert filters.hints(field) == hints


def test_what_is_known_to_the_day_is_told_as_a_day(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert filters.occasion(datetime(2026, 2, 28, 16, tzinfo=UTC)) == "March 1, 2026", "midnight in China"
        assert filters.occasion(datetime(2026, 3, 1, 1, 30, tzinfo=UTC)).startswith("Mar 1, 2026, 9:30:00")


def test_who_acted_is_told_in_words(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert [filters.actor(each) for each in ("system", "login:wang", "client:crm")] == [
            "系统",
            "wang",
            "crm（通过 API）",
        ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.05", "5%"),
        ("0.99999", "99.999%"),
        ("1.049943692307692307692307692307692", "104.994369…%"),
        ("-0.123456789", "-12.345678…%"),
        ("0.12345678", "12.345678%"),
        ("12", "1,200%"),
    ],
)
def test_a_share_is_written_with_all_its_digits_or_says_that_it_is_cut(app: Flask, value: str, written: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert filters.percent(Decimal(value)) == written
