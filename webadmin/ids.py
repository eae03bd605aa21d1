"""Opaque ids that sort by the time they were made: UUID version 7 (RFC 9562), one after the other in a process.

No id lies more than `AHEAD` after its instant, and none before: so a range of instants is a range of ids.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID

_COUNTER = 74
"""Bits below the milliseconds that are free: 12 and 62."""

_MILLISECOND = timedelta(milliseconds=1)

_STEP = 1 << 32
"""Ids of one millisecond grow by a random number up to this, so that the next one cannot be guessed."""

AHEAD = timedelta(hours=1)
"""How far the clock may step back with ids still growing; after a larger step they go on from what it tells."""


class Ids:
    """Makes ids, each greater than the one before, unless the clock steps back by more than `AHEAD`."""

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
            grown = self._last + 1 + secrets.randbelow(_STEP)
            is_behind = fresh <= self._last and (grown >> _COUNTER) - milliseconds <= AHEAD // _MILLISECOND
            self._last = grown if is_behind else fresh
            value = self._last
        low = value & ((1 << 62) - 1)
        middle = value >> 62 & 0xFFF
        return str(UUID(int=(value >> _COUNTER) << 80 | 0x7 << 76 | middle << 64 | 0b10 << 62 | low))


_IDS = Ids()
new_id = _IDS.new
"""Returns a new id of this process."""


def first_of(now: datetime) -> str:
    """Return the smallest id that can have been made at an instant: what was made since sorts behind it."""
    milliseconds = max(0, int(now.timestamp() * 1000))  # before 1970 none was made
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62))


def end_of(now: datetime) -> str:
    """Return an id behind all that can have been made before an instant; some made soon after lie before it, too."""
    slack = AHEAD + timedelta(seconds=1)  # an instant as a float is not exact to the millisecond
    latest = datetime.max.replace(tzinfo=UTC) - slack
    return first_of(min(now, latest).astimezone(UTC) + slack)


def id_in(text: str | None) -> str | None:
    """Return the id a part of an address gives; None where it gives none: a list then begins with its first page."""
    return text if text and is_id(text) else None


def is_id(text: str) -> bool:
    """Say whether a text has the form of an id as this module writes it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
