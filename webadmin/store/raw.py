"""Reads rows as they lie on the disk, for proving them: a value no converter could take is data here, not an error.

SQLite keeps any bytes in any column. Instants are compared as the texts they are there, undecodable bytes are carried
through, so that every altered byte is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, type_coerce
from sqlalchemy.types import NullType


def raw(column: Column[Any]) -> ColumnElement[Any]:
    """Return a column whose values come without conversion, by its own name."""
    return type_coerce(column, NullType()).label(column.name)


def columns(table: Table) -> list[ColumnElement[Any]]:
    """Return all columns of a table without conversion."""
    return [raw(column) for column in table.columns]


@contextmanager
def undecoded(connection: Connection) -> Iterator[None]:
    """Let texts of SQLite that are no UTF-8 come with their bytes as lone surrogates meanwhile."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    before = driver.text_factory
    driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before


def same(found: object, expected: object) -> bool:
    """Say whether a raw value is what a column holds for a value."""
    if isinstance(found, str) and isinstance(expected, datetime):
        return found == written(expected)
    if isinstance(found, str) and isinstance(expected, date):
        return found == expected.isoformat()
    if isinstance(expected, bool) and type(found) is int:  # as SQLite keeps them
        return found == int(expected)
    return type(found) is type(expected) and found == expected


def written(instant: datetime) -> str:
    """Return an instant as SQLite keeps it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def plain(found: object) -> Any:
    """Return a raw value as plain data, the same for SQLite and PostgreSQL; instants as SQLite keeps them."""
    if isinstance(found, datetime):
        return written(found)
    if isinstance(found, bytes | memoryview):
        return bytes(found).hex()
    return found


def digest_bytes(salt: object, body: object) -> bytes:
    """Return what a row's digest is made over; for rows that cannot be right something no digest fits."""
    if not isinstance(body, str) or not isinstance(salt, bytes | memoryview):
        return b"\x00"
    return bytes(salt) + body.encode("utf-8", "surrogateescape")


def sha(taken: bytes) -> bytes:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(taken).digest()
