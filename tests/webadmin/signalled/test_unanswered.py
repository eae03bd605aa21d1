"""Whoever a case concerns reads on their first page that it was opened, until they answer it or it is decided."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.webadmin.signalled.conftest import Place
from tests.webadmin.signalled.test_cases import EN, ZH, decided, opened, says
from tests.webadmin.signing import signed_in
from webadmin.store import contests
from webadmin.store.logins import Role

OPENED, ANSWERS = "A case that concerns you was opened on", "Read what it is about, and answer it"


@pytest.fixture
def case(empty: Place, east: str) -> str:
    """Return the id of the only case about am-03 that waits."""
    for each in waiting(empty):
        says(empty, "case", each, "settled")
    return opened(empty, east)


def waiting(place: Place) -> list[str]:
    found = own(place).get("/me", headers=EN).text
    return [unescape(each) for each in re.findall(r'href="#inquiry-([^"]+)"', found)]


def own(place: Place) -> FlaskClient:
    return signed_in(place.app, Role.ACCOUNT_MANAGER, "own", "am-03")


def test_an_account_manager_begins_with_the_case_and_the_way_to_it(empty: Place, case: str) -> None:
    english, chinese = (own(empty).get("/", headers=each, follow_redirects=True).text for each in (EN, ZH))

    assert english.count(OPENED) == 1
    assert english.index(OPENED) < english.index('id="pay"'), "it stands before everything else"
    assert re.findall(rf'href="#(inquiry-{case})">{ANSWERS}', english)
    assert f'id="inquiry-{case}"' in english
    assert "与您有关的案件" in chinese


@pytest.mark.parametrize("sort", ["case", "signal"])
def test_it_is_told_until_it_is_answered(empty: Place, east: str, case: str, sort: str) -> None:
    says(empty, sort, case if sort == "case" else east, "it was my lead")
    answered = waiting(empty)
    with empty.record.engine.connect() as connection:
        name = contests.of_person(connection, "am-03")[0].id
    own(empty).post(f"/me/contests/{name}/withdraw")

    assert answered == []
    assert waiting(empty) == [case], "what was taken back is no answer"


def test_what_was_said_before_the_case_is_no_answer(empty: Place, east: str) -> None:
    for each in waiting(empty):
        says(empty, "case", each, "settled")
    says(empty, "signal", east, "the signal is wrong")
    case = opened(empty, east)

    assert waiting(empty) == [case]


def test_it_is_told_until_it_is_decided(empty: Place, case: str) -> None:
    decided(empty, case)

    assert waiting(empty) == []


def test_it_is_told_to_nobody_else(empty: Place, case: str) -> None:
    for role, name, person in (
        (Role.MANAGER, "lead-am-01", "am-01"),
        (Role.ADMIN, "admin", None),
        (Role.AUDITOR, "auditor", None),
    ):
        client = signed_in(empty.app, role, name, person)
        assert "concerns you" not in client.get("/", headers=EN).text
        assert case not in client.get("/me", headers=EN).text


def test_a_lead_whom_a_case_concerns_reads_it_on_the_first_page(empty: Place) -> None:
    lost = ("customer_lost", {"manager": {"id": "am-02"}, "customer": {"id": "c-2"}})
    case = opened(empty, empty.raised(("manager.id", "am-02"), empty.tell(lost)))
    lead = signed_in(empty.app, Role.MANAGER, "lead-am-02", "am-02")

    first = lead.get("/", headers=EN).text
    sent = {"sort": "case", "object": case, "statement": "they closed"}
    lead.post("/me/contest", data=sent)

    assert "1 case that concerns you was opened, and you have not answered it yet." in first
    assert f'href="/me#inquiry-{case}"' in first
    assert "concerns you" not in lead.get("/", headers=EN).text
