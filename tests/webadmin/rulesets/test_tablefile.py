"""The rules as a file and back: nothing is lost, each change is shown by cell before it is made, undone as one."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

NAME = "approval.order"
Table = list[list[str]]


def draft(site: Flask, name: str = NAME) -> tuple[str, int]:
    return drafted(site, name)


def download(client: FlaskClient, kind: str, form: str = "", language: str = "en", name: str = NAME) -> bytes:
    address = f"/policies/{name}/table.{kind}?of=draft&as={form}"
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.data


def table(content: bytes) -> Table:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(rows: Table) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def take(
    client: FlaskClient, content: bytes, how: str = "replace", kind: str = "csv", language: str = "en", name: str = NAME
) -> TestResponse:
    data = {"file": (io.BytesIO(content), f"rules.{kind}"), "how": how}
    return client.post(f"/drafts/{name}/table", data=data, headers={"Accept-Language": language})


def plain(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


def confirm(client: FlaskClient, page: str, name: str = NAME) -> TestResponse:
    """Press the button of the look at a file."""
    form = page.partition(f'action="/drafts/{name}/change"')[2].partition("</form>")[0]
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    data: dict[str, list[str]] = {}
    for field, value in fields:
        data.setdefault(field, []).append(unescape(value))
    return client.post(f"/drafts/{name}/change", data=data)


def changed(rows: Table, rule: str, column: str, value: str) -> Table:
    at = next(number for number, heading in enumerate(rows[0]) if heading.endswith(f"[{column}]"))
    return [[value if row[0] == rule and number == at else cell for number, cell in enumerate(row)] for row in rows]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("kind", "form"), [("csv", ""), ("csv", "written"), ("xlsx", ""), ("xlsx", "written")])
@pytest.mark.parametrize(
    "name", [NAME, "scorecard.customer-value", "incentive.quarterly", "scorecard.manager-performance"]
)
def test_what_is_downloaded_comes_back_as_it_was(
    editor: FlaskClient, name: str, kind: str, form: str, language: str
) -> None:
    editor.post(f"/drafts/{name}/begin")

    page = take(editor, download(editor, kind, form, language, name), kind=kind, language=language, name=name)

    said = "文件与草稿一致" if language == "zh" else "The file says what the draft says"
    assert said in page.text, plain(page.text)


def test_a_change_is_shown_by_cell_made_as_one_step_and_undone(editor: FlaskClient) -> None:
    before, _ = draft(editor.application)
    rows = changed(table(download(editor, "csv")), "any-discount", "when: order.discount", "超过一成")
    rows = [row for row in rows if row[0] != "very-large"]

    page = take(editor, saved(rows)).text

    assert "No longer in the file, so taken out: very-large" in plain(page)
    assert "<del>is above 5%</del>" in page
    assert "<ins>is above 10%</ins>" in page
    assert draft(editor.application)[0] == before, "nothing is done by looking"
    assert confirm(editor, page).status_code == 303
    now, version = draft(editor.application)
    assert 'when: {order.discount: "> 0.1' in now
    assert "id: very-large" not in now
    assert "  # Price\n" in now, "comments stay"
    assert 'zh: "折扣 {order.discount}，超过5%"' in now, "a reason that was not touched keeps every character"
    editor.post(f"/drafts/{NAME}/undo", data={"since": version})
    assert draft(editor.application)[0] == before


def test_rows_are_added_moved_and_given_columns(editor: FlaskClient) -> None:
    rows = table(download(editor, "csv", "written"))
    rows[0].append("Industry [when: customer.industry]")
    rows = [row + [""] * (len(rows[0]) - len(row)) for row in rows]
    fresh = [""] * len(rows[0])
    fresh[0], fresh[-1] = "chemicals", '"chemicals"'
    fresh[next(at for at, each in enumerate(rows[0]) if each.endswith("[then: stages]"))] = "legal"
    fresh[next(at for at, each in enumerate(rows[0]) if each.endswith("[because: zh]"))] = "化工"
    rows.insert(1, fresh)

    page = take(editor, saved(rows)).text
    confirm(editor, page)

    now, _ = draft(editor.application)
    text = now.partition("\nrules:")[2]
    assert text.index("id: chemicals") < text.index("id: key-account")
    assert "stages: [legal]" in text.partition("id: chemicals")[2].partition("- id:")[0]
    assert "because: 化工" in text.partition("id: chemicals")[2].partition("- id:")[0]
    assert "  - customer.industry: {optional: true}\n" in now


def test_a_file_with_the_reasons_of_one_language_does_not_take_out_those_of_the_other(editor: FlaskClient) -> None:
    rows = table(download(editor, "csv"))
    other = next(at for at, each in enumerate(rows[0]) if each.endswith("[because: zh]"))
    rows = [[cell for at, cell in enumerate(row) if at != other] for row in rows]

    page = take(editor, saved(changed(rows, "any-discount", "because: en", ""))).text

    assert "A reason stands in both languages" in plain(page)
    page = take(editor, saved(changed(rows, "any-discount", "because: en", "Any discount"))).text
    confirm(editor, page)
    now, _ = draft(editor.application)
    rule = now.partition("id: any-discount")[2].partition("- {id")[0].partition("- id:")[0]
    assert 'zh: "折扣 {order.discount}，超过5%"' in rule
    assert "en: Any discount" in rule


def test_rows_are_appended_and_a_name_that_is_taken_is_another_rule(editor: FlaskClient) -> None:
    rows = table(download(editor, "csv", "written"))

    confirm(editor, take(editor, saved([rows[0], rows[1]]), "append").text)

    now, _ = draft(editor.application)
    assert "id: key-account-2" in now
    assert "id: list-price" in now, "what is not in the file stays"


@pytest.mark.parametrize(
    ("spoilt", "row", "said"),
    [
        (lambda rows: [[*rows[0], "Colour"], *([*row, ""] for row in rows[1:])], "1 Colour", "no column of the table"),
        (lambda rows: [[*rows[0], "A [when: no.such]"], *([*row, ""] for row in rows[1:])], "1", "no such column"),
        (lambda rows: [*rows, rows[-1]], "", "Two rows have this name"),
        (lambda rows: [*rows, ["x"]], "", "its cells are not those of the headings"),
        (lambda rows: rows[:1], "2", "There are no rules in this file"),
        (lambda rows: [row[1:] for row in rows], "1", "The column [id] is missing"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_row_and_column(
    editor: FlaskClient, spoilt: Callable[[Table], Table], row: str, said: str
) -> None:
    before = draft(editor.application)

    answer = take(editor, saved(spoilt(table(download(editor, "csv")))))

    assert answer.status_code == 422
    assert said in answer.text
    assert row in plain(answer.text)
    assert '<input type="file" id="rules-file" name="file"' in answer.text, "the mended file is taken right there"
    assert 'name="how" value="replace"' in answer.text
    assert re.search(r'href="/policies"[^>]*aria-current', answer.text), "it belongs to the policies"
    assert draft(editor.application) == before


def test_everything_that_is_wrong_with_a_file_is_told_at_once(editor: FlaskClient) -> None:
    before = draft(editor.application)
    rows = table(download(editor, "csv", "written"))
    at = {heading.rpartition(" [")[2].rstrip("]"): number for number, heading in enumerate(rows[0])}
    rows = changed(rows, "any-discount", "when: order.discount", "> > 1")
    rows = changed(rows, "steep-discount", "then: stages", "nobody")
    fresh = [""] * len(rows[0])
    fresh[0], fresh[at["when: order.discount"]], fresh[at["then: stages"]] = "fresh", "< <", "legal"
    rows = [[*row, "" if number else "Colour"] for number, row in enumerate([*rows, fresh, rows[-1]])]

    answer = take(editor, saved(rows))

    assert answer.status_code == 422
    told = re.findall(r"(\d+)</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td><td[^>]*>(.*?)</td></tr>", answer.text)
    places = {(int(row), column.rpartition(" [")[2].rstrip("]"), unescape(found)) for row, column, found, _ in told}
    number = {row[0]: place for place, row in enumerate(rows, 1)}
    last = len(rows)
    assert places == {
        (1, "Colour", "–"),
        (number["any-discount"], "when: order.discount", "> > 1"),
        (number["steep-discount"], "then: stages", "nobody"),
        (last - 1, "when: order.discount", "< <"),
        (last - 2, "id", rows[-1][0]),
        (last, "id", rows[-1][0]),
    }, told
    assert draft(editor.application) == before


def test_a_row_below_a_blank_line_is_told_by_its_line(editor: FlaskClient) -> None:
    rows = table(download(editor, "csv", "written"))

    answer = take(editor, saved([rows[0], [], [], *rows[1:], rows[-1]]))

    assert answer.status_code == 422
    told = plain(answer.text)
    assert {each for each in range(1, len(rows) + 9) if f" {each} {rows[0][0]} {rows[-1][0]} Two rows" in told} == {
        len(rows) + 2,
        len(rows) + 3,
    }, told


def test_all_that_is_wrong_with_a_file_can_be_taken_along(editor: FlaskClient) -> None:
    """Also what the page has no room for; a cell that a spreadsheet would take for a formula stays text."""
    rows = table(download(editor, "csv", "written"))
    many = [["=same", *[""] * (len(rows[0]) - 1)]] * 150

    page = take(editor, saved([*rows, *many])).text

    link = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="approval.order-problems.csv"', page)
    assert link is not None
    told = table(b64decode(unescape(link[1])))
    assert told[0] == ["row", "column", "found", "problem"]
    wrong = [each for each in told[1:] if each[1].endswith("[id]")]
    assert [int(each[0]) for each in wrong] == [*range(len(rows) + 1, len(rows) + 151)]
    assert {each[2:] == ["'=same", "Two rows have this name."] for each in wrong} == {True}, wrong[0]


def test_what_is_wrong_in_a_cell_is_told_before_it_is_taken_over(editor: FlaskClient) -> None:
    rows = changed(table(download(editor, "csv")), "any-discount", "then: stages", "nobody")

    page = take(editor, saved(rows))

    assert page.status_code == 200
    assert "nobody" in page.text
    assert 'class="remark grade-error"' in page.text


def test_nothing_in_a_file_is_taken_for_a_formula(editor: FlaskClient) -> None:
    data = {"what": "because", "rule": "large", "part": "en", "value": "=1+1 {order.net}", "since": 1}
    editor.post(f"/drafts/{NAME}/change", data=data)

    cells = [cell for row in table(download(editor, "csv")) for cell in row]
    sheet = load_workbook(io.BytesIO(download(editor, "xlsx"))).active

    assert "'=1+1 {order.net}" in cells
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "The file says what the draft says" in take(editor, download(editor, "csv")).text


def test_a_formula_in_a_workbook_is_refused_at_its_place(editor: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(download(editor, "xlsx")))
    assert book.active is not None
    book.active["B3"] = "=1+1"
    body = io.BytesIO()
    book.save(body)

    page = take(editor, body.getvalue(), kind="xlsx")

    assert page.status_code == 422
    assert "This cell holds a formula or an error" in page.text


def test_what_is_no_table_says_so(editor: FlaskClient) -> None:
    empty = io.BytesIO()
    Workbook().save(empty)
    for content, kind in ((b"", "csv"), (b"PK\x03\x04 no workbook", "xlsx"), (empty.getvalue(), "xlsx")):
        answer = take(editor, content, kind=kind)
        assert answer.status_code == 303, kind
        assert 'class="flash' in editor.get(f"/policies/{NAME}?of=draft").text


def test_a_file_of_a_chinese_spreadsheet_is_read(editor: FlaskClient) -> None:
    rows = changed(table(download(editor, "csv", "", "zh")), "any-discount", "when: order.discount", "超过一成")

    page = take(editor, saved(rows).decode().encode("gb18030"), language="zh").text

    assert "<ins>&gt; 10%</ins>" in page


def test_readers_download_and_take_nothing_over(editor: FlaskClient) -> None:
    reader = signed_in(editor.application, Role.AUDITOR, "reader")

    assert reader.get(f"/policies/{NAME}/table.csv").status_code == 200
    assert take(reader, b"").status_code == 403
