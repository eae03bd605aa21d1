"""Long work, done by a worker process, and the files it works on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Job(Base):
    """One piece of long work.

    Attributes:
        kind: `import`, `verify`, `recompute` or `reevaluate`.
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
