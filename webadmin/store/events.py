"""Events as they are kept: told once, whenever that is, and found by whom they concern."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
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


CHUNK = 400
"""Values named in one statement; SQLite takes some thousand."""

AHEAD = timedelta(minutes=5)
"""How far the time of an event may lie ahead of the clock here: clocks of systems that keep time differ by less."""


def latest(now: datetime) -> datetime:
    """Return the last instant of which an event can be told: what has not happened yet is none."""
    return now + AHEAD


def append(transaction: Transaction, event: Mapping[str, Any], *, actor: str, now: datetime) -> Told:
    """Put an event at the end of the record, unless it is there.

    Args:
        transaction: What it happens in.
        event: `id`, `source`, `type`, `subject`, `time` (an instant with offset) and `data`, plain data.
        actor: Who tells it.
        now: The instant.
    """
    return append_all(transaction, [event], actor=actor, now=now)[0]


Comparable = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""An event → what of it is held against the one on record."""


def append_all(
    transaction: Transaction,
    events: Sequence[Mapping[str, Any]],
    *,
    actor: str,
    now: datetime,
    comparable: Comparable | None = None,
) -> list[Told]:
    """Put events at the end of the record, in this order, those left out that are there; see `append`.

    Args:
        transaction: What it happens in.
        events: See `append`.
        actor: Who tells them.
        now: The instant.
        comparable: What of an event somebody else told may be compared with; None: all of it.
    """
    transaction.flush()  # an event told twice within one group is found, too
    known = _known(transaction, events)
    told: list[Told] = []
    for event in events:
        key, text = (event["source"], event["id"]), canonical_json(dict(event))
        if key in known:
            name, body = known[key]
            same = body is None or _is_told(event, text, body, actor, comparable)
            told.append(Told(name, known=True, differs=not same))
            continue
        known[key] = _added(transaction, event, text, actor, now)
        told.append(Told(known[key][0]))
    return told


def _is_told(event: Mapping[str, Any], text: str, body: str, actor: str, comparable: Comparable | None) -> bool:
    """Say whether a row tells of the same: the instant may be written with another offset, or to another fraction.

    Whoever told it themselves learns whether all of it is the same; others take the same way whatever they guess.
    """
    if comparable is None and f'"event":{text},' in body:
        return True
    row = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    kept = row["event"]
    instants = [datetime.fromisoformat(str(each["time"])) for each in (kept, event)]
    pair: list[Mapping[str, Any]] = [{**event, "time": kept["time"]}, kept]
    if comparable is not None and row["actor"] != actor:
        pair = [comparable(each) for each in pair]
    given, known = (canonical_json(dict(each)) for each in pair)
    return instants[0] == instants[1] and given == known


_Key = tuple[str, str]


def _known(transaction: Transaction, events: Sequence[Mapping[str, Any]]) -> dict[_Key, tuple[str, str | None]]:
    """Return ids and bodies of the events that are in the record already, by source and id there."""
    by_source: dict[str, list[str]] = {}
    for event in events:
        by_source.setdefault(event["source"], []).append(event["id"])
    columns, found = EVENTS.c, {}
    for source, names in by_source.items():
        for begin in range(0, len(names), CHUNK):
            chosen = select(columns.event_id, columns.id, columns.body).where(
                columns.source == source, columns.event_id.in_(names[begin : begin + CHUNK])
            )
            for row in transaction.connection.execute(chosen):
                found[source, row.event_id] = (row.id, row.body)
    return found


def _added(
    transaction: Transaction, event: Mapping[str, Any], text: str, actor: str, now: datetime
) -> tuple[str, str | None]:
    name, salt = new_id(now), new_salt()
    body = f'{{"actor":{canonical_json(actor)},"event":{text},"id":"{name}","recorded_at":"{now.isoformat()}"}}'
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
    return name, body


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


def data_of(
    connection: Connection, sort: str, path: str, names: Sequence[str], until: datetime
) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield time and data of the events of one type that concern some ids, in order of time.

    Args:
        connection: Where from.
        sort: The type.
        path: Path of the id in the data.
        names: The ids.
        until: Happened before this instant.
    """
    for begin in range(0, len(names), CHUNK):
        terms = [term(path, name) for name in names[begin : begin + CHUNK]]
        rows = select(EVENT_TERMS.c.row_id).where(EVENT_TERMS.c.term.in_(terms), EVENT_TERMS.c.time < until)
        its_type = EVENTS.c.type.concat("")  # no bare column: SQLite would walk over all events of the type
        chosen = select(EVENTS.c.time, EVENTS.c.body).where(EVENTS.c.id.in_(rows), its_type == sort)
        for time, body in connection.execute(chosen.order_by(EVENTS.c.time)):
            if body is not None:
                yield time, json.loads(body, parse_float=Decimal, parse_int=Decimal)["event"]["data"]
