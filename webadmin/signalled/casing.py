"""What the list of cases shows: those whose signal the reader sees, with what the person concerned says to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webadmin.access.members import Member
from webadmin.signalled import hearing, service
from webadmin.signalled.hearing import Heard
from webadmin.signalled.service import Line, Reader
from webadmin.signals import cases
from webadmin.signals.cases import Listed, Query, State
from webadmin.store import signals

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the list.

    Attributes:
        line: Its signal.
        heard: What the people concerned say, as far as the reader may read it.
        decision: Id of the last decision about it; None: none is on record, or the reader may not open it.
    """

    listed: Listed
    line: Line
    heard: Heard
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
    heard = hearing.heard(reader, member, lines)
    decided = {each.decision for each in found if each.decision is not None}
    readable = set(reader.circle.readable(reader.connection, sorted(decided)))
    return [
        Row(each, by_signal[each.signal], heard[each.signal], each.decision if each.decision in readable else None)
        for each in found
        if each.signal in by_signal
    ]
