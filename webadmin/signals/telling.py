"""Signals as plain data, for the command and the API."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from webadmin.store import signals
from webadmin.store.days import beginning, day_of
from webadmin.store.events import CHUNK
from webadmin.store.signals import Ids, Kept
from webadmin.store.tables import EVENTS


class Teller:
    """Writes signals; the events of all of them are read at once.

    Args:
        connection: Where from.
        kept: The signals.
        but: Types of events that are left out, as they tell that somebody reported something; of a signal that rests
            on one, when it was found is told to the day.
    """

    def __init__(self, connection: Connection, kept: Sequence[Kept], but: Collection[str] = ()) -> None:
        self._connection, self._but = connection, frozenset(but)
        self._events = _named(connection, {name for each in kept for name in (*each.finding.events, *each.finding.led)})

    def types(self, kept: Kept) -> set[str]:
        """Return the types of a signal's events."""
        return {str(self._events[name]["type"]) for name in kept.finding.events if name in self._events}

    def listed(self, kept: Kept) -> dict[str, Any]:
        """Return a signal as lists show it; `reason` in both languages."""
        found, unit = kept.finding, kept.unit
        first, last = self._span(kept)
        return {
            "id": kept.id,
            "state": str(found.state),
            "severity": unit.severity,
            "policy": unit.policy,
            "revision": unit.revision,
            "pattern": unit.pattern,
            "key_path": unit.key_path,
            "key": unit.key,
            "first_time": first,
            "last_time": last,
            "created_at": self._when(kept, kept.created_at),
            "changed_at": self._when(kept, kept.changed_at),
            "reason": None if found.reason is None else {"zh": found.reason.zh, "en": found.reason.en},
            "events": self._of(found.events),
            "answers": {"first": self._lists(found.first), "second": self._lists(found.second)},
            "led": self._of(found.led),
        }

    def whole(self, kept: Kept) -> dict[str, Any]:
        """Return a signal with every state it has had, the first one first."""
        past = signals.history(self._connection, kept.id)
        self._events |= _named(self._connection, {each for _, what in past for each in (*what["events"], *what["led"])})
        return {**self.listed(kept), "history": [self._past(kept, *each) for each in past]}

    def _of(self, names: Ids) -> list[dict[str, Any]]:
        return [self._events[name] for name in self._open(names) if name in self._events]

    def _open(self, names: Iterable[str]) -> list[str]:
        """Return those of some events that do not tell of a report."""
        return [each for each in names if each not in self._events or self._events[each]["type"] not in self._but]

    def _lists(self, matches: tuple[Ids, ...] | None) -> list[list[str]] | None:
        return None if matches is None else [self._open(each) for each in matches]

    def _span(self, kept: Kept) -> tuple[str, str]:
        """Return from when to when a signal reaches, as far as the events that are told say."""
        found, shown = kept.finding, self._of(kept.finding.events)
        if not self._is_coarse(kept):
            return found.first_time.isoformat(), found.last_time.isoformat()
        times = sorted(str(each["time"]) for each in shown)
        return (
            (times[0], times[-1]) if times else (self._when(kept, found.first_time), self._when(kept, found.last_time))
        )

    def _is_coarse(self, kept: Kept) -> bool:
        names = (*kept.finding.events, *kept.finding.led)
        return len(self._open(names)) < len(names)

    def _when(self, kept: Kept, at: datetime) -> str:
        return (beginning(day_of(at)) if self._is_coarse(kept) else at).isoformat()

    def _past(self, kept: Kept, at: datetime, what: Mapping[str, Any]) -> dict[str, Any]:
        names = {name: self._open(what[name]) for name in ("events", "led")}
        return {"at": self._when(kept, at), "state": what["state"], "reason": what["reason"], **names}


def _named(connection: Connection, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what is open about events, by their ids in the record."""
    wanted, columns = sorted(names), EVENTS.c
    found: dict[str, dict[str, Any]] = {}
    for begin in range(0, len(wanted), CHUNK):
        chosen = select(columns.id, columns.source, columns.event_id, columns.type, columns.time)
        for row in connection.execute(chosen.where(columns.id.in_(wanted[begin : begin + CHUNK]))):
            found[row.id] = {
                "id": row.id,
                "source": row.source,
                "event_id": row.event_id,
                "type": row.type,
                "time": row.time.isoformat(),
            }
    return found
