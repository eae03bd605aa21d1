"""Writing in groups: everybody's work is committed, nobody's failure is another's, chains have no gaps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

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
        waiting.wait(10)
        return noting("slow")(transaction)

    def twice(transaction: Transaction) -> None:
        row = {"id": "x" * 36, "name": "same", "created_at": NOW}
        transaction.add(CLIENTS, row, {**row, "id": "y" * 36})

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(record.writer.write, slow)
        holding.wait(10)
        good = [pool.submit(record.writer.write, noting("good")) for _ in range(2)]
        bad = pool.submit(record.writer.write, twice)
        while len(record.writer._queue) < 3:  # noqa: SLF001 - they are to wait together
            pass
        waiting.set()
        assert [each.result() for each in (first, *good)]
        with pytest.raises(IntegrityError):
            bad.result()

    with record.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(AUDIT)).scalar() == 3
        assert connection.execute(select(func.count()).select_from(CLIENTS)).scalar() == 0
    assert [seq for seq, _, _, _ in chain(record)] == [1, 2, 3]


def test_a_full_queue_is_said_and_nothing_is_written(record: Record) -> None:
    writer = Writer(record.engine, longest=0)

    with pytest.raises(BusyError) as raised:
        writer.write(noting("a"))

    assert raised.value.seconds == 1
    assert chain(record) == []
