"""Changing a draft on its pages: cells, rules, text; findings, undo, two people at once, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import login, signed_in
from webadmin import library
from webadmin.decisions.service import clock, today
from webadmin.store import logins
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act

NAME = "scorecard.size"
EN = {"Accept-Language": "en"}


@pytest.fixture
def editor(site: Flask) -> FlaskClient:
    client = signed_in(site)
    assert client.post(f"/drafts/{NAME}/begin").location == f"/policies/{NAME}?of=draft"
    return client


def draft(site: Flask) -> tuple[str, int]:
    return drafted(site, NAME)


def change(client: FlaskClient, what: str, rule: str, value: str, part: str = "", **more: Any) -> TestResponse:
    since = more.pop("since", None) or draft(client.application)[1]
    data = {"what": what, "rule": rule, "part": part, "value": value, "since": since, **more}
    return client.post(f"/drafts/{NAME}/change", data=data, headers={"X-Requested-With": "fetch"})


def test_a_cell_is_changed_and_nothing_else(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)[0]

    answer = change(editor, "cell", "large", ">= 250", "customer.staff")

    assert answer.status_code == 200
    assert 'value="&gt;= 250"' in answer.text
    assert draft(site)[0] == before.replace('">= 100"', '">= 250"')


def test_a_wrong_cell_is_kept_and_says_what_is_wrong_with_it(editor: FlaskClient) -> None:
    answer = change(editor, "cell", "large", ">= lots", "customer.staff")

    assert 'aria-invalid="true"' in answer.text
    assert "<code>lots</code>" in answer.text
    page = editor.get(f"/policies/{NAME}?of=draft", headers={"Accept-Language": "en"})
    assert "1 error keeps this text from loading" in page.text
    live = editor.get(f"/policies/{NAME}?as=written", headers={"Accept-Language": "en"}).text
    assert live.count("&gt;= 100") == 1  # in effect
    assert 'aria-invalid="true"' not in change(editor, "cell", "large", ">= 100", "customer.staff").text


def test_choices_with_commas_are_a_list(site: Flask, editor: FlaskClient) -> None:
    change(editor, "cell", "large", "shop, plant", "customer.kind")

    assert "customer.kind: [shop, plant]" in draft(site)[0]


@pytest.mark.parametrize("empty", ["", "-", "  "])
def test_an_empty_cell_is_any_value(site: Flask, editor: FlaskClient, empty: str) -> None:
    change(editor, "cell", "large", "shop", "customer.kind")
    change(editor, "cell", "large", empty, "customer.kind")

    assert "customer.kind: " not in draft(site)[0].partition("rules:")[2].partition("tests:")[0]


def test_rules_are_added_copied_moved_renamed_and_removed(site: Flask, editor: FlaskClient) -> None:
    def names() -> list[str]:
        record: Record = site.extensions["record"]
        with record.engine.connect() as connection:
            look = library.look(connection, NAME, today(clock()), "draft")
        assert look is not None
        return [str(rule.id) for rule in look.document.rules]  # type: ignore[union-attr]

    change(editor, "copy", "large", "")
    assert names() == ["large", "large-copy", "small"]
    change(editor, "add", "large", "huge")
    assert names() == ["large", "huge", "large-copy", "small"]
    change(editor, "move", "huge", "up")
    change(editor, "move", "small", "1")
    assert names() == ["small", "huge", "large", "large-copy"]
    change(editor, "rename", "huge", "enormous")
    change(editor, "remove", "large-copy", "")
    assert names() == ["small", "enormous", "large"]
    for _ in range(6):
        editor.post(f"/drafts/{NAME}/undo", data={"since": draft(site)[1]})
    assert names() == ["large", "small"]
    editor.post(f"/drafts/{NAME}/redo", data={"since": draft(site)[1]})
    assert names() == ["large", "large-copy", "small"]


def test_reasons_outcomes_and_conditions_are_changed(site: Flask, editor: FlaskClient) -> None:
    change(editor, "because", "small", "不大", "zh")
    change(editor, "because", "small", "Not large", "en")
    change(editor, "then", "small", "large", "size")
    change(editor, "when", "small", "customer.staff > 7")

    text = draft(site)[0]
    assert "because: {zh: 不大, en: Not large}" in text
    assert "when: customer.staff > 7" in text


def test_an_edit_that_would_not_read_is_refused_with_the_reason(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)

    answer = change(editor, "rename", "large", "small")

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert draft(site) == before


def test_a_block_is_pasted_as_one_change(site: Flask, editor: FlaskClient) -> None:
    data = {
        "what": ["cell", "then"],
        "rule": ["large", "large"],
        "part": ["customer.staff", "size"],
        "value": [">= 300", "small"],
        "was": [">= 100", "large"],
        "since": draft(site)[1],
    }
    answer = editor.post(f"/drafts/{NAME}/change", data=data, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 200
    assert draft(site)[1] == 2
    assert "then: {size: small}" in draft(site)[0].partition("id: large")[2].partition("id: small")[0]


def test_two_people_change_different_cells(site: Flask, editor: FlaskClient) -> None:
    other = signed_in(site, Role.ADMIN, "other")
    change(editor, "cell", "large", ">= 250", "customer.staff", since=1, was=">= 100")

    answer = change(other, "because", "small", "Not large", "en", since=1, was="")

    assert answer.status_code == 200
    assert '">= 250"' in draft(site)[0]
    assert "Not large" in draft(site)[0]


def test_two_people_change_the_same_cell(site: Flask, editor: FlaskClient) -> None:
    other = signed_in(site, Role.ADMIN, "other")
    change(editor, "cell", "large", ">= 250", "customer.staff", since=1, was=">= 100")

    answer = change(other, "cell", "large", ">= 300", "customer.staff", since=1, was=">= 100")

    assert answer.status_code == 409
    assert "&gt;= 250" in answer.text
    assert '">= 250"' in draft(site)[0]


def test_a_text_is_saved_and_checked(site: Flask, editor: FlaskClient) -> None:
    text = draft(site)[0].replace(">= 100", ">= 250")

    checked = editor.post(f"/drafts/{NAME}/check", data={"text": text}).get_json()
    assert (checked["loads"], checked["passed"], checked["tests"]) == (True, 0, 1)
    assert draft(site)[1] == 1
    editor.post(f"/drafts/{NAME}/text", data={"text": text.replace("\n", "\r\n"), "since": 1})
    assert draft(site) == (text, 2)


def test_a_wrong_text_is_kept_with_its_findings(site: Flask, editor: FlaskClient) -> None:
    text = draft(site)[0].replace("hit_policy: first", "hit_policy: frist")

    checked = editor.post(f"/drafts/{NAME}/check", data={"text": text}).get_json()
    editor.post(f"/drafts/{NAME}/text", data={"text": text, "since": 1})

    assert [each["line"] for each in checked["findings"] if each["grade"] == "error"] == [
        text.splitlines().index("hit_policy: frist") + 1
    ]
    page = editor.get(f"/policies/{NAME}/text?of=draft")
    assert page.status_code == 200
    assert "frist" in page.text
    assert editor.get(f"/policies/{NAME}/try?of=draft").status_code == 302


def test_texts_on_different_lines_are_merged(site: Flask, editor: FlaskClient) -> None:
    base = draft(site)[0]
    theirs, yours = base.replace("en: Size}", "en: Sizes}", 1), base.replace(">= 100", ">= 250")
    editor.post(f"/drafts/{NAME}/text", data={"text": theirs, "since": 1})

    answer = editor.post(f"/drafts/{NAME}/text", data={"text": yours, "since": 1})

    assert answer.status_code == 303
    assert draft(site)[0] == theirs.replace(">= 100", ">= 250")


def test_a_draft_is_given_up_and_brought_back(site: Flask, editor: FlaskClient) -> None:
    change(editor, "cell", "large", ">= 250", "customer.staff")
    text = draft(site)[0]

    editor.post(f"/drafts/{NAME}/discard", data={"since": 2})
    page = editor.get("/policies").text

    assert f'action="/drafts/{NAME}/back/2"' in page
    editor.post(f"/drafts/{NAME}/back/2")
    assert draft(site) == (text, 2)


@pytest.mark.parametrize("view", ["", "/read", "/text", "/tests", "/try", "/rules/large", "/new-rule", "/table.csv"])
def test_the_address_of_a_draft_that_was_given_up_leads_to_what_is_in_effect(editor: FlaskClient, view: str) -> None:
    change(editor, "cell", "large", ">= 250", "customer.staff")
    address, script = f"/policies/{NAME}{view}?of=draft", {"X-Requested-With": "fetch"}
    editor.post(f"/drafts/{NAME}/discard", data={"since": 2})
    editor.get("/policies")

    assert editor.get(address, headers=script).status_code == 404
    page = editor.get(address, headers={"Accept-Language": "en"}, follow_redirects=True)

    kept = view if view in ("/read", "/text", "/tests", "/try") else ""
    assert (page.status_code, page.request.path) == (200, f"/policies/{NAME}{kept}")
    assert "There is no draft any more: it was given up." in page.text
    assert editor.get("/policies/scorecard.none?of=draft").status_code == 404


def test_what_became_of_a_penalty_is_told_to_nobody_who_may_not_read_its_drafts(shop: Flask) -> None:
    admin, name = signed_in(shop), "penalty.order-diversion"  # which ships as a draft: nothing of it is in effect
    admin.post(f"/drafts/{name}/discard", data={"since": 1, "sure": "1"})

    assert admin.get(f"/policies/{name}?of=draft", headers=EN).location == "/policies"
    assert "There is no draft any more: it was given up." in admin.get("/policies", headers=EN).text
    assert signed_in(shop, Role.ACCOUNT_MANAGER).get(f"/policies/{name}?of=draft").status_code == 404


def test_an_address_of_a_draft_there_never_was_is_no_page(site: Flask) -> None:
    assert signed_in(site).get(f"/policies/{NAME}?of=draft").status_code == 404


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_only_those_who_may_change_it(site: Flask, role: Role) -> None:
    client = signed_in(site, role)

    assert change(client, "cell", "large", ">= 1", "customer.staff").status_code == 403
    assert "data-row" not in client.get(f"/policies/{NAME}?of=draft").text
    assert "/begin" not in client.get(f"/policies/{NAME}").text


@pytest.mark.usefixtures("editor")
def test_a_login_for_other_kinds_may_not(site: Flask) -> None:
    record: Record = site.extensions["record"]
    login(record, Role.ADMIN, "narrow")
    act = Act("cli:test", clock(), today(clock()))
    reach = Reach(Role.ADMIN, ("approval",))
    record.writer.write(lambda transaction: logins.set_reach(transaction, "narrow", reach, act))

    assert change(signed_in(site, name="narrow"), "cell", "large", ">= 1", "customer.staff").status_code == 403


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=1+1", "\u202eabc", "{{7*7}}", "x" * 4000]
)
def test_hostile_cells_stay_text(editor: FlaskClient, text: str) -> None:
    for what, part in (("cell", "customer.staff"), ("then", "size"), ("because", "en"), ("rename", "")):
        answer = change(editor, what, "large", text, part)
        assert answer.status_code in (200, 409)
        assert "<script>" not in answer.text
        assert "<img" not in answer.text
    assert editor.get(f"/policies/{NAME}/text?of=draft").status_code == 200


@pytest.mark.parametrize("data", [{}, {"what": "cell"}, {"what": "burn", "rule": "large", "part": "", "value": ""}])
def test_a_change_that_is_none_is_refused(editor: FlaskClient, data: dict[str, str]) -> None:
    answer = editor.post(f"/drafts/{NAME}/change", data={**data, "since": 1})

    assert answer.status_code == 400


def test_who_else_works_on_a_draft_is_told_to_those_who_change_it(site: Flask, editor: FlaskClient) -> None:
    other = signed_in(site, Role.ADMIN, "other")
    pages = (f"/policies/{NAME}", f"/policies/{NAME}/text", f"/policies/{NAME}/rules/large")
    before = [other.get(f"{page}?of=draft", headers={"Accept-Language": "en"}).text for page in pages]
    change(editor, "cell", "large", ">= 250", "customer.staff")

    after = [other.get(f"{page}?of=draft", headers={"Accept-Language": "en"}).text for page in pages]

    author = "is editing this draft too (last change "
    assert all(author in page for page in after)
    assert all(author in page for page in before), "who began it works on it as well"
    assert author not in editor.get(pages[0] + "?of=draft", headers={"Accept-Language": "en"}).text, "nobody else"
    reader = signed_in(site, Role.AUDITOR, "reader").get(pages[0] + "?of=draft", headers={"Accept-Language": "en"})
    assert author not in reader.text


def test_what_ships_as_a_draft_is_edited_by_nobody(shop: Flask) -> None:
    page = signed_in(shop).get("/policies/penalty.order-diversion?of=draft", headers={"Accept-Language": "en"}).text

    assert "never published" in page
    assert "is editing this draft too" not in page


def test_saving_refreshes_who_else_works_on_a_draft(site: Flask, editor: FlaskClient) -> None:
    other = signed_in(site, Role.ADMIN, "other")
    text, version = draft(site)
    headers = {"X-Requested-With": "fetch", "Accept-Language": "zh"}
    data = {"text": f"{text}# a note\n", "since": version}

    saved = other.post(f"/drafts/{NAME}/text", data=data, headers=headers)

    (said,) = saved.get_json()["company"]
    assert "也在编辑此草稿（最近一次改动：" in said
    assert 'class="notice company"' in change(editor, "cell", "large", ">= 300", "customer.staff").text
