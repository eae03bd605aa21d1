"""Files somebody is about to import, and mappings kept under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from webadmin.store.handed import MOST_WAITING, TOO_MANY, HandedError
from webadmin.store.tables import SAVED_MAPPINGS, UPLOAD_PARTS, UPLOADS
from webadmin.store.writer import Transaction

KEPT = timedelta(days=7)
"""How long a file is kept that nobody imports."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was chosen.

    Attributes:
        mapping: Text of the mapping as far as it is.
        since: From when on a record holds that does not say.
        job: The job that imports it; the content is with that one, then.
        parts: The files it may be joined with, by name.
    """

    id: str
    name: str
    digest: str
    content: bytes
    mapping: str
    since: date
    created_by: str
    created_at: datetime
    job: str | None = None
    parts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A mapping kept under a name."""

    name: str
    into: str
    text: str
    author: str
    saved_at: datetime


def add(transaction: Transaction, kept: Kept) -> None:
    """Keep a file, and forget those nobody has imported for a week.

    Raises:
        HandedError: too many files wait already.
    """
    transaction.flush()
    old = select(UPLOADS.c.id).where(UPLOADS.c.created_at < kept.created_at - KEPT)
    transaction.run(delete(UPLOAD_PARTS).where(UPLOAD_PARTS.c.upload_id.in_(old)))
    transaction.run(delete(UPLOADS).where(UPLOADS.c.created_at < kept.created_at - KEPT))
    size = len(kept.content) + sum(map(len, kept.parts.values()))
    if _size(transaction.connection) + size > MOST_WAITING:
        raise HandedError("files-too-many", TOO_MANY, most=MOST_WAITING)
    names = {"id", "name", "digest", "content", "mapping", "since", "created_by", "created_at"}
    transaction.add(UPLOADS, {**{name: getattr(kept, name) for name in sorted(names)}, "job_id": kept.job})
    rows = ({"upload_id": kept.id, "name": name, "content": content} for name, content in kept.parts.items())
    transaction.add(UPLOAD_PARTS, *rows)


def _size(connection: Connection) -> int:
    counted = (select(func.coalesce(func.sum(func.length(each.c.content)), 0)) for each in (UPLOADS, UPLOAD_PARTS))
    return sum(int(connection.execute(each).scalar_one()) for each in counted)


def find(connection: Connection, name: str) -> Kept | None:
    """Return a file, None where there is none of that id."""
    columns = UPLOADS.c
    row = connection.execute(select(UPLOADS).where(columns.id == name)).first()
    if row is None:
        return None
    chosen = select(UPLOAD_PARTS.c.name, UPLOAD_PARTS.c.content).where(UPLOAD_PARTS.c.upload_id == name)
    parts = {each.name: bytes(each.content) for each in connection.execute(chosen)}
    about = (row.id, row.name, row.digest, bytes(row.content), row.mapping, row.since)
    return Kept(*about, row.created_by, row.created_at, row.job_id, parts)


def unfinished(connection: Connection) -> list[Any]:
    """Return the files that wait to be imported, the last one first: id, name, mapping, who and when."""
    columns = UPLOADS.c
    chosen = select(columns.id, columns.name, columns.mapping, columns.created_by, columns.created_at)
    return list(connection.execute(chosen.where(columns.job_id.is_(None)).order_by(columns.id.desc()).limit(20)))


def change(transaction: Transaction, name: str, **values: Any) -> None:
    """Change what is said of a file."""
    transaction.run(update(UPLOADS).where(UPLOADS.c.id == name).values(values))


def hand_over(transaction: Transaction, name: str, job: str) -> bool:
    """Note which job imports a file, and leave the file to it; return False where a job has it already."""
    open_ = (UPLOADS.c.id == name) & UPLOADS.c.job_id.is_(None)
    changed = transaction.connection.execute(update(UPLOADS).where(open_).values(job_id=job, content=b""))
    transaction.run(delete(UPLOAD_PARTS).where(UPLOAD_PARTS.c.upload_id == name))
    return bool(changed.rowcount)


def remove(transaction: Transaction, name: str) -> None:
    """Forget a file."""
    transaction.run(delete(UPLOAD_PARTS).where(UPLOAD_PARTS.c.upload_id == name))
    transaction.run(delete(UPLOADS).where(UPLOADS.c.id == name))


def remove_unfinished(transaction: Transaction) -> int:
    """Forget every file that waits to be imported; return how many there were."""
    open_ = select(UPLOADS.c.id).where(UPLOADS.c.job_id.is_(None))
    names = list(transaction.connection.execute(open_).scalars())
    for name in names:
        remove(transaction, name)
    return len(names)


def save(transaction: Transaction, saved: Saved) -> None:
    """Keep a mapping under its name, in the place of one of the same name."""
    transaction.run(delete(SAVED_MAPPINGS).where(SAVED_MAPPINGS.c.name == saved.name))
    transaction.add(SAVED_MAPPINGS, {name: getattr(saved, name) for name in Saved.__dataclass_fields__})


def drop(transaction: Transaction, name: str) -> None:
    """Forget a mapping."""
    transaction.run(delete(SAVED_MAPPINGS).where(SAVED_MAPPINGS.c.name == name))


def saved(connection: Connection) -> list[Saved]:
    """Return the mappings, in order of their names."""
    columns = [SAVED_MAPPINGS.c[name] for name in Saved.__dataclass_fields__]
    return [Saved(*row) for row in connection.execute(select(*columns).order_by(SAVED_MAPPINGS.c.name))]
