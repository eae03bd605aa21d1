"""The database: its engine, and what SQLite must be told so that nothing committed is lost.

SQLite runs with a write-ahead log that is synchronised at every commit. Who writes, in whichever process, first takes
the write lock: a lock file beside the database (the system wakes the next in line; SQLite itself would poll, and
processes that poll starve one another), on PostgreSQL an advisory lock of the transaction.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFreeError

PATIENCE = 5000
"""Milliseconds SQLite waits for somebody who writes without the lock, a restore for instance."""

LARGEST_LOG = 64 * 1024 * 1024
"""Bytes the write-ahead log keeps once a long reader has let go of it; until then it grows."""

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten with zeros
    f"busy_timeout = {PATIENCE}",
    f"journal_size_limit = {LARGEST_LOG}",
    "temp_store = MEMORY",
)
"""What every connection to SQLite is told; nothing of it goes to the disk's folder for temporary files."""

_WRITES = "fairlead_writes"
"""Option of a connection that will write: SQLite is told at the beginning, so that it need not refuse in the middle."""

_ADVISORY = 0x6661_6972
"""Number of the advisory lock."""


def url_of(written: str) -> URL:
    """Return the address of a database as SQLAlchemy reads it.

    Args:
        written: `sqlite:///var/fairlead.db`, or `postgresql://…`, for which the driver is psycopg.

    Raises:
        ValueError: neither of them.
    """
    try:
        url = make_url(written)
    except Exception as error:
        msg = (
            "the database's address cannot be read: expected `sqlite:///<file>` or `postgresql://<user>@<host>/<name>`"
        )
        raise ValueError(msg) from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        msg = f"found a database of the kind `{url.get_backend_name()}`, expected a file of SQLite, or PostgreSQL"
        raise ValueError(msg)
    return url


def options(url: URL) -> dict[str, Any]:
    """Return the options of the engine for one database."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": PATIENCE / 1000, "check_same_thread": False}, "pool_size": 40}
    return {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": True}


def prepare(engine: Engine) -> None:
    """Set up every new connection of an engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def opened(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where `begun` says, not where the driver guesses
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def compact(engine: Engine, tables: Collection[str]) -> bool:
    """Write a database anew, so that nothing that was deleted is left in its files; nobody can write meanwhile.

    Args:
        engine: The database.
        tables: On PostgreSQL, the tables to write anew.

    Returns:
        False where somebody read all the while, so that the log of SQLite still holds old pages.
    """
    connection: Any = engine.raw_connection()
    try:
        if engine.dialect.name != "sqlite":
            connection.driver_connection.autocommit = True
            for table in sorted(tables):
                connection.driver_connection.execute(f"VACUUM (FULL) {table}")
            return True
        with WriteLock(engine).turn():
            connection.driver_connection.execute("VACUUM")
            busy, *_ = connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    finally:
        connection.invalidate()
        connection.close()


def touch(connection: Connection) -> None:
    """Write a page of the file or of the log, whatever else the transaction writes; nothing is changed by it."""
    if connection.dialect.name == "sqlite":
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")  # the first page is written, equal or not
    else:
        connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'fairlead', 'ready')")


class WriteLock:
    """What makes writers of all threads and processes take turns."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{_WRITES: True})
        self._thread = Lock()
        if engine.dialect.name == "sqlite":
            self._path = Path(str(engine.url.database) + ".lock")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that nobody else's writes can come into; commit at the end."""
        with self._thread:
            if self._engine.dialect.name == "sqlite":
                with self.turn(), self._writing.begin() as connection:
                    yield connection
            else:
                with self._engine.begin() as connection:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY})
                    yield connection

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other processes from writing to SQLite meanwhile."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)  # gives the lock back, too


SOON = 5
"""Seconds after which it is worth trying again."""

_PASSING_FILES = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOLCK,
    errno.EROFS,
}
"""The disk is full, or fails; too many files are open."""

_PASSING_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}

_PASSING_POSTGRESQL = ("08", "25006", "53", "57P", "58")
"""Beginnings of the states: the connection, a server that only reads, resources, shutting down, the system's errors."""


def is_passing(error: Exception) -> bool:
    """Say whether what went wrong may pass by itself or with more room on the disk: nothing is wrong with the work."""
    if isinstance(error, OSError):
        return error.errno in _PASSING_FILES
    if isinstance(error, NoneFreeError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _PASSING_SQLITE
    state = getattr(error.orig, "sqlstate", None)
    lost = isinstance(error, OperationalError) and state is None
    return lost or error.connection_invalidated or (state or "").startswith(_PASSING_POSTGRESQL)
