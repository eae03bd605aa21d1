"""Jobs: long work that one worker at a time holds by a lease, and that goes on from its checkpoint after a kill.

A claim makes a holder: a name nobody else has ever had. Every later step names it, and a step whose holder no longer
holds the job is refused and takes what it wrote with it (`LostError`). So a checkpoint and the work it stands for,
saved in one transaction, happen once, whoever believed to hold the job.

Attempts are counted since the last checkpoint: a job that gets on is taken over as often as it takes, one whose step
ends every worker fails.

Files that were handed over with a job are removed in the transaction it ends in, and so are the rows of one that does
not end well; what is left of a job, its rows and result too, is removed `KEPT` after that, or at once (`remove`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, or_, select, update

from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.ids import new_id
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.tables import JOB_FILES, JOB_ROWS, JOBS
from webadmin.store.writer import Transaction

LEASE = timedelta(seconds=30)
"""How long a worker may be silent before another one takes its job over."""

MOST_ATTEMPTS = 5
"""Claims of a job without a checkpoint between them."""

KEPT = timedelta(days=90)
"""How long a job that has ended can be looked at."""

WORN_OUT = Text(
    "连续 {count} 次执行中断而毫无进展：执行它的进程每次都意外终止，请查看日志",
    "it was begun {count} times without getting on: each time its worker ended unexpectedly; see the log",
)


TAKEN_BACK = Text(
    "在导入期间有人员数据被抹除，交来的文件已随之删除：请用不含此人的文件重新提交",
    "a person was erased meanwhile, and the files handed over were removed with that: hand them over again without",
)


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class LostError(Exception):
    """The job is held by somebody else by now, or has ended: nothing of the step was written."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands in the record.

    Attributes:
        done: Steps done, of `total`; None where the number is not known.
        checkpoint: Plain data from which it goes on.
        problem: Why it failed.
        attempts: Claims since the last checkpoint.
        worker: Its holder, until `lease_until`.
    """

    id: str
    kind: str
    arguments: Mapping[str, Any]
    state: State
    done: int
    total: int | None
    checkpoint: Any
    result: Any
    problem: Text | None
    cancel_asked: bool
    attempts: int
    worker: str | None
    lease_until: datetime | None
    created_by: str
    created_at: datetime
    ended_at: datetime | None

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will happen to it."""
        return self.state in ENDED


def start(transaction: Transaction, kind: str, arguments: Mapping[str, Any], actor: str, now: datetime) -> str:
    """Add a job that waits for a worker.

    Args:
        transaction: What it happens in.
        kind: A word of the registry of kinds.
        arguments: Plain data; no facts about people, which could not be erased here.
        actor: Who asks for it.
        now: The instant.

    Returns:
        Its id.
    """
    job = made(kind, arguments, actor, now)
    add(transaction, job)
    return job.id


def made(kind: str, arguments: Mapping[str, Any], actor: str, now: datetime) -> Job:
    """Return a job that waits for a worker once it is added; as `start`."""
    nothing: dict[str, Any] = dict.fromkeys(Job.__dataclass_fields__)
    counts = {"done": 0, "attempts": 0, "cancel_asked": False}
    given = {"id": new_id(now), "kind": kind, "arguments": dict(arguments), "state": State.WAITING}
    return Job(**{**nothing, **counts, **given, "created_by": actor, "created_at": now})


def add(transaction: Transaction, job: Job) -> None:
    """Add a job that was made."""
    values = {column.name: getattr(job, column.name) for column in JOBS.columns}
    transaction.add(JOBS, {**values, "arguments": canonical_json(job.arguments), "state": str(job.state)})
    audit.note(transaction, job.created_at, job.created_by, Action.JOB_STARTED, job.id, {"kind": job.kind})


def find(connection: Connection, name: str) -> Job | None:
    """Return one job, None where there is none of that id."""
    row = connection.execute(select(JOBS).where(JOBS.c.id == name)).first()
    return None if row is None else _read(row)


def newest(connection: Connection, limit: int, states: Iterable[State] = (), kind: str | None = None) -> list[Job]:
    """Return the newest jobs, those of some states where any are named, and of one kind where it is."""
    chosen = select(JOBS).order_by(JOBS.c.id.desc()).limit(limit)
    chosen = chosen if kind is None else chosen.where(JOBS.c.kind == kind)
    named = [str(each) for each in states]
    return [_read(row) for row in connection.execute(chosen.where(JOBS.c.state.in_(named)) if named else chosen)]


