"""What a job knows of itself while it runs: how to say how far it is, save a step, and hear that it shall stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

from policy.values import Text
from webadmin.store.jobs import LEASE, Hold, Job, LostError
from webadmin.store.record import Record
from webadmin.store.writer import BusyError, Transaction

T = TypeVar("T")

OFTEN = 1
"""Seconds between two writings of how far a job is."""

SLICE = 0.1
"""Seconds between two looks at whether to stop."""


class Stopped(Exception):  # noqa: N818 - it was asked for, nothing is wrong
    """The job goes no further here: it was cancelled, or its worker ends."""


class ProblemError(Exception):
    """The job cannot be done; `text` says why to whoever asked for it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Stop:
    """Whether this process shall end; a signal's handler may set it, which a lock would not survive."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, *_: object) -> None:
        """Ask for the end."""
        self.asked = True

    def wait(self, seconds: float) -> bool:
        """Wait, at most until it is asked for; say whether it is."""
        end = monotonic() + seconds
        while not self.asked and (left := end - monotonic()) > 0:
            sleep(min(left, SLICE))
        return self.asked


@dataclass(frozen=True, slots=True)
class Around:
    """What a worker gives to each of its jobs.

    Attributes:
        clock: Tells the instant.
        stop: Whether the worker ends.
        lease: How long a job is held without a sign of life.
        idle: Seconds between two looks for a job.
        shown: Called with steps done and their total at every progress.
    """

    clock: Callable[[], datetime]
    stop: Stop
    lease: timedelta = LEASE
    idle: float = 1
    shown: Callable[[int, int | None], None] = lambda _done, _total: None


class JobContext:
    """One job in the hands of a worker.

    Attributes:
        record: The database.
        job: The job as it was claimed.
        resumed: Plain data of the checkpoint it goes on from; None at the beginning.
        told: Whether it was told to stop.
        lost: Whether somebody else holds it by now.
    """

    def __init__(self, record: Record, job: Job, around: Around) -> None:
        self.record = record
        self.job = job
        self.resumed: Any = job.checkpoint
        self.told = False
        self.lost = False
        self.cancel_asked = False
        self.hold = Hold(job.id, job.worker or "")
        self._around = around
        self._done, self._total = job.done, job.total
        self._written = monotonic()

    def now(self) -> datetime:
        """Return the instant it is."""
        return self._around.clock()

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is; written with the next checkpoint, or once in a second.

        Args:
            done: Steps done.
            total: All steps; None where the number is not known.
        """
        self._done, self._total = done, total
        self._around.shown(done, total)
        if monotonic() - self._written >= OFTEN:
            self.beat()

    def checkpoint(self, state: object, work: Callable[[Transaction], T] | None = None) -> T | None:
        """Save a step: what it wrote and where to go on, in one transaction.

        Args:
            state: Plain data that `resumed` gives after a kill.
            work: What the step writes; it may be called more than once, and counts once.

        Returns:
            What `work` returned.

        Raises:
            Stopped: the step is saved, and no other shall follow.
            LostError: somebody else holds the job; nothing of the step was saved.
        """

        def both(transaction: Transaction) -> tuple[object, T | None]:
            return state, work(transaction) if work is not None else None

        return self._step(both)

    def step(self, work: Callable[[Transaction], object]) -> None:
        """Do a step whose own outcome is the checkpoint, and save both in one transaction.

        Args:
            work: What the step writes; it may be called more than once, and counts once. Returns plain data.

        Raises:
            Stopped, LostError: as `checkpoint`.
        """
        self._step(lambda transaction: (work(transaction), None))

    def _step(self, work: Callable[[Transaction], tuple[object, T]]) -> T:
        def step(transaction: Transaction) -> tuple[bool, T]:
            state, result = work(transaction)
            return self.hold.save(transaction, self._until(), state, self._done, self._total), result

        asked, result = self.write(step)
        self.cancel_asked = self.cancel_asked or asked
        self._written = monotonic()
        if self.cancelled():
            raise Stopped
        return result

    def cancelled(self) -> bool:
        """Say whether to stop: work without checkpoints asks this now and then, and raises `Stopped` or returns."""
        self.told = self.told or self.cancel_asked or self.lost or self._around.stop.asked
        return self.told

    def beat(self) -> None:
        """Move the lease on; what goes wrong shows at the next step."""
        self._written = monotonic()
        try:
            asked = self.record.writer.write(
                lambda transaction: self.hold.beat(transaction, self._until(), self._done, self._total)
            )
            self.cancel_asked = self.cancel_asked or asked
        except LostError:
            self.lost = True
        except BusyError:
            return

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Write, and try again for as long as the database takes no writes.

        Raises:
            Stopped: the worker ends before that.
        """
        while True:
            try:
                return self.record.writer.write(work)
            except BusyError as error:
                if self._around.stop.wait(error.seconds):
                    self.told = True
                    raise Stopped from error

    def _until(self) -> datetime:
        return self.now() + self._around.lease
