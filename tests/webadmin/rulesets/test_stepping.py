"""Undo and redo say what they took back and what they did again, by the meaning of both texts."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in

NAME = "approval.order"
SCRIPT = {"X-Requested-With": "fetch"}
CREDIT = 'order.payment_days: "> 60"'
STAGE = "en: team lead}"


def saved(editor: FlaskClient, *changes: tuple[str, str], name: str = NAME) -> None:
    """Save the draft once with some places of its text replaced."""
    text, version = drafted(editor.application, name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    assert editor.post(f"/drafts/{name}/text", data={"text": text, "since": version}, headers=SCRIPT).status_code == 200


def stepped(editor: FlaskClient, way: str, language: str = "en", name: str = NAME, *, script: bool = False) -> str:
    """Undo or redo, and return what the page says, without marks."""
    headers = {"Accept-Language": language, **(SCRIPT if script else {})}
    data = {"since": drafted(editor.application, name)[1], "view": "" if script else "text"}
    page = editor.post(f"/drafts/{name}/{way}", data=data, headers=headers, follow_redirects=True).text
    return " ".join(unescape(re.sub("<[^>]+>", "", page)).split())


def test_undo_and_redo_name_the_rule_and_what_in_it(editor: FlaskClient) -> None:
    saved(editor, (CREDIT, CREDIT.replace("60", "45")))

    page = stepped(editor, "undo", script=True)
    assert "Undone: rule long-credit, Payment term in days. Saved" in page, page[page.index("Undone") :][:200]
    assert "Done again: rule long-credit, Payment term in days." in stepped(editor, "redo")
    assert "已撤销：规则 long-credit 的“账期（天）”。" in stepped(editor, "undo", "zh")


def test_undo_names_the_label_of_a_stage(editor: FlaskClient) -> None:
    saved(editor, (STAGE, "en: first team lead}"))

    assert "Undone: label of the stage team-lead." in stepped(editor, "undo")


@pytest.mark.parametrize("change", [("rules:\n", "rules:  # all of them\n"), ("en: team lead}", "en:  team lead}")])
def test_undo_says_that_only_comments_or_spaces_came_back(editor: FlaskClient, change: tuple[str, str]) -> None:
    saved(editor, change)

    assert "Undone: only comments, spaces or the order of keys." in stepped(editor, "undo")


def test_undo_of_much_names_some_and_counts_the_rest(editor: FlaskClient) -> None:
    saved(
        editor,
        (CREDIT, CREDIT.replace("60", "45")),
        (STAGE, "en: first team lead}"),
        ("en: sales director}", "en: director of sales}"),
        ("en: legal}", "en: lawyers}"),
        ("zh: 小客户折扣", "zh: 很小客户折扣"),
    )

    assert "; and 2 more." in stepped(editor, "undo")


def test_undo_of_what_cannot_be_read_says_a_change_of_the_text(editor: FlaskClient) -> None:
    saved(editor, ("rules:\n", "rules: [\n"))

    assert "Undone: a change of the text." in stepped(editor, "undo")


def test_nothing_is_said_where_there_is_nothing_to_undo(editor: FlaskClient) -> None:
    assert "Undone" not in stepped(editor, "undo")


def test_the_vocabulary_and_a_reference_table_say_it_too(shop: Flask) -> None:
    client = signed_in(shop)
    for name, change, told in (
        ("vocabulary", ("en: Order amount", "en: Amount of the order"), "Undone: label of the field order.amount."),
        ("reference/exchange-rate", ("en: Into", "en: To"), "Undone: label of quote."),
    ):
        client.post(f"/drafts/{name}/begin")
        saved(client, change, name=name)
        assert told in stepped(client, "undo", name=name)
