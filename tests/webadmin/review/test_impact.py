"""What the impact report says of decisions that would be different: by which rules, and compared with what."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.review.steps import EN, HARMLESS, NAME, ZH, changed, decided, draft, proposed, reported, worked
from tests.webadmin.signing import signed_in
from webadmin.review import impact
from webadmin.store.logins import Role


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


@pytest.fixture
def reviewer(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "reviewer")


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


def test_a_roll_back_is_held_against_what_was_recorded_and_against_what_is_in_effect(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    """All was decided under the first revision: going back to it changes nothing recorded, and much of what is now."""
    address = _rolled_back(site, author, reviewer)

    page = told(author.get(address, headers=EN).text)
    chinese = told(author.get(address, headers=ZH).text)

    main, _, recorded = page.partition("Against what was recorded: 0 of 3 would be different")
    assert "2 of 3 decisions would be different from what is decided now. 1 stays the same." in main
    assert "3 were recorded under other texts than those in effect now, and were decided again under these." in main
    assert "In effect now Under this text" in main, "what changes is told from what is in effect"
    assert "2 Size: large Size: small" in main
    assert "It has [Staff] people large 2" in main.partition("By which rules")[2]
    assert "c1 (1)" in main.partition("concerns")[2]
    assert "None of 3 decisions would be different from what was recorded. 3 stay the same." in recorded
    assert "Size: large" not in recorded
    assert "3 份裁定中有 2 份会与现在的裁定不同。" in chinese
    assert "与当时的记录相比：3 份中有 0 份会不同" in chinese


def test_where_all_was_decided_by_what_is_in_effect_it_is_counted_once(site: Flask, author: FlaskClient) -> None:
    record = site.extensions["record"]
    decided(record, 50, 80)
    changed(site, author, ">= 100", ">= 80")

    page = told(reported(author, record, f"/review/draft/{NAME}"))

    assert "1 of 2 decisions would be different from what is decided now." in page
    assert "All were recorded under what is in effect now." in page
    assert "In effect now Under this text" in page
    assert "what was recorded" not in page


def test_a_report_of_today_is_made_again_where_something_else_is_in_effect_by_now(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    record = site.extensions["record"]
    decided(record, 80)
    changed(site, author, *HARMLESS)
    reported(author, record, f"/review/draft/{NAME}")
    kept = draft(site).text
    changed(site, author, ">= 100", ">= 80")
    brought = proposed(site, author)
    worked(record)
    assert reviewer.post(f"/review/{brought}/approve", data={"remark": "fine"}).status_code == 303
    author.post(f"/drafts/{NAME}/begin")
    author.post(f"/drafts/{NAME}/text", data={"text": kept, "since": draft(site).version})

    address = f"/review/{proposed(site, author)}"

    worked(record)
    assert "1 of 1 decisions would be different from what is decided now" in told(author.get(address, headers=EN).text)


def _rolled_back(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> str:
    """Decide three cases, take a change into effect, and propose its contrary; return the page of that proposal."""
    record = site.extensions["record"]
    decided(record, 50, 80, 90)
    changed(site, author, ">= 100", ">= 80")
    brought = proposed(site, author)
    worked(record)
    assert reviewer.post(f"/review/{brought}/approve", data={"remark": "fine"}).status_code == 303
    changed(site, author, ">= 80", ">= 100")
    address = f"/review/{proposed(site, author)}"
    worked(record)
    return address


@pytest.mark.parametrize("end", ["approve", "decline", "withdraw"])
def test_the_report_of_a_closed_proposal_tells_of_what_was_in_effect_then(
    site: Flask, author: FlaskClient, reviewer: FlaskClient, end: str
) -> None:
    address = _rolled_back(site, author, reviewer)
    who = author if end == "withdraw" else reviewer
    assert who.post(f"{address}/{end}", data={"remark": "as agreed"}).status_code == 303

    page = told(author.get(address, headers=EN).text)
    chinese = told(author.get(address, headers=ZH).text)

    main = page.partition("Against what was recorded")[0]
    said = "2 of 3 decisions would have been different from what was in effect when the report was begun, on "
    assert re.search(re.escape(said) + r"\w+ \d+, \d{4}, [\d:]+\s[AP]M\.", main), main
    assert "3 were recorded under other texts than those in effect then" in main
    assert "In effect then Under this text" in main
    assert "what is decided now" not in page
    assert "in effect now" not in page.casefold()
    assert re.search(r"与报告开始生成时（\d{4}年.+?）生效的内容相比，3 份裁定中有 2 份会不同。", chinese), chinese
    assert "按那时生效的内容" in chinese
    assert "现在" not in chinese.partition("与当时的记录相比")[0]


def test_every_number_of_the_report_is_grouped_and_sentences_stand_apart(site: Flask, author: FlaskClient) -> None:
    record = site.extensions["record"]
    decided(record, *[50] * 1002)
    changed(site, author, *HARMLESS)

    page = told(reported(author, record, f"/review/draft/{NAME}"))
    chinese = told(author.get(f"/review/draft/{NAME}", headers=ZH).text)

    assert "1,002 stay the same. All were recorded under what is in effect now." in page
    assert "1,002 份不变。全部是按现在生效的内容裁定并记录的。" in chinese
    assert "1002" not in page + chinese


def test_what_is_paid_is_written_as_money(site: Flask) -> None:
    found = {"paid": {"CNY": {"before": "1234567.5", "after": "1300000"}}}
    with site.test_request_context(headers=EN):
        assert impact.paid(found) == [("CNY", "CN¥1,234,567.50", "CN¥1,300,000.00")]
