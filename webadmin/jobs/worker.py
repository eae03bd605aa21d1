"""The worker: takes one job after the other, keeps its lease while it runs, and writes down how it ended.

The log names jobs, kinds and places in our code, never what a job worked on.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from traceback import extract_tb
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from policy.values import Text
from webadmin.database import is_passing
from webadmin.jobs.context import Around, JobContext, ProblemError, Stopped
from webadmin.store import jobs
from webadmin.store.jobs import Job, LostError, State
from webadmin.store.record import Record
from webadmin.store.writer import BusyError, Transaction

Kind = Callable[[JobContext, Mapping[str, Any]], Any]
"""What a kind of job does: `run(context, arguments)` returns the result, plain data."""

TROUBLED = 5
"""Seconds before the database is tried again after it could not be reached."""

TIDY = 3600
"""Seconds between two looks for jobs that ended long ago."""

BEATS = 3
"""Signs of life within one lease."""

UNKNOWN = Text("这个版本不认识任务类型“{kind}”", "this version knows no job of the kind `{kind}`")
UNFORESEEN = Text(
    "任务因程序错误而中断（{error}，{place}）：请把任务编号告诉系统管理员，日志里有记录",
    "an error of the program ended it ({error} at {place}): tell whoever runs this server the job's id; see the log",
)

log = logging.getLogger("fairlead.worker")


def worker_name() -> str:
    """Return a name for this process."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


class Worker:
    """Does jobs, one at a time.

    Args:
        record: The database.
        kinds: Kind → what it does.
        around: Clock, lease, and whether to end.
    """

    def __init__(self, record: Record, kinds: Mapping[str, Kind], around: Around) -> None:
        self._record = record
        self._kinds = kinds
        self._around = around
        self._name = worker_name()
        self._tidied: float | None = None

    def run(self) -> None:
        """Do jobs until asked to end."""
        while not self._around.stop.asked:
            try:
                self._tidy()
                found = self.once()
            except (BusyError, OSError, SQLAlchemyError) as error:
                log.warning("database-unreachable error=%s", type(error).__name__)
                self._around.stop.wait(TROUBLED)
            else:
                if not found:
                    self._around.stop.wait(self._around.idle)

    def once(self, only: str | None = None) -> bool:
        """Do the oldest job that waits, or the `only` one; say whether there was one.

        Raises:
            BusyError, OSError, SQLAlchemyError: the database cannot be reached; the job, if any, goes on later.
        """
        job = self._claimed(only)
        if job is None:
            return False
        log.info("job-begun job=%s kind=%s attempt=%d", job.id, job.kind, job.attempts)
        context = JobContext(self._record, job, self._around)
        with _beating(context, self._around.lease.total_seconds() / BEATS):
            end = self._outcome(context)
        self._write_down(context, end)
        return True

    def _tidy(self) -> None:
        """Remove jobs that ended long ago, once in a while."""
        if self._tidied is not None and monotonic() - self._tidied < TIDY:
            return
        with self._record.engine.connect() as connection:
            is_over = jobs.is_over(connection, self._around.clock())
        if is_over:
            count = self._record.writer.write(lambda transaction: jobs.sweep(transaction, self._around.clock()))
            log.info("jobs-removed count=%d", count)
        self._tidied = monotonic()

    def _claimed(self, only: str | None) -> Job | None:
        with self._record.engine.connect() as connection:
            if not jobs.is_claimable(connection, self._around.clock()):
                return None

        def work(transaction: Transaction) -> Job | None:
            return jobs.claim(transaction, self._name, self._around.clock(), lease=self._around.lease, only=only)

        return self._record.writer.write(work)

    def _outcome(self, context: JobContext) -> _End:
        """Run a job and return how it ends."""
        kind = self._kinds.get(context.job.kind)
        if kind is None:
            name = context.job.kind
            return _End(State.FAILED, problem=Text(UNKNOWN.zh.format(kind=name), UNKNOWN.en.format(kind=name)))
        try:
            result = kind(context, context.job.arguments)
        except Stopped:
            return _stopped(context)
        except LostError:
            context.lost = True
            return _End(State.WAITING)
        except ProblemError as error:
            return _End(State.FAILED, problem=error.text)
        except Exception as error:
            if is_passing(error) or isinstance(error, BusyError):
                raise
            return _End(State.FAILED, problem=_unforeseen(context.job, error))
        return _stopped(context) if context.told else _End(State.DONE, result=result)

    def _write_down(self, context: JobContext, end: _End) -> None:
        if context.lost:
            log.warning("job-lost job=%s kind=%s", context.job.id, context.job.kind)
            return

        def work(transaction: Transaction) -> None:
            end.write(transaction, context)

        try:
            self._record.writer.write(work) if self._around.stop.asked else context.write(work)
        except LostError:
            log.warning("job-lost job=%s kind=%s", context.job.id, context.job.kind)
        else:
            log.info("job-left job=%s kind=%s state=%s", context.job.id, context.job.kind, end.state)


class _End:
    """How a job ends here: `waiting` where it is given back."""

    def __init__(self, state: State, *, result: Any = None, problem: Text | None = None) -> None:
        self.state = state
        self._result = result
        self._problem = problem

    def write(self, transaction: Transaction, context: JobContext) -> None:
        """Write it down."""
        now = context.now()
        match self.state:
            case State.DONE:
                context.hold.finish(transaction, now, self._result)
            case State.CANCELLED:
                context.hold.stop(transaction, now)
            case State.FAILED if self._problem is not None:
                context.hold.fail(transaction, now, self._problem)
            case _:
                context.hold.give_back(transaction)


def _stopped(context: JobContext) -> _End:
    return _End(State.CANCELLED if context.cancel_asked else State.WAITING)


def _unforeseen(job: Job, error: Exception) -> Text:
    last = extract_tb(error.__traceback__)[-1]
    values = {"error": type(error).__name__, "place": f"{Path(last.filename).name}:{last.lineno}"}
    log.error("job-broken job=%s kind=%s error=%s place=%s", job.id, job.kind, values["error"], values["place"])
    return Text(UNFORESEEN.zh.format(**values), UNFORESEEN.en.format(**values))


@contextmanager
def _beating(context: JobContext, seconds: float) -> Iterator[None]:
    """Give signs of life while the body runs."""
    ended = Event()

    def beat() -> None:
        while not ended.wait(seconds):
            try:
                context.beat()
            except (OSError, SQLAlchemyError) as error:
                log.warning("heartbeat-failed job=%s error=%s", context.job.id, type(error).__name__)

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
