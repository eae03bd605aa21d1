"""Audit entries of what a page shows: it is not shown before its entry is durable, and not at all where that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import abort

from webadmin import guard
from webadmin.store import readings
from webadmin.store.writer import BusyError, Transaction


def read(of: str, name: str) -> None:
    """Note that one `decision`, `person`, `customer`, `signal` or `contest` is read."""
    keep(partial(readings.note_read, act=guard.act(), name=name, of=of))


def listed(of: str, filters: Mapping[str, Any], names: Sequence[str]) -> None:
    """Note which `decisions`, `signals`, `cases`, `contests`, `people` or `customers` a list or a `search` shows.

    That a search finds none tells something, too.
    """
    if names or filters:
        keep(partial(readings.note_listed, act=guard.act(), of=of, filters=filters, names=names))


def taken(of: str, what: Mapping[str, Any]) -> None:
    """Note that a table is taken along."""
    keep(partial(readings.note_taken, act=guard.act(), of=of, what=what))


def keep(work: Callable[[Transaction], object]) -> None:
    """Write an entry, and wait until it is durable; answers 503 where that fails."""
    try:
        guard.record().writer.write(work)
    except BusyError:
        abort(503)
