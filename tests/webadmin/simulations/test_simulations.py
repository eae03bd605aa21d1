"""Somebody leaves: what is proposed, changed by hand, carried out at once, and taken back."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy.values import Language
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.reassigning import proposing
from webadmin.store import roster, standing
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import FACT, Change, Thing

EN = {"Accept-Language": "en"}
DAY = today(clock())
SINCE = date(2020, 1, 1)
PERSON = {
    "role": "account-manager",
    "region": "Shanghai",
    "regions": ["Shanghai"],
    "level": Decimal(5),
    "hired_on": date(2015, 1, 1),
    "capacity": Decimal(10),
    "languages": ["zh"],
    "industries": ["retail"],
}


def customer(tier: str, owner: str, region: str = "Shanghai") -> dict[str, object]:
    return {
        "owner": owner,
        "tier": tier,
        "region": region,
        "industry": "retail",
        f"{FACT}expected_revenue": Decimal(50000),
    }


@pytest.fixture
def site(rules: Path, make_app: MakeApp) -> Flask:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = made.extensions["record"]
    people = {name: dict(PERSON) for name in ("am-1", "am-2", "am-3")}
    people["am-3"]["industries"] = ["energy"]
    customers = {
        "c-1": customer("A", "am-1"),
        "c-2": customer("D", "am-1"),
        "c-3": customer("D", "am-1", "Chengdu"),
        "c-4": customer("A", "am-2"),
    }
    things = [Thing(Of.PERSON, name, f"<b>{name}</b>") for name in people]
    things += [Thing(Of.CUSTOMER, name, f"{name} Ltd") for name in customers]
    changes = [Change(Of.PERSON, n, key, value, SINCE) for n, held in people.items() for key, value in held.items()]
    changes += [
        Change(Of.CUSTOMER, n, key, value, SINCE) for n, held in customers.items() for key, value in held.items()
    ]
    act = Act("cli:test", clock(), DAY)
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, act, "test"))
    return made


def owners(site: Flask) -> dict[str, str | None]:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        return {name: standing.owner_of(connection, name, DAY) for name in ("c-1", "c-2", "c-3", "c-4")}


BEFORE = {"c-1": "am-1", "c-2": "am-1", "c-3": "am-1", "c-4": "am-2"}


def proposed(client: FlaskClient, **wishes: str) -> dict[str, str]:
    """Return what the page would carry out: customer → who takes it over."""
    query = "&".join(f"to-{name.replace('_', '-')}={to}" for name, to in wishes.items())
    page = client.get(f"/simulations/leaving/am-1?day={DAY}&{query}", headers=EN).text
    return dict(re.findall(r'name="seen-([^"]+)" value="([^"]+)"', page))


def apply(client: FlaskClient, moves: dict[str, str], **wishes: str) -> int:
    data = {"day": str(DAY), **{f"seen-{name}": to for name, to in moves.items()}}
    data |= {f"to-{name.replace('_', '-')}": to for name, to in wishes.items()}
    return client.post("/simulations/leaving/am-1/apply", data=data, headers=EN).status_code


def test_the_policy_proposes_within_capacity_and_says_why(site: Flask) -> None:
    client = signed_in(site)

    page = client.get("/simulations/leaving/am-1", headers=EN).text

    assert proposed(client) == {"c-1": "am-2", "c-2": "am-3"}  # am-2 is full after the first
    assert "3 customers to hand over; nobody is found for 1" in page
    assert "<code>region</code>" in page
    assert "<b>am" not in page


def test_a_move_is_changed_by_hand_and_says_what_it_costs(site: Flask) -> None:
    client = signed_in(site)

    assert proposed(client, c_1="am-3")["c-1"] == "am-3"
    page = client.get("/simulations/leaving/am-1?to-c-1=am-3", headers=EN).text
    assert "chosen by hand: costs 0.3 of the score" in page
    assert proposed(client, c_1="nobody")["c-1"] == "am-2"  # not eligible: the policy's choice stays


def test_it_is_carried_out_at_once_and_taken_back_as_one_step(site: Flask) -> None:
    client = signed_in(site)
    moves = proposed(client, c_1="am-3")

    assert apply(client, moves, c_1="am-3") == 303
    assert owners(site) == {**BEFORE, **moves}
    undo = re.search(r'action="(/simulations/undo/[^"]+)"', client.get("/simulations").text)
    assert undo is not None
    client.post(undo[1], headers=EN)
    assert owners(site) == BEFORE


def test_what_has_changed_since_is_not_carried_out(site: Flask) -> None:
    client = signed_in(site)
    moves = proposed(client)
    record: Record = site.extensions["record"]
    act = Act("cli:test", clock(), DAY)
    gone = [Change(Of.CUSTOMER, "c-2", "owner", "am-2", DAY)]
    record.writer.write(lambda transaction: roster.apply(transaction, (), gone, act, "test"))

    apply(client, moves)

    assert owners(site) == {**BEFORE, "c-2": "am-2"}
    assert "look once more" in client.get("/simulations", headers=EN).text


def test_undoing_is_refused_where_somebody_else_holds_it_by_now(site: Flask) -> None:
    client = signed_in(site)
    apply(client, proposed(client))
    undo = re.search(r'action="(/simulations/undo/[^"]+)"', client.get("/simulations").text)
    record: Record = site.extensions["record"]
    act = Act("cli:test", clock(), DAY)
    gone = [Change(Of.CUSTOMER, "c-1", "owner", "am-3", DAY)]
    record.writer.write(lambda transaction: roster.apply(transaction, (), gone, act, "test"))
    after = owners(site)

    assert undo is not None
    client.post(undo[1], headers=EN)

    assert owners(site) == after
    page = client.get("/simulations", headers=EN).text
    assert "c-1 changed hands meanwhile" in page


def test_it_can_be_taken_into_a_spreadsheet(site: Flask) -> None:
    answer = signed_in(site).get("/simulations/leaving/am-1.csv")

    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[0] == "customer,name,tier,load,from,to,to_name,by_hand,because"
    assert len(answer.text.splitlines()) == 4


@pytest.mark.parametrize(("role", "status"), [(Role.ACCOUNT_MANAGER, 403), (Role.AUDITOR, 403), (Role.MANAGER, 404)])
def test_who_may_not(site: Flask, role: Role, status: int) -> None:
    client = signed_in(site, role)

    assert client.get("/simulations/leaving/am-1").status_code == status
    assert client.post("/simulations/leaving/am-1/apply").status_code == status
    assert client.get("/simulations").status_code == (200 if role is Role.MANAGER else 403)


def test_who_is_not_there_and_days_that_are_none(site: Flask) -> None:
    client = signed_in(site)

    assert client.get("/simulations/leaving/am-9").status_code == 404
    assert client.get("/simulations?day=soon").status_code == 400
    assert client.post("/simulations/undo/x").status_code == 404


def test_only_those_are_thought_of_who_may_be(site: Flask) -> None:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        policy = record.catalogue.policies(connection, DAY)[proposing.POLICY]
        plan = proposing.propose(connection, policy, "am-1", DAY, {}, Language.EN, among={"am-3"})

    assert {move.to for move in plan.moves} == {"am-3", None}
    assert {name for move in plan.moves for name in move.excluded} == {"am-3"}
