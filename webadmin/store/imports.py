"""Imports as they stand in the record: what each one was, and what it changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from webadmin.store.tables import AUDIT, IMPORT_CHANGES, IMPORTS
from webadmin.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Was:
    """One thing that was changed.

    Attributes:
        of: `person`, `team`, `customer`, `deal` or `absence`.
        attribute: A dated attribute or a column; empty: all of it.
        before: Canonical JSON of what stood before; None: nothing.
        after: Canonical JSON of what stood afterwards; of deals and absences the id of the event.
    """

    of: str
    id: str
    attribute: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was imported; the counts are of its records."""

    id: str
    name: str
    into: str
    source: str
    digest: str
    joined: str
    mapping: str
    since: date
    read: int
    skipped: int
    new: int
    changed: int
    unchanged: int
    actor: str
    recorded_at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


def add(transaction: Transaction, made: Import, changes: Iterable[Was]) -> None:
    """Keep an import with what it changed."""
    transaction.add(IMPORTS, {name: getattr(made, name) for name in Import.__dataclass_fields__})
    transaction.add(
        IMPORT_CHANGES,
        *(
            {
                "import_id": made.id,
                "of": each.of,
                "of_id": each.id,
                "attribute": each.attribute,
                "before": each.before,
                "after": each.after,
            }
            for each in changes
        ),
    )


_COLUMNS = [IMPORTS.c[name] for name in Import.__dataclass_fields__]


def find(connection: Connection, name: str) -> Import | None:
    """Return one import, None where there is none of that id."""
    row = connection.execute(select(*_COLUMNS).where(IMPORTS.c.id == name)).first()
    return None if row is None else Import(*row)


def unused(connection: Connection, name: str) -> list[str]:
    """Return the columns of its file an import left out, as its audit entry has them."""
    return list(_what(connection, name).get("unused", []))


def left_out(connection: Connection, name: str) -> list[Mapping[str, Any]]:
    """Return the first rows of its file an import left out, with sheet, row, column, code and values, as noted."""
    return list(_what(connection, name).get("left_out", []))


def _what(connection: Connection, name: str) -> Mapping[str, Any]:
    """Return what the audit entry of an import tells; nothing once it is erased."""
    body = connection.execute(select(AUDIT.c.body).where(AUDIT.c.id == name)).scalar_one_or_none()
    return {} if body is None else dict(json.loads(body)["what"])


def newest(connection: Connection, limit: int, offset: int = 0) -> list[Import]:
    """Return imports, the last one first."""
    chosen = select(*_COLUMNS).order_by(IMPORTS.c.id.desc()).limit(limit).offset(offset)
    return [Import(*row) for row in connection.execute(chosen)]


def standing(connection: Connection, digest: str) -> Import | None:
    """Return the last import of the same bytes that was not taken back, None where there is none."""
    chosen = select(*_COLUMNS).where(IMPORTS.c.digest == digest, IMPORTS.c.undone_at.is_(None))
    row = connection.execute(chosen.order_by(IMPORTS.c.id.desc()).limit(1)).first()
    return None if row is None else Import(*row)


def taken_back(connection: Connection, of: str, name: str) -> Import | None:
    """Return the import that added somebody or something and was taken back, the last of them; None for no such."""
    changed = IMPORT_CHANGES.c
    added = (changed.of == of, changed.of_id == name, changed.attribute == "", IMPORTS.c.undone_at.is_not(None))
    chosen = select(*_COLUMNS).join(IMPORT_CHANGES, changed.import_id == IMPORTS.c.id).where(*added)
    row = connection.execute(chosen.order_by(IMPORTS.c.id.desc()).limit(1)).first()
    return None if row is None else Import(*row)


def sources(connection: Connection) -> list[str]:
    """Return the outside systems files came from, the last one first."""
    rows = connection.execute(select(IMPORTS.c.source).order_by(IMPORTS.c.id.desc()).limit(100)).scalars()
    return list(dict.fromkeys(rows))


def changes(connection: Connection, name: str) -> Iterator[Was]:
    """Yield what an import changed."""
    columns = IMPORT_CHANGES.c
    chosen = select(columns.of, columns.of_id, columns.attribute, columns.before, columns.after)
    for row in connection.execute(chosen.where(columns.import_id == name).order_by(columns.of, columns.of_id)):
        yield Was(*row)


def close(transaction: Transaction, name: str, values: Mapping[str, Any]) -> bool:
    """Note that an import was taken back; return False where somebody did that before."""
    open_ = (IMPORTS.c.id == name) & IMPORTS.c.undone_at.is_(None)
    changed = transaction.connection.execute(update(IMPORTS).where(open_).values(dict(values)))
    return bool(changed.rowcount)
