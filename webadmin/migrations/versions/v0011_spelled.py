"""Beside names of people and customers stands what sorts them and what they are found by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from webadmin.spelling import beside

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("people", "customers")
_TURNS = ("turn", "turn_en")
_BATCH = 1_000


def upgrade() -> None:
    """Go one step on: names that are there are spelled."""
    for table in _TABLES:
        for name in _TURNS:
            op.add_column(table, sa.Column(name, sa.LargeBinary(), nullable=True))
        op.add_column(table, sa.Column("spelled", sa.Text(), nullable=True))
        _spell(table)
    for name in _TURNS:
        op.create_index(f"ix_customers_{name}", "customers", [name, "id"])


def downgrade() -> None:
    """Go one step back."""
    for name in _TURNS:
        op.drop_index(f"ix_customers_{name}", "customers")
    for table in _TABLES:
        for name in (*_TURNS, "spelled"):
            op.drop_column(table, name)


def _spell(name: str) -> None:
    texts = ("id", "name", "name_en", "spelled")
    table = sa.table(
        name, *(sa.column(each, sa.Text()) for each in texts), *(sa.column(each, sa.LargeBinary()) for each in _TURNS)
    )
    change = sa.update(table).where(table.c.id == sa.bindparam("of"))
    change = change.values({each: sa.bindparam(f"new_{each}") for each in (*_TURNS, "spelled")})
    for rows in _rows(table):
        spelled = [(row.id, beside(row.name, row.name_en)) for row in rows]
        told = [{"of": of} | {f"new_{each}": value for each, value in kept.items()} for of, kept in spelled]
        op.get_bind().execute(change, told)


def _rows(table: sa.TableClause) -> Iterator[list[Any]]:
    """Yield all rows, some at a time."""
    last = ""
    chosen = sa.select(table.c.id, table.c.name, table.c.name_en).order_by(table.c.id).limit(_BATCH)
    while rows := list(op.get_bind().execute(chosen.where(table.c.id > last))):
        last = rows[-1].id
        yield rows
