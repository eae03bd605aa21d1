"""The history says what became of every publication, and offers to roll back to what was in effect."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.review.steps import EN, NAME, ZH, changed, draft, proposed
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

SAID = r'en: "(?:It has \{customer.staff\} people|First|Second|Third|Never)"'


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


@pytest.fixture
def reviewer(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "reviewer")


def published(site: Flask, author: FlaskClient, reviewer: FlaskClient, text: str, **more: str) -> None:
    author.post(f"/drafts/{NAME}/begin")
    (before,) = re.findall(SAID, draft(site).text)
    changed(site, author, before, f'en: "{text}"')
    reviewer.post(f"/review/{proposed(site, author, note=f'why {text}', **more)}/approve")


def rows(page: str) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", each)) for each in body.split("<tr")[1:]]


def test_rows_say_what_became_of_them(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    published(site, author, reviewer, "First", since="2999-01-01")
    published(site, author, reviewer, "Second")
    published(site, author, reviewer, "Third", since="2998-01-01", until="2998-06-01")

    page = author.get(f"/history/{NAME}", headers=EN).text
    third, second, first, shipped = rows(page)

    assert "To begin" in third
    assert "from January 1, 2998 until June 1, 2998" in third
    assert "In effect" in second
    assert "until January 1, 2998" in second
    assert "Never in effect" in first
    assert "revision 3 took its place before" in first
    assert '<tr class="never">' in page
    assert "In effect" not in shipped
    assert re.search(r"from \w+ \d+, \d{4} until \w+ \d+, \d{4}", shipped)


def test_a_row_that_calls_off_does_not_look_as_if_something_were_to_come(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    published(site, author, reviewer, "First", since="2999-01-01")
    seq = re.search(r'name="off" value="(\d+)"', author.get(f"/history/{NAME}").text)
    assert seq is not None
    back = author.post(f"/history/{NAME}/roll-back", data={"off": seq[1]}).location
    reviewer.post(f"{back}/approve")

    off, first, _ = rows(author.get(f"/history/{NAME}", headers=EN).text)

    assert "Goes on" in off
    assert "To begin" not in off + first
    assert "Never in effect" in first
    assert "从未生效" in author.get(f"/history/{NAME}", headers=ZH).text


def test_what_was_in_effect_is_offered_the_last_one_first(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    for text, since in (("First", ""), ("Second", ""), ("Never", "2999-01-01"), ("Third", "")):
        published(site, author, reviewer, text, since=since)
    back = author.post(f"/history/{NAME}/roll-back", data={"to": "2"}).location
    reviewer.post(f"{back}/approve")

    page = author.get(f"/history/{NAME}", headers=EN).text
    options = re.findall(r'<option value="(\d+)">([^<]*)</option>', page)

    assert [number for number, _ in options] == ["5", "3", "1"]
    assert re.fullmatch(r"revision 5 · in effect for a part of \w+ \d+, \d{4} · why Third", options[0][1])
    assert author.post(f"/history/{NAME}/roll-back").location  # without a choice it is the first of them
    page = reviewer.get("/review", headers=EN).text
    assert "Roll back · revision 5" in page


def test_a_roll_back_that_waits_already_is_not_told_as_proposed_again(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    published(site, author, reviewer, "First")
    sent = {"to": "1", "note": "too early"}
    first = author.post(f"/history/{NAME}/roll-back", data=sent).location

    author.get(first)  # which says what was done
    for who in (author, reviewer):
        again = who.post(f"/history/{NAME}/roll-back", data=sent, headers=EN)
        page = who.get(again.location, headers=EN).text
        assert again.location == first
        assert "The same was proposed before and waits to be approved: nothing was added." in page
        assert "Proposed to roll back" not in page

    history = re.sub(r"<[^>]+>", "", author.get(f"/history/{NAME}", headers=EN).text.partition("on-its-way")[2])
    assert re.search(r"proposal by author: too early", history)
    assert f'href="{first}"' in author.get(f"/history/{NAME}", headers=EN).text
