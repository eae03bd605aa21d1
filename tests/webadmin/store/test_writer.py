"""Writing in groups: everybody's work is committed, nobody's failure is another's, chains have no gaps."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event
from time import sleep

import pytest
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.patience import LONG
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.chain import Chain, Head, beginning, linked
from webadmin.store.record import Record
from webadmin.store.tables import AUDIT, CLIENTS, ENTRIES
from webadmin.store.writer import BusyError, Transaction, Writer

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def noting(name: str) -> Callable[[Transaction], str]:
    return lambda transaction: audit.note(transaction, NOW, "system", Action.CHANGED, name)


def chain(record: Record) -> list[tuple[int, str, bytes, bytes]]:
    with record.engine.connect() as connection:
        columns = ENTRIES.c
        rows = connection.execute(
            select(columns.seq, columns.row_id, columns.digest, columns.link).order_by(columns.seq)
        )
        return [(row.seq, row.row_id, bytes(row.digest), bytes(row.link)) for row in rows]


def test_work_is_committed_when_it_returns(record: Record) -> None:
    name = record.writer.write(noting("a"))

    with record.engine.connect() as connection:
        assert connection.execute(select(AUDIT.c.id)).scalars().all() == [name]


def test_many_threads_make_one_chain_without_gaps(record: Record) -> None:
    barrier = Barrier(8)

    def work(number: int) -> list[str]:
        barrier.wait()
        return [record.writer.write(noting(f"{number}-{each}")) for each in range(25)]

    with ThreadPoolExecutor(8) as pool:
        names = [name for each in pool.map(work, range(8)) for name in each]

    entries = chain(record)
    assert sorted(row_id for _, row_id, _, _ in entries) == sorted(names)
    assert [seq for seq, _, _, _ in entries] == list(range(1, 201))
    head = beginning(Chain.AUDIT)
    for seq, row_id, digest, link in entries:
        head = linked(head, Chain.AUDIT, row_id, digest)
        assert head == Head(seq, link)


def test_two_writers_take_turns(record: Record) -> None:
    """As two processes would: each reads the end of the chain under the lock."""
    other = Writer(record.engine)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda writer: [writer.write(noting(str(each))) for each in range(40)], [record.writer, other]))

    assert [seq for seq, _, _, _ in chain(record)] == list(range(1, 81))


def test_a_failing_piece_of_work_does_not_take_the_others_with_it(record: Record) -> None:
    """The first holds the turn until the others wait, so that they are one group."""
    holding, waiting = Event(), Event()

    def slow(transaction: Transaction) -> str:
        holding.set()
        waiting.wait(LONG)
        return noting("slow")(transaction)

    def twice(transaction: Transaction) -> None:
        row = {"id": "x" * 36, "name": "same", "created_at": NOW}
        transaction.add(CLIENTS, row, {**row, "id": "y" * 36})

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(record.writer.write, slow)
        holding.wait(LONG)
        good = [pool.submit(record.writer.write, noting("good")) for _ in range(2)]
        bad = pool.submit(record.writer.write, twice)
        while len(record.writer._queue) < 3:  # noqa: SLF001 - they are to wait together
            sleep(0.001)
        waiting.set()
        assert [each.result() for each in (first, *good)]
        with pytest.raises(IntegrityError):
            bad.result()

    with record.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(AUDIT)).scalar() == 3
        assert connection.execute(select(func.count()).select_from(CLIENTS)).scalar() == 0
    assert [seq for seq, _, _, _ in chain(record)] == [1, 2, 3]


def breaking(record: Record, *, after: bool) -> None:
    """Break the connection at the next commit: before the database has it, or after, when only the answer is lost."""
    broken = []

    @event.listens_for(record.engine, "commit")
    def commit(connection: Connection) -> None:
        if broken:
            return
        broken.append(connection)
        raw = connection.connection.driver_connection
        assert raw is not None
        if after:
            raw.commit()
        is_sqlite = connection.dialect.name == "sqlite"
        lost = sqlite3.OperationalError if is_sqlite else connection.dialect.loaded_dbapi.OperationalError
        error = lost("disk I/O error" if is_sqlite else "the connection is lost")
        if is_sqlite:
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise OperationalError("COMMIT", None, error)


def test_a_commit_that_failed_wrote_nothing_and_may_be_tried_again(record: Record) -> None:
    breaking(record, after=False)

    with pytest.raises(BusyError):
        record.writer.write(noting("a"))
    record.writer.write(noting("b"))

    assert [seq for seq, _, _, _ in chain(record)] == [1]


def test_a_commit_whose_answer_was_lost_counts(record: Record) -> None:
    """Else the caller would try again, and the decision would be there twice."""
    breaking(record, after=True)

    name = record.writer.write(noting("a"))
    record.writer.write(noting("b"))

    assert [(seq, row_id == name) for seq, row_id, _, _ in chain(record)] == [(1, True), (2, False)]


def test_a_server_that_ends_the_connection_wrote_nothing(record: Record) -> None:
    if record.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")

    def ended(transaction: Transaction) -> None:
        noting("a")(transaction)
        own = transaction.connection.execute(text("SELECT pg_backend_pid()")).scalar()
        with record.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})

    with pytest.raises(BusyError):
        record.writer.write(ended)
    record.writer.write(noting("b"))

    assert [seq for seq, _, _, _ in chain(record)] == [1]


def test_a_disk_that_takes_no_lock_file_is_said(tmp_path: Path) -> None:
    record = Record.open(f"sqlite:///{tmp_path / 'record.db'}")
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
    other = Writer(record.engine)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, descriptors[1]))
    try:
        with pytest.raises(BusyError):
            other.write(noting("a"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, descriptors)

    other.write(noting("a"))
    record.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list open files there")
def test_a_closed_record_leaves_no_file_open(tmp_path: Path) -> None:
    record = Record.open(f"sqlite:///{tmp_path / 'record.db'}")
    record.writer.write(noting("a"))
    record.close()

    opened = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert [each for each in opened if each.startswith(str(tmp_path))] == []


def test_a_full_queue_is_said_and_nothing_is_written(record: Record) -> None:
    writer = Writer(record.engine, longest=0)

    with pytest.raises(BusyError) as raised:
        writer.write(noting("a"))

    assert raised.value.seconds == 1
    assert chain(record) == []
