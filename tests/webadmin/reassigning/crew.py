"""A small team for reassignments: who is there, what they hold, and how heavy that is by the shipped policy.

A strategic customer weighs 6, one of 50,000 weighs 1, one of 100,000 weighs 1.5, whatever the tier says.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from webadmin.reassigning import calculating, keeping
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Hand, Move
from webadmin.reassigning.whatif import WhatIf
from webadmin.store import dated, roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import FACT, Change, Thing

SINCE = date(2020, 1, 1)
POLICY = "assignment.new-customer"

PERSON: dict[str, Any] = {
    "role": "account-manager",
    "region": "Shanghai",
    "regions": ["Shanghai"],
    "level": Decimal(5),
    "hired_on": date(2015, 1, 1),
    "capacity": Decimal(10),
    "languages": ["zh"],
    "industries": ["retail"],
}
PEOPLE: dict[str, dict[str, Any]] = {
    "am-1": {**PERSON, "team": "t-1"},
    "am-2": {**PERSON, "team": "t-1"},
    "am-3": {**PERSON, "team": "t-2", "industries": ["energy"]},
    "am-4": {**PERSON, "team": "t-2", "status": "left"},
    "le-1": {"role": "lead", "team": "t-1"},
    "le-2": {"role": "lead", "team": "t-1"},
}
CUSTOMER: dict[str, Any] = {"region": "Shanghai", "industry": "retail", "tier": "D"}
CUSTOMERS: dict[str, dict[str, Any]] = {
    "c-1": {**CUSTOMER, "owner": "am-1", f"{FACT}strategic": True, f"{FACT}expected_revenue": Decimal(9_000_000)},
    "c-2": {**CUSTOMER, "owner": "am-1", f"{FACT}expected_revenue": Decimal(50_000)},
    "c-3": {**CUSTOMER, "owner": "am-1", "region": "Chengdu", f"{FACT}expected_revenue": Decimal(40_000)},
    "c-4": {**CUSTOMER, "owner": "am-2", f"{FACT}strategic": True, f"{FACT}expected_revenue": Decimal(8_000_000)},
}
BEFORE = {name: each["owner"] for name, each in CUSTOMERS.items()}


def fill(record: Record, act: Act, extra: dict[str, dict[str, Any]] | None = None) -> None:
    """Put everybody into a record.

    Args:
        record: With the shipped policies.
        act: Who does it.
        extra: More customers.
    """
    customers = {**CUSTOMERS, **(extra or {})}
    things = [Thing(Of.TEAM, name, f"<i>{name}</i>") for name in ("t-1", "t-2")]
    things += [Thing(Of.PERSON, name, f"<b>{name}</b>") for name in PEOPLE]
    things += [Thing(Of.CUSTOMER, name, f"=1+{name}") for name in customers]
    changes = [Change(Of.PERSON, n, key, value, SINCE) for n, held in PEOPLE.items() for key, value in held.items()]
    changes += [
        Change(Of.CUSTOMER, n, key, value, SINCE) for n, held in customers.items() for key, value in held.items()
    ]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, act, "test"))


def change(record: Record, act: Act, *changes: Change) -> None:
    """Change the roster."""
    record.writer.write(lambda transaction: roster.apply(transaction, (), changes, act, "test"))


def owners(record: Record, day: date) -> dict[str, str]:
    """Return who holds each customer on a day."""
    with record.engine.connect() as connection:
        held = dated.values_on(connection, Of.CUSTOMER, day, ["owner"])
    return {name: each["owner"] for name, each in sorted(held.items())}


def planned(record: Record, act: Act, whatif: WhatIf, **more: Any) -> Plan:
    """Return a plan that is kept, with what is proposed."""
    plan = keeping.new("a plan", more.get("day", act.today), POLICY, more.get("revision"), whatif, act)
    with record.reading() as connection:
        made = calculating.calculate(connection, record.catalogue, plan, more.get("among"))
    record.writer.write(lambda transaction: keeping.add(transaction, made))
    return read(record, made.id)


def read(record: Record, name: str) -> Plan:
    """Return a plan as it is kept."""
    with record.engine.connect() as connection:
        found = keeping.find(connection, name)
    assert found is not None
    return found


def taken(plan: Plan) -> dict[str, str | None]:
    """Return who takes each customer over."""
    return {move.customer: move.taker for move in plan.moves}


def move_of(plan: Plan, customer: str) -> Move:
    """Return the move of a customer."""
    return next(each for each in plan.moves if each.customer == customer)


def chosen(record: Record, act: Act, plan: Plan, **hands: str | None) -> Plan:
    """Return a plan with choices made by hand: `c_1="am-2"`, None for one that stays."""
    made = plan.choosing({name.replace("_", "-"): Hand(taker, "said so") for name, taker in hands.items()})
    record.writer.write(lambda transaction: keeping.save(transaction, made, act.now))
    return read(record, plan.id)
