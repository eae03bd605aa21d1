"""Backups of a SQLite record, taken while others write, and put in its place again.

A copy is one consistent state: it is checked after copying, and has its name only once it is whole. A restored
database is verified before it takes the place of the old one, which is kept aside.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine

from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.heads import Heads, HeadsError, Outside, Place, Trouble, check_contained, everything, sync_folder
from webadmin.store.record import Export, Record
from webadmin.store.report import Report
from webadmin.store.revisions import Act
from webadmin.store.verify import Scope, verify

PAGES = 2048
"""Pages copied between two tellings of progress."""


class Refusal(StrEnum):
    """Why a backup is not taken or not restored."""

    MISSING = "backup-missing"
    EXISTS = "backup-exists"
    DAMAGED = "backup-damaged"
    NO_ROOM = "backup-no-room"
    IN_USE = "restore-in-use"
    NEWER = "restore-newer"
    UNSOUND = "restore-unsound"
    HEADS = "backup-heads"
    TOOL = "backup-tool"
    TOOL_OLD = "backup-tool-old"
    SERVER_FULL = "backup-server-full"
    FAILED = "backup-failed"


class BackupError(Exception):
    """A backup was not taken or not restored; nothing was changed.

    Attributes:
        why: A word that stays the same.
        values: What its sentence names.
        report: What verification found, where that is the reason.
    """

    def __init__(self, why: Refusal, report: Report | None = None, **values: object) -> None:
        super().__init__(f"{why}: {values}")
        self.why = why
        self.report = report
        self.values = {name: str(value) for name, value in values.items()}


def _unseen(_done: int, _total: int) -> None:
    return


def back_up(
    source: Path, target: Path, place: Place | None, told: Callable[[int, int], None] = _unseen
) -> Heads | None:
    """Copy a database that may be written to meanwhile; the copy is checked, on disk, and its owner's alone.

    Args:
        source: The file of the database.
        target: The new file; on failure there is none.
        place: Where the heads of the database are exported to; None: they are not compared.
        told: Called with pages done and pages in all.

    Returns:
        The exported heads that were found in the copy; None where there were none.

    Raises:
        BackupError: there is no such database, the target exists or has no room, or the copy is damaged or lacks what
            was exported.
    """
    heads = newest(place)

    def compare(path: Path) -> None:
        if heads is not None:
            engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
            with engine.connect() as connection:
                compare_heads(connection, heads)

    _copied(source, target, told, compare)
    return heads


def newest(place: Place | None) -> Heads | None:
    """Return the newest exported heads.

    Raises:
        BackupError: they cannot be relied on.
    """
    try:
        return None if place is None else place.newest()
    except HeadsError as error:
        raise BackupError(Refusal.HEADS, where=error.where) from error


def compare_heads(connection: Connection, heads: Heads) -> None:
    """Make sure a database holds what was exported.

    Raises:
        BackupError: it does not.
    """
    try:
        check_contained(connection, heads)
    except HeadsError as error:
        raise BackupError(Refusal.HEADS, where=error.where) from error


def _copied(
    source: Path, target: Path, told: Callable[[int, int], None], compare: Callable[[Path], None] = lambda _: None
) -> None:
    """Copy a database under another name first; it gets its own once it was checked and is on disk."""
    if not source.exists():
        raise BackupError(Refusal.MISSING, path=source)
    if target.exists():
        raise BackupError(Refusal.EXISTS, path=target)
    new = target.with_name(f"{target.name}.part")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        _copy(source, new, told)
        check(new)
        compare(new)
        _synced(new)
        new.rename(target)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(target.parent)


def _copy(source: Path, target: Path, told: Callable[[int, int], None]) -> None:
    try:
        with closing(_reading(source)) as old, closing(sqlite3.connect(target)) as new:
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this state alone
            old.backup(new, pages=PAGES, progress=lambda _, left, total: told(total - left, total))
            new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    except sqlite3.DatabaseError as error:
        if _is_of_target(error):
            raise BackupError(Refusal.NO_ROOM, path=target.parent, said=error) from error
        raise BackupError(Refusal.DAMAGED, path=source, said=error) from error


_READING = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}


def _is_of_target(error: sqlite3.DatabaseError) -> bool:
    """Say whether copying failed where it writes; the source is only read."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and code not in _READING


