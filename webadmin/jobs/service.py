"""What people and programs ask of jobs: start one, look at it, cancel it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from webadmin.jobs import comparing, importing
from webadmin.jobs.importing import Upload
from webadmin.jobs.kinds import KINDS
from webadmin.store import audit, handed, jobs
from webadmin.store.audit import Action
from webadmin.store.handed import Handed
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


def start_comparison(
    record: Record, arguments: Mapping[str, Any], file: bytes | None, what: Mapping[str, Any], act: Act
) -> str:
    """Start a comparison of two revisions, and return the id of the job.

    Args:
        record: Where to.
        arguments: As `comparing.run` takes them.
        file: What `arguments["file"]` names; None: recorded decisions are compared.
        what: What the audit entry of having read people's records says of it.
        act: Who asks for it, and when.

    Raises:
        HandedError: the file is too large, or too many wait.
        BusyError: nothing was written; trying again may help.
    """
    files = [] if file is None else [Handed(0, arguments["file"], file)]
    handed.check(files)

    def work(transaction: Transaction) -> str:
        name = jobs.start(transaction, comparing.KIND, arguments, act.actor, act.now)
        handed.add(transaction, name, files)
        audit.note(transaction, act.now, act.actor, Action.READ, name, {"of": "comparison", **what})
        return name

    return record.writer.write(work)


def remove(record: Record, name: str, act: Act) -> bool:
    """Remove a job that has ended, with everything it found; say whether there was one.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    return record.writer.write(lambda transaction: jobs.remove(transaction, name, act.actor, act.now))


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
