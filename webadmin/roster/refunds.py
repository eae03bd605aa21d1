"""Refunds the record was told of. They say what the customer got back, not the commission that was paid on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from policy.errors import FactsError
from policy.model.events import EventType
from webadmin.roster.quarters import Quarter
from webadmin.store import events, naming
from webadmin.store.dated import Of
from webadmin.store.days import beginning

TYPE = "refund"
"""Type of the events."""

INPUT = "refunds"
"""Input of a statement that the refunds of its quarter would fill."""


@dataclass(frozen=True, slots=True)
class Refund:
    """What a customer got back.

    Attributes:
        order: Number of the deal; None where nothing says.
        amount: None where nothing says.
        unit: Of the amount; None where the vocabulary does not say.
    """

    order: str | None
    amount: Decimal | None
    unit: str | None


def refunds(
    connection: Connection, sort: EventType | None, person: str, quarter: Quarter, day: date
) -> tuple[Refund, ...]:
    """Return the refunds of a quarter to customers whose deals were somebody's, in order of time.

    Args:
        connection: To the record.
        sort: The type of event, as the vocabulary in effect declares it; None: it does not.
        person: Whose, whatever other systems call them.
        quarter: Which.
        day: Its last day, or an earlier one: what happened later is left out.
    """
    return () if sort is None else tuple(_refunds(connection, sort, person, quarter, day))


def _refunds(connection: Connection, sort: EventType, person: str, quarter: Quarter, day: date) -> Iterator[Refund]:
    names = (person, *naming.elsewhere(connection, Of.PERSON, [person]))
    declared, since = sort.field("amount"), beginning(quarter.since)
    unit = None if declared is None else declared.unit
    for time, data in events.data_of(connection, TYPE, "manager.id", names, beginning(day + timedelta(1))):
        if time < since:
            continue
        try:
            said = sort.read(data)
        except FactsError:
            said = {}
        yield Refund((said.get("order") or {}).get("id"), said.get("amount"), unit)