def check(path: Path) -> None:
    """Check that the pages of a database hold together.

    Raises:
        BackupError: they do not, or it is no database.
    """
    try:
        with closing(_reading(path)) as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupError(Refusal.DAMAGED, path=path, said=error) from error
    if said != "ok":
        raise BackupError(Refusal.DAMAGED, path=path, said=said)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _synced(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring came to.

    Attributes:
        aside: Where the old database is kept; None where there was none.
        entry: The audit entry.
        report: What verification found in the backup.
    """

    aside: str | None
    entry: str
    report: Report


@dataclass(frozen=True, slots=True)
class Consent:
    """What is restored all the same.

    Attributes:
        older: A backup that lacks what the exported heads tell of: it is lost.
        altered: A backup in which verification finds something wrong.
    """

    older: bool = False
    altered: bool = False


ASKS = Consent()


def restore(backup: Path, target: Path, export: Export, act: Act, consent: Consent = ASKS) -> Restored:
    """Put a backup in the place of a database.

    Args:
        backup: The file.
        target: The file of the database.
        export: Where the heads of the database are exported to.
        act: Who restores, and when.
        consent: What is restored all the same.

    Raises:
        BackupError: the database is in use, the heads are newer, or the backup is not sound; nothing was changed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _check_unused(target)
    new = target.with_name(f"{target.name}.restoring")
    remove(new)
    _copied(backup, new, _unseen)
    try:
        report, entry = admitted(f"sqlite:///{new}", export.place, act, consent, backup.name)
        aside = _set_aside(target, act)
        new.rename(target)
    finally:
        remove(new)
    sync_folder(target.parent)
    go_on(f"sqlite:///{target}", export, act)
    return Restored(None if aside is None else str(aside), entry, report)


def admitted(address: str, place: Place, act: Act, consent: Consent, source: str) -> tuple[Report, str]:
    """Verify a copy that is to take the place of a database, and note in it that it was restored.

    Returns:
        What verification found, and the audit entry.

    Raises:
        BackupError: the exported heads are newer, or something is wrong; not with consent.
    """
    record = Record.open(address)
    try:
        outside = everything(place)
        with record.reading() as connection:
            own, lost = _held(connection, outside)
            if lost is not None and not consent.older:
                raise BackupError(Refusal.NEWER, at=lost.at.isoformat(), file=place.path)
            report = verify(connection, record.catalogue, own, Scope(0))
        if not report.holds and not consent.altered:
            raise BackupError(Refusal.UNSOUND, report, count=report.wrong)
        what = {
            "source": source,
            "forced": consent.older,
            "lost": None if lost is None else lost.at.isoformat(),
            "findings": report.wrong,
            "first": {name: {"seq": each.seq, "wrong": str(each.wrong)} for name, each in report.first.items()},
        }
        entry = record.writer.write(
            lambda transaction: audit.note(transaction, act.now, act.actor, Action.RESTORED, source, what)
        )
    finally:
        record.close()
    return report, entry


def _held(connection: Connection, outside: Outside) -> tuple[Outside, Heads | None]:
    """Return the exported heads a database holds, and the newest it does not."""
    own, lost = [], None
    for each in outside.heads:
        try:
            check_contained(connection, each)
        except HeadsError:
            lost = each
        else:
            own.append(each)
    return Outside(tuple(own), tuple(each for each in outside.troubles if each.trouble is not Trouble.NONE)), lost


def go_on(address: str, export: Export, act: Act) -> None:
    """Export the heads of a restored database; those it does not hold are put aside with their files."""
    record = Record.open(address, export)
    try:
        outside = everything(export.place)
        with record.reading() as connection:
            own, lost = _held(connection, outside)
        if lost is not None or own.troubles:
            _part(export.place, own, act)
        if record.exporter is not None:
            record.exporter.export()
    finally:
        record.close()


def _part(place: Place, own: Outside, act: Act) -> None:
    """Put the files of heads aside, and keep in new ones what a database holds of them."""
    with place.locked():
        for path in (place.path, place.history):
            if path.exists():
                path.rename(_aside(path, act))
        for each in own.heads:
            place.remember(each)


def _check_unused(target: Path) -> None:
    """Fold the log of a database into it, which is refused while anybody else has it open.

    Raises:
        BackupError: somebody has.
    """
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(Refusal.IN_USE, path=target) from error
    except sqlite3.DatabaseError:  # it is damaged, and kept as it is
        return


def _set_aside(target: Path, act: Act) -> Path | None:
    """Move a database nobody uses aside, with its log where that could not be folded into it."""
    if not target.exists():
        return None
    _check_unused(target)
    aside = _aside(target, act)
    for ending in ("-wal", "-shm", ""):
        path = Path(f"{target}{ending}")
        if path.exists():
            path.rename(f"{aside}{ending}")
    return aside


def _aside(path: Path, act: Act) -> Path:
    return path.with_name(f"{path.name}.before-{act.now:%Y%m%dT%H%M%S%f}")


def remove(path: Path) -> None:
    """Remove a database that was never in use, with what stands beside it."""
    for ending in ("", "-wal", "-shm", "-journal", ".lock"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
