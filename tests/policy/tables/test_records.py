"""Files become records: which fields there are, what is refused and why, each id once, events at an instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from openpyxl import Workbook

from policy.errors import Finding, Problem, SourceError
from policy.model.canonical import canonical_json
from policy.model.document import FieldClass, FieldType, VocabularyDocument
from policy.model.fields import Field
from policy.reader import read
from policy.tables import (
    RecordKind,
    RecordRow,
    RecordTable,
    TableError,
    load_mapping,
    load_record_mapping,
    record_fields,
)
from policy.values import Language, Text

VOCABULARY_TEXT = """\
vocabulary: 1
fields:
  order.amount: {type: number, scale: 2, min: 0}
  order.lines[].quantity: {type: number}
  customer.id: {type: string}
  customer.tier: {type: string, one_of: [A, B]}
  customer.needs: {type: list, of: string}
  customer.growth: {type: number, scale: 4}
  managers[].level: {type: number, scale: 0, min: 1, max: 5}
  person.health: {class: forbidden}
"""


def vocabulary() -> VocabularyDocument:
    document = read(VOCABULARY_TEXT).document
    assert isinstance(document, VocabularyDocument)
    return document


def text(into: str, fields: str, others: str = "") -> str:
    return f"mapping: trial\ninto: {into}\nsource: crm\ntitle: Trial\nfields:\n{indent(fields, '  ')}\n{others}"


def table(folder: Path, rows: str, how: str, **others: Any) -> RecordTable:
    path = folder / "main.csv"
    path.write_text(rows, "utf-8")
    return RecordTable(path, load_record_mapping(how), vocabulary(), **others)


def rows_of(folder: Path, rows: str, how: str, **others: Any) -> list[RecordRow]:
    found = list(table(folder, rows, how, **others))
    for row in found:
        assert (row.record is None) is bool(row.problems)
        assert all(problem.text(language) for problem in row.problems for language in Language)
        assert all(problem.to_data()["row"] == row.number for problem in row.problems)
        canonical_json(row.record)
    return found


def findings(action: Callable[[], object]) -> tuple[Finding, ...]:
    with pytest.raises(SourceError) as caught:
        action()
    assert not isinstance(caught.value, TableError)
    assert all(finding.text(language) for finding in caught.value.findings for language in Language)
    return caught.value.findings


def codes(row: RecordRow) -> list[tuple[int, str | None, str | None, str]]:
    return [(each.row, each.column, each.field, each.code) for each in row.problems]


# --- records of each kind -------------------------------------------------------------------------------------------

RECORDS: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        text("teams", "id: {column: t}\nname: {column: n}\nparent: {column: p}\nsince: {column: d}"),
        "t,n,p,d\ne1,东一组,,2026-01-01\n",
        "e1",
        {"id": "e1", "name": "东一组", "since": date(2026, 1, 1)},
    ),
    (
        text(
            "people",
            "id: {column: i}\nname: {column: n}\nrole: {constant: lead}\nskills: {column: s, split: ';'}\n"
            "capacity: {column: c}\nquota: {column: q}\nlevel: {column: l}",
        ),
        "i,n,s,c,q,l\np1,王芳,cloud; 5G,40.5,80000,3\n",
        "p1",
        {
            "id": "p1",
            "name": "王芳",
            "role": "lead",
            "skills": ["cloud", "5G"],
            "capacity": Decimal("40.5"),
            "quota": Decimal("80000.00"),
            "level": Decimal(3),
        },
    ),
    (
        text(
            "absences", "id: {column: i}\nperson: {column: p}\nsince: {column: a}\nuntil: {column: b}", "key: [p, a]\n"
        ),
        "i,p,a,b\na1,p1,2026-03-01,2026-03-08\n",
        "p1 · 2026-03-01",
        {"id": "a1", "person": "p1", "since": date(2026, 3, 1), "until": date(2026, 3, 8)},
    ),
    (
        text(
            "customers",
            "id: {column: i}\nname: {column: n}\ntier: {column: t}\nphone: {column: p}",
            "facts:\n  customer.growth: {column: g}\n",
        ),
        "i,n,t,p,g\nc1,Acme,A,12345,0.125\n",
        "c1",
        {
            "id": "c1",
            "name": "Acme",
            "tier": "A",
            "phone": "12345",
            "facts": {"customer": {"growth": Decimal("0.1250")}},
        },
    ),
    (
        text(
            "deals",
            "id: {column: i}\ncustomer: {column: c}\nstage: {column: s, values: [{from: Won, to: won}]}\n"
            "closed_on: {column: d}",
            "columns: [{name: d, date: '%m/%d/%Y'}]\nfacts:\n  order.amount: {column: a}\n  customer.id: {column: c}\n",
        ),
        "i,c,s,d,a\nd1,,Won,,\n",
        "d1",
        {"id": "d1", "stage": "won", "facts": {}},
    ),
    (
        text(
            "events",
            "id: {column: i}\ntype: {constant: customer_lost}\nsubject: {column: c}\ntime: {column: t}",
            "facts:\n  customer.id: {column: c}\n",
        ),
        "i,c,t\ne1,c1,2026-03-01T09:30:00+08:00\n",
        "e1",
        {
            "id": "e1",
            "type": "customer_lost",
            "subject": "c1",
            "time": "2026-03-01T09:30:00+08:00",
            "data": {"customer": {"id": "c1"}},
        },
    ),
]


@pytest.mark.parametrize(("how", "rows", "key", "record"), RECORDS, ids=list(RecordKind))
def test_a_row_becomes_a_record(tmp_path: Path, how: str, rows: str, key: str, record: dict[str, Any]) -> None:
    (row,) = rows_of(tmp_path, rows, how)

    assert (row.number, row.key, row.record) == (2, key, record), codes(row)


def test_what_a_mapping_says_of_its_source() -> None:
    how = load_record_mapping(RECORDS[0][0])

    assert (how.mapping, how.into, how.source) == ("trial", RecordKind.TEAMS, "crm")


def test_classes_say_who_may_see_a_field() -> None:
    people, customers = record_fields(RecordKind.PEOPLE), record_fields(RecordKind.CUSTOMERS)

    assert (people["email"].class_, customers["phone"].class_) == (FieldClass.PERSONAL, FieldClass.PERSONAL)
    assert (people["monthly_wage"].class_, people["quota"].class_) == (FieldClass.PAY, FieldClass.PAY)


def test_joins_mends_choices_and_sheets_work_as_for_facts(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "Deals"
    for row in (["id", "name", "live"], [1001, "Acne", "y"], ["c2", "Bolt", "n"], ["c3", "Acme", "y"]):
        book.worksheets[0].append(row)
    page = book.create_sheet("Tiers")
    for row in (["name", "tier"], ["Acme", "A"]):
        page.append(row)
    book.save(tmp_path / "main.xlsx")
    how = text(
        "customers",
        "id: {column: id}\nname: {column: name}\ntier: {join: tiers, column: tier}",
        "sheet: Deals\ncolumns: [{name: name, mend: [{from: Acne, to: Acme}]}]\nskip: [{column: live, one_of: [n]}]\n"
        "joins: [{id: tiers, sheet: Tiers, on: [{column: name, key: name}]}]\n",
    )

    read_through = RecordTable(tmp_path / "main.xlsx", load_record_mapping(how), vocabulary())
    records = [row.record for row in read_through]

    assert records == [
        {"id": "1001", "name": "Acme", "tier": "A", "facts": {}},
        {"id": "c3", "name": "Acme", "tier": "A", "facts": {}},
    ]
    assert read_through.report.to_text(Language.EN).splitlines() == [
        "sheet `Deals`",
        "3 rows read: 2 taken, 0 refused, 1 left out",
        "mended: column `name`, `Acne` taken as `Acme` in 1 cell",
        "left out: column `live` is `n` in 1 row",
    ]
    assert read_through.report.to_data()["sheet"] == "Deals"


# --- what is refused of a row ---------------------------------------------------------------------------------------

PEOPLE = text(
    "people",
    "id: {column: i}\nname: {column: n}\nrole: {column: r}\nlevel: {column: l}\nmonthly_wage: {column: w}\n"
    "hired_on: {column: h}",
)


def test_every_cell_that_does_not_fit_is_named(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, "i,n,r,l,w,h\n,,boss,9,-1,soon\n", PEOPLE)

    assert codes(row) == [
        (2, "i", "id", "table-empty"),
        (2, "n", "name", "table-empty"),
        (2, "r", "role", "value-not-one-of"),
        (2, "l", "level", "value-above-max"),
        (2, "w", "monthly_wage", "value-below-min"),
        (2, "h", "hired_on", "value-form"),
    ]


TEAMS = text("teams", "id: {column: i}\nname: {column: n}")


def test_an_id_that_comes_twice_names_both_rows(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "i,n\ne1,One\ne2,Two\ne1,One\n", TEAMS)

    assert [codes(row) for row in rows] == [[], [], [(4, "i", "id", "table-id-twice")]]
    assert rows[2].problems[0].why(Language.EN) == ("the id `e1` stands in row 2 and again in row 4, expected it once")


def test_rows_that_say_the_same_count_as_one_where_the_mapping_says_so(tmp_path: Path) -> None:
    read_through = table(tmp_path, "i,n\ne1,One\ne1,One\ne1,Two\n", f"{TEAMS}distinct: true\n")
    rows = list(read_through)

    assert [(row.number, [each.code for each in row.problems]) for row in rows] == [(2, []), (4, ["table-id-differs"])]
    report = read_through.report
    assert (report.read, report.taken, report.refused, report.skipped, report.repeated) == (3, 1, 1, 1, 1)
    assert "left out: 1 row says the same as an earlier one" in report.to_text(Language.EN)


def test_a_row_that_cannot_be_read_has_no_id(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "i,n\ne1\ne1,One\n", TEAMS)

    assert [(row.key, [each.code for each in row.problems]) for row in rows] == [("", ["table-ragged"]), ("e1", [])]


def test_an_absence_ends_after_it_began(tmp_path: Path) -> None:
    rows = "i,p,a,b\na1,p1,2026-03-08,2026-03-08\n"

    (row,) = rows_of(tmp_path, rows, RECORDS[2][0])

    assert codes(row) == [(2, "b", "until", "table-absence-ends")]


def test_reading_again_begins_anew(tmp_path: Path) -> None:
    read_through = table(tmp_path, "i,n\ne1,One\n", TEAMS)

    assert list(read_through) == list(read_through)
    assert read_through.report.taken == 1


# --- events ---------------------------------------------------------------------------------------------------------

EVENT = "id: {column: i}\ntype: {column: y}\ntime: {column: t}"
PATTERN = "columns: [{name: t, date: '%Y-%m-%d %H:%M'}]\n"
TIMES = [
    ("", "2026-03-01T09:30:00+08:00", "2026-03-01T09:30:00+08:00"),
    ("", "2026-03-01T01:30:00Z", "2026-03-01T01:30:00+00:00"),
    ("", "2026-03-01T09:30:00", "table-local-time"),
    ("time_zone: Asia/Shanghai\n", "2026-03-01T09:30:00", "2026-03-01T09:30:00+08:00"),
    ("time_zone: Asia/Shanghai\n", "2026-03-01", "2026-03-01T00:00:00+08:00"),
    (f"time_zone: Asia/Shanghai\n{PATTERN}", "2026-03-01 09:30", "2026-03-01T09:30:00+08:00"),
    ("time_zone: Asia/Shanghai\n", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00+00:00"),
    ("time_zone: Europe/Berlin\n", "2026-03-29T02:30:00", "table-no-one-time"),
    ("time_zone: Europe/Berlin\n", "2026-10-25T02:30:00", "table-no-one-time"),
    ("", "yesterday", "value-form"),
    ("", "", "table-empty"),
]


@pytest.mark.parametrize(("others", "cell", "expected"), TIMES, ids=[f"{case[0][11:24]}{case[1]}" for case in TIMES])
def test_an_event_has_an_instant(tmp_path: Path, others: str, cell: str, expected: str) -> None:
    (row,) = rows_of(tmp_path, f"i,y,t\ne1,lost,{cell}\n", text("events", EVENT, others))

    if row.record is not None:
        assert row.record["time"] == expected
    else:
        assert codes(row) == [(2, "t", "time", expected)]


def test_who_asks_may_check_the_data_of_an_event(tmp_path: Path) -> None:
    def checker(kind: str, data: Mapping[str, Any]) -> Iterator[Problem]:
        if kind == "lost" and "customer" not in data:
            yield Problem("facts-missing", "/customer/id", {"found": "customer.id", "expected": "x"})

    how = text("events", EVENT, "facts:\n  customer.id: {column: c}\n")
    rows = "i,y,t,c\ne1,lost,2026-03-01T09:30:00Z,\ne2,won,2026-03-01T09:30:00Z,\n"

    lost, won = rows_of(tmp_path, rows, how, checker=checker)

    assert codes(lost) == [(2, "c", "customer.id", "facts-missing")]
    assert won.record is not None


# --- the mapping ----------------------------------------------------------------------------------------------------

ID = "id: {column: i}\n"
NAMED = f"{ID}name: {{column: n}}\n"
STAGED = f"{ID}stage: {{column: n}}"
BAD: list[tuple[str, str]] = [
    (text("teams", ID), "table-record-unfed"),
    (text("teams", f"{NAMED}colour: {{column: n}}"), "table-unknown-own"),
    (text("people", f"{NAMED}health: {{column: n}}"), "table-forbidden"),
    (text("people", f"{NAMED}person.health: {{column: n}}"), "table-forbidden"),
    (text("people", f"{NAMED}skills: {{column: n}}"), "table-split"),
    (text("people", f"{NAMED}role: {{constant: boss}}"), "value-not-one-of"),
    (text("people", f"{NAMED}level: {{constant: 6}}"), "value-above-max"),
    (text("people", f"{NAMED}team: {{}}"), "table-one-source"),
    (text("people", NAMED, "facts:\n  customer.id: {column: n}\n"), "table-no-facts"),
    (text("customers", NAMED, "facts:\n  order.amount: {column: n}\n"), "table-facts-of-others"),
    (text("customers", f"{NAMED}tier: {{constant: C}}"), "value-not-one-of"),
    (text("deals", STAGED, "facts:\n  person.health: {column: n}\n"), "table-forbidden"),
    (text("deals", STAGED, "facts:\n  order.amuont: {column: n}\n"), "table-not-in-vocabulary"),
    (text("deals", STAGED, "facts:\n  order.lines[].quantity: {column: n}\n"), "table-items-in-record"),
    (text("events", EVENT, "time_zone: Mars/Olympus\n"), "table-zone"),
    (text("teams", NAMED, "joins: [{id: j, on: [{column: i, key: i}]}]\n"), "table-join-nowhere"),
]


@pytest.mark.parametrize(("how", "code"), BAD, ids=[f"{at}-{case[1]}" for at, case in enumerate(BAD)])
def test_refuses_a_mapping_that_does_not_fit(tmp_path: Path, how: str, code: str) -> None:
    found = findings(lambda: table(tmp_path, "i,n,y,t\n", how))

    assert [each.code for each in found] == [code]
    assert found[0].place.line > 1 or code in {"table-record-unfed", "table-no-facts", "table-zone"}


@pytest.mark.parametrize("name", ["reason", "type", "原因", "Reason"])
def test_no_reason_of_an_absence_is_kept(tmp_path: Path, name: str) -> None:
    how = RECORDS[2][0].replace("fields:\n", f"fields:\n  {name}: {{column: x}}\n")

    (finding,) = findings(lambda: table(tmp_path, "i,p,a,b,x\n", how))

    assert finding.code == "table-absence-reason"
    assert "guard rail 9" in finding.text(Language.EN)


@pytest.mark.parametrize("into", ["tasks", "Teams", "team"])
def test_the_kind_of_records_is_one_of_six(into: str) -> None:
    assert [each.code for each in findings(lambda: load_record_mapping(text(into, NAMED)))] == ["unknown-word"]


def test_either_kind_of_mapping_is_told_from_the_other() -> None:
    facts = "mapping: trial\nfor: approval.order\ntitle: Trial\nfacts:\n  order.id: {column: i}\n"

    for load, given in ((load_mapping, TEAMS), (load_record_mapping, facts)):
        assert [each.code for each in findings(lambda: load(given))] == ["table-other-mapping"]  # noqa: B023 - at once


def test_refusals_of_one_kind_are_told_with_the_values_found_and_their_rows(tmp_path: Path) -> None:
    cells = ["much", "more", *("much" for _ in range(30)), *(f"x{at}" for at in range(250))]
    rows = "".join(f"p{at},n,{cell}\n" for at, cell in enumerate(cells))
    made = table(
        tmp_path, f"i,n,c\n{rows}", text("people", "id: {column: i}\nname: {column: n}\ncapacity: {column: c}")
    )

    assert all(row.problems for row in made)

    (reason,) = made.report.reasons.values()
    first, second = reason.values[:2]
    assert (first[0], first[1].count, first[1].rows[:3], len(first[1].rows)) == ("much", 31, [2, 4, 5], 20)
    assert (second[0], second[1].rows, reason.count, reason.more) == ("more", [3], 282, 52)
    told = made.report.to_data()["refused"]
    assert [(told[0]["count"], told[0]["values"][0]["count"], len(told[0]["values"]))] == [(282, 31, 200)]
    assert "200 different values: `much` (31), `more` (1), `x0` (1)" in made.report.to_text(Language.EN)
    assert "共 200 种不同的值" in made.report.to_text(Language.ZH)


def test_values_of_a_record_have_the_names_of_the_vocabulary() -> None:
    shared = {"customer.tier": Field("customer.tier", FieldType.STRING, names={"A": Text("战略", "strategic")})}

    assert record_fields(RecordKind.CUSTOMERS, shared)["tier"].names["A"].zh == "战略"


# --- where rows stand -----------------------------------------------------------------------------------------------

LINES: list[tuple[str, list[int]]] = [
    ("i,n\np1,A\n\n\n,B\n", [2, 5]),
    ("\n\ni,n\np1,A\n\n,B\n", [4, 6]),
    ('i,n\np1,"A\nof\nthree"\n,B\n\n,C\n', [2, 5, 7]),
    ('"i",n\np1,"A\n\nB"\np2\n,C\n', [2, 5, 6]),
    ("i,n\np1,A\n\n,B", [2, 4]),
]


@pytest.mark.parametrize(("rows", "numbers"), LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_rows_are_numbered_by_the_line_they_begin_at(
    tmp_path: Path, rows: str, numbers: list[int], end: str, encoding: str
) -> None:
    path = tmp_path / "main.csv"
    path.write_bytes(rows.replace("\n", end).encode(encoding))
    how = text("people", "id: {column: i}\nname: {column: n}", f"encoding: {encoding.removesuffix('-sig')}\n")

    found = list(RecordTable(path, load_record_mapping(how), vocabulary()))

    assert [row.number for row in found] == numbers
    assert {each.row for row in found for each in row.problems} == set(numbers[1:])


def test_a_quote_that_is_never_closed_is_told_at_its_beginning(tmp_path: Path) -> None:
    found = rows_of(tmp_path, 'i,n\n\np1,A\np2,"B\n\n', text("people", "id: {column: i}\nname: {column: n}"))

    assert [row.number for row in found] == [3, 4]
    assert found[1].problems[0].code == "table-quotes"


def test_headings_that_cannot_be_read_are_told_at_their_line(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        table(tmp_path, "\n\ni,i\np1,A\n", text("people", "id: {column: i}\nname: {column: i}"))

    assert caught.value.findings[0].place.line == 3
