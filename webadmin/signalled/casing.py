"""What the list of cases shows: those whose signal the reader sees, with what the person concerned says to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from webadmin.access.members import Member
from webadmin.signalled import service
from webadmin.signalled.service import Line, Reader
from webadmin.signals import cases
from webadmin.signals.cases import Listed, Query, State
from webadmin.store import contests, dated, naming, signals
from webadmin.store.contests import Contested, Sort
from webadmin.store.dated import Of
from webadmin.store.tables import EVENT_TERMS

PAGE = 25

MOST_SAID = 1000
"""Contests that are looked through for what people say to the signals of a page."""

_NAMES = "manager.id="


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the list.

    Attributes:
        line: Its signal.
        said: What a person concerned has said to the signal last; None: nothing, or the reader may not open it.
        decision: Id of the last decision about it; None: none is on record, or the reader may not open it.
    """

    listed: Listed
    line: Line
    said: Contested | None
    decision: str | None


def page(
    reader: Reader, member: Member, filters: Mapping[str, str], before: str | None
) -> tuple[list[Row], str | None]:
    """Return a page of cases, the one opened last first, and the id the next page begins after; None: there is none."""
    state = State(filters["state"]) if "state" in filters else None
    query = Query(state, filters.get("policy"), reader.keys(), before)
    found = cases.search(reader.connection, query, PAGE + 1)
    return rows(reader, member, found[:PAGE]), found[PAGE - 1].event if len(found) > PAGE else None


def rows(reader: Reader, member: Member, found: Sequence[Listed]) -> list[Row]:
    """Return cases as the list shows them."""
    kept = [signals.find(reader.connection, each.signal) for each in found]
    lines = service.lines(reader, [each for each in kept if each is not None])
    by_signal = {line.kept.id: line for line in lines}
    told = said(reader, member, lines)
    decided = {each.decision for each in found if each.decision is not None}
    readable = set(reader.circle.readable(reader.connection, sorted(decided)))
    return [
        Row(each, by_signal[each.signal], told.get(each.signal), each.decision if each.decision in readable else None)
        for each in found
        if each.signal in by_signal
    ]


def said(reader: Reader, member: Member, lines: Iterable[Line]) -> dict[str, Contested]:
    """Return what was said last to each signal by a person concerned whom the reader sees and is not."""
    wanted = {line.kept.id for line in lines}
    events = {name for line in lines for name in line.kept.finding.events}
    people = {name for name in _named(reader.connection, events) if reader.circle.sees(Of.PERSON, name)}
    asked = contests.Query(people=people - {member.person})
    found: dict[str, Contested] = {}
    for each in contests.search(reader.connection, asked, MOST_SAID):
        if each.sort is Sort.SIGNAL and each.of in wanted and each.actor != member.actor:
            found.setdefault(each.of, each)
    return found


def _named(connection: Connection, events: Iterable[str]) -> set[str]:
    """Return the people some events name, by their own ids."""
    columns = EVENT_TERMS.c
    terms = {
        held.removeprefix(_NAMES)
        for chunk in dated.chunks(sorted(events))
        for held in connection.execute(
            select(columns.term).where(columns.row_id.in_(chunk), columns.term.startswith(_NAMES))
        ).scalars()
    }
    return {each.id for each in naming.named(connection, Of.PERSON, terms).values()}
