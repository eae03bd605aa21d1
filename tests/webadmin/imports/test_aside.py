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


DEALS = "deal_id,customer,stage,amount,discount,since\nd1,c1,won,-5,0.1,2026-01-02\nd2,c1,sold,5,99,2026-01-02\nd3,c1\n"


@pytest.mark.parametrize(
    ("language", "bounds"),
    [("en", ("at least 0", "at most 100%", "6 cells")), ("zh", ("至少 0", "至多 100%", "6 格"))],
)
def test_what_is_expected_is_said_as_a_bound_a_count_or_a_name(
    admin: FlaskClient, language: str, bounds: tuple[str, ...]
) -> None:
    page = chosen(admin, DEALS, "deals.csv", kind="deals")

    spoken = {"Accept-Language": language}
    told = {each["code"]: each for each in rows(admin.get(f"{page}/problems.csv", headers=spoken).text)}

    codes = ("value-below-min", "value-above-max", "table-ragged")
    assert tuple(told[code]["expected"] for code in codes) == bounds
    assert not any("`" in cell for each in told.values() for cell in each.values())
    shown = section(admin.get(f"{page}/preview", headers=spoken).text)
    assert all(each in shown for each in bounds)
    assert "`" not in shown


def problems(text: str) -> str:
    """Return the problems as they are summed up, without markup."""
    told = text.partition('id="wrong"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", told).split())


EVENTS = (
    "id,type,time,customer\n"
    "e1,customer_lost,2026-03-01T09:00:00+08:00,c1\n"
    "e2,customer_lost,2026-03-02T09:00:00+08:00,c1\n"
)


@pytest.mark.parametrize(
    ("language", "rows", "label"),
    [("en", "2 rows: 2, 3 – –", "Account manager"), ("zh", "2 行：第 2、3 行 – –", "客户经理")],
)
def test_what_no_column_tells_is_named_by_its_label_with_its_rows(
    admin: FlaskClient, language: str, rows: str, label: str
) -> None:
    page = chosen(admin, EVENTS, "events.csv", kind="events")

    told = problems(admin.get(f"{page}/preview", headers={"Accept-Language": language}).text)

    assert rows in told
    assert f"“{label}”" in told
    assert "manager.id" not in told


def test_each_refused_row_stands_in_one_list(admin: FlaskClient) -> None:
    page = chosen(admin, "id,name\n,North\nt2,\n", "teams.csv", kind="teams")
    alike = chosen(admin, "id,name\n,North\n,South\n", "teams.csv", kind="teams")

    apart, summed, turned = (
        admin.get(each).text for each in (f"{page}/preview", f"{alike}/preview", f"{alike}/preview?rows=1")
    )

    assert apart.count("Row 2") == 1
    assert "<table" not in apart.partition('id="wrong"')[2].partition("</section>")[0]
    assert "2 rows: 2, 3" in problems(summed)
    assert '<details><summary id="row-by-row">' in summed, "summed up, they are folded"
    assert '<details open><summary id="row-by-row">' in turned


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "2999, 9:12:00"), ("zh", "事件的时刻为 2999年3月1日 09:12:00，尚未到来（现在是 20")],
)
def test_an_event_to_come_is_told_by_our_clocks(admin: FlaskClient, language: str, said: str) -> None:
    event = "e1,customer_lost,2999-03-01T01:12:00+00:00,c1,p1\n"
    page = chosen(admin, f"id,type,time,customer,manager\n{event}", "events.csv", kind="events")

    shown = section(admin.get(f"{page}/preview", headers={"Accept-Language": language}).text)

    assert said in shown.replace("\u202f", " ")
    assert "+00:00 尚" not in shown
