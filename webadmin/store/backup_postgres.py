"""Backups of a PostgreSQL record, by its own tools: they must be on PATH, of the server's version or newer.

A backup is restored into a new database, verified there, and then takes the name of the old one, which keeps its data
under another name. That needs the right to make databases.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from webadmin.database import url_of
from webadmin.store.backup import ASKS, BackupError, Consent, Refusal, Restored, admitted, compare_heads, go_on, newest
from webadmin.store.heads import Heads, Place, sync_folder
from webadmin.store.record import Export
from webadmin.store.revisions import Act

_PACKAGE = "postgresql-client"

_DISK_FULL = "53100"
"""State of SQL: the server's disk is full."""

PROBE = 65_536
"""Bytes by which it is found out whether a file can grow."""


def back_up(address: str, target: Path, place: Place | None) -> Heads | None:
    """Write a dump of a database that may be written to meanwhile.

    Args:
        address: Of the database.
        target: The new file; on failure there is none.
        place: Where its heads are exported to; None: they are not compared.

    Returns:
        The exported heads that were found in the database; None where there were none.

    Raises:
        BackupError: the target exists or has no room, the tool is missing or fails, the server's disk is full, or the
            database lacks what was exported.
        DatabaseError: the database cannot be reached.
    """
    if target.exists():
        raise BackupError(Refusal.EXISTS, path=target)
    url, heads = url_of(address), newest(place)
    with _engine(url).connect() as connection:
        if heads is not None:
            compare_heads(connection, heads)
    new = target.with_name(f"{target.name}.part")
    new.unlink(missing_ok=True)
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with _with_room(file, target.parent):
            _run("pg_dump", url, "--format=custom", f"--file={new}", f"--dbname={url.database}")
            _run("pg_restore", url, "--list", str(new))  # it can be read again
            os.fsync(file)
        new.rename(target)
    finally:
        os.close(file)
        new.unlink(missing_ok=True)
    sync_folder(target.parent)
    return heads


def restore(backup: Path, address: str, export: Export, act: Act, consent: Consent = ASKS) -> Restored:
    """Put a backup in the place of a database; see `webadmin.store.backup.restore`.

    Raises:
        BackupError: the database is in use, the heads are newer, the backup is not sound, a tool is missing or fails,
            or the server's disk is full; nothing was changed.
        DatabaseError: the database cannot be reached.
    """
    if not backup.exists():
        raise BackupError(Refusal.MISSING, path=backup)
    url = url_of(address)
    name, new = str(url.database), f"{url.database}_restoring"
    aside = f"{name}_before_{act.now:%Y%m%dT%H%M%S}".lower()
    with telling_of_room(), _server(url) as server:
        _check_unused(server, name)
        _drop(server, new)
        server.execute(text(f"CREATE DATABASE {_quoted(new)} TEMPLATE template0 ENCODING 'UTF8'"))
        try:
            _run("pg_restore", url, "--no-owner", "--exit-on-error", f"--dbname={new}", str(backup))
            written = url.set(database=new).render_as_string(hide_password=False)
            report, entry = admitted(written, export.place, act, consent, backup.name)
            is_there = _check_unused(server, name)
            if is_there:
                server.execute(text(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(aside)}"))
            server.execute(text(f"ALTER DATABASE {_quoted(new)} RENAME TO {_quoted(name)}"))
        finally:
            _drop(server, new)
    go_on(address, export, act)
    return Restored(aside if is_there else None, entry, report)


def _check_unused(server: Connection, name: str) -> bool:
    """Say whether there is such a database.

    Raises:
        BackupError: somebody is connected to it.
    """
    users = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()")
    if server.execute(users, {"name": name}).scalar():
        raise BackupError(Refusal.IN_USE, path=name)
    return server.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).scalar() == 1


def _drop(server: Connection, name: str) -> None:
    server.execute(text(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _engine(url: URL) -> Engine:
    return create_engine(url, poolclass=NullPool)


@contextmanager
def _server(url: URL) -> Iterator[Connection]:
    """Give a connection beside the database, each statement by itself."""
    engine = create_engine(url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


@contextmanager
def _with_room(file: int, folder: Path) -> Iterator[None]:
    """Say of a tool that failed for want of room where it writes so; in its own words that depends on its language.

    Args:
        file: What it writes, open.
        folder: Where that lies.

    Raises:
        BackupError: there is no room.
    """
    try:
        yield
    except (BackupError, OSError) as error:
        try:
            os.pwrite(file, bytes(PROBE), os.fstat(file).st_size)
            os.fsync(file)
        except OSError as full:
            raise BackupError(Refusal.NO_ROOM, path=folder, said=full.strerror) from error
        raise


@contextmanager
def telling_of_room() -> Iterator[None]:
    """Say of a server whose disk is full so.

    Raises:
        BackupError: it is.
    """
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _DISK_FULL:
            raise
        raise BackupError(Refusal.SERVER_FULL, said=str(error.orig).strip().partition("\n")[0]) from error


def _run(tool: str, url: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL.

    Raises:
        BackupError: it is not there, or fails.
    """
    path = shutil.which(tool)
    if path is None:
        raise BackupError(Refusal.TOOL, tool=tool, package=_PACKAGE)
    done = subprocess.run(  # noqa: S603 - the tool and its options are ours
        [path, *arguments], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise _failure(tool, done)


def _failure(tool: str, done: subprocess.CompletedProcess[str]) -> BackupError:
    """Return why a tool failed, as far as what it says shows."""
    said = done.stderr.strip()[-500:]
    if done.returncode < 0:
        said = f"{signal.Signals(-done.returncode).name} {said}".strip()
    if "No space left on device" in said:
        return BackupError(Refusal.SERVER_FULL, said=said)
    if "server version mismatch" in said:
        return BackupError(Refusal.TOOL_OLD, tool=tool, package=_PACKAGE, said=said)
    return BackupError(Refusal.FAILED, tool=tool, said=said or str(done.returncode))


def _environment(url: URL) -> Mapping[str, str]:
    """Return what tells a tool the server; the password goes this way, or a list of processes would show it."""
    socket = url.query.get("host")
    host = url.host or (socket if isinstance(socket, str) else None)
    told = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    given = {name: str(value) for name, value in told.items() if value is not None}
    return {**os.environ, **given, "LC_ALL": "C", "LANGUAGE": "C"}  # `_failure` reads what it says
