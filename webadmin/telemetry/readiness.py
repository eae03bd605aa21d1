"""Whether the server can work: each part that matters answers for itself.

What is needed makes the whole unready while it does not work; the rest makes it `degraded`. Another part of the
product that has something to say is added with `Readiness.add`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from webadmin.telemetry.logs import logger

FRESH = 3
"""Seconds an answer is kept, so that many who ask do no harm: to ask may mean to write."""


@dataclass(frozen=True, slots=True)
class State:
    """How one part is.

    Attributes:
        says: Figures and words without anything about people.
    """

    works: bool
    says: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Part:
    check: Callable[[], State]
    needed: bool


class Readiness:
    """Asks every part; safe to share between threads."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._lock = Lock()
        self._kept: tuple[float, int, dict[str, Any]] | None = None

    def add(self, name: str, check: Callable[[], State], *, needed: bool) -> None:
        """Let a part answer; one that raises does not work."""
        self._parts[name] = _Part(check, needed)

    def told(self) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and what every part says."""
        with self._lock:
            if self._kept is None or monotonic() > self._kept[0]:
                self._kept = (monotonic() + FRESH, *self._asked())
            return self._kept[1], self._kept[2]

    def _asked(self) -> tuple[int, dict[str, Any]]:
        states = {name: _state(part) for name, part in self._parts.items()}
        unready = any(not states[name].works for name, part in self._parts.items() if part.needed)
        works = all(state.works for state in states.values())
        word = "ready" if works else "unready" if unready else "degraded"
        parts = {name: {"works": state.works, **state.says} for name, state in states.items()}
        return 503 if unready else 200, {"status": word, "parts": parts}


def _state(part: _Part) -> State:
    try:
        return part.check()
    except Exception:  # noqa: BLE001 - whatever it is, the part does not work
        logger().warning("not ready", exc_info=True)
        return State(works=False, says={})
