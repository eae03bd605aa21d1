"""Reference tables on their pages: read by everybody, typed into by who may, with every byte beside a change kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy.model.document import ReferenceDocument
from policy.reader import read
from tests.webadmin.conftest import MakeApp
from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.rulesets import rowediting
from webadmin.store.logins import Role

NAME = "reference/rates"
TABLE = """\
# Looked up by orders.
reference: rates
title: {zh: 汇率, en: Rates}
key: [base]
columns:
  base: {type: string, one_of: [USD, EUR], names: {USD: {zh: 美元, en: US dollar}, EUR: {zh: 欧元, en: euro}}}
  rate: {type: number, unit: CNY, scale: 4, label: {zh: 折算率, en: Rate}}
  open: {type: boolean, optional: true}
rows:
  - {from: 2025-01-01, base: USD, rate: 7.1}   # first
  # The euro.
  - {from: 2025-01-01, base: EUR, rate: 7.5, until: 2025-07-01}

  - from: 2025-04-01
    base: USD
    rate: 7.2
"""
HERE = f"/tables/{NAME}"


@pytest.fixture
def site(folder: Path, make_app: MakeApp) -> Flask:
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference" / "rates.yaml").write_text(TABLE, "utf-8")
    made = make_app(rules=folder)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def editor(site: Flask) -> FlaskClient:
    client = signed_in(site)
    assert client.post(f"/drafts/{NAME}/begin").location == f"{HERE}?of=draft"
    return client


def draft(site: Flask) -> tuple[str, int]:
    return drafted(site, NAME)


def rows(site: Flask) -> list[str]:
    """Return the names pages know the rows of the draft by."""
    document = read(draft(site)[0]).document
    assert isinstance(document, ReferenceDocument)
    return rowediting.names(document)


def change(client: FlaskClient, *asked: tuple[str, str, str, str], **more: Any) -> TestResponse:
    """Ask for changes: what, of which row or column, of which part, and the value."""
    what, rule, part, value = (list(each) for each in zip(*asked, strict=True))
    since = more.pop("since", None) or draft(client.application)[1]
    data = {"what": what, "rule": rule, "part": part, "value": value, "since": since, **more}
    headers = {"X-Requested-With": "fetch", "Accept-Language": "en"}
    return client.post(f"/drafts/{NAME}/change", data=data, headers=headers)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER, Role.ACCOUNT_MANAGER])
def test_who_may_not_change_it_reads_it(site: Flask, role: Role) -> None:
    page = signed_in(site, role).get(HERE, headers={"Accept-Language": "en"})

    assert "<h1>Rates</h1>" in page.text
    assert "US dollar" in page.text
    assert "CN¥7.20" in page.text
    assert "in effect" in page.text
    assert 'id="grid"' not in page.text
    assert "Change it" not in page.text


def test_a_row_ends_where_the_next_of_its_key_begins(site: Flask) -> None:
    page = signed_in(site).get(HERE, headers={"Accept-Language": "en"}).text

    first, second, euro = page.split("<tr")[2:5]
    assert "no end" in first
    assert 'class="current"' in first
    assert "March 31, 2025" in second
    assert "June 30, 2025" in euro, "the day before `until`"
    assert 'class="current"' not in euro


def test_it_is_called_by_its_title_in_the_readers_language(site: Flask) -> None:
    client = signed_in(site)
    for path in ("/policies", HERE, f"/documents/{NAME}", f"/history/{NAME}", "/search?q=rates"):
        page = client.get(path, headers={"Accept-Language": "zh"}).text
        assert "汇率" in page, path
        assert NAME in page, "its id stands beside"


def test_what_is_no_shared_document_has_no_page(site: Flask) -> None:
    client = signed_in(site)
    assert client.get("/tables/scorecard.size").status_code == 404
    assert client.get("/tables/reference/nothing").status_code == 404
    assert client.get("/tables/reference/nothing?of=draft").status_code == 404


def test_policies_that_read_it_are_named(rules: Path, make_app: MakeApp) -> None:
    page = signed_in(make_app(rules=rules)).get("/tables/reference/exchange-rate", headers={"Accept-Language": "en"})

    assert 'href="/policies/approval.order"' in page.text
    assert "Tiered order approval" in page.text
    assert "penalty.order-diversion" not in page.text


def test_nobody_reading_it_is_said(site: Flask) -> None:
    assert "No policy in effect reads this table." in signed_in(site).get(HERE, headers={"Accept-Language": "en"}).text


def test_the_vocabulary_is_read_as_a_table(rules: Path, make_app: MakeApp) -> None:
    page = signed_in(make_app(rules=rules), Role.AUDITOR).get("/tables/vocabulary", headers={"Accept-Language": "zh"})

    assert "<h1>词汇表</h1>" in page.text
    assert "订单金额" in page.text
    assert "制造" in page.text, "values by their names"
    assert 'href="/policies/approval.order"' in page.text


@pytest.mark.parametrize(
    ("name", "page", "called"),
    [
        ("reference/minimum-wage", "/tables/reference/minimum-wage", "上海"),
        ("penalty.order-diversion", "/policies/penalty.order-diversion", "未查实、不成立"),
    ],
)
def test_what_is_typed_has_beside_it_what_people_call_it(
    rules: Path, make_app: MakeApp, name: str, page: str, called: str
) -> None:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(made)
    client.post(f"/drafts/{name}/begin")

    shown = client.get(f"{page}?of=draft&as=written", headers={"Accept-Language": "zh"}).text

    assert f'<span class="word">{called}</span>' in shown


def test_a_cell_is_changed_and_nothing_else(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)[0]

    answer = change(editor, ("row", rows(site)[0], "rate", "1,007.25"))

    assert answer.status_code == 200
    assert draft(site)[0] == before.replace("rate: 7.1}", "rate: 1007.25}")


@pytest.mark.parametrize("typed", ["2025-02-03", "2025/2/3", "2025年2月3日", "2025.02.03"])
def test_days_are_understood_as_people_write_them(site: Flask, editor: FlaskClient, typed: str) -> None:
    change(editor, ("row", rows(site)[0], "from", typed))

    assert "from: 2025-02-03, base: USD" in draft(site)[0]


def test_cells_are_given_and_taken_out(site: Flask, editor: FlaskClient) -> None:
    change(editor, ("row", rows(site)[2], "until", "2026-01-01"), ("row", rows(site)[2], "open", "yes"))
    assert draft(site)[0].endswith("    rate: 7.2\n    until: 2026-01-01\n    open: true\n")

    change(editor, ("row", rows(site)[1], "until", ""), ("row", rows(site)[2], "open", ""))
    assert "base: EUR, rate: 7.5}" in draft(site)[0]
    assert "open: true" not in draft(site)[0]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("rate", "much", "much"), ("rate", "", "rate"), ("base", "GBP", "GBP"), ("until", "2024-01-01", "2024-01-01")],
)
def test_what_is_wrong_stands_at_its_cell(site: Flask, editor: FlaskClient, column: str, value: str, said: str) -> None:
    answer = change(editor, ("row", rows(site)[0], column, value))

    cell = answer.text.partition(f'name="part" value="{column}"')[2].partition("</form>")[0]
    assert 'aria-invalid="true"' in cell, "the first row comes first"
    assert said in cell.partition('class="said"')[2]
    assert answer.text.count('aria-invalid="true"') == 1


def test_a_first_day_that_is_none_is_not_taken(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)

    answer = change(editor, ("row", rows(site)[0], "from", "soon"))

    assert answer.status_code == 409
    assert "What you typed is not saved." in answer.text
    assert 'value="soon"' in answer.text
    assert draft(site) == before


def test_rows_of_one_key_and_day_are_told_apart(site: Flask, editor: FlaskClient) -> None:
    alone = rows(site)[0]
    change(editor, ("row", rows(site)[2], "from", "2025-01-01"))

    assert len(set(rows(site))) == 3
    assert alone not in rows(site), "none of two is called as one was alone"
    answer = change(editor, ("row", rows(site)[2], "rate", "9"))
    assert answer.status_code == 200
    assert "rate: 9\n" in draft(site)[0]


def test_rows_are_added_copied_moved_and_removed(site: Flask, editor: FlaskClient) -> None:
    day = today(clock()).isoformat()
    change(editor, ("add", rows(site)[1], "", ""))
    assert f"until: 2025-07-01}}\n  - {{from: {day}, base: EUR}}\n" in draft(site)[0]

    change(editor, ("copy", rows(site)[0], "", ""))
    assert f"# first\n  - {{from: {day}, base: USD, rate: 7.1}}\n" in draft(site)[0]

    change(editor, ("copy", rows(site)[1], "", ""))
    after = (today(clock()) + timedelta(1)).isoformat()
    assert f"  - {{from: {after}, base: USD, rate: 7.1}}\n" in draft(site)[0], "the day after the newest"

    moved = rows(site)[0]
    change(editor, ("move", moved, "", "down"))
    assert rows(site)[1] == moved
    change(editor, ("remove", moved, "", ""))
    assert moved not in rows(site)
    assert "# The euro." in draft(site)[0]


def test_a_block_is_pasted_at_once(site: Flask, editor: FlaskClient) -> None:
    last, version = rows(site)[2], draft(site)[1]
    asked = [("row", last, "rate", "7.3"), ("row", last, "until", "2025-05-01")]
    for number, (base, rate) in enumerate((("EUR", "7.6"), ("USD", "7.4")), 1):
        asked += [("add", "", "", ""), ("row", f"+{number}", "from", f"2026-0{number}-01")]
        asked += [("row", f"+{number}", "base", base), ("row", f"+{number}", "rate", rate)]

    answer = change(editor, *asked)

    assert answer.status_code == 200
    assert draft(site)[1] == version + 1, "one step to undo"
    assert draft(site)[0].endswith(
        "    rate: 7.3\n    until: 2025-05-01\n"
        "  - {from: 2026-01-01, base: EUR, rate: 7.6}\n  - {from: 2026-02-01, base: USD, rate: 7.4}\n"
    )


def test_a_block_that_does_not_read_is_not_taken_at_all(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)

    answer = change(editor, ("row", rows(site)[0], "rate", "8"), ("row", rows(site)[1], "from", ""))

    assert answer.status_code == 409
    assert draft(site) == before


def test_a_table_without_rows_takes_some(site: Flask, editor: FlaskClient) -> None:
    for _ in range(3):
        change(editor, ("remove", rows(site)[0], "", ""))
    assert "There are no rows yet." in editor.get(f"{HERE}?of=draft", headers={"Accept-Language": "en"}).text

    change(editor, ("add", "", "", ""), ("row", "+1", "base", "USD"), ("add", "", "", ""), ("row", "+2", "base", "EUR"))

    assert len(rows(site)) == 2


def test_what_was_changed_is_undone_and_done_again(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)[0]
    change(editor, ("row", rows(site)[0], "rate", "8"))
    after = draft(site)[0]
    headers = {"X-Requested-With": "fetch", "Accept-Language": "en"}

    answer = editor.post(f"/drafts/{NAME}/undo", data={"since": draft(site)[1]}, headers=headers)
    assert 'id="grid"' in answer.text
    assert draft(site)[0] == before
    editor.post(f"/drafts/{NAME}/redo", data={"since": draft(site)[1]}, headers=headers)
    assert draft(site)[0] == after


def test_a_row_renamed_meanwhile_is_still_found(site: Flask, editor: FlaskClient) -> None:
    name, since = rows(site)[0], draft(site)[1]
    change(editor, ("row", name, "from", "2024-01-01"))

    answer = change(editor, ("row", name, "rate", "6.5"), since=since, was="7.1")

    assert answer.status_code == 200
    assert "{from: 2024-01-01, base: USD, rate: 6.5}" in draft(site)[0]


def test_two_people_in_one_cell_are_told(site: Flask, editor: FlaskClient) -> None:
    name, since = rows(site)[0], draft(site)[1]
    change(editor, ("row", name, "rate", "8"))

    answer = change(editor, ("row", name, "rate", "9"), since=since, was="7.1")

    assert answer.status_code == 409
    assert "It now says “8”." in answer.text
    assert "Put mine there" in answer.text
    assert "rate: 8}" in draft(site)[0]


def test_a_row_that_is_gone_is_told(site: Flask, editor: FlaskClient) -> None:
    name, since = rows(site)[0], draft(site)[1]
    change(editor, ("remove", name, "", ""))

    answer = change(editor, ("row", name, "rate", "9"), since=since)

    assert answer.status_code == 409
    assert "This row is not there any more." in answer.text


def test_columns_are_described_added_and_taken_out(site: Flask, editor: FlaskClient) -> None:
    change(editor, ("column", "rate", "label.zh", "牌价"), ("column", "rate", "scale", "2"))
    assert "rate: {type: number, unit: CNY, scale: 2, label: {zh: 牌价, en: Rate}}" in draft(site)[0]

    change(editor, ("column", "open", "label.zh", "营业"), ("column", "open", "optional", ""))
    assert "open: {type: boolean, label: 营业}" in draft(site)[0]

    change(editor, ("add-column", "", "source", "string"), ("column", "source", "one_of", "bank, paper"))
    assert "  source: {type: string, one_of: [bank, paper]}\n" in draft(site)[0]
    change(editor, ("row", rows(site)[0], "source", "bank"))
    change(editor, ("remove-column", "source", "", ""))
    assert "source" not in draft(site)[0]

    change(editor, ("title", "", "zh", "牌价表"), ("title", "", "en", "Prices"))
    assert "title: {zh: 牌价表, en: Prices}\n" in draft(site)[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("add-column", "", "1st", "string"), "begun by a letter"),
        (("add-column", "", "from", "date"), "There is a column of that name already."),
        (("add-column", "", "rate", "date"), "There is a column of that name already."),
        (("remove-column", "base", "", ""), "Rows are known by this column"),
        (("remove-column", "nothing", "", ""), "not there any more"),
        (("column", "rate", "class", "pay"), "not there any more"),
        (("column", "rate", "type", "colour"), "cannot be taken"),
        (("row", "x", "rate", "1"), "This row is not there any more."),
        (("when", "x", "", "1"), "not there any more"),
    ],
)
def test_what_cannot_be_done_to_a_table_is_said(
    site: Flask, editor: FlaskClient, asked: tuple[str, str, str, str], said: str
) -> None:
    before = draft(site)

    answer = change(editor, asked)

    assert answer.status_code == 409
    assert said in answer.text
    assert draft(site) == before


def test_what_is_done_to_a_table_cannot_be_done_to_a_policy(site: Flask) -> None:
    client = signed_in(site)
    client.post("/drafts/scorecard.size/begin")
    data = {"what": "add-column", "rule": "", "part": "x", "value": "string", "since": 1}

    answer = client.post("/drafts/scorecard.size/change", data=data, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 409


def test_without_a_script_a_form_leads_back_to_the_table(editor: FlaskClient) -> None:
    data = {"what": "row", "rule": rows(editor.application)[0], "part": "rate", "value": "8", "since": 1}

    answer = editor.post(f"/drafts/{NAME}/change", data=data)

    assert answer.status_code == 303
    assert answer.location.startswith(f"{HERE}?of=draft")


def test_a_table_that_does_not_read_is_mended_as_text(editor: FlaskClient) -> None:
    editor.post(f"/drafts/{NAME}/text", data={"text": "reference: rates\nrows: []\n", "since": 1})

    assert editor.get(f"{HERE}?of=draft").location == f"/documents/{NAME}?of=draft"


def test_who_is_bound_to_a_kind_does_not_type_into_what_all_share(site: Flask, editor: FlaskClient) -> None:
    assert 'id="grid"' in editor.get(f"{HERE}?of=draft").text
    auditor = signed_in(site, Role.AUDITOR)

    assert 'id="grid"' not in auditor.get(f"{HERE}?of=draft").text
    assert auditor.post(f"/drafts/{NAME}/change", data={"since": 1}).status_code == 403
