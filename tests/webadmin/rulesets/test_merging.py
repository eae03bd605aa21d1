"""Two people on one draft: every difference beside the other, a choice for each, nothing lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy.editor.threeway import Side
from tests.webadmin.signing import signed_in
from webadmin.rulesets.merging import Merge
from webadmin.store import drafts
from webadmin.store.logins import Role
from webadmin.store.record import Record

NAME = "scorecard.size"
EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}


@pytest.fixture
def editor(site: Flask) -> FlaskClient:
    client = signed_in(site)
    client.post(f"/drafts/{NAME}/begin")
    return client


def draft(site: Flask) -> Any:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        return drafts.find(connection, NAME)


def clash(editor: FlaskClient, theirs: str, mine: str, headers: dict[str, str] = EN) -> TestResponse:
    editor.post(f"/drafts/{NAME}/text", data={"text": theirs, "since": 1})
    return editor.post(f"/drafts/{NAME}/text", data={"text": mine, "since": 1}, headers=headers)


def form(answer: TestResponse, **more: Any) -> dict[str, Any]:
    """Return what the page would send: its hidden fields, and the text as it is shown."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    areas = dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', answer.text, re.DOTALL))
    return {**{name: unescape(text) for name, text in {**fields, **areas}.items()}, **more}


def choices(answer: TestResponse) -> list[str]:
    return list(dict.fromkeys(re.findall(r'name="(choice[.]\w+)"', answer.text)))


def merge(editor: FlaskClient, data: dict[str, Any], **more: Any) -> TestResponse:
    return editor.post(f"/drafts/{NAME}/merge", data={**data, **more}, headers=EN)


def two(site: Flask) -> tuple[str, str, str]:
    base = draft(site).text
    return base, base.replace(">= 100", ">= 200").replace("en: Size}", "en: Sizes}"), base.replace(">= 100", ">= 300")


def test_changes_of_different_parts_on_one_line_need_no_page(site: Flask, editor: FlaskClient) -> None:
    base = draft(site).text
    cell = 'customer.staff: ">= 100"'
    theirs, mine = base.replace(">= 100", ">= 200"), base.replace(cell, f"{cell}, customer.kind: shop")

    assert clash(editor, theirs, mine).status_code == 303

    assert draft(site).text == base.replace(cell, 'customer.staff: ">= 200", customer.kind: shop')


def test_a_place_both_have_changed_is_shown_with_before_theirs_and_mine(site: Flask, editor: FlaskClient) -> None:
    _, theirs, mine = two(site)

    answer = clash(editor, theirs, mine)

    assert answer.status_code == 409
    page = unescape(answer.text)
    assert "1 place both have changed" in page
    assert len(choices(answer)) == 1
    for said in ('">= 100"', '">= 200"', '">= 300"'):
        assert f'<code class="held">{said}</code>' in page
    assert re.search(r"<legend>Rule large.*When.*Staff</legend>", page)
    assert "Taken over" in page
    assert "Sizes" in page
    assert draft(site).text == theirs


@pytest.mark.parametrize(("side", "counts"), [("theirs", ">= 200"), ("mine", ">= 300")])
def test_the_chosen_version_is_saved_with_what_the_other_changed_elsewhere(
    site: Flask, editor: FlaskClient, side: str, counts: str
) -> None:
    base, theirs, mine = two(site)
    answer = clash(editor, theirs, mine)
    data = form(answer)

    assert merge(editor, data, do="save").status_code == 422  # nothing is chosen
    assert draft(site).text == theirs
    assert merge(editor, data, do="save", **{choices(answer)[0]: side}).status_code == 303

    assert draft(site).text == base.replace("en: Size}", "en: Sizes}").replace(">= 100", counts)


@pytest.mark.parametrize(("what", "counts"), [("all-theirs", ">= 200"), ("all-mine", ">= 300")])
def test_all_of_one_side_is_chosen_at_once(site: Flask, editor: FlaskClient, what: str, counts: str) -> None:
    base, theirs, mine = two(site)

    shown = merge(editor, form(clash(editor, theirs, mine)), do=what)

    assert shown.status_code == 200
    assert "Everything is chosen" in shown.text
    assert form(shown)["text"].rstrip() == base.replace("en: Size}", "en: Sizes}").replace(">= 100", counts).rstrip()
    assert draft(site).text == theirs


