"""Failed attempts to come in, counted in the database so that all processes count together."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from webadmin.store.tables import ATTEMPTS
from webadmin.store.writer import Transaction

FREE = 5
"""Failures in a row before anything is closed."""

FIRST = timedelta(seconds=30)
"""How long it is closed at first; each further failure doubles it."""

LONGEST = timedelta(minutes=15)
"""The longest it is closed."""

FORGOTTEN = timedelta(hours=24)
"""After so long without a failure the count begins anew."""


def closed_until(connection: Connection, names: tuple[str, ...], now: datetime) -> datetime | None:
    """Return until when attempts under one of some names are not looked at, None where they are."""
    keys = [_key(each) for each in names]
    chosen = select(ATTEMPTS.c.closed_until).where(ATTEMPTS.c.key.in_(keys), ATTEMPTS.c.closed_until > now)
    return max(connection.execute(chosen).scalars(), default=None)


def failed(transaction: Transaction, name: str, now: datetime, free: int = FREE) -> datetime | None:
    """Count a failure; return until when it is closed by that, None where it is not.

    Args:
        transaction: What it happens in.
        name: What is counted, such as a login or an address.
        now: The instant.
        free: Failures in a row before anything is closed.
    """
    transaction.flush()
    connection = transaction.connection
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.last_at < now - FORGOTTEN))
    before = connection.execute(select(ATTEMPTS.c.failures).where(ATTEMPTS.c.key == _key(name))).scalar()
    failures = (before or 0) + 1
    until = None if failures < free else now + min(FIRST * 2 ** min(failures - free, 10), LONGEST)
    values = {"failures": failures, "last_at": now, "closed_until": until}
    if before is None:
        transaction.add(ATTEMPTS, {"key": _key(name), **values})
    else:
        connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == _key(name)).values(values))
    return until


def forget(transaction: Transaction, name: str) -> None:
    """Begin the count anew: somebody came in."""
    transaction.flush()
    transaction.connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == _key(name)))


def _key(name: str) -> str:
    return hashlib.sha256(name.casefold().encode()).hexdigest()
