"""A draft that is gone takes nobody's text with it, and is not given up over the heads of those who work on it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.signing import signed_in
from webadmin.store import drafts
from webadmin.store.logins import Role
from webadmin.store.record import Record

NAME = "scorecard.size"
EN = {"Accept-Language": "en"}


@pytest.fixture
def one(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "one")


@pytest.fixture
def other(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "other")


def draft(site: Flask) -> tuple[str, int]:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    return ("", 0) if found is None else (found.text, found.version)


def given_up(site: Flask, by: FlaskClient) -> None:
    assert by.post(f"/drafts/{NAME}/discard", data={"since": draft(site)[1], "sure": "1"}).status_code == 303
    assert draft(site) == ("", 0)


def kept(page: str) -> str:
    found = re.search(r'<textarea id="text" name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def test_the_page_of_two_versions_loses_neither_choices_nor_text(
    site: Flask, one: FlaskClient, other: FlaskClient
) -> None:
    one.post(f"/drafts/{NAME}/begin")
    base, since = draft(site)
    other.post(f"/drafts/{NAME}/text", data={"text": base.replace(">= 100", ">= 200"), "since": since})
    mine = base.replace(">= 100", ">= 300")
    page = one.post(f"/drafts/{NAME}/text", data={"text": mine, "since": since}).text
    hidden = re.findall(r'<input type="hidden" name="(since|began|made)" value="([^"]*)"', page)
    key = re.search(r'name="(choice[^"]*)" value="mine"', page)
    assert key is not None
    given_up(site, other)

    for choice, expected in ((key[1], mine), ("none", mine)):
        data = {**dict(hidden), "mine": mine, choice: "mine", "text": kept(page), "do": "save"}
        answer = one.post(f"/drafts/{NAME}/merge", data=data, headers=EN)
        assert answer.status_code == 409
        assert kept(answer.text) == expected
        assert "Begin a new draft with this text" in answer.text

    done = one.post(f"/drafts/{NAME}/anew", data={"text": mine}, headers=EN)
    assert done.location == f"/policies/{NAME}/text?of=draft"
    assert draft(site)[0] == mine


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "fetch"}])
def test_a_whole_text_is_kept_and_can_begin_a_new_draft(
    site: Flask, one: FlaskClient, other: FlaskClient, headers: dict[str, str]
) -> None:
    one.post(f"/drafts/{NAME}/begin")
    base, since = draft(site)
    given_up(site, other)

    answer = one.post(f"/drafts/{NAME}/text", data={"text": f"{base}# mine\n", "since": since}, headers=headers)

    assert answer.status_code == 409  # what scripts send the form itself for
    assert kept(answer.text) == f"{base}# mine\n"


def test_another_draft_by_then_is_put_together_with_the_text(site: Flask, one: FlaskClient, other: FlaskClient) -> None:
    other.post(f"/drafts/{NAME}/begin")
    base = draft(site)[0]

    answer = one.post(f"/drafts/{NAME}/anew", data={"text": base.replace(">= 100", ">= 300")}, headers=EN)

    assert answer.status_code == 409
    assert "Somebody else has changed the same" in answer.text
    assert draft(site)[0] == base


def test_no_draft_begins_of_what_never_was(one: FlaskClient) -> None:
    assert one.post("/drafts/scorecard.none/anew", data={"text": "policy: scorecard.none"}).status_code == 404


def test_a_draft_others_work_on_is_given_up_once_one_is_sure(site: Flask, one: FlaskClient, other: FlaskClient) -> None:
    one.post(f"/drafts/{NAME}/begin")
    text, since = draft(site)
    other.post(f"/drafts/{NAME}/text", data={"text": f"{text}# more\n", "since": since})
    now = draft(site)

    asked = one.post(f"/drafts/{NAME}/discard", data={"since": now[1]}, headers=EN)

    assert "Others have changed this draft within the last day: other" in asked.text
    assert draft(site) == now
    given_up(site, one)


def test_ones_own_draft_is_given_up_at_once(site: Flask, one: FlaskClient) -> None:
    one.post(f"/drafts/{NAME}/begin")

    one.post(f"/drafts/{NAME}/discard", data={"since": 1})

    assert draft(site) == ("", 0)
