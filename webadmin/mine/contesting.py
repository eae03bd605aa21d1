"""Contesting: an event says what somebody holds to be wrong about them, and why. It decides nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from policy.model.events import EventType
from webadmin.ids import new_id
from webadmin.store import events
from webadmin.store.changes import SOURCE
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction

TYPE = "contested"

SORTS = ("customer", "line", "signal")
"""What can be contested."""


@dataclass(frozen=True, slots=True)
class Contested:
    """Something that was contested: what, which, why and when."""

    sort: str
    of: str
    statement: str
    at: datetime


def contest(transaction: Transaction, sort: EventType, person: str, what: tuple[str, str], why: str, act: Act) -> str:
    """Record that somebody contests something; return the event's id.

    Args:
        transaction: What it happens in.
        sort: The type of the event, as the vocabulary of today declares it.
        person: Who contests, and whom it is about.
        what: One of `SORTS`, and which.
        why: What they say.
        act: Who writes it down, and when.

    Raises:
        FactsError: the vocabulary asks for something else.
    """
    name = f"contested-{new_id(act.now)}"
    data: dict[str, Any] = {"manager": {"id": person}, "sort": what[0], "object": what[1], "statement": why}
    event = {"id": name, "source": SOURCE, "type": TYPE, "subject": person, "time": act.now.isoformat()}
    events.append(transaction, {**event, "data": sort.read(data)}, actor=act.actor, now=act.now)
    return name


def contested(connection: Connection, person: str, act: Act) -> dict[tuple[str, str], Contested]:
    """Return what somebody has contested: what and which → the latest."""
    found: dict[tuple[str, str], Contested] = {}
    for time, data in events.data_of(connection, TYPE, "manager.id", [person], act.now):
        key = (str(data["sort"]), str(data["object"]))
        found[key] = Contested(*key, str(data["statement"]), time)
    return found
