"""Writes in groups: one commit, and so one synchronisation of the disk, serves everybody who came meanwhile.

Whoever comes first commits for all who wait, and then hands the turn to the next in line; each sleeps until its work
is done or its turn has come. Nothing returns before its commit. A piece of work that fails does not take the others
with it: the group is rolled back and each piece is tried alone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from time import sleep
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, Executable, Table, select, text
from sqlalchemy.exc import SQLAlchemyError

from webadmin.database import SOON, WriteLock, is_passing
from webadmin.store.chain import Chain, Head, beginning, linked
from webadmin.store.sending import order, send
from webadmin.store.tables import ENTRIES

T = TypeVar("T")

LARGEST_GROUP = 256
"""Pieces of work in one commit."""

LONGEST_QUEUE = 1024
"""Pieces of work that may wait."""

LOOKS = (0, 0.1, 0.5, 2)
"""Seconds before each look at whether a commit that failed has come through all the same."""


class BusyError(Exception):
    """Nothing was written: too many wait already, or the disk takes no more. Try again after `seconds`."""

    def __init__(self, reason: str, seconds: int = 1) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Transaction:
    """One group being written: reads see what is committed, rows are sent together at the end.

    Attributes:
        connection: For reads, and for writes that must stand before the end (`flush` first).
        heads: Ends of the chains that grew, as they will be.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.heads: dict[Chain, Head] = {}
        self._rows: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)

    def add(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows; all rows of a table must name the same columns."""
        self._rows[table].extend(rows)

    def append(self, chain: Chain, row_id: str, digest: bytes) -> None:
        """Put an entry at the end of a chain."""
        before = self.heads.get(chain) or head(self.connection, chain)
        after = linked(before, chain, row_id, digest)
        self.heads[chain] = after
        self.add(
            ENTRIES, {"chain": str(chain), "seq": after.seq, "row_id": row_id, "digest": digest, "link": after.link}
        )

    def run(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Change or remove rows that stand already, at once."""
        self.connection.execute(statement, rows)

    def flush(self) -> None:
        """Send what was added so far."""
        rows = self._taken()
        for table in sorted(rows, key=order):
            send(self.connection, table, rows[table])

    def _taken(self) -> dict[Table, list[Mapping[str, Any]]]:
        rows, self._rows = self._rows, defaultdict(list)
        return {table: each for table, each in rows.items() if each}


_HEAD = text("SELECT seq, link FROM chain_entries WHERE chain = :chain ORDER BY seq DESC LIMIT 1")


def head(connection: Connection, chain: Chain) -> Head:
    """Return the end of a chain as it is committed."""
    row = connection.execute(_HEAD, {"chain": str(chain)}).first()
    return beginning(chain) if row is None else Head(row.seq, bytes(row.link))


class _Waiting(Generic[T]):
    """A piece of work that waits for its commit."""

    __slots__ = ("done", "error", "leads", "result", "wake", "work")

    def __init__(self, work: Callable[[Transaction], T]) -> None:
        self.work = work
        self.done = False
        self.leads = False
        self.result: T | None = None
        self.error: BaseException | None = None
        self.wake = Lock()
        self.wake.acquire()

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

    Attributes:
        observe: Told how many pieces of work each commit took; it must be quick.
    """

    def __init__(
        self, engine: Engine, longest: int = LONGEST_QUEUE, committed: Callable[[], None] = lambda: None
    ) -> None:
        self._committed = committed
        self._engine = engine
        self._lock = WriteLock(engine)
        self._longest = longest
        self._queue: deque[_Waiting[Any]] = deque()
        self._guard = Lock()
        self._led = False
        self.observe: Callable[[int], None] = lambda _: None

    @property
    def waiting(self) -> int:
        """Return how many pieces of work wait."""
        return len(self._queue)

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
        waiting = _Waiting(work)
        try:
            self._enter(waiting)
            if not waiting.leads:
                waiting.wake.acquire()
            if waiting.leads:
                self._commit(self._taken())
        finally:
            self._leave(waiting)
        return waiting.outcome()

    def _enter(self, waiting: _Waiting[Any]) -> None:
        with self._guard:
            if len(self._queue) >= self._longest:
                msg = "too many writes are waiting"
                raise BusyError(msg)
            self._queue.append(waiting)
            if not self._led:
                self._led = waiting.leads = True

    def _taken(self) -> list[_Waiting[Any]]:
        """Return those who are committed next."""
        with self._guard:
            return [self._queue.popleft() for _ in range(min(len(self._queue), LARGEST_GROUP))]

    def _leave(self, waiting: _Waiting[Any]) -> None:
        """Let the next in line lead; whoever was interrupted while it waited leaves the line."""
        with self._guard:
            if not waiting.done and waiting in self._queue:
                self._queue.remove(waiting)
            if not waiting.leads:
                return
            self._led = bool(self._queue)
            if self._led:
                self._queue[0].leads = True
                self._queue[0].wake.release()

    def _commit(self, group: Sequence[_Waiting[Any]]) -> None:
        error = self._attempt(group)
        self.observe(len(group))
        for each in group:
            if error is None or isinstance(error, BusyError) or len(group) == 1:
                each.error = error
            else:
                each.error = self._attempt([each])
            each.done = True
            if not each.leads:
                each.wake.release()

    def _attempt(self, group: Sequence[_Waiting[Any]]) -> BaseException | None:
        """Return what went wrong; nothing is written then."""
        heads: dict[Chain, Head] = {}
        try:
            self._together(group, heads)
        except (OSError, SQLAlchemyError) as error:
            if not heads:
                return busy(error) or error
            return self._after_all(heads, error)
        except BaseException as error:  # noqa: BLE001 - raised again where the work came from
            return error
        return None

    def _together(self, group: Sequence[_Waiting[Any]], heads: dict[Chain, Head]) -> None:
        """Do all of a group; `heads` are filled right before the commit."""
        with self._lock.writing() as connection:
            transaction = Transaction(connection)
            for each in group:
                each.result = each.work(transaction)
            transaction.flush()
            heads.update(transaction.heads)
        self._committed()

    def _after_all(self, heads: Mapping[Chain, Head], error: Exception) -> Exception | None:
        """Return what a failed commit means; a connection may break after the database has committed."""
        for pause in LOOKS:
            sleep(pause)
            try:
                with self._engine.connect() as connection:
                    stands = all(_stands(connection, chain, each) for chain, each in heads.items())
            except (OSError, SQLAlchemyError):
                continue
            return None if stands else busy(error) or error
        return error


def _stands(connection: Connection, chain: Chain, end: Head) -> bool:
    """Say whether a chain holds what was its end."""
    columns = ENTRIES.c
    found = connection.execute(select(columns.link).where(columns.chain == str(chain), columns.seq == end.seq)).scalar()
    return found is not None and bytes(found) == end.link


def busy(error: Exception) -> BusyError | None:
    """Return what to tell a caller where the database takes no writes just now; None for what waiting cannot mend."""
    if not is_passing(error):
        return None
    return BusyError(f"the database takes no writes just now: {getattr(error, 'orig', None) or error}", SOON)
