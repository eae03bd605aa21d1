"""Events as they are kept: told once, whenever that is, and found by whom they concern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from policy.model.canonical import canonical_json
from webadmin.ids import new_id
from webadmin.store.chain import Chain, digest_of, new_salt
from webadmin.store.decisions import term
from webadmin.store.tables import EVENT_TERMS, EVENTS
from webadmin.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one event.

    Attributes:
        id: Its own id here.
        known: True where it had been told before; nothing was written then.
        differs: True where what had been told before under the same source and id was something else.
    """

    id: str
    known: bool = False
    differs: bool = False


def append(transaction: Transaction, event: Mapping[str, Any], *, actor: str, now: datetime) -> Told:
    """Put an event at the end of the record, unless it is there.

    Args:
        transaction: What it happens in.
        event: `id`, `source`, `type`, `subject`, `time` (an instant with offset) and `data`, plain data.
        actor: Who tells it.
        now: The instant.
    """
    transaction.flush()  # an event told twice within one group is found, too
    before = transaction.connection.execute(
        select(EVENTS.c.id, EVENTS.c.body).where(EVENTS.c.source == event["source"], EVENTS.c.event_id == event["id"])
    ).first()
    told = canonical_json(dict(event))
    if before is not None:
        return Told(before.id, known=True, differs=before.body is not None and f'"event":{told},' not in before.body)
    name, salt = new_id(now), new_salt()
    body = f'{{"actor":{canonical_json(actor)},"event":{told},"id":"{name}","recorded_at":"{now.isoformat()}"}}'
    time = datetime.fromisoformat(str(event["time"]))
    transaction.add(
        EVENTS,
        {
            "id": name,
            "source": event["source"],
            "event_id": event["id"],
            "type": event["type"],
            "subject": event.get("subject"),
            "time": time,
            "recorded_at": now,
            "salt": salt,
            "body": body,
            "erased_by": None,
        },
    )
    transaction.add(EVENT_TERMS, *({"term": each, "time": time, "row_id": name} for each in terms_of(event)))
    transaction.append(Chain.EVENTS, name, digest_of(salt, body))
    return Told(name)


def terms_of(event: Mapping[str, Any]) -> list[str]:
    """Return what an event is found by: its subject, and every id in its data by path: `customer.id=c-1`."""
    found = [] if event.get("subject") is None else [term("subject", event["subject"])]
    return list(dict.fromkeys([*found, *(term(path, value) for path, value in _ids(event.get("data") or {}, ""))]))


def _ids(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [pair for name, each in value.items() for pair in _ids(each, f"{path}.{name}" if path else name)]
    return [(path, value)] if path.rpartition(".")[2] == "id" and isinstance(value, str) else []


@dataclass(frozen=True, slots=True)
class Found:
    """An event as it lies in the record; `body` is None once erased."""

    id: str
    source: str
    event_id: str
    type: str
    subject: str | None
    time: datetime
    recorded_at: datetime
    body: str | None
    erased_by: str | None


_COLUMNS = [EVENTS.c[name] for name in Found.__dataclass_fields__]


def find(connection: Connection, name: str) -> Found | None:
    """Return one event, None where there is none of that id."""
    row = connection.execute(select(*_COLUMNS).where(EVENTS.c.id == name)).first()
    return None if row is None else Found(*row)


def concerning(
    connection: Connection,
    terms: Sequence[str],
    *,
    types: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 500,
) -> list[Found]:
    """Return events by whom they concern, in order of time, at most `limit`, the latest ones.

    Args:
        connection: Where from.
        terms: Of which one must hold: `customer.id=c-1`.
        types: Only these types; empty: all.
        since: Happened at this instant or later.
        until: Happened before this instant.
        limit: How many.
    """
    rows = select(EVENT_TERMS.c.row_id).where(EVENT_TERMS.c.term.in_(terms))
    if since is not None:
        rows = rows.where(EVENT_TERMS.c.time >= since)
    if until is not None:
        rows = rows.where(EVENT_TERMS.c.time < until)
    chosen = select(*_COLUMNS).where(EVENTS.c.id.in_(rows))
    if types:
        chosen = chosen.where(EVENTS.c.type.in_(types))
    newest = connection.execute(chosen.order_by(EVENTS.c.time.desc(), EVENTS.c.event_id.desc()).limit(limit))
    return [Found(*row) for row in newest][::-1]
