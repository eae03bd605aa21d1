"""A CSV file and a mapping give facts, or reasons why not; decisions become files again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.errors import Finding, SourceError
from policy.feel.temporal import DateTime, DaysDuration
from policy.messages.importing import MESSAGES
from policy.model.decision import Decision, Status
from policy.model.document import FieldType as Type
from policy.model.facts import FactsReader
from policy.model.fields import Field, tree
from policy.tables import (
    MappingDocument,
    Report,
    Row,
    Table,
    TableError,
    flat,
    load_mapping,
    opening,
    report,
    rowfile,
    write_csv,
    write_jsonl,
)
from policy.values import Language

FIELDS = [
    Field("order.id", Type.STRING),
    Field("order.amount", Type.NUMBER, scale=2, min=Decimal(0), optional=True),
    Field("order.discount", Type.NUMBER, scale=4, optional=True),
    Field("order.prepaid", Type.BOOLEAN, optional=True),
    Field("order.day", Type.DATE, optional=True),
    Field("order.at", Type.DATE_TIME, optional=True),
    Field("order.within", Type.DAYS_DURATION, optional=True),
    Field("customer.tier", Type.STRING, one_of=("A", "B", "C"), optional=True),
    Field("customer.name", Type.STRING, optional=True),
    Field("customer.needs", Type.LIST, of=Type.STRING, optional=True),
    Field("customer.notes", Type.CONTEXT, optional=True),
    Field("credits", Type.LIST, optional=True),
    Field("credits[].id", Type.STRING, optional=True),
    Field("credits[].amount", Type.NUMBER),
    Field("credits[].parts", Type.LIST, optional=True),
    Field("credits[].parts[].id", Type.STRING, optional=True),
    Field("refunds", Type.LIST, optional=True),
]
READER = FactsReader(tree({field.path: field for field in FIELDS if "parts" not in field.path}))
NESTED = FactsReader(tree({field.path: field for field in FIELDS}))

TOP = """\
mapping: trial
for: approval.order
title: {zh: 试, en: Trial}
"""
AS_OF = "as_of: {constant: 2026-03-01}\n"
ID = "  order.id: {column: id}\n"


def mapping(text: str, *, as_of: str = AS_OF) -> MappingDocument:
    """Return a mapping with the id of the order and what `text` adds: lines of `facts`, then other keys."""
    lines = [f"{line}\n" for line in dedent(text).splitlines()]
    cut = next(
        (at for at, line in enumerate(lines) if not line.startswith(("order.", "customer.", "credits", "refunds"))),
        len(lines),
    )
    facts = indent("".join(lines[:cut]), "  ")
    return load_mapping(f"{TOP}facts:\n{ID}{facts}{''.join(lines[cut:])}{as_of}")


def table(folder: Path, rows: str | bytes, how: MappingDocument, **others: Any) -> Table:
    path = folder / "main.csv"
    path.write_bytes(rows if isinstance(rows, bytes) else rows.encode())
    return Table(path, how, READER, **others)


def rows_of(folder: Path, rows: str | bytes, how: MappingDocument) -> list[Row]:
    found = list(table(folder, rows, how))
    for row in found:
        assert (row.facts is None) is bool(row.problems)
        assert all(problem.text(language) for problem in row.problems for language in Language)
        if row.facts is not None:
            READER.read(row.facts)
    return found


def codes(row: Row) -> list[tuple[int, str | None, str | None, str]]:
    return [(each.row, each.column, each.field, each.code) for each in row.problems]


def findings(caught: pytest.ExceptionInfo[SourceError]) -> tuple[Finding, ...]:
    assert all(finding.text(language) for finding in caught.value.findings for language in Language)
    return caught.value.findings


# --- one cell -------------------------------------------------------------------------------------------------------

CELLS = [
    ("order.amount: {column: x}", "12.5", Decimal("12.50")),
    (
        "order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ',', currency: [$, USD]}}]",
        "$1,234,567.5",
        Decimal("1234567.50"),
    ),
    (
        "order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ',', currency: [$, USD]}}]",
        "12 USD",
        Decimal(12),
    ),
    (
        "order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ' ', decimal: ','}}]",
        "1 234,50",
        Decimal("1234.50"),
    ),
    ("order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ' ', decimal: ','}}]", "0,5", Decimal("0.50")),
    ("order.discount: {column: x}\ncolumns: [{name: x, number: {percent: true}}]", "-12.5 %", Decimal("-0.1250")),
    ("order.prepaid: {column: x}", "true", True),
    ("order.prepaid: {column: x, values: [{from: Y, to: 'true'}, {from: N, to: 'false'}]}", "N", False),
    ("order.day: {column: x}", "2026-03-01", date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%d/%Y'}]", "3/1/2026", date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%d.%m.%Y %H:%M'}]", "01.03.2026 9:30", date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%Y年%m月%d日'}]", "2026年3月1日", date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%%%Y%m%d'}]", "%20260301", date(2026, 3, 1)),
    (
        "order.at: {column: x}\ncolumns: [{name: x, date: '%Y/%m/%d %H:%M:%S'}]",
        "2026/3/1 09:30:15",
        DateTime(date(2026, 3, 1), 34_215 * 10**9),
    ),
    ("order.within: {column: x}", "P7D", DaysDuration(7 * 86_400 * 10**9)),
    ("customer.tier: {column: x, values: [{from: gold, to: A}]}", "gold", "A"),
    ("customer.tier: {column: x, values: [{from: gold, to: A}]}", "B", "B"),
    ("customer.tier: {column: x, bands: [{from: 0, value: C}, {from: 500, value: B}]}", "499.99", "C"),
    ("customer.tier: {column: x, bands: [{from: 0, value: C}, {from: 500, value: B}]}", "500", "B"),
    ("customer.needs: {column: x, split: ';'}", "a; b;", ["a", "b"]),
    ("customer.name: {column: x}", " 客户　", "客户"),
    ("customer.name: {column: x}", "012", "012"),
    ("customer.name: {column: x}", "", None),
    ("customer.name: {column: x}\ncolumns: [{name: x, missing: [n/a, '-']}]", "n/a", None),
    ("customer.name: {column: x, default: nobody}", "", "nobody"),
    ("customer.name: {constant: 'yes'}", "anything", "yes"),
    ("refunds: {constant: []}", "", []),
]


@pytest.mark.parametrize(("how", "cell", "value"), CELLS, ids=[f"{at}-{case[1]}" for at, case in enumerate(CELLS)])
def test_takes_a_cell(tmp_path: Path, how: str, cell: str, value: Any) -> None:
    path = how.partition(":")[0]
    (row,) = rows_of(tmp_path, f"id,x\no1,{'' if not cell else chr(34) + cell + chr(34)}\n", mapping(how))

    assert row.facts is not None, [problem.text(Language.EN) for problem in row.problems]
    found: Any = row.facts
    for name in path.split("."):
        found = found.get(name, {}) if isinstance(found, dict) else found
    assert found == (value if value is not None else {})


REFUSED_CELLS = [
    ("order.amount: {column: x}", "1,000", "value-number-form"),
    ("order.amount: {column: x}", "-1", "value-below-min"),
    ("order.amount: {column: x}", "1.001", "value-scale"),
    ("order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ','}}]", "1,00", "table-number"),
    ("order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ','}}]", "0,100", "table-number"),
    ("order.amount: {column: x}\ncolumns: [{name: x, number: {currency: [$]}}]", "€5", "table-number"),
    ("order.discount: {column: x}\ncolumns: [{name: x, number: {percent: true}}]", "12.5", "table-number"),
    ("order.prepaid: {column: x}", "yes", "value-form"),
    ("order.day: {column: x}", "3/1/2026", "value-form"),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%d/%Y'}]", "13/1/2026", "table-day"),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%d/%Y'}]", "2026-03-01", "table-day"),
    ("customer.tier: {column: x}", "D", "value-not-one-of"),
    ("customer.tier: {column: x, bands: [{from: 0, value: C}]}", "-0.01", "table-below-bands"),
    ("customer.tier: {column: x, bands: [{from: 0, value: C}]}", "many", "value-number-form"),
]


@pytest.mark.parametrize(
    ("how", "cell", "code"), REFUSED_CELLS, ids=[f"{at}-{case[2]}" for at, case in enumerate(REFUSED_CELLS)]
)
def test_refuses_a_cell(tmp_path: Path, how: str, cell: str, code: str) -> None:
    path = how.partition(":")[0]

    (row,) = rows_of(tmp_path, f'id,x\no1,"{cell}"\n', mapping(how))

    assert codes(row) == [(2, "x", path, code)]


def test_names_every_cell_of_a_row_that_does_not_fit(tmp_path: Path) -> None:
    how = mapping("order.amount: {column: amount}\ncustomer.tier: {column: tier}\n")

    (row,) = rows_of(tmp_path, "id,amount,tier\n,x,Z\n", how)

    assert codes(row) == [
        (2, "id", "order.id", "table-empty"),
        (2, "amount", "order.amount", "value-number-form"),
        (2, "tier", "customer.tier", "value-not-one-of"),
    ]


# --- rows -----------------------------------------------------------------------------------------------------------


def test_mended_cells_are_counted_and_listed(tmp_path: Path) -> None:
    how = mapping("customer.name: {column: name}\ncolumns: [{name: name, mend: [{from: Acne, to: Acme}]}]\n")
    read = table(tmp_path, "id,name\n1,Acne\n2,Acme\n3, Acne \n", how)

    names = [row.facts["customer"]["name"] for row in read if row.facts is not None]

    assert names == ["Acme", "Acme", "Acme"]
    assert dict(read.report.mends) == {("name", "Acne", "Acme"): 1, ("name", " Acne ", "Acme"): 1}
    assert [(each.row, each.column, each.found, each.to) for each in read.report.mended] == [
        (2, "name", "Acne", "Acme"),
        (4, "name", " Acne ", "Acme"),
    ]


def test_rows_are_chosen_and_left_out(tmp_path: Path) -> None:
    how = mapping("where: [{column: stage, one_of: [Won, Lost]}]\nskip: [{column: test, one_of: ['1']}]\n")
    read = table(tmp_path, "id,stage,test\n1,Won,0\n2,Open,0\n3,Lost,1\n4,Lost,\n", how)

    assert [row.number for row in read] == [2, 5]
    assert dict(read.report.skips) == {("stage", "Open"): 1, ("test", "1"): 1}
    assert (read.report.read, read.report.taken, read.report.skipped) == (4, 2, 2)


def test_rows_are_called_by_their_key(tmp_path: Path) -> None:
    how = mapping("key: [id, name]\n")

    assert [row.key for row in rows_of(tmp_path, "id,name\n1,Acme\n", how)] == ["1 · Acme"]


DAYS = [
    ("as_of: {column: day}", "2026-03-01", "2026-03-01"),
    ("as_of: {column: day}", "2026-03-01T08:00:00+08:00", "2026-03-01T08:00:00+08:00"),
    ("as_of: {column: day}\ncolumns: [{name: day, date: '%m/%d/%Y'}]", "3/1/2026", "2026-03-01"),
    ("as_of: {constant: 2026-04-01}", "", "2026-04-01"),
    ("", "", "2026-05-01"),
]


@pytest.mark.parametrize(("how", "cell", "as_of"), DAYS, ids=[case[2] + case[1] for case in DAYS])
def test_takes_the_day_of_the_decision(tmp_path: Path, how: str, cell: str, as_of: str) -> None:
    (row,) = table(tmp_path, f"id,day\n1,{cell}\n", mapping("", as_of=f"{how}\n"), as_of="2026-05-01")

    assert row.as_of == as_of


@pytest.mark.parametrize(
    ("cell", "code"), [("", "table-empty"), ("3/1/2026", "value-form"), ("2026-03-01T08:00:00", "value-form")], ids=str
)
def test_refuses_a_row_without_a_day(tmp_path: Path, cell: str, code: str) -> None:
    (row,) = rows_of(tmp_path, f"id,day\n1,{cell}\n", mapping("", as_of="as_of: {column: day}\n"))

    assert codes(row) == [(2, "day", "as_of", code)]


def test_reading_again_begins_anew(tmp_path: Path) -> None:
    read = table(tmp_path, "id\n1\n \n", mapping(""))

    assert list(read) == list(read)
    assert (read.report.read, read.report.taken, read.report.refused) == (2, 1, 1)


# --- joined files ---------------------------------------------------------------------------------------------------

JOINED = """\
customer.tier: {join: accounts, column: tier}
joins:
  - id: accounts
    file: accounts.csv
    on: [{column: account, key: name}]
    columns: [{name: name, mend: [{from: Acne, to: Acme}]}]
