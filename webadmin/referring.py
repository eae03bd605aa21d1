"""What the record's own events name by an id: other events, signals, cases, contests, whoever acted, revisions.

A reader is told what it is and when, with the way to its page where they may follow it; the id alone says nothing to
them. What would tell that somebody reported something is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext
from sqlalchemy import Connection, select

from policy.engine import Policies
from policy.model.document import FieldClass
from policy.model.events import value_at
from policy.values import Text
from webadmin import filters, words
from webadmin.access.circle import Circle
from webadmin.access.telling import secret
from webadmin.ids import is_id
from webadmin.signals import cases, seeing
from webadmin.store import contests, signals
from webadmin.store.contests import Sort
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.tables import EVENTS, REVISIONS


class Reader(Protocol):
    """Who reads: classes of values and people they see, under the policies in effect."""

    @property
    def connection(self) -> Connection:
        """To the record."""

    @property
    def policies(self) -> Policies:
        """Those in effect today."""

    @property
    def classes(self) -> frozenset[FieldClass]:
        """Classes of values the reader sees."""

    @property
    def circle(self) -> Circle:
        """Whom the reader sees."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Something an event names.

    Attributes:
        called: What it is, in words; an id where the record knows nothing of it.
        at: When it was; None where that is not told.
        endpoint: Of its page; None where it has none, or the reader may not follow.
        of: What that page is asked for by.
    """

    called: Text | str
    at: datetime | None = None
    endpoint: str | None = None
    of: str = ""


def referred(reader: Reader, path: str, value: Any, data: Mapping[str, Any]) -> Any:
    """Return what a value of an event refers to, several where it is a list; the value where it is no reference.

    Args:
        reader: Who reads.
        path: Where the value stands in the event.
        value: It.
        data: All the event says.
    """
    if path == "evidence" and isinstance(value, list | tuple):
        return list(_events(reader, [str(each) for each in value], str(value_at(data, "signal.id") or "")))
    if path == "object" and data.get("sort") in (Sort.SIGNAL, Sort.CASE):
        path = f"{data['sort']}.id"
    told = _TOLD.get(path)
    return value if told is None or not isinstance(value, str) else told(reader, value)


def without_reports(reader: Reader, path: str, value: Any) -> Any:
    """Return a value of an event as the record has it, the ids of events that tell of a report left out."""
    if path != "evidence" or not isinstance(value, list | tuple):
        return value
    hidden = secret(reader.policies, reader.classes)
    chosen = select(EVENTS.c.id).where(EVENTS.c.id.in_([str(each) for each in value]), EVENTS.c.type.in_(hidden))
    reports = set(reader.connection.execute(chosen).scalars())
    return [each for each in value if each not in reports]


def _events(reader: Reader, names: Sequence[str], signal: str) -> Iterator[Reference]:
    """Yield events by what they are and when, the oldest first; the page of the signal has each of them."""
    columns = EVENTS.c
    chosen = select(columns.type, columns.time).where(
        columns.id.in_(names), columns.type.not_in(secret(reader.policies, reader.classes))
    )
    endpoint = "signalled.signal" if _sees(reader, signal) else None
    for row in reader.connection.execute(chosen.order_by(columns.time, columns.id)):
        sort = reader.policies.events.get(row.type)
        yield Reference(row.type if sort is None else sort.label, row.time, endpoint, signal)


def _signal(reader: Reader, name: str) -> Reference:
    kept = signals.find(reader.connection, name) if is_id(name) else None
    if kept is None:
        return Reference(name)
    policy = reader.policies.get(kept.unit.policy)
    patterns = () if policy is None else policy.rule_set.patterns
    because = next((each.because for each in patterns if each.id == kept.unit.pattern), None)
    endpoint = "signalled.signal" if _sees(reader, name) else None
    return Reference(because or kept.unit.pattern, kept.created_at, endpoint, name)


def _case(reader: Reader, name: str) -> Reference:
    case = cases.find(reader.connection, name)
    if case is None:
        return Reference(name)
    endpoint = "signalled.signal" if _sees(reader, case.signal) else None
    return Reference(gettext("Case opened"), case.at, endpoint, case.signal)


def _contest(reader: Reader, name: str) -> Reference:
    found = contests.find(reader.connection, name) if is_id(name) else None
    if found is None:
        return Reference(name)
    endpoint = "contests.contest" if reader.circle.sees(Of.PERSON, found.person) else None
    return Reference(str(words.CONTESTABLE[found.sort]), found.at, endpoint, name)


def _revision(reader: Reader, digest: str) -> Reference:
    chosen = select(REVISIONS.c.number).where(REVISIONS.c.digest == digest).limit(1)
    number: int | None = reader.connection.execute(chosen).scalar_one_or_none()
    return Reference(digest if number is None else gettext("revision %(number)s", number=number))


def _sees(reader: Reader, name: str) -> bool:
    """Say whether a reader sees a signal."""
    kept = signals.find(reader.connection, name) if is_id(name) else None
    if kept is None:
        return False
    keys = seeing.keys(reader.connection, reader.circle)
    return keys is None or term(kept.unit.key_path, kept.unit.key) in keys


def _actor(_reader: Reader, name: str) -> str:
    return filters.actor(name)


_TOLD: Mapping[str, Callable[[Reader, str], Reference | str]] = {
    "signal.id": _signal,
    "case.id": _case,
    "contest.id": _contest,
    "seen.policy": _revision,
    "opened_by": _actor,
    "answered_by": _actor,
}