def is_claimable(connection: Connection, now: datetime) -> bool:
    """Say whether a job waits or was left behind; a worker asks this first, as claiming is a write."""
    return connection.execute(select(JOBS.c.id).where(_claimable(now)).limit(1)).first() is not None


def claim(
    transaction: Transaction, worker: str, now: datetime, *, lease: timedelta = LEASE, only: str | None = None
) -> Job | None:
    """Take the oldest job that waits or whose lease has run out; None where there is none.

    A job that was cancelled, or begun too often, meanwhile ends here.

    Args:
        transaction: What it happens in.
        worker: Name of the process, at most 80 characters.
        now: The instant.
        lease: How long it is held without a sign of life.
        only: Id of the only job to take.

    Returns:
        The job; its `worker` is the holder later steps name.
    """
    chosen = select(JOBS).where(_claimable(now)).order_by(JOBS.c.id)
    for row in transaction.connection.execute(chosen if only is None else chosen.where(JOBS.c.id == only)).all():
        if row.cancel_asked:
            _end(transaction, JOBS.c.id == row.id, State.CANCELLED, now)
        elif row.attempts >= MOST_ATTEMPTS:
            problem = Text(WORN_OUT.zh.format(count=row.attempts), WORN_OUT.en.format(count=row.attempts))
            _end(transaction, JOBS.c.id == row.id, State.FAILED, now, problem=_problem(problem))
        else:
            return _taken(transaction, row, f"{worker[:80]}#{secrets.token_hex(6)}", now + lease)
    return None


def _claimable(now: datetime) -> ColumnElement[bool]:
    columns = JOBS.c
    left = and_(columns.state == str(State.RUNNING), columns.lease_until <= now)
    return or_(columns.state == str(State.WAITING), left)


