"""Work that is prepared while others write: a rehearsal gathers what it would write, the write lock is only for that.

What it found must still stand when it is written. Whatever changes people, teams, absences, customers or deals tells an
event of ours, and an erasure tells an audit entry; so the entries made since the rehearsal say whether it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, select

from webadmin.store.audit import Action
from webadmin.store.chain import Chain
from webadmin.store.changes import SOURCE
from webadmin.store.sending import order, prepared
from webadmin.store.tables import AUDIT, ENTRIES, EVENTS
from webadmin.store.writer import Transaction, head


class StaleError(Exception):
    """What a rehearsal found stands no more: nothing was written, rehearse again."""


class Rehearsal(Transaction):
    """Takes what a transaction takes and sends nothing; work that reads back what it has written cannot be rehearsed.

    Args:
        connection: For reads; it must see one state throughout.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._steps: list[Callable[[Connection], object]] = []
        self._entries: list[tuple[Chain, str, bytes]] = []
        self._seen = {chain: head(connection, chain).seq for chain in (Chain.EVENTS, Chain.AUDIT)}

    def append(self, chain: Chain, row_id: str, digest: bytes) -> None:
        """Gather an entry; only under the lock is it known what it follows."""
        self._entries.append((chain, row_id, digest))

    def run(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Gather a statement."""
        self._steps.append(lambda connection: connection.execute(statement, rows))

    def flush(self) -> None:
        """Gather what was added so far, ready to be sent."""
        rows = self._taken()
        for table in sorted(rows, key=order):
            text, values = prepared(self.connection.dialect, table, rows[table])
            self._steps.append(
                lambda connection, text=text, values=values: connection.exec_driver_sql(text, values)  # type: ignore[misc]
            )

    def write(self, transaction: Transaction, *, all_events: bool) -> None:
        """Write what was gathered.

        Args:
            transaction: Where to.
            all_events: Whether events of others count, too: the work looked for some of them.

        Raises:
            StaleError: something it hangs on has changed meanwhile.
        """
        transaction.flush()
        changed = [self._since(Chain.AUDIT, AUDIT.c.id, AUDIT.c.action == str(Action.ERASED))]
        changed.append(self._since(Chain.EVENTS, EVENTS.c.id, *(() if all_events else (EVENTS.c.source == SOURCE,))))
        if any(transaction.connection.execute(each).first() is not None for each in changed):
            raise StaleError
        for step in self._steps:
            step(transaction.connection)
        for chain, row_id, digest in self._entries:
            transaction.append(chain, row_id, digest)

    def _since(self, chain: Chain, row: ColumnElement[str], *conditions: ColumnElement[bool]) -> Any:
        """Return the query for a row of a chain that came since the rehearsal."""
        new = (ENTRIES.c.chain == str(chain), ENTRIES.c.seq > self._seen[chain])
        return select(ENTRIES.c.seq).join(row.table, row == ENTRIES.c.row_id).where(*new, *conditions).limit(1)
