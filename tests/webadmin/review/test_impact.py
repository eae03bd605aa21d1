"""What the impact report says of decisions that would be different: by which rules, and compared with what."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.review.steps import EN, HARMLESS, NAME, changed, decided, draft, proposed, reported, worked
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


def mended(site: Flask, author: FlaskClient, bound: str) -> None:
    """Change the bound of a rule and its reason in one draft."""
    changed(site, author, *HARMLESS)
    now = draft(site)
    text = now.text.replace(">= 100", bound)
    author.post(f"/drafts/{NAME}/text", data={"text": text, "since": now.version})


def told(page: str) -> str:
    """Return the section of a page that holds its impact report, without marks."""
    section = page[page.index('class="impact"') :].split("</section>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", section).split())


@pytest.mark.parametrize("is_proposed", [False, True], ids=["draft", "proposal"])
def test_a_rule_that_hits_under_the_text_proposed_is_named_as_it_says(
    site: Flask, author: FlaskClient, *, is_proposed: bool
) -> None:
    record = site.extensions["record"]
    decided(record, 50, 80)
    mended(site, author, ">= 80")
    address = f"/review/{proposed(site, author)}" if is_proposed else f"/review/draft/{NAME}"
    if is_proposed:
        worked(record)

    page = told(author.get(address, headers=EN).text if is_proposed else reported(author, record, address))

    assert "It has [Staff] of them large 1" in page.partition("By which rules")[2]
    assert "Size: large It has [Staff] of them large" in page
    assert "[Staff] people" not in page


def test_a_rule_that_hit_before_and_does_so_no_more_is_named_as_it_said_then(site: Flask, author: FlaskClient) -> None:
    record = site.extensions["record"]
    decided(record, 150)
    mended(site, author, ">= 180")

    page = told(reported(author, record, f"/review/draft/{NAME}"))

    assert "It has [Staff] people large 1" in page.partition("By which rules")[2]
    assert "[Staff] of them" not in page
