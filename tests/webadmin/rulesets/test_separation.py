"""Whom separation of duties keeps from acting, as part of the form of stages: with words in both languages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.webadmin.filled import Filled
from tests.webadmin.rulesets.test_stages import EN, NAME, SHIPPED, STAGES, draft, opened, said, sent

NO_OWNER = next(line for line in SHIPPED if "- {id: no-owner" in line)
NEVER = "customer.owner != null and approver.id = customer.owner"


def test_what_is_written_is_shown_with_its_words(editor: FlaskClient) -> None:
    form = opened(editor)

    assert (form.data["b1.id"], form.data["b1.label.zh"]) == ("no-owner", "负责客户经理回避")
    assert form.data["b1.label.en"] == "the account manager stands back"
    assert form.data["b1.never.0.field"] == "customer.owner"
    page = editor.get(STAGES, query_string={"of": "draft"}, headers={"Accept-Language": "zh"}).text
    assert '<h4 id="b1-name">负责客户经理回避</h4>' in page
    assert "申请人不得审批" in page


def test_what_is_changed_is_written_and_nothing_else_is_touched(editor: FlaskClient) -> None:
    before = draft(editor)

    answer = sent(editor, opened(editor), **{"b1.label.en": "who serves the customer", "b1.id": "no-manager"})

    assert answer.status_code == 303, answer.text
    wanted = NO_OWNER.replace("the account manager stands back", "who serves the customer")
    assert draft(editor) == before.replace(NO_OWNER, wanted.replace("no-owner", "no-manager"))
    page = editor.get(f"/policies/{NAME}?of=draft", headers=EN).text
    assert "who serves the customer" in page


def test_one_is_added_with_its_words_undone_and_removed(editor: FlaskClient) -> None:
    before = draft(editor)
    page = sent(editor, opened(editor), "bar")
    form = Filled(page.text, "stage-form")
    assert form.data["b2.was"] == ""
    assert " autofocus" in page.text
    typed = {
        "b2.id": "own-team",
        "b2.label.zh": "同组回避",
        "b2.label.en": "own team",
        "b2.never.0.field": "approver.role",
    }
    form = Filled(sent(editor, form, "keep", **typed).text, "stage-form")
    assert draft(editor) == before, "nothing is saved on the way"

    answer = sent(editor, form, **{"b2.never.0.how": "eq", "b2.never.0.value": "legal"})

    assert answer.status_code == 303, answer.text
    line = '  - {id: own-team, label: {zh: 同组回避, en: own team}, never: approver.role = "legal"}\n'
    assert draft(editor) == before.replace(NO_OWNER, NO_OWNER + line)
    editor.post(f"/drafts/{NAME}/undo?since=2&view=stages")
    assert draft(editor) == before
    editor.post(f"/drafts/{NAME}/redo?since={opened(editor).data['since']}&view=stages")
    assert line in draft(editor)
    sent(editor, opened(editor), "unbar:2")
    assert draft(editor) == before


def test_all_can_be_removed_and_one_added_again(editor: FlaskClient) -> None:
    for _ in range(2):
        assert sent(editor, opened(editor), "unbar:0").status_code == 303
    assert "no-owner" not in draft(editor)
    assert "b0.was" not in opened(editor).data
    tests = editor.get(f"/policies/{NAME}/read?of=draft", headers=EN)
    assert tests.status_code == 200

    form = Filled(sent(editor, opened(editor), "bar").text, "stage-form")
    form = Filled(sent(editor, form, "text:b0.never", **{"b0.id": "no-owner"}).text, "stage-form")
    form = Filled(sent(editor, form, "remove:b0.never.0").text, "stage-form")
    answer = sent(editor, form, **{"b0.never.0.text": NEVER})
    assert answer.status_code == 303, answer.text
    assert f"{{id: no-owner, never: ({NEVER})}}" in draft(editor)
    assert opened(editor).data["b0.id"] == "no-owner"


@pytest.mark.parametrize(
    ("typed", "at", "told"),
    [
        ({"b1.id": "No Owner"}, "b1.id", "Give it a name: lower case letters, digits and hyphens."),
        ({"b1.id": "no-beneficiary"}, "b1.id", "Another one is called no-beneficiary already."),
        ({"b1.label.en": ""}, "b1.label", "The label stands in both languages"),
    ],
)
def test_what_cannot_be_written_is_said_where_it_was_typed(
    editor: FlaskClient, typed: dict[str, str], at: str, told: str
) -> None:
    before = draft(editor)

    answer = sent(editor, opened(editor), **typed)

    assert answer.status_code == 422
    assert told in unescape(said(answer.text, at))
    again = Filled(answer.text, "stage-form").data
    assert {name: again[name] for name in typed} == typed
    assert draft(editor) == before


def test_one_without_a_condition_is_refused_and_one_that_was_not_saved_goes(editor: FlaskClient) -> None:
    before = draft(editor)
    form = Filled(sent(editor, opened(editor), "bar").text, "stage-form")
    form = Filled(sent(editor, form, "remove:b2.never.0", **{"b2.id": "nobody"}).text, "stage-form")

    answer = sent(editor, form)
    assert answer.status_code == 422
    assert "Say who may not act." in answer.text
    page = sent(editor, form, "unbar:2", **{"b1.id": "kept-as-typed"})
    assert page.status_code == 200
    form = Filled(page.text, "stage-form")
    assert form.data["b1.id"] == "kept-as-typed"
    assert "b2.was" not in form.data
    assert draft(editor) == before


def test_what_the_engine_finds_wrong_is_said_at_its_row(editor: FlaskClient) -> None:
    text = draft(editor).replace(NEVER, "customer.owner != null and approver.nobody = customer.owner")
    editor.post(f"/drafts/{NAME}/text", data={"since": 1, "text": text})

    page = editor.get(STAGES, query_string={"of": "draft"}, headers=EN).text

    assert "<code>nobody</code> is not a field of <code>approver</code>" in said(page, "b1.never.1")


@pytest.mark.parametrize("do", ["unbar:9", "unbar:x", "unbar"])
def test_what_is_none_of_the_form_is_refused(editor: FlaskClient, do: str) -> None:
    form = opened(editor)

    assert sent(editor, form, do).status_code == 400
    assert sent(editor, form, "save", **{"b1.was": "somebody"}).status_code == 400


def test_two_people_change_stages_and_separation_side_by_side(editor: FlaskClient) -> None:
    one, two = opened(editor), opened(editor)

    sent(editor, one, **{"s1.need": "2"})
    answer = sent(editor, two, **{"b1.label.en": "who serves the customer"})

    assert answer.status_code == 303
    assert "need: 2" in draft(editor)
    assert "who serves the customer" in draft(editor)


def test_the_form_has_one_primary_action(editor: FlaskClient) -> None:
    page = editor.get(STAGES, query_string={"of": "draft"}, headers=EN).text
    main = page.partition("<main")[2].partition("</main>")[0]

    assert re.findall(r'class="button"[^>]*>([^<]*)<', main) == ["Save the stages"]
