"""Facts from the roster: what policies decide by, as it stood on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.roster import facts
from webadmin.store import absences, deals, events, roster
from webadmin.store.absences import Away
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change, Thing
from webadmin.store.writer import Transaction

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)

ZHAO: dict[str, Any] = {
    "role": "account-manager",
    "status": "active",
    "region": "east",
    "regions": ["east", "south"],
    "level": Decimal(4),
    "skills": ["cloud"],
    "languages": ["zh", "en"],
    "industries": ["finance"],
    "certificates": ["finance"],
    "hired_on": "2019-03-01",
    "capacity": Decimal(40),
    "monthly_wage": Decimal(21000),
}


def contact(number: int, day: str, *, effective: bool) -> dict[str, Any]:
    data = {"customer": {"id": "c1"}, "manager": {"id": "p1"}, "channel": "visit", "effective": effective}
    time = f"2026-{day}T10:00:00+08:00"
    return {"id": f"e{number}", "source": "crm", "type": "contact", "subject": "c1", "time": time, "data": data}


@pytest.fixture
def stood(filled: Record, alice: Act) -> Record:
    """Return a record of two account managers, one of whom little is known, a lead, and a customer with a history."""

    def work(transaction: Transaction) -> None:
        people = [Thing(Of.PERSON, name, f"人 {name}") for name in ("p1", "p2", "p3")]
        things = [*people, Thing(Of.CUSTOMER, "c1", "海蓝")]
        changes = [Change(Of.PERSON, "p1", name, value, JANUARY) for name, value in ZHAO.items()]
        changes += [Change(Of.PERSON, "p2", "role", "account-manager", JANUARY)]
        changes += [Change(Of.PERSON, "p3", name, value, JANUARY) for name, value in (ZHAO | {"role": "lead"}).items()]
        known = {"owner": "p1", "tier": "A", "region": "east", "status": "active", "customer.growth": Decimal("0.2")}
        changes += [Change(Of.CUSTOMER, "c1", name, value, MARCH) for name, value in known.items()]
        roster.apply(transaction, things, changes, alice)
        absences.put(transaction, [Away("a", "p1", MARCH, date(2026, 3, 9))], alice)
        told = [contact(1, "03-05", effective=True), contact(2, "04-01", effective=False)]
        events.append_all(transaction, told, actor="cli:x", now=NOW)
        sold = Deal("d1", "c1", "p1", "won", MARCH, date(2026, 3, 20), "{}")
        deals.put(transaction, [sold, Deal("d2", "c1", "p1", "open", date(2026, 4, 1), None, "{}")], alice)

    filled.writer.write(work)
    return filled


def test_candidates_are_the_account_managers_with_their_load(stood: Record) -> None:
    with stood.engine.connect() as connection:
        found = facts.candidates(connection, MARCH, {"p1": Decimal(5)})

    given = {name: value for name, value in ZHAO.items() if name not in ("role", "status", "monthly_wage")}
    assert found.managers == ({"id": "p1", "active": True, "absent": True, "load": Decimal(5), **given},)
    assert found.incomplete == {"p2": ("region", "regions", "level", "hired_on", "capacity")}


def test_a_policy_takes_the_candidates(stood: Record) -> None:
    with stood.engine.connect() as connection:
        policy = stood.catalogue.policy(connection, "assignment.new-customer", MAY)
        managers = facts.candidates(connection, MAY, {}).managers
    assert policy is not None
    new = {"id": "c9", "region": "east", "industry": "finance", "expected_revenue": 200_000}

    decision = policy.decide({"customer": new, "managers": list(managers)}, as_of=MAY)

    assert decision.result is not None
    assert "p1" in str(decision.result.to_data())


def test_what_is_known_of_a_customer_on_a_day(stood: Record) -> None:
    with stood.engine.connect() as connection:
        in_may = facts.facts_of_customer(connection, "c1", MAY)
        in_march = facts.facts_of_customer(connection, "c1", MARCH)
        before = facts.facts_of_customer(connection, "c1", JANUARY)

    assert in_may == {
        "customer": {
            "id": "c1",
            "owner": "p1",
            "tier": "A",
            "region": "east",
            "growth": Decimal("0.2"),
            "open_deals": 1,
            "last_order_on": date(2026, 3, 20),
            "assigned_on": MARCH,
            "last_contact_on": date(2026, 3, 5),
        },
        "owner": {"active": True, "absent": False},
    }
    assert in_march["owner"] == {"active": True, "absent": True}
    assert "last_contact_on" not in in_march["customer"]
    assert before == {"customer": {"id": "c1"}}


def test_a_policy_takes_what_it_declares_of_a_customer(stood: Record) -> None:
    with stood.engine.connect() as connection:
        policy = stood.catalogue.policy(connection, "assignment.reclaim", TODAY)
        known = facts.facts_of_customer(connection, "c1", TODAY)
    assert policy is not None

    decision = policy.decide(facts.declared(policy.reader.group, known), as_of=TODAY)

    assert (decision.outcome or {})["action"] == "reclaim"


def test_items_of_lists_are_trimmed_too(stood: Record) -> None:
    with stood.engine.connect() as connection:
        policy = stood.catalogue.policy(connection, "approval.order", TODAY)
    assert policy is not None
    given = {
        "approvers": [{"id": "p3", "role": "lead", "shoe_size": 44}],
        "weather": "fine",
        "order": {"id": "1", "x": 2},
    }

    assert facts.declared(policy.reader.group, given) == {
        "approvers": [{"id": "p3", "role": "lead"}],
        "order": {"id": "1"},
    }