def _taken(transaction: Transaction, row: Row[Any], holder: str, until: datetime) -> Job:
    values = {"state": str(State.RUNNING), "worker": holder, "lease_until": until, "attempts": row.attempts + 1}
    transaction.connection.execute(update(JOBS).where(JOBS.c.id == row.id).values(**values))
    return _read(transaction.connection.execute(select(JOBS).where(JOBS.c.id == row.id)).one())


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to go on with a job.

    Attributes:
        job: Its id.
        holder: As `claim` gave it.
    """

    job: str
    holder: str

    def beat(self, transaction: Transaction, until: datetime, done: int, total: int | None) -> bool:
        """Move the lease on and save how far the job is.

        Returns:
            Whether somebody asked to cancel it.

        Raises:
            LostError: somebody else holds it.
        """
        return self._step(transaction, lease_until=until, done=done, total=total)

    def save(self, transaction: Transaction, until: datetime, checkpoint: object, done: int, total: int | None) -> bool:
        """Save a checkpoint with whatever else the transaction writes; returns and raises as `beat`."""
        text = canonical_json(checkpoint)
        return self._step(transaction, lease_until=until, done=done, total=total, checkpoint=text, attempts=1)

    def give_back(self, transaction: Transaction) -> None:
        """Let the next worker go on; that was no failed attempt.

        Raises:
            LostError: somebody else holds it.
        """
        values = {"state": str(State.WAITING), "worker": None, "lease_until": None}
        self._step(transaction, **values, attempts=JOBS.c.attempts - 1)

    def finish(self, transaction: Transaction, now: datetime, result: object) -> None:
        """End it with its result.

        Raises:
            LostError: somebody else holds it.
        """
        self._end(transaction, State.DONE, now, result=canonical_json(result))

    def fail(self, transaction: Transaction, now: datetime, problem: Text) -> None:
        """End it with what went wrong.

        Raises:
            LostError: somebody else holds it.
        """
        self._end(transaction, State.FAILED, now, problem=_problem(problem))

    def stop(self, transaction: Transaction, now: datetime) -> None:
        """End it as somebody asked to.

        Raises:
            LostError: somebody else holds it.
        """
        self._end(transaction, State.CANCELLED, now)

    def _end(self, transaction: Transaction, state: State, now: datetime, **values: Any) -> None:
        if not _end(transaction, self._mine(), state, now, **values):
            raise LostError(self.job)

    def _mine(self) -> ColumnElement[bool]:
        return and_(JOBS.c.id == self.job, JOBS.c.worker == self.holder, JOBS.c.state == str(State.RUNNING))

    def _step(self, transaction: Transaction, **values: Any) -> bool:
        changed = update(JOBS).where(self._mine()).values(**values).returning(JOBS.c.cancel_asked)
        asked = transaction.connection.execute(changed).scalar()
        if asked is None:
            raise LostError(self.job)
        return bool(asked)


def cancel(transaction: Transaction, name: str, actor: str, now: datetime) -> bool:
    """Ask to cancel a job: one that nobody works on ends at once, one that runs at its next step.

    Returns:
        Whether there was anything to cancel.
    """
    open_ = and_(JOBS.c.id == name, JOBS.c.state.not_in([str(each) for each in ENDED]), JOBS.c.cancel_asked.is_(False))
    if not transaction.connection.execute(update(JOBS).where(open_).values(cancel_asked=True)).rowcount:
        return False
    _end(transaction, and_(JOBS.c.id == name, _claimable(now)), State.CANCELLED, now)
    audit.note(transaction, now, actor, Action.JOB_CANCELLED, name)
    return True


def take_back(transaction: Transaction, now: datetime) -> int:
    """End every job that files were handed over with, and remove the files; return how many files there were."""
    transaction.flush()
    count = transaction.connection.execute(select(JOB_FILES.c.job_id)).all()
    if count:
        given = JOBS.c.id.in_(select(JOB_FILES.c.job_id))
        _end(transaction, given, State.FAILED, now, problem=_problem(TAKEN_BACK))
    return len(count)


def is_over(connection: Connection, now: datetime) -> bool:
    """Say whether a job is there that ended long ago; who sweeps asks this first, as sweeping is a write."""
    return connection.execute(select(JOBS.c.id).where(_over(now)).limit(1)).first() is not None


def sweep(transaction: Transaction, now: datetime) -> int:
    """Remove the jobs that ended long ago, and return how many."""
    over = select(JOBS.c.id).where(_over(now))
    transaction.connection.execute(delete(JOB_ROWS).where(JOB_ROWS.c.job_id.in_(over)))
    return transaction.connection.execute(delete(JOBS).where(_over(now))).rowcount


def remove(transaction: Transaction, name: str, actor: str, now: datetime) -> bool:
    """Remove a job that has ended, with everything it found; say whether there was one."""
    ended = select(JOBS.c.id).where(JOBS.c.id == name, JOBS.c.state.in_([str(each) for each in ENDED]))
    if transaction.connection.execute(ended).first() is None:
        return False
    transaction.connection.execute(delete(JOB_ROWS).where(JOB_ROWS.c.job_id == name))
    transaction.connection.execute(delete(JOBS).where(JOBS.c.id == name))
    audit.note(transaction, now, actor, Action.DISCARDED, name, {"of": "job"})
    return True


def remove_rows_of_files(transaction: Transaction) -> int:
    """Remove the rows of all jobs that came out of files, as nobody can tell whom they name; return how many."""
    return transaction.connection.execute(delete(JOB_ROWS).where(JOB_ROWS.c.decision_id.is_(None))).rowcount


def _over(now: datetime) -> ColumnElement[bool]:
    return JOBS.c.ended_at < now - KEPT


def _end(transaction: Transaction, which: ColumnElement[bool], state: State, now: datetime, **values: Any) -> bool:
    ended = {"state": str(state), "ended_at": now, "lease_until": None, **values}
    changed = update(JOBS).where(which).values(**ended).returning(JOBS.c.id)
    names = transaction.connection.execute(changed).scalars().all()
    if names:
        transaction.connection.execute(delete(JOB_FILES).where(JOB_FILES.c.job_id.in_(names)))
        if state is not State.DONE:
            transaction.connection.execute(delete(JOB_ROWS).where(JOB_ROWS.c.job_id.in_(names)))
    return bool(names)


def _problem(problem: Text) -> str:
    return canonical_json({"zh": problem.zh, "en": problem.en})


def _read(row: Row[Any]) -> Job:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's own name for it
    for name in ("arguments", "checkpoint", "result", "problem"):
        text = values[name]
        values[name] = None if text is None else json.loads(text, parse_float=Decimal)
    problem = values["problem"] and Text(values["problem"]["zh"], values["problem"]["en"])
    return Job(**{**values, "state": State(values["state"]), "problem": problem})
