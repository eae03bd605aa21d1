"""Signals as plain data, for the command and the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from webadmin.store import signals
from webadmin.store.events import CHUNK
from webadmin.store.signals import Ids, Kept
from webadmin.store.tables import EVENTS


class Teller:
    """Writes signals; the events of all of them are read at once.

    Args:
        connection: Where from.
        kept: The signals.
    """

    def __init__(self, connection: Connection, kept: Sequence[Kept]) -> None:
        self._connection = connection
        self._events = _named(connection, {name for each in kept for name in (*each.finding.events, *each.finding.led)})

    def types(self, kept: Kept) -> set[str]:
        """Return the types of a signal's events."""
        return {str(each["type"]) for each in self._of(kept.finding.events)}

    def listed(self, kept: Kept) -> dict[str, Any]:
        """Return a signal as lists show it; `reason` in both languages."""
        found, unit = kept.finding, kept.unit
        return {
            "id": kept.id,
            "state": str(found.state),
            "severity": unit.severity,
            "policy": unit.policy,
            "revision": unit.revision,
            "pattern": unit.pattern,
            "key_path": unit.key_path,
            "key": unit.key,
            "first_time": found.first_time.isoformat(),
            "last_time": found.last_time.isoformat(),
            "created_at": kept.created_at.isoformat(),
            "changed_at": kept.changed_at.isoformat(),
            "reason": None if found.reason is None else {"zh": found.reason.zh, "en": found.reason.en},
            "events": self._of(found.events),
            "answers": {"first": _lists(found.first), "second": _lists(found.second)},
            "led": self._of(found.led),
        }

    def whole(self, kept: Kept) -> dict[str, Any]:
        """Return a signal with every state it has had, the first one first."""
        return {**self.listed(kept), "history": [_past(*each) for each in signals.history(self._connection, kept.id)]}

    def _of(self, names: Ids) -> list[dict[str, Any]]:
        return [self._events[name] for name in names if name in self._events]


def _lists(matches: tuple[Ids, ...] | None) -> list[list[str]] | None:
    return None if matches is None else [list(each) for each in matches]


def _past(at: datetime, what: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": at.isoformat(), **{name: what[name] for name in ("state", "reason", "events", "led")}}


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
