"""Files to compare: what a cell means beyond doubt is read, the rest refused at its row and column."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from tests.webadmin.comparing.conftest import Place
from tests.webadmin.comparing.test_many import HEADER, ZH, previewed, rows_of, worked
from tests.webadmin.signing import signed_in
from webadmin import notation

WIDE = {ord(each): ord(each) + 0xFEE0 for each in "0123456789,."}


def csv_of(*rows: str, heading: str = "") -> bytes:
    return "\n".join([HEADER + heading, *rows]).encode()


def row(amount: str = "600", discount: str = "0", more: str = "") -> str:
    return f'f-1,"{amount}","{discount}",c-1,B,am-03,t-x{more}'


def orders(place: Place, content: bytes, name: str = "facts.csv") -> list[dict[str, Any]]:
    client = signed_in(place.app)
    return [each.body["facts"]["order"] for each in rows_of(place, worked(place, client, content, name))]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["¥2,500,000.00", "￥600"], [2_500_000, 600]),
        (["1.2万", "3亿元", "80"], [12_000, 300_000_000, 80]),
        (["2,500.50".translate(WIDE)], [Decimal("2500.50")]),
        (["RMB 1,000", "CNY 2,000"], [1000, 2000]),
    ],
)
def test_amounts_that_can_mean_one_thing_only_are_read(
    place: Place, amounts: list[str], expected: list[Decimal]
) -> None:
    found = orders(place, csv_of(*map(row, amounts)))

    assert [each["amount"] for each in found] == expected


def test_per_cents_may_stand_beside_nought(place: Place) -> None:
    found = orders(place, csv_of(row(discount="7%"), row(discount="0"), row(discount="2.5\uff05")))

    assert [each["discount"] for each in found] == [Decimal("0.07"), 0, Decimal("0.025")]


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("$600", ""), ("¥600", "USD"), ("€5", ""), ("1,5", ""), ("1.2.3", ""), ("twelve", "")],
)
def test_what_may_mean_something_else_is_refused_at_its_place(place: Place, amount: str, currency: str) -> None:
    content = csv_of(row(amount, more=f",{currency}"), row("700", more=","), heading=",order.currency")

    text = previewed(signed_in(place.app), content)

    assert "1 cell does not fit" in text
    assert "row 2, column order.amount: " in text
    assert amount in text.partition("row 2, column order.amount: ")[2][:300]


def test_one_cell_of_another_currency_takes_no_other_with_it(place: Place) -> None:
    text = previewed(signed_in(place.app), csv_of(row("¥2,500,000.00"), row("$600"), row("¥1,000")))

    assert "1 cell does not fit" in text
    assert "row 3, column order.amount: <code>$600</code>" in text
    assert "¥1,234.50" in text, "what is expected"


def test_a_sign_stands_for_the_currency_the_column_names(place: Place) -> None:
    content = csv_of(row("$1,600", more=",USD"), row("$2", more=",USD"), heading=",order.currency")

    assert [each["amount"] for each in orders(place, content)] == [1600, 2]
    assert "不含货币符号：$" in previewed(signed_in(place.app), content, language=ZH).replace(" ", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["2026/3/1", "2026年3月2日", "2026-03-03"], ["2026-03-01", "2026-03-02", "2026-03-03"]),
        (["2026.3.1", "2026/03/01".replace("/", "\uff0f")], ["2026-03-01", "2026-03-01"]),
        (["3/13/2026", "4/1/2026"], ["2026-03-13", "2026-04-01"]),
        (["13.3.2026", "1.4.2026"], ["2026-03-13", "2026-04-01"]),
    ],
)
def test_days_are_read_where_their_parts_are_sure(place: Place, written: list[str], read: list[str]) -> None:
    content = csv_of(*(row(more=f",{each}") for each in written), heading=",as_of")
    client = signed_in(place.app)

    found = rows_of(place, worked(place, client, content))

    assert [each.body["as_of"] for each in found] == read


def test_a_day_that_may_be_two_is_refused(place: Place) -> None:
    text = previewed(signed_in(place.app), csv_of(row(more=",3/4/2026"), row(more=",2026-03-01"), heading=",as_of"))

    assert "row 2, column as_of: " in text
    assert "3/4/2026" in text


def test_a_workbook_says_itself_what_its_cells_are(place: Place) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEADER.split(","), "as_of"])
    sheet.append(["f-1", 2_500_000, 0.07, "c-1", "B", "am-03", "t-x", date(2026, 3, 1)])
    sheet.append(["f-2", "￥1.2万", "7%", "c-1", "B", "am-03", "t-x", "2026年3月2日"])
    sheet["B2"].number_format, sheet["C2"].number_format, sheet["H2"].number_format = "¥#,##0.00", "0%", 'yyyy"年"m"月"'
    body = io.BytesIO()
    book.save(body)
    client = signed_in(place.app)

    found = rows_of(place, worked(place, client, body.getvalue(), "facts.xlsx"))

    assert [each.body["as_of"] for each in found] == ["2026-03-01", "2026-03-02"]
    assert [(each.body["facts"]["order"]["amount"], each.body["facts"]["order"]["discount"]) for each in found] == [
        (2_500_000, Decimal("0.07")),
        (12_000, Decimal("0.07")),
    ]


def test_one_home_reads_for_imports_as_well() -> None:
    options = notation.number_options(["¥1,200", "n/a", "￥3"])
    assert options is not None
    assert options.currency == ("¥", "￥")
    assert notation.day_patterns({"2026年3月1日": 1}) == ["%Y年%m月%d日"]
    assert notation.sure_day_pattern(["3/4/2026"]) is None
