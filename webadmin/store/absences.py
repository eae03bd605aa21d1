"""Days on which people are away; why is never kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from policy.model.canonical import canonical_json
from webadmin.ids import new_id
from webadmin.store import dated, events
from webadmin.store.changes import SOURCE
from webadmin.store.days import beginning
from webadmin.store.imports import Was
from webadmin.store.revisions import Act
from webadmin.store.tables import ABSENCES, PEOPLE
from webadmin.store.things import Refusal, RosterError
from webadmin.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away from `since` on and back on `until`."""

    id: str
    person: str
    since: date
    until: date

    def row(self) -> dict[str, Any]:
        """Return it as its table keeps it, the event left out."""
        return {"id": self.id, "person_id": self.person, "since": self.since, "until": self.until}


def put(transaction: Transaction, told: Sequence[Away], act: Act, journal: list[Was] | None = None) -> dict[str, bool]:
    """Keep absences, those left out that stand already; whoever calls this writes the audit entry.

    Args:
        transaction: What it happens in.
        told: No id twice.
        act: Who tells them, and when.
        journal: Gets what stood before of those that are different.

    Returns:
        Ids of those that are different, True where new.

    Raises:
        RosterError: nobody is known by the id, or the last day comes before the first.
    """
    transaction.flush()
    known = _known(transaction.connection, [each.id for each in told])
    _check(transaction.connection, told)
    differing = [each for each in told if known.get(each.id) != each]
    happened = [_event(each, act) for each in differing]
    made = events.append_all(transaction, happened, actor=act.actor, now=act.now)
    for each, event in zip(differing, made, strict=True):
        values = {"person_id": each.person, "since": each.since, "until": each.until, "event_id": event.id}
        if journal is not None:
            was = known.get(each.id)
            journal.append(Was("absence", each.id, "", None if was is None else canonical_json(was.row()), event.id))
        if each.id not in known:
            transaction.add(ABSENCES, {"id": each.id, **values})
    transaction.flush()
    for each, event in zip(differing, made, strict=True):
        if each.id in known:
            values = {"person_id": each.person, "since": each.since, "until": each.until, "event_id": event.id}
            transaction.run(update(ABSENCES).where(ABSENCES.c.id == each.id).values(values))
    return {each.id: each.id not in known for each in differing}


def _known(connection: Connection, names: Collection[str]) -> dict[str, Away]:
    columns = ABSENCES.c
    chosen = select(columns.id, columns.person_id, columns.since, columns.until)
    found = (connection.execute(chosen.where(columns.id.in_(chunk))) for chunk in dated.chunks(names))
    return {row.id: Away(*row) for rows in found for row in rows}


def _check(connection: Connection, told: Sequence[Away]) -> None:
    people = {
        name
        for chunk in dated.chunks(each.person for each in told)
        for name in connection.execute(select(PEOPLE.c.id).where(PEOPLE.c.id.in_(chunk))).scalars()
    }
    for each in told:
        if each.person not in people:
            raise RosterError(Refusal.UNKNOWN, each.id, of="person", found=each.person)
        if each.until <= each.since:
            raise RosterError(Refusal.PERIOD, each.id, since=str(each.since), until=str(each.until))


def _event(each: Away, act: Act) -> dict[str, Any]:
    return {
        "id": new_id(act.now),
        "source": SOURCE,
        "type": "person_changed",
        "subject": each.person,
        "time": min(beginning(each.since), act.now).isoformat(),
        "data": {"manager": {"id": each.person}, "change": "absent", "effective_on": each.since.isoformat()},
    }


def away_on(connection: Connection, day: date) -> frozenset[str]:
    """Return the people who are away on a day."""
    columns = ABSENCES.c
    chosen = select(columns.person_id).where(columns.since <= day, columns.until > day)
    return frozenset(connection.execute(chosen).scalars())


def from_on(connection: Connection, day: date, people: Collection[str]) -> dict[str, list[Away]]:
    """Return the absences of some people that are not over on a day, the first one first; who has none is left out."""
    columns = ABSENCES.c
    chosen = select(columns.id, columns.person_id, columns.since, columns.until).where(columns.until > day)
    found: dict[str, list[Away]] = {}
    for chunk in dated.chunks(people):
        for row in connection.execute(chosen.where(columns.person_id.in_(chunk)).order_by(columns.since, columns.id)):
            found.setdefault(row.person_id, []).append(Away(*row))
    return found
