"""The tokens this process has seen lately: asked of the database again after less than half a second.

So a token revoked in any process is refused in all of them within a second, and a busy client costs no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy import Engine

from webadmin.access import tokens
from webadmin.access.tokens import Holder

FRESH = 0.4
"""Seconds an answer of the database is relied on."""

MOST = 1000
"""Tokens remembered; only ones that are good, so that nobody fills this with bad ones."""


@dataclass(frozen=True, slots=True)
class _Seen:
    holder: Holder
    until: float


class Keyring:
    """Finds who comes with a token; safe to share between threads.

    Args:
        engine: The database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[bytes, _Seen] = {}

    def holder(self, secret: str, now: datetime) -> Holder | None:
        """Return who comes with a token; None where it opens nothing (any more)."""
        digest = tokens.digest_of(secret)
        seen = self._seen.get(digest)
        if seen is not None and monotonic() < seen.until:
            return seen.holder if now < seen.holder.expires_at else None
        until = monotonic() + FRESH  # from before the database was asked
        with self._engine.connect() as connection:
            found = tokens.holder(connection, secret, now)
        if found is None:
            self._seen.pop(digest, None)
            return None
        if len(self._seen) >= MOST:
            self._seen.clear()
        self._seen[digest] = _Seen(found, until)
        return found
