"""Rows an import does not take are named, one by one: where they stand, what was found and expected, a stable code."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.datastructures import FileStorage

from tests.webadmin.imports.test_pages import chosen, imported, mapped

FILE = "id,name,state\nt1,North,live\nt2,South,=gone\nt3,West,dead\nt1,North,live\n"
LEAVES_OUT = "where: [{column: state, one_of: [live, dead]}]\nskip: [{column: state, one_of: [dead]}]\n"


def begun(client: FlaskClient, content: str = FILE, more: str = LEAVES_OUT) -> str:
    """Choose a file of teams, with a mapping that leaves rows out; return its address."""
    page = chosen(client, content, "teams.csv", kind="teams")
    text = re.sub("(?m)^distinct:.*\n", "", mapped(client, page)) + more
    text = f"{text}distinct: true\n".encode()
    answer = client.post(f"{page}/mapping", data={"yaml": FileStorage(io.BytesIO(text), "m.yaml")})
    assert answer.status_code == 303, answer.text
    return page


def section(text: str) -> str:
    """Return what stands of the rows that are not taken, without markup."""
    told = text.partition('id="row-by-row"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", told).split())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


def test_the_preview_names_every_row_left_out_with_why(admin: FlaskClient) -> None:
    told = section(admin.get(f"{begun(admin)}/preview").text)

    assert "Row 3 is left out state =gone live, dead" in told
    assert "Row 4 is left out state dead –" in told
    assert "Row 5 is left out id t1 – Row 5 says the same of the id t1 as row 2, so it counts once" in told
    for code in ("table-not-chosen", "table-left-out", "table-repeated"):
        assert code in told


def test_refused_and_left_out_rows_stand_together_in_the_order_of_the_file(admin: FlaskClient) -> None:
    page = begun(admin, "id,name,state\n,North,live\nt2,South,gone\nt3,,live\n")

    told = section(admin.get(f"{page}/preview").text)

    assert re.search(r"Row 2 is refused id .*Row 3 is left out state gone .*Row 4 is refused name ", told), told
    assert [(each["row"], each["came_to"], each["code"]) for each in rows(admin.get(f"{page}/problems.csv").text)] == [
        ("2", "refused", "table-empty"),
        ("3", "left out", "table-not-chosen"),
        ("4", "refused", "table-empty"),
    ]


def test_many_rows_stand_on_pages(admin: FlaskClient) -> None:
    body = "".join(f"t{number},Team {number},{'live' if number == 1 else 'gone'}\n" for number in range(1, 122))
    page = begun(admin, f"id,name,state\n{body}")

    first, last = (section(admin.get(f"{page}/preview?rows={which}").text) for which in ("1", "99"))

    assert "Row 3 is left out" in first
    assert "Row 53 " not in first
    assert "Page 3 of 3" in last
    assert "Row 122 is left out" in last
    assert len(rows(admin.get(f"{page}/problems.csv").text)) == 120


def test_the_report_and_the_history_name_them_too(site: Flask, admin: FlaskClient) -> None:
    report = imported(site, admin, begun(admin))

    for language, said in (
        ("en", "Row 3 is left out state =gone live, dead"),
        ("zh", "第 3 行 略过 state =gone live、dead"),
    ):
        assert said in section(admin.get(report, headers={"Accept-Language": language}).text)
    told = rows(admin.get(f"{report}/left-out.csv").text)
    assert [(each["row"], each["code"]) for each in told] == [
        ("3", "table-not-chosen"),
        ("4", "table-left-out"),
        ("5", "table-repeated"),
    ]
    assert told[0]["found"] == "'=gone", "a spreadsheet takes it for no formula"


@pytest.mark.parametrize("file", ["problems.csv", "preview"])
def test_a_file_all_rows_of_which_are_taken_names_none(admin: FlaskClient, file: str) -> None:
    page = chosen(admin, "id,name\nt1,North\n", "teams.csv", kind="teams")

    text = admin.get(f"{page}/{file}").text

    assert "row-by-row" not in text
    assert file == "preview" or rows(text) == []


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row, cells in {1: ("id", "name"), 2: ("t1", "North"), 5: ("", "South")}.items():
        for column, cell in enumerate(cells, 1):
            sheet.cell(row, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"id,name\nt1,North\n\n\n,South\n", "teams.csv"),
        (b'id,name\nt1,"North\nof\nus"\n,South\n', "teams.csv"),
        (workbook(), "teams.xlsx"),
    ],
)
def test_rows_have_the_numbers_an_editor_or_a_spreadsheet_shows(admin: FlaskClient, content: bytes, name: str) -> None:
    page = chosen(admin, content, name, kind="teams")

    told = admin.get(f"{page}/preview").text

    assert 'Row 5 <span class="badge grade-error">is refused' in told
    assert "Row 2</th>" in told.partition('id="first"')[2]
    assert "Row 3" not in told
    assert [each["row"] for each in rows(admin.get(f"{page}/problems.csv").text)] == ["5"]
