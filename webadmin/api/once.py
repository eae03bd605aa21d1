"""Calls that name a key are carried out once: whoever comes again gets the same bytes.

Within this process equal keys wait for one another; between processes the write lock decides, under which the key is
looked up once more. What was refused is not kept, so its key can be used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from webadmin.api.problems import ProblemError
from webadmin.store import idempotency
from webadmin.store.idempotency import Kept, Key
from webadmin.store.record import Record
from webadmin.store.writer import Transaction

PATIENCE = 5
"""Seconds a call waits for an equal one that is being carried out."""

SWEPT_EVERY = 60
"""Seconds between two removals of what no longer counts."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is given once `keep` is committed."""

    status: int
    body: str
    keep: Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer.

    Attributes:
        again: Whether it had been given before.
    """

    status: int
    body: str
    again: bool = False


class _Turn:
    """Who works on one key; the others wait for the lock."""

    __slots__ = ("lock", "users")

    def __init__(self) -> None:
        self.lock = Lock()
        self.users = 0


class Once:
    """Carries calls out once.

    Args:
        record: Where answers are kept.
        patience: Seconds to wait for an equal call.
    """

    def __init__(self, record: Record, patience: float = PATIENCE) -> None:
        self._record = record
        self._patience = patience
        self._guard = Lock()
        self._turns: dict[tuple[str, str], _Turn] = {}
        self._sweep_at = 0.0

    def answer(self, key: Key | None, now: datetime, make: Callable[[], Draft]) -> Given:
        """Return the answer to a call.

        Args:
            key: What it is known by; None: it is carried out whenever it comes.
            now: The instant.
            make: Makes the answer.

        Raises:
            ProblemError: the key was used for another request, or an equal call takes too long.
            BusyError: nothing was written.
            Exception: whatever `make` raises.
        """
        if key is None:
            draft = make()
            self._record.writer.write(draft.keep)
            return Given(draft.status, draft.body)
        with self._turn((key.client_id, key.key)):
            with self._record.engine.connect() as connection:
                kept = idempotency.find(connection, key, now)
            return self._made(key, now, make()) if kept is None else _again(key, kept)

    def _made(self, key: Key, now: datetime, draft: Draft) -> Given:
        def work(transaction: Transaction) -> Kept | None:
            kept = idempotency.find(transaction.connection, key, now)
            if kept is None:
                draft.keep(transaction)
                idempotency.keep(transaction, key, draft.status, draft.body, now)
                self._sweep(transaction, now)
            return kept

        kept = self._record.writer.write(work)
        return Given(draft.status, draft.body) if kept is None else _again(key, kept)

    def _sweep(self, transaction: Transaction, now: datetime) -> None:
        if monotonic() >= self._sweep_at:
            self._sweep_at = monotonic() + SWEPT_EVERY
            idempotency.sweep(transaction, now)

    @contextmanager
    def _turn(self, name: tuple[str, str]) -> Iterator[None]:
        with self._guard:
            turn = self._turns.setdefault(name, _Turn())
            turn.users += 1
        try:
            if not turn.lock.acquire(timeout=self._patience):
                raise ProblemError("in-flight", headers={"Retry-After": "1"})
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._guard:
                turn.users -= 1
                if not turn.users:
                    del self._turns[name]


def _again(key: Key, kept: Kept) -> Given:
    if kept.request != key.request:
        raise ProblemError("idempotency-mismatch")
    return Given(kept.status, kept.response, again=True)
