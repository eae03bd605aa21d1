"""Which signals a reader may see: those found by a person or customer whom the reader sees."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from webadmin.access.circle import Circle
from webadmin.signals import cases
from webadmin.store import naming, signals
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.signals import Query, State

WHOM = {"manager.id": Of.PERSON, "customer.id": Of.CUSTOMER}
"""Whom a key means, by its path. What is found by another key concerns nobody's team: who sees everybody sees it."""

NEWEST = 200
"""Signals looked through where those that wait are counted."""


def keys(connection: Connection, circle: Circle) -> frozenset[str] | None:
    """Return what the signals a reader may see are found by; None where that is all of them."""
    return None if circle.is_all else frozenset(_keys(connection, circle))


def _keys(connection: Connection, circle: Circle) -> Iterator[str]:
    for path, of in WHOM.items():
        names = circle.people if of is Of.PERSON else circle.customers
        yield from (term(path, each) for each in (*names, *naming.elsewhere(connection, of, names)))


def waiting(connection: Connection, circle: Circle) -> int:
    """Return how many of the newest signals a reader may see stand and have no case."""
    found = signals.search(connection, Query(keys=keys(connection, circle)), NEWEST)
    standing = [each.id for each in found if each.finding.state is not State.WITHDRAWN]
    return len(standing) - len(cases.opened(connection, standing))
