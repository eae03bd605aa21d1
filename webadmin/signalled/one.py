"""What the page of one signal shows: its events on a time line, what each engine found, every state it has had."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from policy.model.ruleset import EventPattern
from policy.values import Text
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.access.telling import secret
from webadmin.signalled import happening, service
from webadmin.signalled.happening import Shown
from webadmin.signalled.service import Line, Reader
from webadmin.signals.cases import Case
from webadmin.signals.concerning import concerns
from webadmin.store import signals
from webadmin.store.signals import Ids, Kept, State
from webadmin.store.tables import EVENTS, REVISIONS


@dataclass(frozen=True, slots=True)
class Past:
    """A state a signal has had: since when, why, and which sorts of events led to it; None for a report."""

    at: datetime
    state: State
    reason: Text | None
    led: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """One signal for one reader.

    Attributes:
        number: Number of the revision it was found by; None where that is not kept.
        first: Matches of the first engine, as numbers of events; None where it gave up.
        second: The same of the second one; None where it gave no answer.
        is_own: Whether it is about the reader.
        is_coarse: Whether when it was found would tell when somebody reported something: days are told then.
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
    is_coarse: bool

    @property
    def kept(self) -> Kept:
        """Return the signal."""
        return self.line.kept

    @property
    def case(self) -> Case | None:
        """Return the case that was opened."""
        return self.line.case

    @property
    def rests(self) -> Sequence[Shown]:
        """Return the events the case rests on that the reader may read of."""
        return [] if self.case is None else [each for each in self.events if each.id in self.case.evidence]


def seen(reader: Reader, kept: Kept, member: Member) -> Seen:
    """Return a signal as its page shows it."""
    (line,) = service.lines(reader, [kept])
    is_own = is_about(reader, kept, member.person)
    judges = member.may(Right.CASES) and not is_own
    events = happening.events_of(reader, kept.finding.events, judges=judges)
    at = {each.id: each.number for each in events}
    hidden = frozenset(secret(reader.policies, reader.classes))
    history = signals.history(reader.connection, kept.id)
    every = {*kept.finding.events, *(name for _, what in history for name in what["led"])}
    return Seen(
        line,
        reader.pattern(kept.unit),
        _number(reader, kept),
        events,
        len(kept.finding.events) - happening.kept(reader, kept.finding.events),
        _numbered(kept.finding.first, at),
        _numbered(kept.finding.second, at),
        [_past(reader, *each, hidden, judges=judges) for each in history],
        is_own,
        not hidden.isdisjoint(_types(reader, every)),
    )


def is_about(reader: Reader, kept: Kept, person: str | None) -> bool:
    """Say whether a signal is about somebody: by its key or by an event, whatever these call them."""
    return person is not None and concerns(reader.connection, kept, person)


def _numbered(matches: tuple[Ids, ...] | None, at: Mapping[str, int]) -> list[list[int]] | None:
    return None if matches is None else [[at[name] for name in each if name in at] for each in matches]


def _number(reader: Reader, kept: Kept) -> int | None:
    columns = REVISIONS.c
    chosen = select(columns.number).where(columns.document == kept.unit.policy, columns.digest == kept.unit.revision)
    found: int | None = reader.connection.execute(chosen).scalar_one_or_none()
    return found


def _past(reader: Reader, at: datetime, what: Mapping[str, Any], hidden: frozenset[str], *, judges: bool) -> Past:
    reason = what["reason"]
    led = [None if each in hidden else each for each in _types(reader, what["led"]) if judges or each not in hidden]
    return Past(at, State(what["state"]), None if reason is None else Text(reason["zh"], reason["en"]), led)


def _types(reader: Reader, names: Collection[str]) -> list[str]:
    """Return of which types some events are."""
    return list(reader.connection.execute(select(EVENTS.c.type).where(EVENTS.c.id.in_(names))).scalars())
