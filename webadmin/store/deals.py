"""Deals as they were last told, with the facts policies decide by; each telling that says something new is an event."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, update

from policy.model.canonical import canonical_json
from webadmin.ids import new_id
from webadmin.store import dated, events
from webadmin.store.changes import SOURCE
from webadmin.store.days import beginning
from webadmin.store.imports import Was
from webadmin.store.revisions import Act, sought
from webadmin.store.tables import DEALS
from webadmin.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal.

    Attributes:
        stage: `open`, `won` or `lost`.
        facts: Canonical JSON: nested values by the vocabulary's paths.
    """

    id: str
    customer: str | None
    owner: str | None
    stage: str
    opened_on: date | None
    closed_on: date | None
    facts: str

    def row(self) -> dict[str, Any]:
        """Return it as its table keeps it, the event left out."""
        return {
            "id": self.id,
            "customer_id": self.customer,
            "owner_id": self.owner,
            "stage": self.stage,
            "opened_on": self.opened_on,
            "closed_on": self.closed_on,
            "facts": self.facts,
        }


_COLUMNS = [DEALS.c[name] for name in Deal("", None, None, "open", None, None, "{}").row()]


def put(transaction: Transaction, told: Sequence[Deal], act: Act, journal: list[Was] | None = None) -> dict[str, bool]:
    """Keep deals, those left out that stand already; whoever calls this writes the audit entry.

    Args:
        transaction: What it happens in.
        told: Deals of known customers and owners, no id twice.
        act: Who tells them, and when.
        journal: Gets what stood before of those that are different.

    Returns:
        Ids of those that are different, True where new.
    """
    transaction.flush()
    before = known(transaction.connection, [each.id for each in told])
    differing = [each for each in told if before.get(each.id) != each]
    happened = [_event(each, act) for each in differing]
    made = events.append_all(transaction, happened, actor=act.actor, now=act.now)
    changed = []
    for each, event in zip(differing, made, strict=True):
        row = {**each.row(), "event_id": event.id}
        if journal is not None:
            was = before.get(each.id)
            journal.append(Was("deal", each.id, "", None if was is None else canonical_json(was.row()), event.id))
        if each.id in before:
            changed.append(row)
        else:
            transaction.add(DEALS, row)
    transaction.flush()
    for row in changed:
        transaction.run(update(DEALS).where(DEALS.c.id == row["id"]).values(row))
    return {each.id: each.id not in before for each in differing}


def known(connection: Connection, names: Collection[str]) -> dict[str, Deal]:
    """Return deals as they stand, by their ids; those that are not known are left out."""
    found = (connection.execute(select(*_COLUMNS).where(DEALS.c.id.in_(chunk))) for chunk in dated.chunks(names))
    return {row.id: Deal(*row) for rows in found for row in rows}


def _event(each: Deal, act: Act) -> dict[str, Any]:
    day = each.closed_on or each.opened_on
    data: dict[str, Any] = {"deal": {"id": each.id}, "stage": each.stage}
    if each.customer is not None:
        data["customer"] = {"id": each.customer}
    if each.owner is not None:
        data["manager"] = {"id": each.owner}
    time = act.now if day is None else min(beginning(day), act.now)
    return {
        "id": new_id(act.now),
        "source": SOURCE,
        "type": "deal_changed",
        "subject": each.id,
        "time": time.isoformat(),
        "data": data,
    }


def find(connection: Connection, name: str) -> Deal | None:
    """Return one deal, None where there is none of that id."""
    row = connection.execute(select(*_COLUMNS).where(DEALS.c.id == sought(name))).first()
    return None if row is None else Deal(*row)


def count(connection: Connection) -> int:
    """Return how many deals there are."""
    return connection.execute(select(func.count()).select_from(DEALS)).scalar_one()


def every(connection: Connection) -> Iterator[Deal]:
    """Yield the deals in the order they were first told."""
    for row in connection.execute(select(*_COLUMNS).order_by(DEALS.c.id)):
        yield Deal(*row)
