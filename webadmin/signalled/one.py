"""What the page of one signal shows: its events on a time line, what each engine found, every state it has had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from policy.model.ruleset import EventPattern
from policy.values import Text
from webadmin import recounting
from webadmin.recounting import Value
from webadmin.signalled import service
from webadmin.signalled.service import Line, Reader
from webadmin.signals.cases import Case
from webadmin.signals.concerning import concerns
from webadmin.store import signals
from webadmin.store.signals import Ids, Kept, State
from webadmin.store.tables import EVENTS, REVISIONS

ENDS = (4, 96)
"""Where the time line begins and ends, per cent of the width there is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of a signal.

    Attributes:
        number: Its place on the time line, from 1.
        label: Of its type; None where the vocabulary does not declare it.
        values: What its data say that the reader may see.
        x: Where it stands on the time line, per cent of the width.
    """

    id: str
    number: int
    time: datetime
    type: str
    label: Text | None
    values: Sequence[Value]
    x: int


@dataclass(frozen=True, slots=True)
class Past:
    """A state a signal has had: since when, why, and which events led to it."""

    at: datetime
    state: State
    reason: Text | None
    led: Sequence[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """One signal for one reader.

    Attributes:
        number: Number of the revision it was found by; None where that is not kept.
        first: Matches of the first engine, as numbers of events; None where it gave up.
        second: The same of the second one; None where it gave no answer.
        is_own: Whether it is about the reader.
    """

    line: Line
    pattern: EventPattern | None
    number: int | None
    events: Sequence[Shown]
    gone: int
    first: Sequence[Sequence[int]] | None
    second: Sequence[Sequence[int]] | None
    history: Sequence[Past]
    is_own: bool

    @property
    def kept(self) -> Kept:
        """Return the signal."""
        return self.line.kept

    @property
    def case(self) -> Case | None:
        """Return the case that was opened."""
        return self.line.case


def seen(reader: Reader, kept: Kept, person: str | None) -> Seen:
    """Return a signal as its page shows it.

    Args:
        reader: Who reads.
        kept: The signal.
        person: Id of the person the reader is; None for nobody.
    """
    (line,) = service.lines(reader, [kept])
    events = list(_events(reader, kept.finding.events))
    at = {each.id: each.number for each in events}
    return Seen(
        line,
        reader.pattern(kept.unit),
        _number(reader, kept),
        events,
        len(kept.finding.events) - len(events),
        _numbered(kept.finding.first, at),
        _numbered(kept.finding.second, at),
        [_past(reader, *each) for each in signals.history(reader.connection, kept.id)],
        is_about(reader, kept, person),
    )


def is_about(reader: Reader, kept: Kept, person: str | None) -> bool:
    """Say whether a signal is about somebody: by its key or by an event, whatever these call them."""
    return person is not None and concerns(reader.connection, kept, person)


def _events(reader: Reader, names: Ids) -> Iterator[Shown]:
    columns = EVENTS.c
    chosen = select(columns.id, columns.time, columns.type, columns.body).where(columns.id.in_(names))
    rows = sorted(reader.connection.execute(chosen), key=lambda row: (row.time, row.id))
    if not rows:
        return
    first, span = rows[0].time, (rows[-1].time - rows[0].time) or timedelta(1)
    for number, row in enumerate(rows, 1):
        sort = reader.policies.events.get(row.type)
        x = ENDS[0] + round((row.time - first) / span * (ENDS[1] - ENDS[0]))
        values = [] if sort is None or row.body is None else list(recounting.values(reader, sort, row.body))
        yield Shown(row.id, number, row.time, row.type, None if sort is None else sort.label, values, x)


def _numbered(matches: tuple[Ids, ...] | None, at: Mapping[str, int]) -> list[list[int]] | None:
    return None if matches is None else [[at[name] for name in each if name in at] for each in matches]


def _number(reader: Reader, kept: Kept) -> int | None:
    columns = REVISIONS.c
    chosen = select(columns.number).where(columns.document == kept.unit.policy, columns.digest == kept.unit.revision)
    found: int | None = reader.connection.execute(chosen).scalar_one_or_none()
    return found


def _past(reader: Reader, at: datetime, what: Mapping[str, Any]) -> Past:
    reason = what["reason"]
    chosen = select(EVENTS.c.type).where(EVENTS.c.id.in_(what["led"]))
    led = list(reader.connection.execute(chosen).scalars()) if what["led"] else []
    return Past(at, State(what["state"]), None if reason is None else Text(reason["zh"], reason["en"]), led)
