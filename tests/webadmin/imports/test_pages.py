"""Imports as people do them: a file is chosen, its columns are looked at, it is rehearsed, imported, taken back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from policy.model.document import Path as FieldPath
from policy.tables import RecordKind, load_record_mapping, record_fields
from policy.tables.document import Delimiter
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from tests.webadmin.test_hostile import Tags
from webadmin.cli import main
from webadmin.decisions.service import clock, today
from webadmin.demo import files
from webadmin.imports.looking import Look, Seen
from webadmin.imports.offered import Offered
from webadmin.imports.proposing import proposed
from webadmin.imports.synonyms import FIELDS
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.roster import importing
from webadmin.roster.facts import read_facts
from webadmin.roster.words import Words
from webadmin.store import dated, deals
from webadmin.store.dated import Of
from webadmin.store.histories import team_names
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.tables import DEALS
from webadmin.store.things import ATTRIBUTES, IDENTITIES

ENGLISH = "Employee ID,Full name,Email,Region\ne1,Fang Wang,fang@example.com,north\ne2,Na Li,na@example.com,south\n"
CHINESE = "工号,姓名,邮箱,地区\nz1,王芳,fang@example.com,华北\nz2,李娜,na@example.com,华南\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def given(client: FlaskClient, content: str | bytes, name: str = "people.csv", **more: Any) -> TestResponse:
    """Choose a file of people, or what `kind` says."""
    body = content.encode() if isinstance(content, str) else content
    return client.post("/imports", data={"kind": "people", "file": (io.BytesIO(body), name), **more})


def chosen(client: FlaskClient, content: str | bytes, name: str = "people.csv", **more: Any) -> str:
    """Choose a file; return the address of its columns."""
    answer = given(client, content, name, **more)
    assert answer.status_code == 303, answer.text
    return str(urlsplit(answer.location).path)


def mapped(client: FlaskClient, page: str) -> str:
    """Return the mapping that stands on a page as a file."""
    return client.get(f"{page}/mapping.yaml").text


def digest(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def imported(site: Flask, client: FlaskClient, page: str) -> str:
    """Look, start, and let the job run; return the address of the report."""
    seen = digest(client.get(f"{page}/preview").text)
    assert client.post(f"{page}/start", data={"seen": seen}).location.endswith("/progress")
    assert "A worker is about to take this file" in client.get(f"{page}/progress").text
    assert Worker(site.extensions["record"], KINDS, Around(clock, Stop())).once()
    led = client.get(f"{page}/progress")
    assert led.status_code == 303, led.text
    return str(led.location)


def book(rows: Sequence[Sequence[object]]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (ENGLISH, {"id": "Employee ID", "name": "Full name", "email": "Email", "region": "Region"}),
        (CHINESE, {"id": "工号", "name": "姓名", "email": "邮箱", "region": "地区"}),
    ],
    ids=["en", "zh"],
)
def test_headings_of_both_languages_are_understood(admin: FlaskClient, content: str, columns: dict[str, str]) -> None:
    page = chosen(admin, content)

    text = " ".join(mapped(admin, page).split())
    for field, column in columns.items():
        assert f'{field}: {{column: "{column}"' in text or f"{field}: {{column: {column}" in text, (field, text)
        assert f"<b>{column}</b>" in admin.get(page).text


def test_an_event_still_to_come_is_refused_before_it_is_imported(admin: FlaskClient) -> None:
    content = "id,type,time\ne1,contact,2999-01-01T09:00:00+08:00\n"
    page = chosen(admin, content, "events.csv", kind="events")

    looked = admin.get(f"{page}/preview").text

    assert "2999-01-01T09:00:00+08:00" in looked
    assert "which is still to come" in looked


def test_from_choosing_to_taking_back(site: Flask, admin: FlaskClient) -> None:
    assert "Nothing was imported yet" in admin.get("/imports").text
    page = chosen(admin, ENGLISH)
    assert "Begun, not imported" in admin.get("/imports").text
    answer = admin.post(page, data={"do": "look", **fields(admin, page)})
    assert answer.location == f"{page}/preview"
    looked = admin.get(answer.location).text
    assert "<b>2</b> new" in looked
    assert "Import 2 records" in looked
    assert "Fang Wang" in looked

    report = imported(site, admin, page)

    text = admin.get(report).text
    assert "<b>2</b> new" in text
    assert "Take this import back" in text
    assert re.search(r"people.csv</a></th><td[^>]*>People</td>", admin.get("/imports").text)
    assert "Begun, not imported" not in admin.get("/imports").text
    assert admin.post(f"{report}/undo").location == report
    assert "Taken back on" in admin.get(report).text
    assert "taken back" in admin.get("/imports").text
    admin.post(f"{report}/undo")
    assert "Nothing was taken back" in admin.get(report).text


def test_a_customer_of_an_import_taken_back_says_so(site: Flask, admin: FlaskClient) -> None:
    page = chosen(admin, "id,name,tier\nnw-1,Northwind once,A\n", "customers.csv", kind="customers")
    report = imported(site, admin, page)
    address = re.findall(r'href="(/customers/[^"?]+)"', admin.get("/customers?name=northwind+once").text)[0]
    assert "was taken back by" not in admin.get(address).text

    admin.post(f"{report}/undo")

    assert "The import of customers.csv that added this customer was taken back by" in admin.get(address).text
    assert address not in admin.get("/customers?name=northwind+once").text


def fields(client: FlaskClient, page: str) -> dict[str, str]:
    """Return what the form of the columns says before anybody changes it."""
    found: dict[str, str] = {}
    for part in client.get(page).text.split('<select id="field-')[1:]:
        index = part.partition('"')[0]
        options = part.partition("</select>")[0]
        before = options.partition('" selected>')[0]
        found[f"field-{index}"] = before.rpartition('value="')[2] if before != options else ""
    return found


def test_a_changed_column_changes_the_mapping(admin: FlaskClient) -> None:
    page = chosen(admin, "Employee ID,Full name,Strange\ne1,Fang,north\n")
    wanted = fields(admin, page)
    assert wanted == {"field-0": "id", "field-1": "name", "field-2": ""}

    admin.post(page, data={"do": "update", **wanted, "field-2": "region", "source": "hr", "since": "2026-02-01"})
    twice = admin.post(page, data={"do": "look", **wanted, "field-2": "name"})
    day = admin.post(page, data={"do": "look", **wanted, "since": "tomorrow"})

    assert "Strange" in mapped(admin, page) or twice.status_code == 422
    assert (twice.status_code, day.status_code) == (422, 422)
    assert "“Name” is chosen twice" in twice.text
    assert "year-month-day" in day.text
    admin.post(page, data={"do": "update", **wanted, "field-2": "region"})
    assert "Strange" in mapped(admin, page)
    assert "source: hr" in mapped(admin, page)


def test_what_was_not_looked_at_is_not_started(admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH)

    answer = admin.post(f"{page}/start", data={"seen": "sha256:other"})

    assert answer.location == f"{page}/preview"
    assert "look once more" in admin.get(answer.location).text


def test_a_file_started_twice_is_imported_once(site: Flask, admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH)
    seen = digest(admin.get(f"{page}/preview").text)
    imported(site, admin, page)

    assert admin.post(f"{page}/start", data={"seen": seen}).status_code == 404
    assert admin.get(page).location == f"{page}/progress"
    assert not Worker(site.extensions["record"], KINDS, Around(clock, Stop())).once()


def test_the_same_file_is_recognised(site: Flask, admin: FlaskClient) -> None:
    report = imported(site, admin, chosen(admin, ENGLISH))

    page = chosen(admin, ENGLISH, "renamed.csv")

    assert "Exactly this file was imported already" in admin.get(page).text
    assert f'href="{report}"' in admin.get(page).text
    looked = admin.get(f"{page}/preview").text
    assert "there is nothing to import" in looked
    assert digest(looked) == ""


def test_a_chinese_file_of_excel_is_read(admin: FlaskClient) -> None:
    page = chosen(admin, CHINESE.encode("gbk"))

    assert "Read as GB18030" in admin.get(page).text
    assert "王芳" in admin.get(f"{page}/preview").text


def test_a_file_read_otherwise_is_proposed_anew(admin: FlaskClient) -> None:
    page = chosen(admin, CHINESE)

    answer = admin.post(page, data={"do": "read", "encoding": "gb18030", "delimiter": ","})

    assert answer.status_code == 303
    assert "<b>姓名</b>" not in admin.get(page).text
    back = admin.post(page, data={"do": "read", "encoding": "utf-8", "delimiter": ","})
    assert back.status_code == 303
    assert "<b>姓名</b>" in admin.get(page).text


def test_a_formula_is_refused_where_it_stands(admin: FlaskClient) -> None:
    page = chosen(admin, book([["工号", "姓名"], ["z1", "王芳"], ["z2", "=A2&A3"]]), "people.xlsx")

    text = admin.get(f"{page}/preview").text

    assert "1 problem" in text
    assert re.search(r"Row 3 <span[^>]*>is refused</span></th><td data-label=\"Column\">姓名</td>", text)
    assert "formula" in text
    assert digest(text) == ""
    told = list(csv.DictReader(io.StringIO(admin.get(f"{page}/problems.csv").text.lstrip("\ufeff"), newline="")))
    assert [(each["row"], each["column"], each["code"]) for each in told] == [("3", "姓名", "table-formula")]


def test_a_bomb_is_refused_and_nothing_kept(admin: FlaskClient) -> None:
    stream = io.BytesIO(book([["id", "name"], ["a", "b"]]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as more:
        for _ in range(257):
            more.write(bytes(1 << 20))
    assert len(stream.getvalue()) < 1 << 20

    answer = given(admin, stream.getvalue(), "bomb.xlsx")

    assert answer.status_code == 422
    assert "This has to be mended first" in answer.text
    assert "Begun, not imported" not in answer.text


def test_far_too_large_a_file_is_refused_on_a_page_that_says_so(rules: Path, make_app: MakeApp) -> None:
    made = make_app(rules=rules, largest_upload=200_000)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(made)

    for words, language in (("The file is too large", "en"), ("文件太大", "zh")):
        data = {"kind": "people", "file": (io.BytesIO(b"x" * 300_000), "people.csv")}
        answer = client.post("/imports", data=data, headers={"Accept-Language": language})
        assert answer.status_code == 413
        assert words in answer.text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nstream\n\x80\xff\x00\n", "people.pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "people.csv"),
        (b"PK\x03\x04broken", "people.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "people.xls"),
        (b"", "people.csv"),
        (b"a,a\n1,2\n", "people.csv"),
        (b"\xff\xfe\x00\xdc\x81\x00", "people.csv"),
    ],
    ids=["pdf", "png", "broken", "xls", "empty", "twice", "binary"],
)
def test_other_files_are_refused_with_a_reason(admin: FlaskClient, content: bytes, name: str) -> None:
    answer = given(admin, content, name)

    assert answer.status_code == 422
    assert "This has to be mended first" in answer.text
    assert '<option value="people" selected>' in answer.text


def test_what_is_not_chosen_is_asked_for(admin: FlaskClient) -> None:
    assert "Choose a file." in admin.post("/imports", data={"kind": "people"}).text
    assert "Say what the file holds." in given(admin, ENGLISH, kind="").text
    assert given(admin, ENGLISH, kind="secrets").status_code == 422


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_others_see_nothing_of_it(site: Flask, admin: FlaskClient, role: Role) -> None:
    page = chosen(admin, ENGLISH)
    report = imported(site, admin, chosen(admin, ENGLISH))
    other = signed_in(site, role)

    for path in ("/imports", page, f"{page}/preview", f"{page}/problems.csv", f"{page}/mapping.yaml", report):
        assert other.get(path).status_code in (403, 404), path
    for path in ("/imports", page, f"{page}/start", f"{page}/discard", f"{page}/mapping", f"{report}/undo"):
        assert other.post(path).status_code in (403, 404), path
    assert 'href="/imports"' not in other.get("/help").text
    assert admin.get(page).status_code == 200


HOSTILE = ("<script>ran=1</script>", "=1+1", "\u202eabc", "x" * 10_000, '"><img src=x onerror=ran=1>')


def test_hostile_cells_and_headings_stay_text(admin: FlaskClient) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(
        [["工号", "姓名", *HOSTILE], *([f"z{i}", text, *HOSTILE] for i, text in enumerate(HOSTILE))]
    )
    page = chosen(admin, stream.getvalue(), "<script>x.csv")

    for path in (page, f"{page}/preview", "/imports"):
        answer = admin.get(path)
        assert answer.status_code == 200
        assert Tags(answer.text).bad == [], path
        assert len(answer.text) < 400_000


def test_a_sheet_that_only_explains_is_passed_over(admin: FlaskClient) -> None:
    made = Workbook()
    made.active.append(["这张表由销售运营部维护"])
    table = made.create_sheet("人员")
    for row in (["工号", "姓名"], ["z1", "王芳"]):
        table.append(row)
    stream = io.BytesIO()
    made.save(stream)

    page = chosen(admin, stream.getvalue(), "people.xlsx")

    assert 'sheet: "人员"' in mapped(admin, page)
    assert digest(admin.get(f"{page}/preview").text)  # sound: it can be imported


def test_a_mistyped_day_does_not_make_a_problem_of_every_other(admin: FlaskClient) -> None:
    days = ["2024/3/1", "2024/3/5", "2024/04/11", "2024-13-40"]
    rows = "".join(f"z{number},n,{each}\n" for number, each in enumerate(days))
    page = chosen(admin, "工号,姓名,入职日期\n" + rows)

    text = admin.get(f"{page}/preview").text

    assert "1 problem" in text
    assert "2024-13-40" in text
    assert "2024/3/1 (1 row)" not in " ".join(text.split())


def test_the_same_row_twice_is_not_said_to_differ(admin: FlaskClient) -> None:
    row = "e1,Fang Wang,31.31.2024\n"
    page = chosen(admin, "Employee ID,Full name,Hired on\n" + row + row)

    text = admin.get(f"{page}/preview").text

    assert "31.31.2024" in text
    assert "comes with other values" not in text


def test_the_table_of_problems_has_every_one(admin: FlaskClient) -> None:
    rows = "".join(f"z{number},n,nothing-{number}\n" for number in range(1500))
    page = chosen(admin, "工号,姓名,状态\n" + rows)

    told = list(csv.DictReader(io.StringIO(admin.get(f"{page}/problems.csv").text.lstrip("\ufeff"), newline="")))

    assert len(told) == 1500
    assert told[-1]["row"] == "1501"
    assert told[-1]["found"] == "nothing-1499"


def test_the_table_of_problems_holds_no_formula(admin: FlaskClient) -> None:
    rows = [["工号", "姓名", "状态"], *([f"z{i}", "n", text] for i, text in enumerate(HOSTILE))]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    page = chosen(admin, stream.getvalue())

    answer = admin.get(f"{page}/problems.csv")
    told = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"), newline="")))

    assert answer.mimetype == "text/csv"
    assert len(told) == 1 + len(HOSTILE)
    assert "'=1+1" in {cell for row in told for cell in row}
    assert [cell for row in told for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))] == []


def test_a_kept_mapping_serves_the_next_file_until_forgotten(admin: FlaskClient) -> None:
    page = chosen(admin, "Nr,Wer\n1,Fang\n")
    admin.post(page, data={"do": "save", "field-0": "id", "field-1": "name", "save_as": "Our <HR>"})
    assert "The mapping is kept as “Our &lt;HR&gt;”." in admin.get(page).text

    for more in ({}, {"mapping": "Our <HR>"}):
        following = chosen(admin, "Nr,Wer\n2,Na\n", "next.csv", **more)
        assert fields(admin, following) == {"field-0": "id", "field-1": "name"}
    wrong = given(admin, "Nr,Wer\n2,Na\n", kind="customers", mapping="Our <HR>")
    assert wrong.status_code == 422
    assert "This mapping is for “People”" in wrong.text
    assert "into: people" in admin.get("/imports/mappings.yaml?name=Our+<HR>").text
    admin.post("/imports/mappings/forget", data={"name": "Our <HR>"})
    assert "Our &lt;HR&gt;</a>" not in admin.get("/imports").text
    assert admin.get("/imports/mappings.yaml?name=Our+<HR>").status_code == 404


def test_the_command_line_takes_the_mapping_of_the_page(
    site: Flask, admin: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = chosen(admin, CHINESE.encode("gbk"))
    (tmp_path / "people.csv").write_bytes(CHINESE.encode("gbk"))
    (tmp_path / "people.yaml").write_text(mapped(admin, page), "utf-8")
    record: Record = site.extensions["record"]
    monkeypatch.setenv("DATABASE_URL", record.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FAIRLEAD_HEADS", str(tmp_path / "heads.json"))

    call = ["import", str(tmp_path / "people.csv"), "--map", str(tmp_path / "people.yaml"), "--dry-run"]
    done = CliRunner().invoke(main, call)

    assert done.exit_code == 0, done.output
    assert "2 new" in done.output


def test_a_mapping_file_takes_the_place_of_the_proposal(admin: FlaskClient) -> None:
    page = chosen(admin, "Nr,Wer\n1,Fang\n")
    yaml = (
        "mapping: m\ninto: people\nsource: crm\ntitle: {zh: 人员, en: People}\n"
        "fields: {id: {column: Nr}, name: {column: Wer}}\n"
    )

    for content, said in (("x: [", "422"), (yaml.replace("people", "customers"), "This mapping is for"), (yaml, "")):
        answer = admin.post(f"{page}/mapping", data={"yaml": (io.BytesIO(content.encode()), "m.yaml")})
        assert answer.status_code == (422 if said else 303), answer.text
        assert said in (answer.text if said != "422" else said)
    assert fields(admin, page) == {"field-0": "id", "field-1": "name"}


def test_a_file_can_be_forgotten(admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH)

    admin.post(f"{page}/discard")

    assert admin.get(page).status_code == 404
    assert "Begun, not imported" not in admin.get("/imports").text


def test_what_no_mapping_can_name_is_refused_and_the_file_stays_readable(admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH)
    before = mapped(admin, page)

    typed = {**fields(admin, page), "more-field-0": "team", "more-value-0": "\u202eabc"}
    answer = admin.post(page, data={"do": "update", **typed})

    assert answer.status_code == 422
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in answer.text
    assert mapped(admin, page) == before
    assert admin.get(page).status_code == 200


def test_an_empty_value_is_said_to_be_empty(admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH + ",Wei Zhang,wei@example.com,east\n")

    text = admin.get(f"{page}/preview").text

    assert '<td data-label="Found">empty</td>' in text  # and not the name of the field that expects it


def test_a_report_leads_on_and_tempts_nobody_to_undo(site: Flask, admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH)
    address = imported(site, admin, page)
    english = admin.get(address).text
    chinese = admin.get(
        address, headers={"Accept-Language": "zh"}, environ_overrides={"HTTP_ACCEPT_LANGUAGE": "zh"}
    ).text

    assert '<a class="button" href="/imports">Import another file</a>' in english
    assert 'href="/people">To the people</a>' in english
    assert '<button class="button quiet">Take this import back</button>' in english
    assert "新增" in chinese
    assert "再导入一个文件" in chinese


def test_a_file_with_headings_only_is_said_to_have_no_row(admin: FlaskClient) -> None:
    page = chosen(admin, ENGLISH.partition("\n")[0] + "\n")

    looked = admin.get(f"{page}/preview").text

    assert "The file has no row below its header" in looked
    assert "known already" not in looked


TEAMS = "团队编号,名称\nt-1,上海一部\nt-2,上海二部\nt-3,同名部\nt-4,同名部\n"


@pytest.mark.parametrize("kind", RecordKind)
def test_every_label_of_the_pages_is_a_heading_of_its_field(site: Flask, kind: RecordKind) -> None:
    with site.test_request_context():
        offered = Offered.of(kind, Words.on(site.extensions["record"], today(clock())))
        for name in offered.own:
            for heading in offered.called(name):
                look = Look(None, Delimiter.COMMA, (), None, [Seen(heading)], 0)
                made = proposed(kind, look, offered, "file.csv", "crm")
                assert made.fields[FieldPath(name)].column == heading


def test_the_label_of_a_name_is_its_heading(admin: FlaskClient) -> None:
    page = chosen(admin, "编号,名称,团队\nx-9,李四,t-shanghai-1\n")

    assert fields(admin, page) == {"field-0": "id", "field-1": "name", "field-2": "team"}
    assert "Id and name are both taken" not in admin.get(page).text


def test_an_id_taken_for_the_name_is_said_while_columns_are_left(admin: FlaskClient) -> None:
    page = chosen(admin, "编号,谁\nx-9,李四\n")
    said = "Id and name are both taken from the column “编号”, and these columns are not used: 谁."

    assert said in admin.get(page).text
    assert said in admin.get(f"{page}/preview").text
    alone = chosen(admin, "编号\nx-9\n")
    assert "Id and name are both taken" not in admin.get(f"{alone}/preview").text


def test_teams_are_found_by_their_names(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, TEAMS, "teams.csv", kind="teams"))
    page = chosen(admin, "编号,姓名,部门\nx-1,李四,上海一部\nx-2,张三,t-2\nx-3,王五,上海一部\n")

    assert "by: name" in mapped(admin, page)
    assert '<option value="name" selected>their names</option>' in admin.get(page).text
    looked = admin.get(f"{page}/preview").text
    assert "<b>3</b> new" in looked
    assert re.search(r'部门: <a href="/teams/[^"]+">上海一部</a> \(2 rows\)', looked), looked
    imported(site, admin, page)
    with site.extensions["record"].engine.connect() as connection:
        held = dated.values_on(connection, Of.PERSON, today(clock()), ["team"])
        called = team_names(connection)
    assert sorted(called[each["team"]].zh for each in held.values()) == ["上海一部", "上海一部", "上海二部"]


def test_a_name_of_several_and_of_none_are_told_apart(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, TEAMS, "teams.csv", kind="teams"))
    page = chosen(admin, "编号,姓名,部门\nx-1,李四,上海一部\nx-2,张三,同名部\nx-3,王五,北京部\n")

    looked = admin.get(f"{page}/preview").text

    assert "2 have the name <code>同名部</code>" in looked
    assert "no team has the id or name <code>北京部</code>" in looked.replace("No team", "no team")
    admin.post(page, data={"do": "update", **fields(admin, page), "by-2": "id"})
    assert "by: name" not in mapped(admin, page)
    by_id = admin.get(f"{page}/preview").text
    assert "3 teams are missing: import them first, or put them right" in by_id


def test_a_column_chosen_by_hand_is_looked_at_for_names_and_facts_follow(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, "编号,姓名\np-1,李四\n"))
    imported(site, admin, chosen(admin, "编号,名称\nc-1,大客户\n", "customers.csv", kind="customers"))
    page = chosen(admin, "编号,甲,乙,阶段,金额\nd-1,大客户,李四,open,5\n", "deals.csv", kind="deals")
    assert (fields(admin, page)["field-1"], fields(admin, page)["field-2"]) == ("", "")

    admin.post(page, data={"do": "update", **fields(admin, page), "field-1": "customer", "field-2": "owner"})
    assert mapped(admin, page).count("by: name") == 2
    again = {"do": "propose"}
    admin.post(page, data=again)
    named = chosen(admin, "编号,客户,负责人,阶段,金额\nd-1,大客户,李四,open,5\n", "deals2.csv", kind="deals")
    assert mapped(admin, named).count("by: name") == 5, "the facts that repeat them, too"
    assert "<b>1</b> new" in admin.get(f"{named}/preview").text


def test_events_find_customers_by_their_names(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, "编号,名称\nc-1,大客户\n", "customers.csv", kind="customers"))
    imported(site, admin, chosen(admin, "编号,姓名\np-1,李四\n"))
    row = "e-1,contact,2026-03-01T09:00:00+08:00,大客户,p-1,visit,true"
    content = f"编号,类型,时间,客户名称,负责人,方式,是否有效跟进\n{row}\n"
    page = chosen(admin, content, "events.csv", kind="events")

    assert mapped(admin, page).count("by: name") == 1
    assert '<label for="by-3">Customers are told by</label>' in admin.get(page).text
    assert "大客户</a> (1 row)" in admin.get(f"{page}/preview").text


def test_the_quota_is_known_by_what_people_call_it(admin: FlaskClient) -> None:
    for heading in ("季度目标", "目标额"):
        page = chosen(admin, f"编号,姓名,{heading}\nx-1,李四,5\n")
        assert fields(admin, page)["field-2"] == "quota", heading


def zh(client: FlaskClient, address: str) -> str:
    return client.get(address, headers={"Accept-Language": "zh"}, environ_overrides={"HTTP_ACCEPT_LANGUAGE": "zh"}).text


def test_values_are_called_as_the_vocabulary_names_them(admin: FlaskClient) -> None:
    content = "编号,名称,行业\nc-1,甲,finance\nc-2,乙,medical\nc-3,丙,强\n"
    page = chosen(admin, content, "accounts.csv", kind="customers")

    columns, looked = zh(admin, page), zh(admin, f"{page}/preview")
    assert re.search(r'<option value="finance"[^>]*>金融</option>', columns), "and not the finance department"
    assert "医疗" in columns
    assert ">technology<" not in columns
    assert ">金融</td>" in looked
    assert ">finance</td>" not in looked
    roles = chosen(admin, "编号,姓名,职务\nx-1,甲,财务\n")
    assert ">财务</td>" in zh(admin, f"{roles}/preview")


def test_what_a_row_names_is_called_by_its_name(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, TEAMS, "teams.csv", kind="teams"))
    page = chosen(admin, "编号,姓名,部门\nx-1,李四,t-1\n")

    assert ">上海一部 (t-1)</td>" in admin.get(f"{page}/preview").text


def test_problems_speak_in_labels_and_names_and_not_of_mapping_files(admin: FlaskClient) -> None:
    nameless = chosen(admin, "工号,姓名,状态\nx-1,,在职\nx-2,甲,休假\n")
    admin.post(nameless, data={"do": "update", **fields(admin, nameless)})
    looked = zh(admin, f"{nameless}/preview")
    assert "为空，“名称”应为文本" in looked
    assert "<code>休假</code> 不在允许的值之内，应为：正常、即将离开、已离开" in looked
    admin.post(nameless, data={"do": "update", "field-1": "name", "field-2": "status"})
    lacking = zh(admin, f"{nameless}/preview")
    assert "人员必须有“编号”" in lacking
    assert "People" not in lacking.partition("<main")[2]
    assert "fields" not in lacking.partition("<main")[2].partition('id="problems"')[2].partition("</section>")[0]
    admin.post(nameless, data={"do": "read", "encoding": "windows-1252", "delimiter": ","})
    garbled = chosen(admin, b"id,name\n1,\x81\n", "bytes.csv")
    admin.post(garbled, data={"do": "update", **fields(admin, garbled)})
    said = zh(admin, f"{garbled}/preview")
    sentences = re.sub('<code class="hint">.*?</code>', "", said)  # where the code stands
    assert "encoding" not in sentences.partition("<main")[2]
    assert "请在各列上方另选字符编码" in said


def test_unicode_text_of_excel_is_read(admin: FlaskClient) -> None:
    page = chosen(admin, CHINESE.replace(",", "\t").encode("utf-16"), "people.txt")

    assert "Read as UTF-16" in admin.get(page).text
    assert "王芳" in admin.get(f"{page}/preview").text


def test_problems_of_one_kind_stand_together_with_the_rows_behind(admin: FlaskClient) -> None:
    rows = [f"d-{at},{('Moses Frase', 'Ann', 'Bo')[min(at % 5, 2)]},open" for at in range(1500)]
    page = chosen(admin, "\n".join(["编号,负责人,阶段", *rows]), "deals.csv", kind="deals")

    looked = admin.get(f"{page}/preview").text

    wrong = looked.partition('aria-labelledby="wrong"')[2].partition("</section>")[0]
    assert "1,500 problems" in wrong
    assert wrong.partition("<tbody>")[2].count("<tr>") == 1
    assert "3 people are missing" in wrong
    assert re.search(r'Bo<span class="hint"> \(900 rows\)', wrong), wrong
    assert re.search(r"Moses Frase: rows 2, 7, 12", wrong), wrong


def test_what_changes_is_told_from_what_to_what(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, TEAMS, "teams.csv", kind="teams"))
    imported(site, admin, chosen(admin, "编号,姓名,部门,状态\nx-1,李四,t-1,在职\nx-2,张三,t-1,在职\n"))
    page = chosen(admin, "编号,姓名,部门,状态\nx-1,李四,t-2,离职\nx-2,张三,t-1,在职\n")

    for address in (lambda: f"{page}/preview", lambda: imported(site, admin, page)):
        text = " ".join(admin.get(address()).text.partition("From what to what")[2].partition("</table>")[0].split())
        assert re.search(r"李四 .*Team</td>.*<del>上海一部</del>.*<ins>上海二部</ins>", text), text
        assert re.search(r"Status</td>.*<del>active</del>.*<ins>has left</ins>", text), text
        assert "张三" not in text
    assert "From what to what" not in admin.get(chosen(admin, ENGLISH) + "/preview").text


def test_deals_that_are_new_are_added_and_changed_ones_told(site: Flask, admin: FlaskClient) -> None:
    first = imported(site, admin, chosen(admin, "编号,阶段,金额\nd-1,open,5\n", "deals.csv", kind="deals"))
    assert "<td>Deals</td><td>added</td>" in admin.get(first).text
    page = chosen(admin, "编号,阶段,金额\nd-1,won,7\n", "deals.csv", kind="deals")

    for address in (lambda: f"{page}/preview", lambda: imported(site, admin, page)):
        text = admin.get(address()).text.partition("From what to what")[2].partition("</table>")[0]
        assert '<del>under way</del></td><td data-label="After"><ins>won</ins>' in text
        assert re.search(r"<del>[^<]*5[^<]*</del>.*<ins>[^<]*7[^<]*</ins>", text), text


def test_a_file_with_some_columns_of_deals_leaves_the_others_as_they_were(site: Flask, admin: FlaskClient) -> None:
    whole = "编号,阶段,金额,折扣,成交日\nd-1,open,5,0.1,2026-03-04\n"
    imported(site, admin, chosen(admin, whole, "deals.csv", kind="deals"))
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        names = connection.execute(select(DEALS.c.id)).scalars().all()
        (before,) = deals.known(connection, names).values()

    done = imported(site, admin, chosen(admin, "编号,阶段,金额\nd-1,won,7\n", "some.csv", kind="deals"))

    with record.engine.connect() as connection:
        (after,) = deals.known(connection, names).values()
    was, now = read_facts(before.facts), read_facts(after.facts)
    assert (after.stage, after.closed_on) == ("won", before.closed_on)
    assert (was["order"]["amount"], now["order"]["amount"]) == (5, 7)
    assert {**now["order"], "amount": None} == {**was["order"], "amount": None}
    admin.post(f"{done}/back", follow_redirects=True)


def test_files_begun_say_what_they_hold_and_can_all_be_forgotten(admin: FlaskClient) -> None:
    pages = [chosen(admin, ENGLISH), chosen(admin, "编号,阶段\nd-1,open\n", "deals.csv", kind="deals")]
    begun = admin.get("/imports").text.partition('id="begun"')[2].partition("</section>")[0]
    assert re.search(r"people.csv</a> <span class=\"hint\">People ·", begun)
    assert re.search(r"deals.csv</a> <span class=\"hint\">Deals ·", begun)

    answer = admin.post("/imports/discard", follow_redirects=True)

    assert "2 files are forgotten" in answer.text
    assert [admin.get(page).status_code for page in pages] == [404, 404]


def test_where_somebody_is_named_is_said_in_words(site: Flask, admin: FlaskClient) -> None:
    report = imported(site, admin, chosen(admin, "编号,姓名\np-1,李四\n"))
    imported(site, admin, chosen(admin, "编号,负责人,阶段\nd-1,p-1,open\n", "deals.csv", kind="deals"))

    assert "此后已被引用（商机）" in " ".join(zh(admin, report).split())


REGIONS = "编号,名称,区域,行业\nc-1,甲,上海,能源\nc-2,乙,Beijing,教育\nc-3,丙,上海市郊,政府\nc-4,丁,上海,航天\n"


def test_labels_are_taken_for_their_codes_and_nothing_for_other(admin: FlaskClient) -> None:
    page = chosen(admin, REGIONS, "accounts.csv", kind="customers")
    columns, looked = zh(admin, page), zh(admin, f"{page}/preview")

    for code in ("energy", "education", "government"):
        assert re.search(rf'<option value="{code}" selected>', columns), code
    assert '<option value="other" selected>' not in columns
    assert '<option value="Shanghai" selected>上海</option>' in columns
    assert "航天" in looked.partition('id="wrong"')[2], "an unknown industry is refused, and said so"


def test_the_region_of_a_team_is_taken_for_its_code_too(admin: FlaskClient) -> None:
    columns = zh(admin, chosen(admin, "编号,名称,区域\nt-1,一组,上海\nt-2,二组,成都\n", "teams.csv", kind="teams"))

    for code, label in (("Shanghai", "上海"), ("Chengdu", "成都")):
        assert f'<option value="{code}" selected>{label}</option>' in columns


def test_labels_of_an_open_field_become_codes_and_strange_values_are_told(site: Flask, admin: FlaskClient) -> None:
    kept = REGIONS.replace("航天", "零售")
    page = chosen(admin, kept, "accounts.csv", kind="customers")
    told = zh(admin, f"{page}/preview").partition('id="strange"')[2].partition("</section>")[0]
    assert "上海市郊" in told
    assert "Beijing" not in told
    imported(site, admin, page)

    with site.extensions["record"].engine.connect() as connection:
        held = dated.values_on(connection, Of.CUSTOMER, today(clock()), ["region"])
    assert sorted(each["region"] for each in held.values()) == ["Beijing", "Shanghai", "Shanghai", "上海市郊"]
    again = chosen(admin, kept.replace("甲", "甲甲"), "again.csv", kind="customers")
    looked = zh(admin, f"{again}/preview")
    assert 'id="strange"' not in looked, "somebody has it by now"
    assert looked.count("上海市郊") == 1


def test_items_of_lists_are_taken_for_their_codes(admin: FlaskClient) -> None:
    page = chosen(admin, "工号,姓名,负责地区,技能\nx-1,甲,上海、北京,云计算、数据\n")

    regions = load_record_mapping(mapped(admin, page)).fields[FieldPath("regions")]
    assert [(each.from_, each.to) for each in regions.values] == [("上海", "Shanghai"), ("北京", "Beijing")]
    row = zh(admin, f"{page}/preview").partition('id="first"')[2]
    assert re.search(">上海、北京</td><td[^>]*>云计算、数据</td>", row)


def test_the_command_line_takes_labels_for_their_codes(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("id,name,region,needs\nc-1,甲,上海,云计算；DATA\n", "utf-8")
    mapping = load_record_mapping(
        "mapping: m\ninto: customers\nsource: crm\ntitle: M\nfields:\n  id: {column: id}\n  name: {column: name}\n"
        '  region: {column: region}\n  needs: {column: needs, split: "；"}\n'
    )
    words = Words.on(site.extensions["record"], today(clock()))

    (row,) = importing.read(tmp_path / "c.csv", mapping, words, today(clock()), latest=None).rows

    assert row.record is not None
    assert (row.record["region"], row.record["needs"]) == ("Shanghai", ["cloud", "data"])


@pytest.mark.parametrize(
    ("of", "kind"),
    [(Of.PERSON, RecordKind.PEOPLE), (Of.TEAM, RecordKind.TEAMS), (Of.CUSTOMER, RecordKind.CUSTOMERS)],
)
def test_all_that_the_record_holds_can_come_from_a_column_people_have(of: Of, kind: RecordKind) -> None:
    held = {*ATTRIBUTES[of], *IDENTITIES[of][1]}

    assert held - set(record_fields(kind)) == set()
    assert held - set(FIELDS[kind]) == set(), "each is offered by what people call it"


def test_facts_that_change_are_told_by_their_label_and_with_their_unit(site: Flask, admin: FlaskClient) -> None:
    headings = "编号,名称,近十二个月成交额"
    imported(site, admin, chosen(admin, f"{headings}\nc-1,甲,32159\n", "customers.csv", kind="customers"))
    page = chosen(admin, f"{headings}\nc-1,甲,5\n", "customers.csv", kind="customers")

    for address in (lambda: f"{page}/preview", lambda: imported(site, admin, page)):
        text = admin.get(address()).text
        changed = text.partition("From what to what")[2].partition("</table>")[0]
        assert re.search(
            r'data-label="What">Revenue of the last twelve months<.*<del>CN¥32,159.00</del>.*<ins>CN¥5.00</ins>',
            changed,
        ), changed
        assert "customer.annual_revenue" not in text.partition("From what to what")[2]
    assert "<td>Revenue of the last twelve months" in text, "and so does the count of what it changed"
    assert "customer.annual_revenue" not in text


def test_fields_of_a_column_stand_in_groups_and_are_told_apart(admin: FlaskClient) -> None:
    page = admin.get(chosen(admin, "id,stage\nd-1,won\n", "deals.csv", kind="deals")).text
    select_ = page.partition('<select id="field-0"')[2].partition("</select>")[0]
    groups = {
        title: re.findall(r">([^<]+?)(?: \*)?</option>", inside)
        for title, inside in re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', select_, re.DOTALL)
    }

    assert next(iter(groups)) == "The deal itself"
    assert "Held by" in groups["The deal itself"]
    assert "Order amount" in groups["Facts for decisions: Order"]
    texts = [text for inside in groups.values() for text in inside]
    assert {text for text in texts if texts.count(text) > 1} == set()
    assert "Who earns the commission (order.commission_to)" in texts

    columns = "id,customer,stage,amount\nd-1,,won,5\n"
    looked = admin.get(chosen(admin, columns, "deals.csv", kind="deals") + "/preview").text
    assert looked.count(">Customer</th>") == looked.count(">Customer (customer.id)</th>") == 1


def test_the_first_order_of_a_customer_can_be_told(site: Flask, admin: FlaskClient) -> None:
    page = chosen(admin, "编号,名称,首次成交日,备忘\nc-1,甲,2024-05-06,x\n", "customers.csv", kind="customers")

    assert fields(admin, page)["field-2"] == "facts/customer.since"
    assert ">May 6, 2024</td>" in admin.get(f"{page}/preview").text
    assert re.search(r'value="facts/customer.since"[^>]*>Date of the first order<', admin.get(page).text)
    imported(site, admin, page)
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        held = dated.values_on(connection, Of.CUSTOMER, today(clock()), ["customer.since"])
    assert [str(each["customer.since"]) for each in held.values()] == ["2024-05-06"]


def test_columns_that_are_not_used_are_named_before_and_afterwards(site: Flask, admin: FlaskClient) -> None:
    page = chosen(admin, "编号,姓名,爱好,备忘\nx-1,李四,棋,x\n")

    for address in (lambda: f"{page}/preview", lambda: imported(site, admin, page)):
        assert "Not used: columns 爱好, 备忘." in admin.get(address()).text
    assert "Not used" not in admin.get(chosen(admin, ENGLISH) + "/preview").text


def test_what_an_empty_cell_leaves_as_it_was_is_said_so(site: Flask, admin: FlaskClient) -> None:
    imported(site, admin, chosen(admin, "编号,姓名,邮箱\nx-1,李四,li@example.com\n"))
    page = chosen(admin, "编号,姓名,邮箱\nx-1,李四,\nx-2,张三,\n")

    rows = admin.get(f"{page}/preview").text.partition("The first rows, as they would be recorded")[2]
    known, new = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", rows)
    assert known.endswith(">not changed</td>"), known
    assert new.endswith(">–</td>"), new


def test_one_row_is_counted_as_one(admin: FlaskClient) -> None:
    looked = admin.get(chosen(admin, "编号,姓名\nx-1,李四\nx-2\n") + "/preview").text

    assert "<b>1</b> row refused" in looked
    assert "<b>1</b> row sound" in looked
    assert "The row has 1 cell, expected 2" in looked


def test_a_per_cent_that_is_refused_says_what_can_be_ticked(admin: FlaskClient) -> None:
    page = chosen(admin, "编号,阶段,金额,折扣\nd-1,won,5,0.1\nd-2,won,5,10%\n", "deals.csv", kind="deals")
    before = fields(admin, page)
    before.pop("percent-3", None)
    admin.post(page, data={**before, "do": "look"})

    looked = admin.get(f"{page}/preview").text
    assert "<code>10%</code> is per cent: tick “with percent signs” at the column" in looked


def test_columns_nobody_knows_are_told_with_what_may_be_meant_and_what_is_needed(admin: FlaskClient) -> None:
    page = chosen(admin, "emplyee_id,nmae,keys\ne1,Fang,red\n")

    text, chinese = (admin.get(page, headers={"Accept-Language": each}).text for each in ("en", "zh"))

    assert "Needed, and no column gives it yet: Id, Name." in text
    assert re.findall("Did you mean “([^”]+)”", text) == ["Id", "Name"]
    assert "必填而尚无对应列：编号、名称。" in chinese
    assert "Needed, and no column" not in admin.get(chosen(admin, ENGLISH)).text


def test_the_heading_manager_of_events_is_the_account_manager(admin: FlaskClient) -> None:
    first = "".join(files.texts()["events.csv"].splitlines(keepends=True)[:50])
    page = chosen(admin, first, "events.csv", kind="events")

    told = mapped(admin, page)

    assert load_record_mapping(told).facts["manager.id"].column == "manager", told


PAY = "id,name,quota,quota currency,monthly wage\ne1,Fang,{first},USD,9000\ne2,Na,{second},,9000\n"


def test_quotas_and_wages_stand_with_their_currency(site: Flask, admin: FlaskClient) -> None:
    page = chosen(admin, PAY.format(first=100000, second=5000))

    shown = admin.get(f"{page}/preview").text

    assert all(f">{each}<" in shown for each in ("$100,000.00", "CN¥5,000.00", "CN¥9,000.00")), shown
    imported(site, admin, page)
    later = chosen(admin, "id,quota,monthly wage,name\ne1,120000,9500,Fang\n")
    looked = admin.get(f"{later}/preview").text
    assert ">$120,000.00<" in looked, "whose currency the file does not say is that on record"
    for text in (looked, admin.get(imported(site, admin, later)).text):
        for before, after in (("$100,000.00", "$120,000.00"), ("CN¥9,000.00", "CN¥9,500.00")):
            assert re.search(rf"<del>{re.escape(before)}</del>.*<ins>{re.escape(after)}</ins>", text), text
