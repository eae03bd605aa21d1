"""The part of a key's history that one event can change: back and forth until a gap no match can bridge."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, select

from policy.errors import FactsError
from policy.model.events import Event, value_at
from policy.runtime.patterns import MOST_EVENTS
from webadmin.signals.coverage import Sought
from webadmin.store.decisions import term
from webadmin.store.tables import EVENT_TERMS, EVENTS

BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""Before and after everything; a day from the ends, so that every time zone can write them."""

MOST = MOST_EVENTS + 1
"""Events read of one stretch: one more than the engines look through, so that they say it is too many."""

log = logging.getLogger("fairlead.signals")


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the record: `data` as it was told, not yet read by a vocabulary."""

    id: str
    source: str
    type: str
    subject: str | None
    time: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a history.

    Attributes:
        since: From here on, and
        until: up to here nothing reaches beyond it.
        events: In order of time.
    """

    since: datetime
    until: datetime
    events: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """Between two instants; `first` and `last`: whether they belong to it."""

    since: datetime
    until: datetime
    first: bool = True
    last: bool = True


def told(row: Any) -> Told:
    """Return the event of a row with `id`, `source`, `type`, `subject`, `time` and `body`."""
    body = json.loads(row.body, parse_float=Decimal, parse_int=Decimal)
    return Told(row.id, row.source, row.type, row.subject, row.time, body["event"].get("data") or {})


COLUMNS = [EVENTS.c[name] for name in ("id", "source", "type", "subject", "time", "body")]


def stretch(connection: Connection, sought: Sought, key: str, at: datetime) -> Stretch:
    """Read the stretch around an instant; it ends early where it holds more events than the engines look through.

    Args:
        connection: Where from.
        sought: What is looked for.
        key: The text its events share.
        at: When an event happened.
    """
    if sought.reach is None:
        return Stretch(BEGINNING, END, tuple(_read(connection, sought, key, _Span(BEGINNING, END))))
    reach = timedelta(seconds=sought.reach + 1)  # the engines cut fractions of seconds off
    steps = {each.type.name for each in sought.pattern.steps}
    since, until = _moved(at, -reach), _moved(at, reach)
    events = _read(connection, sought, key, _Span(since, until))
    while len(events) < MOST:
        times = [each.time for each in events if each.type in steps]
        earlier = min(since, _moved(min(times, default=at), -reach))
        later = max(until, _moved(max(times, default=at), reach))
        before = _read(connection, sought, key, _Span(earlier, since, last=False))
        after = _read(connection, sought, key, _Span(until, later, first=False))
        since, until, events = earlier, later, [*before, *events, *after]
        if not any(each.type in steps for each in (*before, *after)):
            break
    return Stretch(since, until, tuple(events[:MOST]))


def _moved(at: datetime, by: timedelta) -> datetime:
    if by < timedelta():
        return at + by if at - BEGINNING > -by else BEGINNING
    return at + by if END - at > by else END


def _read(connection: Connection, sought: Sought, key: str, span: _Span) -> list[Told]:
    if span.since >= span.until:
        return []
    path = sought.pattern.key
    rows, time = _chosen(path, key)
    rows = rows.where(EVENTS.c.type.in_(sorted(sought.types)), EVENTS.c.body.is_not(None))
    rows = rows.where(time >= span.since if span.first else time > span.since)
    rows = rows.where(time <= span.until if span.last else time < span.until)
    found: list[Told] = []
    for row in connection.execute(rows.order_by(time, EVENTS.c.id)):
        event = told(row)
        if value_at(event.data, path) == key:
            found.append(event)
        if len(found) == MOST:
            break
    return found


def _chosen(path: str, key: str) -> tuple[Select[Any], Any]:
    """Return what chooses the events of a key, and its column of time: by their terms where the key is an id."""
    if path.rpartition(".")[2] != "id":
        return select(*COLUMNS), EVENTS.c.time
    joined = select(*COLUMNS).join(EVENT_TERMS, EVENT_TERMS.c.row_id == EVENTS.c.id)
    return joined.where(EVENT_TERMS.c.term == term(path, key)), EVENT_TERMS.c.time


def typed(events: tuple[Told, ...], sought: Sought) -> list[Event]:
    """Read events by the vocabulary of a pattern; one that does not fit it is as if it had not happened.

    Known by their ids in the record, since two sources may use the same id.
    """
    found: list[Event] = []
    for each in events:
        try:
            data = sought.types[each.type].read(each.data)
        except FactsError as error:
            log.warning("event-unfit event=%s problems=%d", each.id, len(error.problems))
            continue
        found.append(Event(each.id, each.source, each.type, each.subject, each.time, data))
    return found
