"""Facts for policies, as the roster stands on a day."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from policy.model.fields import Group, Rows
from webadmin.store import dated, events
from webadmin.store.absences import away_on
from webadmin.store.dated import Of
from webadmin.store.days import beginning, day_of
from webadmin.store.tables import DEALS
from webadmin.store.things import FACT

NEEDED = ("region", "regions", "level", "hired_on", "capacity")
"""What must be known of somebody who is to be a candidate."""

_GIVEN = (*NEEDED, "skills", "languages", "industries", "certificates")

CONTACT = "contact"
"""The type of event that tells of a contact with a customer."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The account managers of a day.

    Attributes:
        managers: As the fields `managers[]` of the vocabulary expect them, in order of their ids.
        incomplete: Those of whom too little is known: id → what is missing. They are no candidates, and somebody has
            to be told.
    """

    managers: tuple[dict[str, Any], ...]
    incomplete: Mapping[str, tuple[str, ...]]


def candidates(connection: Connection, day: date, loads: Mapping[str, Decimal]) -> Candidates:
    """Return everybody who is an account manager on a day; whoever has left or is away is marked so.

    Args:
        connection: Where from.
        day: The day.
        loads: Person → what they carry; who is left out carries nothing.
    """
    held = dated.values_on(connection, Of.PERSON, day)
    away = away_on(connection, day)
    managers, incomplete = [], {}
    for name in sorted(held):
        known = held[name]
        if known.get("role") != "account-manager":
            continue
        lacking = tuple(each for each in NEEDED if each not in known)
        if lacking:
            incomplete[name] = lacking
            continue
        given = {each: known[each] for each in _GIVEN if each in known}
        state = {"active": known.get("status", "active") != "left", "absent": name in away}
        managers.append({"id": name, **state, **given, "load": loads.get(name, Decimal())})
    return Candidates(tuple(managers), incomplete)


def facts_of_customer(connection: Connection, customer: str, day: date) -> dict[str, Any]:
    """Return what is known of a customer on a day, by the paths of the vocabulary.

    Besides what the roster holds that is when it was assigned, last contacted and last bought, how many deals are
    open, and whether its owner is there.
    """
    return facts_of_customers(connection, day, [customer]).get(customer, {"customer": {"id": customer}})


def facts_of_customers(
    connection: Connection, day: date, customers: Collection[str] | None = None, *, contacts: bool = True
) -> dict[str, dict[str, Any]]:
    """Return what is known of some customers on a day, or of all: id → facts; see `facts_of_customer`.

    Args:
        connection: Where from.
        day: The day.
        customers: Ids; None: all.
        contacts: Whether to look for the last contact, which takes by far the longest.
    """
    held = dated.values_on(connection, Of.CUSTOMER, day, None, customers)
    assigned = _assigned(connection, day, customers)
    contacted = _contacted(connection, day, list(held)) if contacts else {}
    dealt = _dealt(connection, day, customers)
    states = dated.values_on(connection, Of.PERSON, day, ["status"])
    away = away_on(connection, day)
    found = {}
    for name in sorted(held):
        known = {each.removeprefix(FACT): value for each, value in held[name].items() if each != "status"}
        days = {"assigned_on": assigned.get(name), "last_contact_on": contacted.get(name)}
        more = {each: value for each, value in days.items() if value is not None}
        found[name] = {"customer": {**known, **dealt.get(name, {"open_deals": 0}), **more, "id": name}}
        owner = known.get("owner")
        if owner is not None:
            is_active = states.get(owner, {}).get("status", "active") != "left"
            found[name]["owner"] = {"active": is_active, "absent": owner in away}
    return found


def _assigned(connection: Connection, day: date, customers: Collection[str] | None) -> dict[str, date]:
    """Return since when the owner of a day has held each customer."""
    lines = dated.lines(connection, Of.CUSTOMER, customers, ["owner"])
    return {name: span.since for (name, _), spans in lines.items() for span in spans if span.covers(day)}


def _contacted(connection: Connection, day: date, customers: list[str]) -> dict[str, date]:
    """Return the day of the last real contact with each customer."""
    until = beginning(day + timedelta(1))
    found: dict[str, date] = {}
    for time, data in events.data_of(connection, CONTACT, "customer.id", customers, until):
        if data.get("effective") is True:
            found[data["customer"]["id"]] = day_of(time)
    return found


def _dealt(connection: Connection, day: date, customers: Collection[str] | None) -> dict[str, dict[str, Any]]:
    """Return how many deals are open with each customer, and when it last bought."""
    found: dict[str, dict[str, Any]] = {}
    of = DEALS.c.customer_id
    for where in [of.is_not(None)] if customers is None else map(of.in_, dated.chunks(list(customers))):
        found |= _dealt_where(connection, day, where)
    return found


def _dealt_where(connection: Connection, day: date, of: ColumnElement[bool]) -> dict[str, dict[str, Any]]:
    columns = DEALS.c
    found: dict[str, dict[str, Any]] = {}
    is_open = (columns.closed_on.is_(None)) | (columns.closed_on > day)
    begun = (columns.opened_on.is_(None)) | (columns.opened_on <= day)
    counted = select(columns.customer_id, func.count()).where(of, is_open, begun)
    for name, count in connection.execute(counted.group_by(columns.customer_id)):
        found[name] = {"open_deals": count}
    won = select(columns.customer_id, func.max(columns.closed_on)).where(
        of, columns.stage == "won", columns.closed_on <= day
    )
    for name, last in connection.execute(won.group_by(columns.customer_id)):
        found.setdefault(name, {"open_deals": 0})["last_order_on"] = last
    return found


def declared(group: Group, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of facts that some inputs take, so that nothing else is refused.

    Args:
        group: The inputs as they stand in facts (`policy.reader.group`).
        facts: Nested values by the vocabulary's paths.
    """
    found: dict[str, Any] = {}
    for name, member in group.members.items():
        value = facts.get(name)
        if value is None:
            continue
        if isinstance(member, Group):
            found[name] = declared(member, value) if isinstance(value, Mapping) else value
        elif isinstance(member, Rows) and isinstance(value, list | tuple):
            found[name] = [declared(member.item, each) if isinstance(each, Mapping) else each for each in value]
        else:
            found[name] = value
    return found


def read_facts(text: str) -> dict[str, Any]:
    """Return kept facts as plain data, every number a decimal."""
    found: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return found
