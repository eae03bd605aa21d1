"""Answers to calls that named a key: kept for a day in the transaction of what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from webadmin.store.tables import IDEMPOTENCY
from webadmin.store.writer import Transaction

KEPT = timedelta(hours=24)
"""How long an answer is kept."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a call is known by.

    Attributes:
        client_id: Whose it is.
        key: As the client chose it.
        request: SHA-256 over everything that must be the same when it comes again.
    """

    client_id: str
    key: str
    request: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept."""

    request: bytes
    status: int
    response: str


def find(connection: Connection, key: Key, now: datetime) -> Kept | None:
    """Return the answer kept for a key, None where there is none that still counts."""
    columns = IDEMPOTENCY.c
    row = connection.execute(
        select(columns.request, columns.status, columns.response).where(
            columns.client_id == key.client_id, columns.key == key.key, columns.created_at > now - KEPT
        )
    ).first()
    return None if row is None else Kept(bytes(row.request), row.status, row.response)


def keep(transaction: Transaction, key: Key, status: int, response: str, now: datetime) -> None:
    """Keep an answer; one of the same key that no longer counts gives way."""
    columns = IDEMPOTENCY.c
    transaction.connection.execute(
        delete(IDEMPOTENCY).where(
            columns.client_id == key.client_id, columns.key == key.key, columns.created_at <= now - KEPT
        )
    )
    transaction.add(
        IDEMPOTENCY,
        {
            "client_id": key.client_id,
            "key": key.key,
            "request": key.request,
            "status": status,
            "response": response,
            "created_at": now,
        },
    )


def sweep(transaction: Transaction, now: datetime) -> None:
    """Remove the answers that no longer count."""
    transaction.connection.execute(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.created_at <= now - KEPT))