"""


def joined(folder: Path, accounts: str, rows: str, how: str = JOINED) -> list[Row]:
    (folder / "accounts.csv").write_text(accounts, encoding="utf-8")
    return rows_of(folder, rows, mapping(how))


def test_takes_cells_of_the_partner(tmp_path: Path) -> None:
    (row,) = joined(tmp_path, "name,tier\nAcne,A\n", "id,account\n1,Acme\n")

    assert row.facts == {"order": {"id": "1"}, "customer": {"tier": "A"}}


def test_refuses_a_row_whose_partner_is_not_there(tmp_path: Path) -> None:
    (row,) = joined(tmp_path, "name,tier\nAcme,A\n", "id,account\n1,Akme\n")

    assert codes(row) == [(2, "account", None, "table-no-partner")]
    assert row.problems[0].text(Language.EN) == (
        "column `account`: `Akme` is not in `accounts.csv`, expected a row with that key (did you mean `Acme`?)"
    )


def test_an_empty_key_and_an_optional_join_have_no_partner(tmp_path: Path) -> None:
    optional = f"{JOINED}    optional: true\n"

    assert joined(tmp_path, "name,tier\nAcme,A\n", "id,account\n1,\n")[0].facts == {"order": {"id": "1"}}
    assert joined(tmp_path, "name,tier\nAcme,A\n", "id,account\n1,x\n", optional)[0].facts == {"order": {"id": "1"}}


def test_says_that_a_required_input_has_no_partner(tmp_path: Path) -> None:
    how = JOINED.replace("customer.tier: {join: accounts, column: tier}", "")
    text = f"{TOP}facts:\n  order.id: {{join: accounts, column: tier}}\n{how.lstrip()}{AS_OF}"
    (tmp_path / "accounts.csv").write_text("name,tier\nAcme,A\n", encoding="utf-8")

    (row,) = rows_of(tmp_path, "account\n\n,\n".replace("\n\n,", '\n""'), load_mapping(text))

    assert codes(row) == [(2, "accounts.tier", "order.id", "table-unjoined")]


BAD_JOINS = [
    (None, "table-no-file"),
    ("name,tier\nAcme,A\nAcne,B\n", "table-join-key-twice"),
    ("name,tier\nAcme\n", "table-ragged"),
    ("name,tear\nAcme,A\n", "table-unknown-column"),
]


@pytest.mark.parametrize(("accounts", "code"), BAD_JOINS, ids=[case[1] for case in BAD_JOINS])
def test_refuses_a_joined_file(tmp_path: Path, accounts: str | None, code: str) -> None:
    if accounts is not None:
        (tmp_path / "accounts.csv").write_text(accounts, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        table(tmp_path, "id,account\n1,Acme\n", mapping(JOINED))

    assert [finding.code for finding in findings(caught)] == [code]


# --- groups ---------------------------------------------------------------------------------------------------------

GROUPED = """\
customer.name: {column: region}
credits[].id: {column: deal}
credits[].amount: {column: amount}
columns: [{name: day, date: '%m/%d/%Y'}]
group:
  by: [id]
  period: {column: day, of: quarter}
  into: credits
