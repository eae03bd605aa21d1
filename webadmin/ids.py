"""Opaque ids that sort by the time they were made: UUID version 7 (RFC 9562), one after the other in a process."""

from __future__ import annotations

import secrets
from datetime import datetime
from threading import Lock
from uuid import UUID

_COUNTER = 74
"""Bits below the milliseconds that are free: 12 and 62."""

_STEP = 1 << 32
"""Ids of one millisecond grow by a random number up to this, so that the next one cannot be guessed."""


class Ids:
    """Makes ids, each greater than the one before, whatever the clock does."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def new(self, now: datetime) -> str:
        """Return a new id.

        Args:
            now: The instant, with offset.
        """
        milliseconds = int(now.timestamp() * 1000)
        with self._lock:
            fresh = milliseconds << _COUNTER | secrets.randbits(_COUNTER - 1)
            self._last = fresh if fresh > self._last else self._last + 1 + secrets.randbelow(_STEP)
            value = self._last
        low = value & ((1 << 62) - 1)
        middle = value >> 62 & 0xFFF
        return str(UUID(int=(value >> _COUNTER) << 80 | 0x7 << 76 | middle << 64 | 0b10 << 62 | low))


_IDS = Ids()
new_id = _IDS.new
"""Returns a new id of this process."""


def first_of(now: datetime) -> str:
    """Return the smallest id that can have been made at an instant: what was made since sorts behind it."""
    return str(UUID(int=int(now.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62))


def is_id(text: str) -> bool:
    """Say whether a text has the form of an id as this module writes it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
