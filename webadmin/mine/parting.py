"""The customers somebody held and holds no longer, and why: the reassignment that took them, where one did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from webadmin.access.circle import Circle
from webadmin.reassigning import keeping
from webadmin.reassigning.keeping import Reason
from webadmin.store import dated, naming, standing
from webadmin.store.dated import Of, written
from webadmin.store.naming import Named
from webadmin.store.tables import DATED

BACK = timedelta(180)
"""How far back is looked at least."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A customer somebody no longer holds.

    Attributes:
        since: Since when it was theirs.
        until: The first day it no longer was.
        moved: The reassignment that took it; None where none did.
        holder: Who holds it now, where the reader may see them; None else.
    """

    customer: Named
    since: date
    until: date
    moved: Reason | None
    holder: Named | None

    @property
    def month(self) -> str:
        """Return the month in which it ceased to be theirs: `2026-11`."""
        return self.until.isoformat()[: len("2026-11")]


def parted(connection: Connection, person: str, window: tuple[date, date], circle: Circle) -> list[Parted]:
    """Return the customers that ceased to be somebody's, the latest first; of each the last time it did.

    One that is theirs again today is left out, and so is one that is lost and still theirs.

    Args:
        connection: To the record.
        person: Who held them.
        window: The first and the last day they can have ceased to be theirs.
        circle: Whom the reader sees.
    """
    since, today = window
    columns = DATED.c
    chosen = select(columns.of_id, columns.since, columns.until).where(
        columns.of == str(Of.CUSTOMER), columns.attribute == "owner", columns.value == written(person),
        columns.until >= since, columns.until <= today,
    )  # fmt: skip
    held = set(standing.customers_of(connection, [person], today))
    last = {row.of_id: row for row in connection.execute(chosen.order_by(columns.until)) if row.of_id not in held}
    moved = keeping.taken(connection, person, {name: row.until for name, row in last.items()})
    names = naming.named(connection, Of.CUSTOMER, last)
    holders = _holders(connection, list(last), today, circle)
    found = [
        Parted(
            names.get(name, Named(Of.CUSTOMER, name, None)), row.since, row.until, moved.get(name), holders.get(name)
        )
        for name, row in last.items()
    ]
    return sorted(found, key=lambda each: (-each.until.toordinal(), each.customer.id))


def _holders(connection: Connection, customers: list[str], day: date, circle: Circle) -> dict[str, Named]:
    """Return who holds some customers, of those the reader sees."""
    held = dated.values_on(connection, Of.CUSTOMER, day, ["owner"], customers) if customers else {}
    owners = {name: each["owner"] for name, each in held.items() if circle.sees(Of.PERSON, each["owner"])}
    people = naming.named(connection, Of.PERSON, set(owners.values()))
    return {name: people[owner] for name, owner in owners.items() if owner in people}