"""
PERIOD_END = "as_of: {period_end: true}\n"


def grouped(folder: Path, rows: str, how: str = GROUPED, as_of: str = PERIOD_END) -> list[Row]:
    return rows_of(folder, f"id,region,deal,amount,day\n{rows}", mapping(how, as_of=as_of))


def test_rows_of_a_group_make_one_list(tmp_path: Path) -> None:
    rows = grouped(
        tmp_path,
        "ann,east,d1,10,1/31/2017\nbob,west,d2,20,2/1/2017\nann,east,d3,5.5,3/31/2017\nann,east,d4,1,4/1/2017\n",
    )

    assert [(row.key, row.number, row.rows, row.as_of) for row in rows] == [
        ("ann · 2017-Q1", 2, (2, 4), "2017-03-31"),
        ("bob · 2017-Q1", 3, (3,), "2017-03-31"),
        ("ann · 2017-Q2", 5, (5,), "2017-06-30"),
    ]
    assert rows[0].facts == {
        "order": {"id": "ann"},
        "customer": {"name": "east"},
        "credits": [{"id": "d1", "amount": Decimal(10)}, {"id": "d3", "amount": Decimal("5.5")}],
    }


@pytest.mark.parametrize(
    ("of", "key", "last_day"),
    [("month", "2016-02", "2016-02-29"), ("half-year", "2016-H1", "2016-06-30"), ("year", "2016", "2016-12-31")],
    ids=str,
)
def test_periods_of_the_calendar(tmp_path: Path, of: str, key: str, last_day: str) -> None:
    (row,) = grouped(tmp_path, "ann,,d1,10,2/1/2016\n", GROUPED.replace("quarter", of))

    assert (row.key, row.as_of) == (f"ann · {key}", last_day)


def test_a_group_may_have_no_period(tmp_path: Path) -> None:
    how = GROUPED.replace("  period: {column: day, of: quarter}\n", "")
    rows = "ann,,d1,10,1/1/2017\nann,,d2,10,1/1/2017\n"

    assert [(row.key, row.as_of) for row in grouped(tmp_path, rows, how, "as_of: {column: day}\n")] == [
        ("ann", "2017-01-01")
    ]
    assert [(row.key, row.as_of) for row in grouped(tmp_path, rows, how, AS_OF)] == [("ann", "2026-03-01")]


def test_a_group_is_refused_whole(tmp_path: Path) -> None:
    rows = grouped(tmp_path, "ann,east,d1,10,1/31/2017\nann,west,d2,x,2/1/2017\nbob,,d3,1,2/1/2017\n")

    assert [row.facts is None for row in rows] == [True, False]
    assert codes(rows[0]) == [
        (3, "amount", "credits[].amount", "value-number-form"),
        (3, "region", "customer.name", "table-differs"),
    ]


def test_rows_that_belong_to_no_group_are_refused_alone(tmp_path: Path) -> None:
    rows = grouped(tmp_path, ",,d1,10,1/31/2017\nann,,d2,1,\nann,,d3,1,2017-01-01\nann,,d4,1,1/1/2017\n")

    assert [codes(row) for row in rows] == [
        [(2, "id", None, "table-empty")],
        [(3, "day", None, "table-empty")],
        [(4, "day", None, "table-day")],
        [],
    ]


def test_a_row_that_cannot_be_read_holds_every_group_back(tmp_path: Path) -> None:
    rows = grouped(tmp_path, "ann,,d1,10,1/31/2017\nann,,d2\n")

    assert [codes(row) for row in rows] == [[(3, None, None, "table-ragged")], [(3, None, None, "table-row-lost")]]


def test_days_of_a_group_must_agree(tmp_path: Path) -> None:
    how = GROUPED.replace("  period: {column: day, of: quarter}\n", "")
    (row,) = grouped(tmp_path, "ann,,d1,10,1/1/2017\nann,,d2,10,1/2/2017\n", how, "as_of: {column: day}\n")

    assert codes(row) == [(3, "day", "as_of", "table-differs")]


# --- the mapping ----------------------------------------------------------------------------------------------------

BAD_MAPPINGS = [
    ("customer.teer: {column: x}", "table-unknown-field"),
    ("customer.name: {}", "table-one-source"),
    ("customer.name: {column: x, constant: y}", "table-one-source"),
    ("customer.name: {constant: y, split: ','}", "table-with-constant"),
    ("customer.name: {join: accounts, column: x}", "table-unknown-join"),
    ("customer.notes: {column: x}", "table-unfit"),
    ("customer.name: {column: x, split: ','}", "table-split"),
    ("customer.needs: {column: x}", "table-split"),
    ("customer.tier: {constant: D}", "value-not-one-of"),
    ("customer.tier: {column: x, default: D}", "value-not-one-of"),
    ("customer.tier: {column: x, values: [{from: gold, to: AA}]}", "value-not-one-of"),
    ("customer.tier: {column: x, bands: [{from: 0, value: AA}]}", "value-not-one-of"),
    ("customer.tier: {column: x, bands: [{from: 5, value: A}, {from: 5, value: B}]}", "table-bands-order"),
    ("customer.tier: {column: x, bands: [{from: 5, value: A}], values: [{from: 1, to: B}]}", "table-bands-and-values"),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%d/%y'}]", "table-pattern"),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%Y'}]", "table-pattern"),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%m/%d/%Y'}]", "table-pattern"),
    ("joins: [{id: j, file: ../x.csv, on: [{column: a, key: b}]}]", "table-join-file"),
    ("joins: [{id: j, file: /etc/passwd, on: [{column: a, key: b}]}]", "table-join-file"),
    ("joins: [{id: j, file: x.csv, on: []}]", "table-join-without-key"),
    ("group: {by: [id], into: creditz}", "table-no-list"),
    ("credits[].amount: {column: x}", "table-item-without-group"),
    ("customer.tier: {column: x, by: name}", "table-by-name"),
    ("group: {by: [id], into: credits}", "table-unfed"),
]


@pytest.mark.parametrize(("how", "code"), BAD_MAPPINGS, ids=[f"{at}-{case[1]}" for at, case in enumerate(BAD_MAPPINGS)])
def test_refuses_a_mapping_that_does_not_fit(tmp_path: Path, how: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        table(tmp_path, "id,x\n1,1\n", mapping(how))

    assert code in [finding.code for finding in findings(caught)]
    assert not isinstance(caught.value, TableError)


BAD_DAYS = [
    ("as_of: {constant: soon}", "value-form"),
    ("as_of: {}", "table-one-source"),
    ("as_of: {constant: 2026-01-01, column: x}", "table-one-source"),
    ("as_of: {period_end: true}", "table-no-period"),
    ("", "table-no-as-of"),
]


@pytest.mark.parametrize(("as_of", "code"), BAD_DAYS, ids=[f"{at}-{case[1]}" for at, case in enumerate(BAD_DAYS)])
def test_refuses_a_day_that_does_not_fit(tmp_path: Path, as_of: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        table(tmp_path, "id,x\n1,1\n", mapping("", as_of=f"{as_of}\n"))

    assert [finding.code for finding in findings(caught)] == [code]


def test_every_required_input_needs_a_source(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        table(tmp_path, "x\n1\n", load_mapping(f"{TOP}facts:\n  customer.name: {{column: x}}\n{AS_OF}"))

    assert [(finding.code, finding.values["found"]) for finding in findings(caught)] == [("table-unfed", "order.id")]


def test_lists_inside_lists_are_not_filled(tmp_path: Path) -> None:
    how = mapping(
        "credits[].amount: {column: x}\ncredits[].parts[].id: {column: x}\ngroup: {by: [id], into: credits}\n"
    )
    (tmp_path / "main.csv").write_text("id,x\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        Table(tmp_path / "main.csv", how, NESTED)

    assert [finding.code for finding in findings(caught)] == ["table-item-without-group"]


def test_findings_stand_in_the_text_of_the_mapping(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(f"{TOP}facts:\n{ID}  customer.tier: {{colum: x}}\n{AS_OF}", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_mapping(path)

    assert [(str(finding.place), finding.code) for finding in findings(caught)] == [(f"{path}:6:19", "unknown-key")]


@pytest.mark.parametrize("text", ["[1, 2]", "just text", "a: &x 1", b"\xff", "policy: approval.order\n"], ids=str)
def test_refuses_what_is_no_mapping(text: str | bytes) -> None:
    with pytest.raises(SourceError) as caught:
        load_mapping(text)

    assert findings(caught)


# --- the file -------------------------------------------------------------------------------------------------------

BAD_FILES = [
    (b"", "table-empty-file"),
    (b"\n\n", "table-empty-file"),
    (b"id,name,id\n1,2,3\n", "table-column-twice"),
    (b"key,name\n1,2\n", "table-unknown-column"),
    (b"id;name\n1;2\n", "table-unknown-column"),
    ("编号,id\n".encode("gb18030"), "table-encoding"),
    ("id,名\n1,2\n".encode("utf-16"), "table-encoding"),
    (b'"id"x,name\n', "table-quotes"),
]


@pytest.mark.parametrize(("content", "code"), BAD_FILES, ids=[f"{at}-{case[1]}" for at, case in enumerate(BAD_FILES)])
def test_refuses_a_file(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(TableError) as caught:
        table(tmp_path, content, mapping("key: [name]\n"))

    assert code in [finding.code for finding in findings(caught)]


def test_suggests_the_delimiter_and_the_column(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        table(tmp_path, "idd;name\n1;2\n", mapping(""))

    assert {finding.code: finding.values.get("suggestion") for finding in findings(caught)} == {
        "table-unknown-column": None,
        "table-delimiter": ";",
    }


def test_takes_another_delimiter_encoding_and_byte_order_mark(tmp_path: Path) -> None:
    how = mapping("customer.name: {column: 名称}\ndelimiter: ';'\nencoding: gb18030\n")
    (row,) = rows_of(tmp_path, "id;名称\r\n1;客户，一\r\n".encode("gb18030"), how)
    (other,) = rows_of(tmp_path, "\ufeffid\n1\n", mapping(""))

    assert row.facts == {"order": {"id": "1"}, "customer": {"name": "客户，一"}}
    assert other.facts == {"order": {"id": "1"}}


@pytest.mark.parametrize("order", ["utf-16", "utf-16-le", "utf-16-be"])
def test_takes_utf_16_in_either_order(tmp_path: Path, order: str) -> None:
    mark = "" if order == "utf-16" else "\ufeff"
    how = mapping("customer.name: {column: 名称}\nencoding: utf-16\n")
    text = mark + "id,名称\r\n" + "".join(f'{at},"客户，\n{at}"\r\n' for at in range(20_000))
    rows = rows_of(tmp_path, text.encode(order), how)

    assert [row.facts for row in rows[::19_999]] == [
        {"order": {"id": str(at)}, "customer": {"name": f"客户，\n{at}"}} for at in (0, 19_999)
    ]


def test_refuses_what_is_no_utf_16_in_its_row(tmp_path: Path) -> None:
    whole = "id,名称\n1,客户\n2,".encode("utf-16")
    rows = rows_of(tmp_path, whole + b"\x00\xdc\x41\x00", mapping("encoding: utf-16\n"))
    longest = rows_of(
        tmp_path, "id\n".encode("utf-16") + ("x" * (3 << 20)).encode("utf-16-le"), mapping("encoding: utf-16\n")
    )

    assert [[each.code for each in row.problems] for row in rows] == [[], ["table-encoding"]]
    assert [[each.code for each in row.problems] for row in longest] == [["table-line-too-long"]]


ROWS = [
    (b"1\n", "table-ragged", None),
    (b"1,2,3\n", "table-ragged", None),
    (b'1,"2"3\n', "table-quotes", None),
    ("1,客户\n".encode("gb18030"), "table-encoding", None),
    (b"1," + b"x" * (rowfile.LONGEST_CELL + 1) + b"\n", "table-cell-too-long", "name"),
    (b"1," + b"x" * 200_000 + b"\n", "table-quotes", None),
    (b"1," + b'"' * (3 << 20) + b"\n", "table-line-too-long", None),
]


@pytest.mark.parametrize(("line", "code", "column"), ROWS, ids=[f"{at}-{case[1]}" for at, case in enumerate(ROWS)])
def test_a_row_that_cannot_be_read_does_not_hide_the_others(
    tmp_path: Path, line: bytes, code: str, column: str | None
) -> None:
    rows = rows_of(tmp_path, b"id,name\n0,a\n" + line + b"\n2,b\n", mapping("customer.name: {column: name}\n"))

    assert codes(rows[1]) == [(3, column, None, code)]
    assert [(row.number, row.facts is None) for row in rows] == [(2, False), (3, True), (5, False)]


def test_an_open_quotation_mark_at_the_end_is_refused(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'id,name\n0,a\n1,"b\n2,c\n', mapping("customer.name: {column: name}\n"))

    assert [codes(row) for row in rows] == [[], [(3, None, None, "table-quotes")]]


def test_cells_may_hold_line_breaks(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'id,name\n0,"a\nb, ""c"""\n1,d\n', mapping("customer.name: {column: name}\n"))

    assert [(row.number, row.facts and row.facts["customer"]["name"]) for row in rows] == [(2, 'a\nb, "c"'), (4, "d")]