def test_what_is_changed_by_hand_is_saved_as_it_stands_and_survives_showing(site: Flask, editor: FlaskClient) -> None:
    _, theirs, mine = two(site)
    data = form(clash(editor, theirs, mine))
    by_hand = theirs.replace(">= 200", ">= 250") + "# by hand\n"

    shown = merge(editor, data, do="show", text=by_hand)

    assert "changed the text by hand" in shown.text
    assert form(shown)["text"] == by_hand
    assert "changed the text by hand" not in merge(editor, form(shown), do="anew").text
    assert merge(editor, form(shown), do="save").status_code == 303
    assert draft(site).text == by_hand


def test_a_third_change_meanwhile_is_shown_and_other_choices_stay(site: Flask, editor: FlaskClient) -> None:
    base, theirs, mine = two(site)
    answer = clash(editor, theirs, mine)
    editor.post(f"/drafts/{NAME}/text", data={"text": theirs + "# third\n", "since": 2})

    again = merge(editor, form(answer), do="save", **{choices(answer)[0]: "mine"})

    assert again.status_code == 409
    assert "once more" in again.text
    assert re.search(r'value="mine" checked', again.text)
    done = merge(editor, form(again), do="save", **{choices(again)[0]: "mine"})
    assert done.status_code == 303
    assert draft(site).text.endswith("# third\n")
    assert ">= 300" in draft(site).text
    assert base != draft(site).text


def test_rules_of_one_name_can_both_stand(site: Flask, editor: FlaskClient) -> None:
    base = draft(site).text
    at = base.index("  - {id: small")
    row = '  - {{id: new, when: {{customer.staff: ">= {0}"}}, then: {{size: large}}}}\n'
    answer = clash(editor, base[:at] + row.format(70) + base[at:], base[:at] + row.format(80) + base[at:])

    assert 'value="both"' in answer.text
    assert merge(editor, form(answer), do="save", **{choices(answer)[0]: "both"}).status_code == 303

    text = draft(site).text
    assert text.index(">= 70") < text.index("id: new-2") < text.index(">= 80")


def test_a_text_that_cannot_be_taken_apart_is_held_against_the_other_by_lines(site: Flask, editor: FlaskClient) -> None:
    base = draft(site).text
    theirs, mine = base.replace("rules:", "rules: {", 1), base.replace("rules:", "rules: [", 1)

    answer = clash(editor, theirs, mine)

    assert "line by line" in answer.text
    done = merge(editor, form(answer), do="save", **{choices(answer)[0]: "both"})
    assert done.status_code == 303
    assert draft(site).text == base.replace("rules:", "rules: {\nrules: [", 1)


def test_the_page_is_chinese_for_who_reads_chinese(site: Flask, editor: FlaskClient) -> None:
    _, theirs, mine = two(site)

    page = clash(editor, theirs, mine, ZH).text

    assert "全部采用我的" in page
    assert "规则 large" in page


def test_nobody_else_puts_texts_together(site: Flask, editor: FlaskClient) -> None:
    _, theirs, mine = two(site)
    data = form(clash(editor, theirs, mine))

    assert signed_in(site, Role.AUDITOR).post(f"/drafts/{NAME}/merge", data=data).status_code == 403
    assert editor.post("/drafts/scorecard.none/merge", data=data).status_code == 404
    assert merge(editor, {**data, "mine": "x" * 2_000_000}, do="save").status_code == 413


def test_a_beginning_that_is_not_kept_leaves_nothing_to_chance() -> None:
    theirs, mine = "policy: a.b\ntitle: one\n", "policy: a.b\ntitle: two\n"

    found = Merge(None, theirs, mine)

    assert [each.path for each in found.both] == [("title",)]
    assert found.text({found.both[0].key: Side.MINE}) == mine
