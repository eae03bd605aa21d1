"""What changed hands by a plan stays told once it is taken back; a plan keeps what was calculated before."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from webadmin.models.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OLD = ("plan_id", "customer_id", "giver", "taker", "since", "until", "why")


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("giver", sa.String(length=36), nullable=False),
        sa.Column("taker", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
    ]


def _more() -> list[sa.Column[Any]]:
    return [
        sa.Column("carried_at", Instant(), nullable=False),
        sa.Column("carried_by", sa.String(length=200), nullable=False),
        sa.Column("taken_back_at", Instant(), nullable=True),
        sa.Column("taken_back_by", sa.String(length=200), nullable=True),
    ]


def upgrade() -> None:
    """Go one step on: the key gains the instant, since a plan can be carried out again after it was taken back."""
    op.add_column("plans", sa.Column("before", sa.Text(), nullable=True))
    plans = sa.table(
        "plans", sa.column("id", sa.String()), sa.column("applied", sa.Text()), sa.column("changed_at", Instant())
    )
    by = {row.id: row for row in op.get_bind().execute(sa.select(plans.c.id, plans.c.applied, plans.c.changed_at))}
    rows = _taken_out(sa.table("plan_moves", *_columns()))
    _make([*_columns(), *_more()], ("plan_id", "customer_id", "carried_at"))
    told = [{**row, **_carried(by[row["plan_id"]])} for row in rows]
    if told:
        op.bulk_insert(sa.table("plan_moves", *_columns(), *_more()), told)


def _carried(plan: Any) -> dict[str, Any]:
    applied = {} if plan.applied is None else json.loads(plan.applied)
    more = {"taken_back_at": None, "taken_back_by": None}
    return {"carried_at": plan.changed_at, "carried_by": str(applied.get("by", "")), **more}


def _taken_out(table: sa.TableClause, *where: Any) -> list[dict[str, Any]]:
    chosen = sa.select(*(table.c[name] for name in _OLD)).where(*where)
    rows = [dict(row) for row in op.get_bind().execute(chosen).mappings()]
    op.drop_table("plan_moves")
    return rows


def _make(columns: list[sa.Column[Any]], key: tuple[str, ...]) -> None:
    op.create_table(
        "plan_moves",
        *columns,
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_moves_plan_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_plan_moves_customer_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_plan_moves")),
    )
    with op.batch_alter_table("plan_moves", schema=None) as batch_op:
        batch_op.create_index("ix_plan_moves_customer_id", ["customer_id"], unique=False)


def downgrade() -> None:
    """Go one step back: what was taken back is told no more."""
    table = sa.table("plan_moves", *_columns(), *_more())
    rows = _taken_out(table, table.c.taken_back_at.is_(None))
    _make(_columns(), ("plan_id", "customer_id"))
    if rows:
        op.bulk_insert(sa.table("plan_moves", *_columns()), rows)
    op.drop_column("plans", "before")