def test_files_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rowfile, "MOST_ROWS", 2)
    with pytest.raises(TableError, match="table-too-many-rows"):
        list(table(tmp_path, "id\n1\n2\n3\n", mapping("")))
    monkeypatch.setattr(rowfile, "LARGEST", 5)
    with pytest.raises(TableError, match="table-too-large"):
        table(tmp_path, "id\n1\n2\n", mapping(""))


def test_a_file_that_grows_is_read_as_far_as_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rowfile, "LARGEST", 100)
    begun = table(tmp_path, "id\n1\n2\n", mapping(""))
    [path] = tmp_path.glob("*.csv")
    with path.open("a") as file:
        file.write("3" * 200)

    with pytest.raises(TableError, match="table-too-large"):
        list(begun)


def test_what_is_no_regular_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    for path in (Path("/dev/zero"), pipe, tmp_path):
        with pytest.raises(TableError, match="table-not-regular"):
            opening.opened(path, mapping(""), None)
        with pytest.raises(TableError, match="table-not-regular"):
            opening.read_whole(path, 10)


def test_a_file_is_read_whole_as_far_as_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"0123456789")

    assert opening.read_whole(path, 10) == b"0123456789"
    with pytest.raises(TableError, match="table-too-large: the file has 10 bytes, expected at most 9"):
        opening.read_whole(path, 9)


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = "id\n" + "1\n" * 2500

    list(table(tmp_path, rows, mapping(""), progress=lambda done, whole: told.append((done, whole))))

    assert [whole for _, whole in told] == [len(rows)] * 3
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (len(rows), len(rows))


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_takes_what_a_csv_writer_wrote(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([("id", "name"), *rows])

    read = table(tmp_path, stream.getvalue().encode(), mapping("customer.name: {column: name}\n"))
    found = [row.facts and (row.facts["order"]["id"], row.facts.get("customer", {}).get("name", "")) for row in read]

    assert found == [(one.strip(), other.strip()) if one.strip() else None for one, other in rows]
    assert read.report.read == read.report.taken + read.report.refused


# --- the report -----------------------------------------------------------------------------------------------------


def read_report(folder: Path) -> Report:
    how = mapping(
        """\
        customer.tier: {column: tier}
        columns: [{name: tier, mend: [{from: a, to: A}]}]
        skip: [{column: id, one_of: [x]}]
        """
    )
    read = table(folder, "id,tier\n1,a\n2,D\n3,D\nx,A\n4\n", how)
    list(read)
    return read.report


def test_the_report_says_it_in_both_languages(tmp_path: Path) -> None:
    read = read_report(tmp_path)

    assert read.to_text(Language.EN).splitlines() == [
        "5 rows read: 1 taken (1 to decide), 3 refused, 1 left out",
        "mended: column `tier`, `a` taken as `A` in 1 cell",
        "left out: column `id` is `x` in 1 row",
        "refused: column `tier`, 2 cells (rows 3, 4): `D` is not allowed, expected one of `A`, `B`, `C`",
        "refused: 1 row (6): the row has 1 cell, expected 2, as many as there are headings",
    ]
    assert read.to_text(Language.ZH).splitlines()[0] == "共读取 5 行：采用 1 行（须作 1 个决定），拒绝 3 行，略过 1 行"


def test_the_report_is_plain_data(tmp_path: Path) -> None:
    data = read_report(tmp_path).to_data()

    assert json.loads(json.dumps(data)) == data
    assert data["rows"] == {"read": 5, "taken": 1, "refused": 3, "skipped": 1}
    assert [(each["code"], each["count"], each["rows"]) for each in data["refused"]] == [
        ("value-not-one-of", 2, [3, 4]),
        ("table-ragged", 1, [6]),
    ]


def test_the_report_lists_no_more_than_a_person_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_LISTED", 3)
    read = table(tmp_path, "id\n" + " 1\n" * 5 + "\n".join([""] * 2) + '""\n' * 7, mapping(""))
    list(read)

    assert (len(read.report.mended), sum(read.report.mends.values())) == (3, 5)
    assert (len(read.report.refusals), read.report.refused) == (3, 7)
    assert "(rows 8, 9, 10, 11, 12, …)" in read.report.to_text(Language.EN)


def test_sentences_name_the_same_in_both_languages() -> None:
    for code, message in MESSAGES.items():
        assert names(message.en) == names(message.zh), code


def names(template: str) -> set[str]:
    return {re.split("[:}]", part)[0] for part in template.split("{")[1:]}


# --- files of decisions ---------------------------------------------------------------------------------------------


def decision(outcome: Any, **others: Any) -> Decision:
    return Decision(
        "approval.order",
        "2026-03-01",
        Status.DECIDED,
        outcome,
        None,
        ["r1", "r2"],
        [],
        {"approval.order": "x"},
        **others,
    )


def test_a_decision_becomes_one_record() -> None:
    row = Row(2, (2,), "o1", {}, "2026-03-01")

    assert flat(row, decision({"stages": ["lead"], "points": Decimal(3)})) == {
        "row": 2,
        "key": "o1",
        "policy": "approval.order",
        "as_of": "2026-03-01",
        "status": "decided",
        "outcome.stages": ["lead"],
        "outcome.points": Decimal(3),
        "hits": ["r1", "r2"],
        "missing": [],
    }
    assert flat(row, decision([{"counts": 1}]))["outcome"] == [{"counts": 1}]


def written(records: Iterable[dict[str, Any]]) -> list[list[str]]:
    stream = io.StringIO(newline="")
    write_csv(stream, records)
    return list(csv.reader(io.StringIO(stream.getvalue(), newline="")))


VALUES = [
    (None, ""),
    (True, "true"),
    (7, "7"),
    (Decimal("-1.50"), "-1.50"),
    (Decimal("1E+3"), "1000"),
    ("=1+1", "'=1+1"),
    ("@x", "'@x"),
    ("-", "'-"),
    ("\tx", "'\tx"),
    (["lead", "director"], "lead; director"),
    (["=x"], "'=x"),
    ([1, {"a": None}], '[1,{"a":null}]'),
    (date(2026, 3, 1), "2026-03-01"),
    (DaysDuration(-1), "'-PT0.000000001S"),
]


@pytest.mark.parametrize(("value", "cell"), VALUES, ids=[case[1] for case in VALUES])
def test_writes_a_cell(value: Any, cell: str) -> None:
    assert written([{"x": value, "y": 1}]) == [["x", "y"], [cell, "1"]]


@given(st.lists(st.fixed_dictionaries({"a": TEXTS, "=b": TEXTS | st.lists(TEXTS)}), min_size=1))
def test_no_text_becomes_a_formula(records: list[dict[str, Any]]) -> None:
    for cells in written(records):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_columns_are_those_of_all_records() -> None:
    assert written([{"a": 1}, {"b": 2, "a": 3}]) == [["a", "b"], ["1", ""], ["3", "2"]]


def test_what_comes_up_late_is_not_lost() -> None:
    rows = written([*({"a": at} for at in range(1000)), {"a": 1000, "b": 2}])

    assert rows[0] == ["a", "more"]
    assert rows[-1] == ["1000", '{"b":2}']


def test_writes_one_record_per_line() -> None:
    stream = io.StringIO()

    assert write_jsonl(stream, [{"b": Decimal("1.50"), "a": "客户"}, {}]) == 2
    assert stream.getvalue() == '{"a":"客户","b":1.50}\n{}\n'
