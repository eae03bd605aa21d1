"""Long work, done by a worker process, and the files it works on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Job(Base):
    """One piece of long work.

    Attributes:
        kind: `import`, `verify`, `recompute`, `reevaluate` or `compare`.
        arguments: Canonical JSON.
        state: `waiting`, `running`, `done`, `failed` or `cancelled`.
        done: Steps done, of `total`; None where the number is not known.
        checkpoint: Canonical JSON from which it goes on after its worker was killed.
        result: Canonical JSON once it has ended.
        worker: Who holds it; until `lease_until`, which every heartbeat moves on.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_id", "state", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    checkpoint: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class JobFile(Base):
    """A file that was handed over with a job; it is removed when the job ends.

    Attributes:
        step: Which of the job's steps it belongs to, from 0 on.
        name: Its name, without a folder; empty for the mapping of the step.
    """

    __tablename__ = "job_files"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class JobRow(Base):
    """One row of what a job found, kept as long as the job.

    Attributes:
        number: From 1 on.
        decision_id: The recorded decision it is about; None where it came from a file.
        verdict: What it came to, a word of the kind of job.
        change: Which of the job's changes it is, from 0 on; None for none.
        body: Canonical JSON.
    """

    __tablename__ = "job_rows"
    __table_args__ = (Index("ix_job_rows_verdict", "job_id", "verdict", "number"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decision_id: Mapped[str | None] = mapped_column(String(36))
    verdict: Mapped[str] = mapped_column(String(12))
    change: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text)
