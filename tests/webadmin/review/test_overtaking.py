"""What was approved for a later day is not taken away without a word: before, while and after approving."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.review.steps import EN, HARMLESS, NAME, ZH, changed, draft, proposed
from tests.webadmin.signing import signed_in
from webadmin.store import revisions
from webadmin.store.logins import Role
from webadmin.store.record import Record

WARNING = "Revision 2 of Size is approved and to begin on January 1, 2999."


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


@pytest.fixture
def reviewer(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "reviewer")


@pytest.fixture
def scheduled(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    """Revision 2 is approved to begin on 2999-01-01; another change is drafted."""
    changed(site, author, HARMLESS[0], 'en: "First"')
    reviewer.post(f"/review/{proposed(site, author, since='2999-01-01')}/approve")
    changed(site, author, HARMLESS[0], 'en: "Second"')


def numbers(site: Flask, *days: date) -> list[int]:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        return [revisions.in_effect(connection, day)[NAME].number for day in days]


@pytest.mark.usefixtures("scheduled")
def test_author_and_reviewer_are_told_what_a_change_without_end_takes_away(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    assert WARNING in author.get(f"/review/draft/{NAME}", headers=EN).text
    assert "规模的第 2 版已获批准，将于2999年1月1日起生效。" in author.get(f"/review/draft/{NAME}", headers=ZH).text

    taken = "It takes the place of revision 2, to begin on January 1, 2999."
    data = {"version": draft(site).version, "note": "because"}
    done = author.post(f"/review/draft/{NAME}/propose", data=data, headers=EN)
    name = done.location.rpartition("/")[2]
    assert (
        "It takes the place of revision 2, to begin on January 1, 2999." in author.get(done.location, headers=EN).text
    )
    page = reviewer.get(f"/review/{name}", headers=EN).text
    assert WARNING in page
    assert "It would stay if this one ended on January 1, 2999." in page
    said = reviewer.post(f"/review/{name}/approve", headers=EN, follow_redirects=True).text

    assert taken in said
    assert WARNING not in said
    assert numbers(site, date(2999, 6, 1)) == [3]


@pytest.mark.usefixtures("scheduled")
def test_one_click_fills_in_the_end_that_leaves_what_is_to_come(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    page = author.get(f"/review/draft/{NAME}", headers=EN).text
    button = re.search(r'<button[^>]*form="proposing"[^>]*name="end" value="([^"]*)"', page)
    assert button is not None

    data = {"version": draft(site).version, "note": "typed already", "until": "", "end": button[1]}
    filled = author.post(f"/review/draft/{NAME}/propose", data=data, headers=EN)

    assert filled.status_code == 200
    assert 'name="until" value="2999-01-01"' in filled.text
    assert "typed already" in filled.text
    assert WARNING not in filled.text
    name = proposed(site, author, until="2999-01-01")
    assert WARNING not in reviewer.get(f"/review/{name}", headers=EN).text
    assert "takes the place" not in reviewer.post(f"/review/{name}/approve", headers=EN, follow_redirects=True).text
    assert numbers(site, date(2998, 12, 31), date(2999, 1, 1)) == [3, 2]


@pytest.mark.usefixtures("scheduled")
def test_the_same_text_earlier_takes_nothing_away(site: Flask, author: FlaskClient) -> None:
    changed(site, author, 'en: "Second"', 'en: "First"')

    page = author.get(f"/review/draft/{NAME}", headers=EN).text

    assert WARNING not in page


@pytest.mark.usefixtures("scheduled")
def test_calling_off_says_what_it_calls_off(author: FlaskClient, reviewer: FlaskClient) -> None:
    seq = re.search(r'name="off" value="(\d+)"', author.get(f"/history/{NAME}").text)
    assert seq is not None

    back = author.post(f"/history/{NAME}/roll-back", data={"off": seq[1]})

    page = reviewer.get(back.location, headers=EN).text
    assert WARNING in page
    assert "It would stay" not in page  # both begin on the same day
    assert "What is different from what would be in effect on January 1, 2999" in page
    assert "<del>First</del>" in page
    assert "It publishes revision 1 of Size again." in page


@pytest.mark.usefixtures("scheduled")
def test_a_change_of_a_later_day_is_held_against_what_would_be_in_effect_then(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    name = proposed(site, author, since="2999-06-01")

    page = reviewer.get(f"/review/{name}", headers=EN).text

    assert "<del>First</del>" in page
    reviewer.post(f"/review/{name}/decline", data={"remark": "no"})
    assert "<del>First</del>" in reviewer.get(f"/review/{name}", headers=EN).text


@pytest.mark.usefixtures("scheduled")
def test_a_draft_of_a_later_day_is_held_against_what_would_be_in_effect_then(site: Flask, author: FlaskClient) -> None:
    data = {"version": draft(site).version, "note": "my reason", "since": "2999-02-01", "compare": "on"}

    today = author.get(f"/review/draft/{NAME}", headers=EN).text
    later = author.post(f"/review/draft/{NAME}/propose", data=data, headers=EN).text

    assert "from what is in effect on February 1, 2999" in later
    assert "First" in later.partition('id="changes"')[2].partition('id="checks"')[0]
    assert "First" not in today.partition('id="changes"')[2].partition('id="checks"')[0]
    assert "my reason" in later, "what was typed stays"
    assert draft(site) is not None, "nothing is proposed by looking"


def test_a_day_that_has_passed_can_be_corrected_where_it_was_typed(site: Flask, author: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    data = {"version": draft(site).version, "note": "typed already", "since": "2020-01-01"}

    page = author.post(f"/review/draft/{NAME}/propose", data=data, headers=EN).text

    assert 'role="alert"' in page
    assert "It cannot be proposed like this" not in page
    assert "typed already" in page
    assert "disabled" not in page.partition('id="proposing"')[2]


@pytest.mark.usefixtures("scheduled")
def test_retiring_says_what_will_not_begin(author: FlaskClient, reviewer: FlaskClient) -> None:
    page = author.get(f"/policies/{NAME}/retire", headers=EN).text
    back = author.post(f"/policies/{NAME}/retire", data={"note": "nobody needs it"}).location

    for told in (page, reviewer.get(back, headers=EN).text):
        assert WARNING in told
        assert "It would stay" not in told  # a retirement has no end
