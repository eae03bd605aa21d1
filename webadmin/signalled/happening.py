"""The events a signal rests on, for one reader.

That somebody reported something, and when, lets the person it is about guess who it was. So an event that tells of a
report is "a report" of a day to those who must judge: without what it says and without an id, as ids tell the time
they were made. To everybody else it is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from policy.values import Text
from webadmin import recounting
from webadmin.access.telling import secret
from webadmin.recounting import Value
from webadmin.signalled.service import Reader
from webadmin.store.days import beginning, day_of
from webadmin.store.signals import Ids
from webadmin.store.tables import EVENTS

ENDS = (4, 96)
"""Where the time line begins and ends, per cent of the width there is."""

_REPORT = "report-"


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of a signal.

    Attributes:
        number: Its place on the time line, from 1.
        time: When it happened; of a report the beginning of its day.
        label: Of its type; None where the vocabulary does not declare it, and of a report.
        values: What its data say that the reader may see; nothing of a report.
        x: Where it stands on the time line, per cent of the width.
        report: The day of a report; None for every other event.
        token: What forms call it: its id, of a report its place among the reports.
    """

    id: str
    number: int
    time: datetime
    type: str
    label: Text | None
    values: Sequence[Value]
    x: int
    report: date | None
    token: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event's row, and the time it is told to have happened at."""

    row: Any
    time: datetime
    report: date | None


def events_of(reader: Reader, names: Ids, *, judges: bool) -> list[Shown]:
    """Return the events of a signal, the oldest first; reports only to those who judge, first on their day."""
    columns = EVENTS.c
    hidden = set(secret(reader.policies, reader.classes))
    chosen = select(columns.id, columns.time, columns.type, columns.body).where(columns.id.in_(names))
    rows = [row for row in reader.connection.execute(chosen) if judges or row.type not in hidden]
    placed = sorted((_placed(row, row.type in hidden) for row in rows), key=lambda each: (each.time, each.row.id))
    return list(_shown(reader, placed))


def kept(reader: Reader, names: Ids) -> int:
    """Return how many of some events are in the record, whoever may read them."""
    return len(reader.connection.execute(select(EVENTS.c.id).where(EVENTS.c.id.in_(names))).all())


def _placed(row: Any, is_report: bool) -> _Placed:  # noqa: FBT001 - private, and said where it is called
    day = day_of(row.time)
    return _Placed(row, beginning(day), day) if is_report else _Placed(row, row.time, None)


def _shown(reader: Reader, placed: Sequence[_Placed]) -> Iterator[Shown]:
    if not placed:
        return
    first, span = placed[0].time, (placed[-1].time - placed[0].time) or timedelta(1)
    reports = 0
    for number, each in enumerate(placed, 1):
        row, is_report = each.row, each.report is not None
        reports += is_report
        sort = None if is_report else reader.policies.events.get(row.type)
        x = ENDS[0] + round((each.time - first) / span * (ENDS[1] - ENDS[0]))
        values = [] if sort is None or row.body is None else list(recounting.values(reader, sort, row.body))
        token = f"{_REPORT}{reports}" if is_report else row.id
        label = None if sort is None else sort.label
        yield Shown(row.id, number, each.time, row.type, label, values, x, each.report, token)
