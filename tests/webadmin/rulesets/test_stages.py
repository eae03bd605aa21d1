"""The stages of an approval policy as a form: added, moved, changed, renamed, taken out; two people, and who may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.webadmin.filled import Filled
from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

NAME = "approval.order"
STAGES = f"/policies/{NAME}/stages"
EN = {"Accept-Language": "en"}
SHIPPED = (
    (Path(__file__).resolve().parents[3] / "rules/approval/order.yaml").read_text("utf-8").splitlines(keepends=True)
)
TEAM_LEAD, DIRECTOR = (
    next(line for line in SHIPPED if f"- {{id: {id_}, label" in line) for id_ in ("team-lead", "director")
)


@pytest.fixture
def editor(shop: Flask) -> FlaskClient:
    client = signed_in(shop)
    answer = client.post(f"/drafts/{NAME}/begin", data={"view": "stages"})
    assert answer.location == f"{STAGES}?of=draft"
    return client


def draft(client: FlaskClient) -> str:
    return drafted(client.application, NAME)[0]


def opened(client: FlaskClient) -> Filled:
    answer = client.get(STAGES, query_string={"of": "draft"}, headers=EN)
    assert answer.status_code == 200
    return Filled(answer.text, "stage-form")


def sent(client: FlaskClient, form: Filled, do: str = "save", **changes: Any) -> TestResponse:
    data = MultiDict(form.data)
    data["do"] = do
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return client.post(form.action, data=data, headers=EN)


def said(page: str, name: str) -> str:
    """Return what a page says at an input."""
    place = page.partition(f'id="said-{name}"')[2]
    return place.partition("</p>")[0]


@pytest.mark.parametrize("name", ["order", "special-terms"])
def test_shipped_stages_open_and_are_saved_without_a_change(editor: FlaskClient, name: str) -> None:
    path = f"/policies/approval.{name}/stages"
    editor.post(f"/drafts/approval.{name}/begin")
    page = editor.get(path, query_string={"of": "draft"}, headers=EN)
    form = Filled(page.text, "stage-form")

    answer = sent(editor, form)

    assert answer.status_code == 303, answer.text
    assert "Nothing was changed." in editor.get(answer.location, headers=EN).text
    assert len(form.ids) == len(set(form.ids))
    loose = [each for each in form.inputs if each.get("type") == "text" and each.get("id") not in form.labelled]
    assert not loose, "every input has a label"
    assert "approver.role" in page.text, "fields of who could approve are offered"
    if name == "order":
        assert '<option value="director" selected>to sales director</option>' in page.text
        assert "No lines: the stage is never left out." in page.text


def test_what_is_changed_is_written_and_nothing_else_is_touched(editor: FlaskClient) -> None:
    before = draft(editor)
    typed = {
        "s1.need": "2",
        "s1.within": "36",
        "s1.unit": "H",
        "s1.late": "general-manager",
        "s1.label.en": "head of sales",
    }

    answer = sent(editor, opened(editor), **typed, **{"s1.who.0.value": "general-manager"})

    assert answer.status_code == 303, answer.text
    wanted = (
        '  - {id: director, label: {zh: 销售总监, en: head of sales},  who: approver.role = "general-manager", '
        "within: PT36H, need: 2, late: general-manager}\n"
    )
    assert draft(editor) == before.replace(DIRECTOR, wanted)


def test_a_condition_under_which_a_stage_is_left_out_comes_and_goes(editor: FlaskClient) -> None:
    before = draft(editor)
    form = Filled(sent(editor, opened(editor), "line:s1.unless").text, "stage-form")
    form = Filled(sent(editor, form, "keep", **{"s1.unless.0.field": "order.prepaid"}).text, "stage-form")
    assert draft(editor) == before, "nothing is saved on the way"

    sent(editor, form, **{"s1.unless.0.how": "true"})

    assert draft(editor) == before.replace(DIRECTOR, DIRECTOR.replace("P2D}", "P2D, unless: order.prepaid}"))
    form = Filled(sent(editor, opened(editor), "remove:s1.unless.0").text, "stage-form")
    sent(editor, form, **{"s1.label.zh": "销售总监", "s1.within": "2"})
    assert draft(editor) == before


def test_a_stage_is_added_and_taken_away_again(editor: FlaskClient) -> None:
    before = draft(editor)
    page = sent(editor, opened(editor), "add")
    form = Filled(page.text, "stage-form")
    assert " autofocus" in page.text
    assert form.data["s6.was"] == ""
    typed = {"s6.id": "board", "s6.label.zh": "董事会", "s6.label.en": "board", "s6.who.0.field": "approver.role"}
    form = Filled(sent(editor, form, "keep", **typed).text, "stage-form")

    answer = sent(editor, form, **{"s6.who.0.how": "eq", "s6.who.0.value": "general-manager", "s6.need": "2"})

    assert answer.status_code == 303, answer.text
    line = '  - {id: board, label: {zh: 董事会, en: board}, who: approver.role = "general-manager", need: 2}\n'
    assert draft(editor) == before.replace("separation:  ", f"{line}separation:  ")
    assert "No rule gives this stage." in editor.get(STAGES, query_string={"of": "draft"}, headers=EN).text
    answer = sent(editor, opened(editor), "drop:6")
    assert answer.status_code == 303, answer.text
    assert draft(editor) == before


def test_a_new_stage_that_was_not_saved_goes_without_saving(editor: FlaskClient) -> None:
    before = draft(editor)
    form = Filled(sent(editor, opened(editor), "add").text, "stage-form")

    page = sent(editor, form, "drop:6", **{"s1.id": "kept-as-typed"})

    assert page.status_code == 200
    form = Filled(page.text, "stage-form")
    assert "s6.was" not in form.data
    assert form.data["s1.id"] == "kept-as-typed"
    assert draft(editor) == before


def test_a_stage_moves_with_what_is_written_above_it(editor: FlaskClient) -> None:
    before = draft(editor)

    answer = sent(editor, opened(editor), "down:0")

    assert answer.location.endswith("#stage-team-lead")
    assert draft(editor) == before.replace(TEAM_LEAD + DIRECTOR, DIRECTOR + TEAM_LEAD)
    sent(editor, opened(editor), "up:1")
    assert draft(editor) == before


def test_a_new_name_goes_to_rules_tests_and_stages(editor: FlaskClient) -> None:
    before = draft(editor)

    answer = sent(editor, opened(editor), **{"s0.id": "supervisor"})

    assert answer.status_code == 303, answer.text
    assert draft(editor) == before.replace("team-lead", "supervisor")
    page = editor.get(f"/policies/{NAME}/tests", query_string={"of": "draft"}, headers=EN)
    assert "fail</span>" not in page.text


@pytest.mark.parametrize("used", ["rules", "late", "default"])
def test_a_stage_that_is_named_is_not_taken_out(editor: FlaskClient, used: str) -> None:
    text = draft(editor)
    form = opened(editor)
    if used != "rules":
        extra = '  - {id: spare, who: approver.role = "legal"}\n'
        text = text.replace("separation:  ", f"{extra}separation:  ")
        text = text.replace("late: director", "late: spare") if used == "late" else text
        text = text if used == "late" else text.replace("combine: union,", "combine: union, default: [spare],")
        editor.post(f"/drafts/{NAME}/text", data={"since": form.data["since"], "text": text})
        form = opened(editor)
    at = "6" if used != "rules" else "0"
    before = draft(editor)

    answer = sent(editor, form, f"drop:{at}")

    assert answer.status_code == 422
    told = {
        "rules": "take it out of them first: key-account, large",
        "late": "their time is over: team-lead",
        "default": "where no rule",
    }
    assert told[used] in said(answer.text, f"s{at}")
    assert draft(editor) == before


def test_a_stage_a_formula_names_is_neither_renamed_nor_taken_out(editor: FlaskClient) -> None:
    text = draft(editor)
    formula = """then: {stages: '= if order.prepaid then ["legal"] else ["legal", "finance"]'}"""
    text = text.replace("then: {stages: [legal]}", formula)
    editor.post(f"/drafts/{NAME}/text", data={"since": opened(editor).data["since"], "text": text})

    renamed = sent(editor, opened(editor), **{"s2.id": "counsel"})
    removed = sent(editor, opened(editor), "drop:2")

    assert "own-contract" in said(renamed.text, "s2.id")
    assert "own-contract" in said(removed.text, "s2")
    assert draft(editor) == text


@pytest.mark.parametrize(
    ("changes", "place", "told"),
    [
        ({"s0.id": "Team Lead"}, "s0.id", "lower case letters"),
        ({"s0.id": ""}, "s0.id", "lower case letters"),
        ({"s0.id": "director"}, "s0.id", "called director already"),
        ({"s0.need": "many"}, "s0.need", "whole number"),
        ({"s0.need": "0"}, "s0.need", "whole number"),
        ({"s0.within": "1.5"}, "s0.within", "whole number"),
        ({"s0.within": "soon", "s0.unit": "iso"}, "s0.within", "soon"),
        ({"s0.label.en": ""}, "s0.label", "both languages"),
        ({"s1.who.0.value": ""}, "s1.who.0", "Give a value."),
        ({"s1.who.0.field": ""}, "s1.who", "who may act"),
    ],
)
def test_what_cannot_be_written_is_said_where_it_was_typed(
    editor: FlaskClient, changes: dict[str, str], place: str, told: str
) -> None:
    before = draft(editor)

    answer = sent(editor, opened(editor), **changes)

    assert answer.status_code == 422
    assert told in said(answer.text, place)
    assert draft(editor) == before
    name, value = next(iter(changes.items()))
    assert Filled(answer.text, "stage-form").data[name] == value, "what was typed stays"


def test_what_the_engine_finds_stands_at_its_input(editor: FlaskClient) -> None:
    form = Filled(sent(editor, opened(editor), "text:s1.who").text, "stage-form")

    answer = sent(editor, form, **{"s1.who.1.text": "approver.rank > 3"})

    assert answer.status_code == 303, "a draft may hold mistakes"
    page = editor.get(answer.location, headers=EN).text
    assert "rank" in said(page, "s1.who.1")
    assert not said(page, "s0.who").strip().count("<span")


def test_two_people_change_different_stages_and_the_same_one(editor: FlaskClient) -> None:
    first, second = opened(editor), opened(editor)
    before = draft(editor)
    sent(editor, first, **{"s0.need": "2"})

    merged = editor.get(sent(editor, second, **{"s1.need": "3"}).location, headers=EN)
    conflict = sent(editor, second, **{"s0.need": "4"})

    assert "Saved, together with what somebody else changed." in merged.text
    kept = draft(editor)
    assert kept == before.replace("late: director}", "late: director, need: 2}").replace(
        DIRECTOR, DIRECTOR.replace("P2D}", "P2D, need: 3}")
    )
    assert conflict.status_code == 409
    assert draft(editor) == kept


def test_what_was_saved_is_undone_beside_its_message(editor: FlaskClient) -> None:
    before = draft(editor)
    answer = sent(editor, opened(editor), **{"s0.need": "2"})
    page = editor.get(answer.location, headers=EN).text
    since = Filled(page, "stage-form").data["since"]
    assert f"/drafts/{NAME}/undo?since={since}&amp;view=stages" in page

    back = editor.post(f"/drafts/{NAME}/undo", query_string={"since": since, "view": "stages"})

    assert back.location == f"{STAGES}?of=draft"
    assert draft(editor) == before


@pytest.mark.parametrize("broken", [{"s0.was": "nobody"}, {"s0.was": "director"}, {"s9.was": "x"}, {"s0.unit": "Y"}])
def test_a_form_that_is_none_of_ours_is_refused(editor: FlaskClient, broken: dict[str, str]) -> None:
    before = draft(editor)

    assert sent(editor, opened(editor), **broken).status_code == 400
    assert sent(editor, opened(editor), "down:99").status_code == 400
    assert sent(editor, opened(editor), "nothing").status_code == 400
    assert draft(editor) == before


def test_views_of_a_policy_lead_to_its_stages_for_who_may_change_them(shop: Flask) -> None:
    admin, reader = signed_in(shop), signed_in(shop, Role.AUDITOR)
    views = (f"/policies/{NAME}", f"/policies/{NAME}/read", f"/policies/{NAME}?as=written")
    for view in views:
        assert "Change the stages" in admin.get(view, headers=EN).text, view
        assert "Change the stages" not in reader.get(view, headers=EN).text, view
    admin.post(f"/drafts/{NAME}/begin")
    for view in (f"/policies/{NAME}", f"/policies/{NAME}/read", f"/policies/{NAME}/rules/large"):
        assert f'href="{STAGES}?of=draft"' in admin.get(view, query_string={"of": "draft"}, headers=EN).text, view
    assert admin.get(STAGES).location == f"{STAGES}?of=draft"
    assert admin.get("/policies/scorecard.customer-value/stages?of=draft").status_code == 404
