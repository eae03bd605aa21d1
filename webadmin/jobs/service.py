"""What people and programs ask of jobs: start one, look at it, cancel it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from webadmin.jobs import importing
from webadmin.jobs.importing import Upload
from webadmin.jobs.kinds import KINDS
from webadmin.store import handed, jobs
from webadmin.store.jobs import Job
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


class UnknownKindError(ValueError):
    """There is no kind of job of that name."""


class UnknownJobError(LookupError):
    """There is no job of that id."""


def start(record: Record, kind: str, arguments: Mapping[str, Any], *, actor: str, now: datetime) -> str:
    """Start a job and return its id.

    Raises:
        UnknownKindError: there is no such kind.
        BusyError: nothing was written; trying again may help.
    """
    if kind not in KINDS:
        raise UnknownKindError(kind)
    return record.writer.write(lambda transaction: jobs.start(transaction, kind, arguments, actor, now))


def start_import(record: Record, uploads: Sequence[Upload], act: Act) -> str:
    """Hand files over to be imported in this order by a worker, and return the id of the job.

    Args:
        record: Where to.
        uploads: The files; they are kept in the record until the job ends.
        act: Who imports them, and when.

    Raises:
        SourceError: a mapping has errors.
        HandedError: the files are too large, too many wait, or one is missing.
        BusyError: nothing was written; trying again may help.
    """
    arguments, files = importing.handed_over(uploads, act.today)

    def work(transaction: Transaction) -> str:
        name = jobs.start(transaction, importing.KIND, arguments, act.actor, act.now)
        handed.add(transaction, name, files)
        return name

    return record.writer.write(work)


def find(record: Record, name: str) -> Job:
    """Return a job.

    Raises:
        UnknownJobError: there is none of that id.
    """
    with record.engine.connect() as connection:
        found = jobs.find(connection, name)
    if found is None:
        raise UnknownJobError(name)
    return found


def newest(record: Record, limit: int) -> list[Job]:
    """Return the newest jobs."""
    with record.engine.connect() as connection:
        return jobs.newest(connection, limit)


def cancel(record: Record, name: str, *, actor: str, now: datetime) -> Job:
    """Ask to cancel a job, and return it as it stands then.

    Raises:
        UnknownJobError: there is none of that id.
        BusyError: nothing was written; trying again may help.
    """
    find(record, name)
    record.writer.write(lambda transaction: jobs.cancel(transaction, name, actor, now))
    return find(record, name)


def plain(job: Job) -> dict[str, Any]:
    """Return a job as plain data for answers and listings."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": str(job.state),
        "done": job.done,
        "total": job.total,
        "arguments": dict(job.arguments),
        "result": job.result,
        "problem": None if job.problem is None else {"zh": job.problem.zh, "en": job.problem.en},
        "cancel_asked": job.cancel_asked,
        "attempts": job.attempts,
        "created_by": job.created_by,
        "created_at": job.created_at.isoformat(),
        "ended_at": None if job.ended_at is None else job.ended_at.isoformat(),
    }
