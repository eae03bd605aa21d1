"""Workbooks (XLSX) as input: what a cell is taken for, which sheet is read, and what is refused before it is read."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.formula import ArrayFormula

from policy.errors import Finding
from policy.model.document import FieldType as Type
from policy.model.facts import FactsReader
from policy.model.fields import Field, tree
from policy.tables import MappingDocument, Row, SheetFile, Table, TableError, archive, load_mapping, rowfile
from policy.tables.rowfile import Literal
from policy.values import Language

FIELDS = [
    Field("order.id", Type.STRING),
    Field("order.amount", Type.NUMBER, scale=2, optional=True),
    Field("order.rate", Type.NUMBER, optional=True),
    Field("order.prepaid", Type.BOOLEAN, optional=True),
    Field("order.day", Type.DATE, optional=True),
    Field("order.at", Type.DATE_TIME, optional=True),
    Field("order.clock", Type.TIME, optional=True),
    Field("order.within", Type.DAYS_DURATION, optional=True),
    Field("order.name", Type.STRING, optional=True),
    Field("order.counts", Type.LIST, of=Type.NUMBER, optional=True),
    Field("order.tier", Type.STRING, one_of=("A", "B"), optional=True),
]
READER = FactsReader(tree({field.path: field for field in FIELDS}))
MORNING = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001 - a workbook knows no zones
FACTS = "facts:\n  order.id: {column: id}\n"


def mapping(facts: str = "", others: str = "") -> MappingDocument:
    top = "mapping: trial\nfor: approval.order\ntitle: Trial\nas_of: {constant: 2026-03-01}\n"
    return load_mapping(f"{top}{FACTS}{facts}{others}")


def saved(
    path: Path, sheets: dict[str, Iterable[Sequence[Any]]], change: Callable[[Workbook], None] | None = None
) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    if change is not None:
        change(book)
    book.save(path)
    return path


def one(folder: Path, *rows: Sequence[Any], change: Callable[[Workbook], None] | None = None) -> Path:
    return saved(folder / "main.xlsx", {"Deals": rows}, change)


def rows_of(path: Path, how: MappingDocument) -> list[Row]:
    found = list(Table(path, how, READER))
    for row in found:
        assert all(problem.text(language) for problem in row.problems for language in Language)
        assert all(problem.sheet == "Deals" for problem in row.problems)
        if row.facts is not None:
            READER.read(row.facts)
    return found


def findings(action: Callable[[], object]) -> tuple[Finding, ...]:
    with pytest.raises(TableError) as caught:
        action()
    assert all(finding.text(language) for finding in caught.value.findings for language in Language)
    return caught.value.findings


def codes(action: Callable[[], object]) -> list[str]:
    return [finding.code for finding in findings(action)]


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Change the parts of a workbook."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in parts.items():
            after.writestr(name, change(name, content))
    return path


def with_sheet(path: Path, old: str, new: str) -> Path:
    return repacked(
        path, lambda name, part: part.replace(old.encode(), new.encode()) if "worksheets/" in name else part
    )


def shared(path: Path, text: str, before: str = "") -> Path:
    """Let the cell `TEXT` be one of the texts that all sheets share."""
    with_sheet(path, 't="inlineStr"><is><t>TEXT</t></is>', 't="s"><v>0</v>')
    form = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{form}"/></Types>'.encode()
    repacked(path, lambda name, text: text.replace(b"</Types>", part) if name == "[Content_Types].xml" else text)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        sst = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
        book.writestr("xl/sharedStrings.xml", before + sst)
    return path


# --- one cell -------------------------------------------------------------------------------------------------------

CELLS: list[tuple[str, Any, Any]] = [
    ("order.amount: {column: x}", 12.5, Decimal("12.50")),
    ("order.amount: {column: x}", 9.7, Decimal("9.70")),
    ("order.amount: {column: x}", "9.7", Decimal("9.70")),
    ("order.rate: {column: x}", 0.1, Decimal("0.1")),
    ("order.rate: {column: x}", 1e-7, Decimal("0.0000001")),
    ("order.rate: {column: x}", 1e20, Decimal(100000000000000000000)),
    ("order.name: {column: x}", "00123", "00123"),
    ("order.name: {column: x}", "1e5", "1e5"),
    ("order.name: {column: x}", 1001, "1001"),
    ("order.name: {column: x}", 4514.0, "4514"),
    ("order.name: {column: x}", " 客户　", "客户"),
    ("order.name: {column: x}", True, "true"),
    ("order.name: {column: x}", date(2026, 3, 1), "2026-03-01"),
    ("order.name: {column: x, values: [{from: '7', to: seven}]}", 7, "seven"),
    ("order.prepaid: {column: x}", True, True),
    ("order.prepaid: {column: x}", False, False),
    ("order.day: {column: x}", date(2026, 3, 1), date(2026, 3, 1)),
    ("order.day: {column: x}", "2026-03-01", date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%d/%Y'}]", date(2026, 3, 1), date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%m/%d/%Y'}]", "3/1/2026", date(2026, 3, 1)),
    ("order.day: {column: x}\ncolumns: [{name: x, date: '%Y-%m-%d %H:%M'}]", MORNING, date(2026, 3, 1)),
    ("order.clock: {column: x}", time(9, 30), "09:30:00"),
    ("order.at: {column: x}", MORNING, "2026-03-01T09:30:00"),
    ("order.at: {column: x}", date(2026, 3, 1), "2026-03-01T00:00:00"),
    ("order.within: {column: x}", timedelta(hours=30), "P1DT6H"),
    ("order.counts: {column: x, split: ';'}", 5, [Decimal(5)]),
    ("order.counts: {column: x, split: ';'}", "5; 6", [Decimal(5), Decimal(6)]),
    ("order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ','}}]", 1234.5, Decimal("1234.50")),
    ("order.amount: {column: x}\ncolumns: [{name: x, number: {thousands: ','}}]", "1,234.5", Decimal("1234.50")),
    ("order.rate: {column: x}\ncolumns: [{name: x, number: {percent: true}}]", 0.125, Decimal("0.125")),
    ("order.tier: {column: x, bands: [{from: 0, value: B}, {from: 500, value: A}]}", 500, "A"),
    ("order.name: {column: x}\ncolumns: [{name: x, missing: ['0']}]", 0, None),
]


@pytest.mark.parametrize(("how", "cell", "value"), CELLS, ids=[f"{at}-{case[1]}" for at, case in enumerate(CELLS)])
def test_takes_a_cell_as_what_it_is(tmp_path: Path, how: str, cell: Any, value: Any) -> None:
    facts, _, others = how.partition("\n")
    path = one(tmp_path, ["id", "x"], ["o1", cell])

    (row,) = rows_of(path, mapping(f"  {facts}\n", others))

    assert row.facts is not None, [problem.text(Language.EN) for problem in row.problems]
    found = row.facts["order"].get(facts.partition(":")[0].removeprefix("order."))
    assert (found if not isinstance(value, str) else str(found)) == value


@pytest.mark.parametrize(
    ("facts", "cell", "code"),
    [
        ("order.day: {column: x}", MORNING, "value-form"),
        ("order.day: {column: x}", 46082, "value-form"),
        ("order.amount: {column: x}", date(2026, 3, 1), "value-number-form"),
        ("order.amount: {column: x}", 1.001, "value-scale"),
        ("order.prepaid: {column: x}", 1, "value-form"),
    ],
    ids=str,
)
def test_refuses_a_cell_of_another_kind(tmp_path: Path, facts: str, cell: Any, code: str) -> None:
    (row,) = rows_of(one(tmp_path, ["id", "x"], ["o1", cell]), mapping(f"  {facts}\n"))

    assert [(each.row, each.column, each.code) for each in row.problems] == [(2, "x", code)]


def test_binary_numbers_come_by_their_shortest_decimals(tmp_path: Path) -> None:
    path = with_sheet(one(tmp_path, ["id", "x"], ["o1", 7.25]), "7.25", "0.10000000000000001")

    (record,) = SheetFile(path).rows()

    assert record.cells == ("o1", "0.1")


def test_whole_numbers_keep_every_digit(tmp_path: Path) -> None:
    path = with_sheet(one(tmp_path, ["id", "x"], ["o1", 7]), "<v>7</v>", "<v>123456789012345678901</v>")

    (record,) = SheetFile(path).rows()

    assert record.cells == ("o1", "123456789012345678901")


def test_days_of_the_old_calendar_of_the_mac(tmp_path: Path) -> None:
    def since_1904(book: Workbook) -> None:
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - a workbook knows no zones

    (record,) = SheetFile(one(tmp_path, ["day"], [date(2026, 3, 1)], change=since_1904)).rows()

    assert record.cells == ("2026-03-01",)
    assert isinstance(record.cells[0], Literal)


FORMULAS: list[Any] = ["=A1", "=1/0", ArrayFormula("B2:B2", "=SUM(A1:A2)")]


@pytest.mark.parametrize("formula", FORMULAS, ids=["reference", "division", "array"])
def test_formulas_are_refused_by_sheet_and_cell(tmp_path: Path, formula: Any) -> None:
    bad, good = rows_of(
        one(tmp_path, ["id", "x", "y"], ["o1", formula, "=A1"], ["o2", 1, 1]),
        mapping("  order.amount: {column: x}\n  order.rate: {column: y}\n"),
    )

    assert [(each.row, each.column, each.code) for each in bad.problems] == [
        (2, "x", "table-formula"),
        (2, "y", "table-formula"),
    ]
    assert bad.problems[1].text(Language.EN) == (
        "column `y`: cell `C2` of the sheet `Deals` holds a formula, expected a value: copy it and paste values only"
    )
    assert good.facts is not None


def test_a_formula_nobody_reads_does_not_matter(tmp_path: Path) -> None:
    (row,) = rows_of(one(tmp_path, ["id", "x"], ["o1", "=A1"]), mapping())

    assert row.facts == {"order": {"id": "o1"}}


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("Deals")
    cell = WriteOnlyCell(page, "=1+1")
    cell.data_type = "s"
    page.append(["id"])
    page.append([cell])
    book.save(tmp_path / "main.xlsx")

    (row,) = rows_of(tmp_path / "main.xlsx", mapping())

    assert row.facts == {"order": {"id": "=1+1"}}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_errors_are_refused(tmp_path: Path, error: str) -> None:
    (row,) = rows_of(one(tmp_path, ["id", "x"], ["o1", error]), mapping("  order.name: {column: x}\n"))

    assert [(each.code, each.values) for each in row.problems] == [
        ("table-error-cell", {"sheet": "Deals", "cell": "B2", "found": error})
    ]


def test_numbers_beyond_all_bounds_are_refused(tmp_path: Path) -> None:
    path = with_sheet(one(tmp_path, ["id", "x"], ["o1", 7.25], ["o2", 1]), "7.25", "1e999")

    bad, good = rows_of(path, mapping("  order.rate: {column: x}\n"))

    assert [each.code for each in bad.problems] == ["table-error-cell"]
    assert good.facts is not None


# --- rows -----------------------------------------------------------------------------------------------------------


def test_rows_keep_the_numbers_they_have_in_the_sheet(tmp_path: Path) -> None:
    path = one(tmp_path, [], ["id", None, None], [], ["o1", None], [None], ["o2"], change=None)

    assert [(record.number, record.cells) for record in SheetFile(path).rows()] == [(4, ("o1",)), (6, ("o2",))]


def test_a_row_may_end_early_but_not_late(tmp_path: Path) -> None:
    path = one(tmp_path, ["id", "x"], ["o1"], ["o2", 1, 2])

    short, long = rows_of(path, mapping("  order.rate: {column: x}\n"))

    assert short.facts == {"order": {"id": "o1"}}
    assert [(each.row, each.code) for each in long.problems] == [(3, "table-ragged")]


def test_what_the_file_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    path = with_sheet(one(tmp_path, ["id"], ["o1"], ["o2"]), '<dimension ref="A1:A3"', '<dimension ref="A1:A1"')

    assert [record.cells for record in SheetFile(path).rows()] == [("o1",), ("o2",)]


def test_a_cell_may_be_too_long(tmp_path: Path) -> None:
    path = shared(one(tmp_path, ["id"], ["TEXT"], ["o2"]), "x" * (rowfile.LONGEST_CELL + 1))

    rows = rows_of(path, mapping())

    assert [[each.code for each in row.problems] for row in rows] == [["table-cell-too-long"], []]


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = one(tmp_path, ["id"], *([f"o{at}"] for at in range(2500)))

    list(Table(path, mapping(), READER, progress=lambda done, whole: told.append((done, whole))))

    assert len(told) == 3
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


# --- sheets ---------------------------------------------------------------------------------------------------------

TWO = {"Deals": [["id"], ["o1"]], "Notes": [["x"], ["y"]]}


def test_one_of_several_sheets_must_be_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "main.xlsx", TWO)

    (finding,) = findings(lambda: Table(path, mapping(), READER))
    assert (finding.code, finding.values["expected"]) == ("table-which-sheet", ("`Deals`", "`Notes`"))
    assert [row.facts for row in rows_of(path, mapping(others="sheet: Deals\n"))] == [{"order": {"id": "o1"}}]
    (finding,) = findings(lambda: Table(path, mapping(others="sheet: Deal\n"), READER))
    assert (finding.code, finding.values["suggestion"]) == ("table-no-sheet", "Deals")


def test_hidden_sheets_are_read_only_by_name(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book["Notes"].sheet_state = "veryHidden"

    path = saved(tmp_path / "main.xlsx", TWO, hide)

    assert SheetFile(path).sheet == "Deals"
    assert [record.cells for record in SheetFile(path, "Notes").rows()] == [("y",)]


def test_the_name_of_a_sheet_means_nothing_for_csv(tmp_path: Path) -> None:
    (tmp_path / "main.csv").write_text("id\no1\n", "utf-8")

    (row,) = Table(tmp_path / "main.csv", mapping(others="sheet: Deals\n"), READER)

    assert row.facts == {"order": {"id": "o1"}}


JOINS = "joins: [{{id: tiers, {where}, on: [{{column: name, key: name}}]}}]\n"
TIER = "  order.tier: {join: tiers, column: tier}\n"


@pytest.mark.parametrize(
    "where", ["sheet: Tiers", "file: main.xlsx, sheet: Tiers", "file: tiers.csv", "file: tiers.xlsx"], ids=str
)
def test_a_sheet_is_joined_with_another_or_with_a_file(tmp_path: Path, where: str) -> None:
    tiers = [["name", "tier"], ["Acme", "A"]]
    path = saved(tmp_path / "main.xlsx", {"Deals": [["id", "name"], ["o1", "Acme"]], "Tiers": tiers})
    saved(tmp_path / "tiers.xlsx", {"Any": tiers})
    (tmp_path / "tiers.csv").write_text("name,tier\nAcme,A\n", "utf-8")

    (row,) = rows_of(path, mapping(TIER, f"sheet: Deals\n{JOINS.format(where=where)}"))

    assert row.facts == {"order": {"id": "o1", "tier": "A"}}


def test_a_csv_file_has_no_other_sheets(tmp_path: Path) -> None:
    (tmp_path / "main.csv").write_text("id,name\no1,Acme\n", "utf-8")

    how = mapping(TIER, JOINS.format(where="sheet: Tiers"))

    assert codes(lambda: Table(tmp_path / "main.csv", how, READER)) == ["table-join-no-workbook"]


def test_a_formula_in_a_joined_sheet_is_refused_at_its_cell(tmp_path: Path) -> None:
    path = saved(tmp_path / "main.xlsx", {"Deals": [["id", "name"]], "Tiers": [["name", "tier"], ["Acme", "=A1"]]})
    how = mapping(TIER, f"sheet: Deals\n{JOINS.format(where='sheet: Tiers')}")

    (finding,) = findings(lambda: Table(path, how, READER))

    assert (finding.code, str(finding.place)) == ("table-formula", f"{path} [Tiers]:2:2")


# --- the table in the sheet -----------------------------------------------------------------------------------------

HEADERS: list[tuple[list[Any], list[str]]] = [
    ([], ["table-empty-file"]),
    (["id", "x", "id"], ["table-column-twice"]),
    (["id", "=A1"], ["table-formula"]),
    (["id", "#REF!"], ["table-error-cell"]),
    (["key"], ["table-unknown-column"]),
    (["id"] + [f"c{at}" for at in range(rowfile.MOST_COLUMNS)], ["table-too-many-columns"]),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS, ids=[case[1][0] for case in HEADERS])
def test_refuses_a_header(tmp_path: Path, header: list[Any], expected: list[str]) -> None:
    assert codes(lambda: Table(one(tmp_path, header), mapping(), READER)) == expected


@pytest.mark.parametrize(
    ("cells", "is_refused"),
    [("A2:A3", True), ("A1:B1", True), ("B2:D2", True), ("C2:D3", False), ("XEZ2:XFD3", False)],
    ids=str,
)
def test_merged_cells_in_the_table_are_refused(tmp_path: Path, cells: str, is_refused: bool) -> None:
    path = one(tmp_path, ["id", "x"], ["o1", 1], ["o2", 2], change=lambda book: book.worksheets[0].merge_cells(cells))

    if is_refused:
        assert [(finding.code, finding.values["found"]) for finding in findings(lambda: SheetFile(path))] == [
            ("table-merged", cells)
        ]
    else:
        assert SheetFile(path).header == ("id", "x")


def test_a_table_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rowfile, "MOST_ROWS", 2)
    path = one(tmp_path, ["id"], ["o1"], ["o2"], ["o3"])
    assert [each.place.line for each in findings(lambda: list(SheetFile(path).rows()))] == [4]


def test_a_row_far_away_is_refused_without_counting_to_it(tmp_path: Path) -> None:
    path = with_sheet(one(tmp_path, ["id"], ["o1"]), '<row r="2"', '<row r="99999999999"')

    assert codes(lambda: list(SheetFile(path).rows())) == ["table-too-many-rows"]


def test_a_column_far_away_is_refused(tmp_path: Path) -> None:
    path = one(tmp_path, ["id"], ["o1"], change=lambda book: book.worksheets[0].cell(3, 16_384, "x") and None)

    assert codes(lambda: list(SheetFile(path).rows())) == ["table-too-many-columns"]


# --- the file -------------------------------------------------------------------------------------------------------


def bytes_of(folder: Path) -> bytes:
    return one(folder, ["id"], ["o1"]).read_bytes()


def test_a_zip_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bytes_of(tmp_path))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/bomb.xml", "w") as part:
        for _ in range(archive.LARGEST_UNZIPPED >> 20):
            part.write(bytes(1 << 20))

    assert path.stat().st_size < 1 << 20
    assert codes(lambda: SheetFile(path)) == ["table-unzips-too-large"]


@pytest.mark.parametrize(
    ("part", "bound"), [("xl/styles.xml", "LARGEST_PART"), ("xl/sharedStrings.xml", "LARGEST_TEXTS")], ids=str
)
def test_no_part_is_larger_than_it_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, bound: str
) -> None:
    path = shared(one(tmp_path, ["id"], ["TEXT"]), "x")
    repacked(path, lambda name, text: text + b" " * 100_000 if name == part else text)
    monkeypatch.setattr(archive, bound, 50_000)

    assert codes(lambda: SheetFile(path)) == ["table-unzips-too-large"]


def test_a_part_that_lies_about_its_size_is_cut_off(tmp_path: Path) -> None:
    path = one(tmp_path, ["id"], *([f"o{at}"] for at in range(1000)))
    content = path.read_bytes()
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml"))
    path.write_bytes(content[: entry + 24] + struct.pack("<I", 2000) + content[entry + 28 :])

    assert codes(lambda: list(SheetFile(path).rows()))[0] in {"table-broken-workbook", "table-no-workbook"}


def test_entities_do_not_grow_without_bound(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "{"x" * 100}">{levels}]>'
    path = shared(one(tmp_path, ["id"], ["TEXT"]), "&l9;", doctype)

    assert codes(lambda: SheetFile(path)) == ["table-no-workbook"]


def encrypted(content: bytes) -> bytes:
    return archive.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + content


FILES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("main.xls", lambda _: archive.OLE + bytes(600), "table-old-workbook"),
    ("main.csv", lambda _: archive.OLE + bytes(600), "table-old-workbook"),
    ("main.xlsx", encrypted, "table-encrypted"),
    ("main.xlsm", lambda content: content, "table-macros"),
    ("main.xlsx", lambda _: b"id,x\n1,2\n", "table-no-workbook"),
    ("main.xlsx", lambda content: content[:200], "table-no-workbook"),
    ("main.xlsx", lambda _: b"", "table-no-workbook"),
]


@pytest.mark.parametrize(("name", "change", "code"), FILES, ids=[f"{at}-{case[2]}" for at, case in enumerate(FILES)])
def test_refuses_other_files_by_what_they_are(
    tmp_path: Path, name: str, change: Callable[[bytes], bytes], code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(change(bytes_of(tmp_path)))

    assert codes(lambda: Table(path, mapping(), READER)) == [code]


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


PACKED = [
    (("[Content_Types].xml", "xl/vbaProject.bin"), "table-macros"),
    (("mimetype", "content.xml"), "table-no-workbook"),
    (("[Content_Types].xml",), "table-no-workbook"),
]


@pytest.mark.parametrize(("names", "code"), PACKED, ids=[case[1] for case in PACKED])
def test_refuses_zip_files_that_are_something_else(tmp_path: Path, names: tuple[str, ...], code: str) -> None:
    path = tmp_path / "main.xlsx"
    path.write_bytes(zipped(*names))

    assert codes(lambda: Table(path, mapping(), READER)) == [code]


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "main.csv"
    path.write_bytes(bytes_of(tmp_path))

    assert [row.facts for row in rows_of(path, mapping())] == [{"order": {"id": "o1"}}]


def test_a_file_may_be_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 100)

    assert codes(lambda: SheetFile(one(tmp_path, ["id"]))) == ["table-too-large"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, at: int, byte: int) -> None:
    content = bytearray(bytes_of(tmp_path))
    content[at % len(content)] = byte
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(content)
    with suppress(TableError):
        assert len(list(Table(path, mapping(), READER))) <= 1


PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(PRINTABLE, st.integers(-(10**12), 10**12)), max_size=6))
def test_csv_and_workbook_come_to_the_same(tmp_path: Path, rows: list[tuple[str, int]]) -> None:
    texts = [(f"o{at}", text, number) for at, (text, number) in enumerate(rows)]
    book = Workbook(write_only=True)
    page = book.create_sheet("Deals")
    page.append(["id", "name", "rate"])
    for name, text, number in texts:
        cell = WriteOnlyCell(page, text)
        cell.data_type = "s"
        page.append([name, cell, number])
    book.save(tmp_path / "main.xlsx")
    quoted = [f'{name},"{text.replace(chr(34), chr(34) * 2)}",{number}' for name, text, number in texts]
    (tmp_path / "main.csv").write_text("\n".join(["id,name,rate", *quoted]) + "\n", "utf-8")
    how = mapping("  order.name: {column: name}\n  order.rate: {column: rate}\n")

    assert [row.facts for row in rows_of(tmp_path / "main.xlsx", how)] == [
        row.facts for row in Table(tmp_path / "main.csv", how, READER)
    ]
