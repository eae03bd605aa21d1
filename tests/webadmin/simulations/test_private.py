"""The name of a plan is not read by those it moves; why somebody was chosen by hand is."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from tests.webadmin.simulations.test_plans import ACT, DAY, EN, apply, made, page, post
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.tables import EVENTS
from webadmin.store.things import Change

NAME, NOTE = "Because Li is being let go", "knows the customer"


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    """Return the browser of a lead whose plan is carried out: am-1 gives, am-2 and am-3 take, c-2 by hand."""
    crew.change(site.extensions["record"], ACT, Change(Of.PERSON, "am-3", "team", "t-1", DAY))
    lead = signed_in(site, Role.MANAGER, "lead", person="le-1")
    address = made(lead, name=NAME)
    post(lead, f"{address}/customers/c-2", to="am-3", reason=NOTE)
    assert apply(lead, address).status_code == 303
    assert crew.owners(site.extensions["record"], DAY)["c-2"] == "am-3"
    return lead


PLACES = (
    *("/", "/me", "/search?q=Li", "/simulations", "/people", "/people/am-1", "/people/am-3", "/customers"),
    *("/customers/c-1", "/customers/c-2", "/decisions?customer=c-2", "/signals", "/contests"),
)


@pytest.mark.usefixtures("author")
@pytest.mark.parametrize(
    ("role", "person"),
    [(Role.ACCOUNT_MANAGER, "am-1"), (Role.ACCOUNT_MANAGER, "am-3"), (Role.MANAGER, "am-3"), (Role.MANAGER, "le-2")],
)
def test_who_is_moved_or_takes_over_does_not_read_its_name(site: Flask, role: Role, person: str) -> None:
    client = signed_in(site, role, f"{role}-{person}", person=person)

    for place in PLACES:
        told = client.get(place, headers=EN, follow_redirects=True).text
        assert "let go" not in told, place


@pytest.mark.usefixtures("author")
@pytest.mark.parametrize("person", ["am-1", "am-3"])
def test_they_read_what_happened_by_whom_when_and_by_which_revision(site: Flask, person: str) -> None:
    told = signed_in(site, Role.ACCOUNT_MANAGER, person, person=person).get("/me", headers=EN).text

    assert "reassigned by the policy “" in told
    assert "revision 1" in told
    assert "Carried out by lead on" in told
    assert "Chosen by hand." in told
    assert NOTE in told, "a choice about them is told with its reason"


def test_its_author_reads_both(author: FlaskClient) -> None:
    told = page(author, "/customers/c-2")

    assert f"plan “{NAME}”" in told
    assert NOTE in told


@pytest.mark.usefixtures("author")
@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_audits_reads_both(site: Flask, role: Role) -> None:
    told = page(signed_in(site, role, f"other-{role}"), "/customers/c-2")

    assert NAME in told
    assert NOTE in told


@pytest.mark.usefixtures("author")
def test_no_event_holds_them(site: Flask) -> None:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        events = [str(tuple(row)) for row in connection.execute(select(EVENTS))]

    assert events
    assert not [each for each in events if "let go" in each or NOTE in each]


def test_what_is_said_beside_carrying_it_out_is_true(site: Flask) -> None:
    boss = signed_in(site, Role.ADMIN, "boss")

    told = page(boss, made(boss, name=NAME))

    assert "reads the name of this plan" not in told
    assert "The name of this plan is then read by administrators and auditors, too, but not by them." in told
