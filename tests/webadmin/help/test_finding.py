"""The search from anywhere finds sections of the help, in the reader's language, headings first."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from policy.values import Language
from tests.webadmin.signing import signed_in
from webadmin.help import finding, service
from webadmin.store.logins import Role


def found(app: Flask, text: str, language: str, role: Role = Role.ADMIN) -> list[tuple[str, str]]:
    """Return the links to the help that a search shows, and what each says."""
    client = signed_in(app, role)
    page = client.get("/search", query_string={"q": text}, headers={"Accept-Language": language}).text
    held = page.partition('id="found-help"')[2].partition("</section>")[0]
    rows = re.findall(r'<li><a href="([^"]*)">(.*?)</li>', held, re.DOTALL)
    return [(link, " ".join(unescape(re.sub("<[^>]*>", " ", said)).split())) for link, said in rows]


@pytest.mark.parametrize(
    ("language", "text", "link", "said"),
    [
        ("en", "rolling back", "/help/reviewing#history-and-rolling-back", "History and rolling back"),
        ("zh", "回退", "/help/reviewing#history-and-rolling-back", "历史与回退"),
        ("en", "BACK rolling", "/help/reviewing#history-and-rolling-back", "History and rolling back"),
        ("en", "list contains", "/help/functions#list-contains", "list contains"),
        ("zh", "test-fails", "/help/codes#publish-test-fails", "publish-test-fails"),
        ("en", "glossary", "/help/glossary", "Glossary"),
    ],
)
def test_a_heading_comes_first(app: Flask, language: str, text: str, link: str, said: str) -> None:
    first = found(app, text, language)[0]

    assert first[0] == link
    assert first[1].lower().startswith(said.lower())


@pytest.mark.parametrize(("language", "text"), [("zh", "import"), ("en", "rule"), ("en", "import")])
def test_remarks_by_their_codes_come_after_all_others(app: Flask, language: str, text: str) -> None:
    are_codes = [link.startswith("/help/codes") for link, _ in found(app, text, language)]

    assert not are_codes[0]
    assert are_codes == sorted(are_codes)


def test_text_is_found_after_headings_with_what_stands_around_it(app: Flask) -> None:
    rows = found(app, "answers of customers", "en")

    link, said = rows[0]
    assert link == "/help/mine#points-about-me"
    assert "answers of customers" in " ".join(said.split())
    assert said.startswith("Points about me")


@pytest.mark.parametrize("role", Role)
def test_everybody_who_is_signed_in_finds_what_they_may_open(app: Flask, role: Role) -> None:
    client = signed_in(app, role)
    rows = found(app, "draft", "en", role)

    assert finding.FEW < len(rows) <= finding.MOST
    assert {client.get(link.partition("#")[0]).status_code for link, _ in rows} == {200}


def test_few_stand_open_and_the_rest_is_folded(app: Flask) -> None:
    page = signed_in(app).get("/search?q=draft", headers={"Accept-Language": "en"}).text
    held = page.partition('id="found-help"')[2].partition("</section>")[0]

    assert held.partition("<details>")[0].count("<li>") == finding.FEW
    assert "more of the help</summary>" in held


@pytest.mark.parametrize("language", Language)
def test_every_section_leads_to_a_place_that_is_there(app: Flask, language: Language) -> None:
    client = signed_in(app)
    pages = {name: client.get(f"/help/{name}").text for name in (*service.PAGES, *service.REFERENCES)}

    lost = [
        each for each in finding.sections(language) if each.address and f'id="{each.address}"' not in pages[each.page]
    ]

    assert lost == []
    assert {each.page for each in finding.sections(language)} == set(pages)
    assert finding.sections(language) is finding.sections(language)
