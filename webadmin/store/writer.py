"""Writes in groups: one commit, and so one synchronisation of the disk, serves everybody who came meanwhile.

Whoever comes first commits for all who wait; the others find their work done. Nothing returns before its commit. A
piece of work that fails does not take the others with it: the group is rolled back and each piece is tried alone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, Table, func, insert, select
from sqlalchemy.exc import OperationalError

from webadmin.database import WriteLock
from webadmin.store.chain import Chain, Head, beginning, linked
from webadmin.store.tables import ENTRIES

T = TypeVar("T")

LARGEST_GROUP = 256
"""Pieces of work in one commit."""

LONGEST_QUEUE = 1024
"""Pieces of work that may wait."""


class BusyError(Exception):
    """Nothing was written: too many wait already, or the disk takes no more. Try again after `seconds`."""

    def __init__(self, reason: str, seconds: int = 1) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Transaction:
    """One group being written: reads see what is committed, rows are sent together at the end.

    Attributes:
        connection: For reads, and for writes that must stand before the end (`flush` first).
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)
        self._heads: dict[Chain, Head] = {}

    def add(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows; all rows of a table must name the same columns."""
        self._rows[table].extend(rows)

    def append(self, chain: Chain, row_id: str, digest: bytes) -> None:
        """Put an entry at the end of a chain."""
        before = self._heads.get(chain) or head(self.connection, chain)
        after = linked(before, chain, row_id, digest)
        self._heads[chain] = after
        self.add(
            ENTRIES, {"chain": str(chain), "seq": after.seq, "row_id": row_id, "digest": digest, "link": after.link}
        )

    def flush(self) -> None:
        """Send what was added so far."""
        rows, self._rows = self._rows, defaultdict(list)
        for table in sorted(rows, key=_order):
            self.connection.execute(insert(table), list(rows[table]))


@cache
def _order(table: Table) -> int:
    """Return where a table stands among all, those it refers to before it."""
    return list(table.metadata.sorted_tables).index(table)


def head(connection: Connection, chain: Chain) -> Head:
    """Return the end of a chain as it is committed."""
    columns = ENTRIES.c
    newest = select(func.max(columns.seq)).where(columns.chain == str(chain)).scalar_subquery()
    row = connection.execute(
        select(columns.seq, columns.link).where(columns.chain == str(chain), columns.seq == newest)
    ).first()
    return beginning(chain) if row is None else Head(row.seq, bytes(row.link))


class _Waiting(Generic[T]):
    """A piece of work that waits for its commit."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Transaction], T]) -> None:
        self.work = work
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]  # None is a result where T allows it


class Writer:
    """Writes for all threads of this process; other processes take turns with it by the write lock.

    Args:
        engine: The database.
        longest: Pieces of work that may wait.
        committed: Called after each commit; it must be quick.
    """

    def __init__(
        self, engine: Engine, longest: int = LONGEST_QUEUE, committed: Callable[[], None] = lambda: None
    ) -> None:
        self._committed = committed
        self._lock = WriteLock(engine)
        self._longest = longest
        self._queue: deque[_Waiting[Any]] = deque()
        self._turn = Lock()

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do a piece of work in a transaction, and return after its commit.

        Args:
            work: Reads and adds rows; called once more, alone, where its group had to be rolled back.

        Returns:
            What `work` returned.

        Raises:
            BusyError: nothing was written, and trying again later may help.
            Exception: whatever `work` raised; nothing of it was written.
        """
        if len(self._queue) >= self._longest:
            msg = "too many writes are waiting"
            raise BusyError(msg)
        waiting = _Waiting(work)
        self._queue.append(waiting)
        while not waiting.done:
            with self._turn:
                if not waiting.done:  # those who came before may have done it
                    self._commit([self._queue.popleft() for _ in range(min(len(self._queue), LARGEST_GROUP))])
        return waiting.outcome()

    def _commit(self, group: Sequence[_Waiting[Any]]) -> None:
        error = self._attempt(group)
        for each in group:
            if error is None or isinstance(error, BusyError) or len(group) == 1:
                each.error = error
            else:
                each.error = self._attempt([each])
            each.done = True

    def _attempt(self, group: Sequence[_Waiting[Any]]) -> BaseException | None:
        """Return what went wrong; nothing is written then."""
        try:
            self._together(group)
        except OperationalError as error:
            return _busy(error) or error
        except BaseException as error:  # noqa: BLE001 - raised again where the work came from
            return error
        return None

    def _together(self, group: Sequence[_Waiting[Any]]) -> None:
        with self._lock.writing() as connection:
            transaction = Transaction(connection)
            results = [each.work(transaction) for each in group]
            transaction.flush()
        self._committed()
        for each, result in zip(group, results, strict=True):
            each.result = result


def _busy(error: OperationalError) -> BusyError | None:
    """Return what to tell a caller where the database is full or cannot be reached just now."""
    said = str(error.orig).lower()
    passing = ("full", "locked", "busy", "disk i/o", "unable to open", "no space", "connection", "shutting down")
    if any(word in said for word in passing):
        return BusyError(f"the database takes no writes just now: {error.orig}", 5)
    return None
