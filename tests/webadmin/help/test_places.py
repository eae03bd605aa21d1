"""The “?” of a page leads to its part of the help, in every language."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy.values import Language
from tests.webadmin.signing import signed_in
from webadmin import guard
from webadmin.help import service
from webadmin.help.places import FIRST, PLACES
from webadmin.store.logins import Role


def pages(app: Flask) -> list[str]:
    """Return the endpoints of pages that people open."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted({rule.endpoint for rule in rules if guard.needed(app, rule.endpoint) is not None} - {"static"})


@pytest.mark.parametrize("language", Language)
def test_every_place_is_there(language: Language) -> None:
    for place in (*PLACES.values(), *FIRST.values()):
        name, _, heading = place.partition("#")
        assert name in service.PAGES
        assert not heading or heading in [address for address, _text in service.page(name, language).headings], place


def test_every_page_has_a_part_of_the_help(app: Flask) -> None:
    lost = [
        each for each in pages(app) if each not in PLACES and each.partition(".")[0] not in {*PLACES, "help", "start"}
    ]

    assert lost == []
    assert [each for each in PLACES if each not in app.view_functions and each not in app.blueprints] == []


@pytest.mark.parametrize(("address", "leads"), [("/policies", "/help/start"), ("/signals", "/help/signals#the-list")])
def test_the_question_mark_leads_there(client: FlaskClient, address: str, leads: str) -> None:
    assert f'class="ask" href="{leads}"' in client.get(address).text


@pytest.mark.parametrize("role", Role)
def test_from_the_first_page_it_leads_to_what_somebody_does(app: Flask, role: Role) -> None:
    page = signed_in(app, role).get("/", follow_redirects=True)
    leads = "/help/mine" if role is Role.ACCOUNT_MANAGER else f"/help/{FIRST[role]}"

    assert f'class="ask" href="{leads}"' in page.text


@pytest.mark.parametrize("name", service.PAGES)
def test_both_languages_have_the_same_headings(name: str) -> None:
    chinese, english = (service.page(name, language).headings for language in Language)

    assert [address for address, _ in chinese] == [address for address, _ in english]


def test_the_glossary_has_every_word_in_both_languages() -> None:
    rows = [
        [each.strip() for each in line.split("|")[1:4]]
        for line in (service.HERE / "en" / "glossary.md").read_text("utf-8").splitlines()[4:]
    ]
    chinese = (service.HERE / "zh" / "glossary.md").read_text("utf-8")

    assert [row for row in rows if f"| {row[1]} | {row[0]} |" not in chinese or not row[2]] == []
    words = ", ".join(row[0] for row in rows)
    for word in (
        *("policy", "rule", "condition", "outcome", "hit policy", "facts", "subject", "decision", "explanation"),
        *("draft", "revision", "publish", "effective period", "as of", "closure", "vocabulary", "roster", "candidate"),
        *("capacity", "load", "allocation", "event", "pattern", "signal", "case", "sanction", "credit", "split"),
        *("quota", "attainment", "band", "accelerator", "cap", "draw", "clawback", "holdback", "settlement"),
        *("statement", "simulation", "impact report", "finding"),
    ):
        assert word in words


@pytest.mark.parametrize("language", Language)
def test_the_first_page_leads_to_every_page_once(language: Language) -> None:
    listed = [each for _title, pages in service.sections(language) for each in pages]

    assert listed == service.titles(language)
    assert len(dict(listed)) == len(listed)


def test_the_first_page_says_what_the_pages_are_about(client: FlaskClient) -> None:
    text = client.get("/help", headers={"Accept-Language": "zh"}).text

    assert (
        text.index(">编写策略<")
        < text.index("/help/start")
        < text.index(">看懂裁定<")
        < text.index("/help/explanation")
    )
