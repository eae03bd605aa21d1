"""Signals with their states, and how far the events have been looked at; no version has written a signal before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import webadmin.models.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = webadmin.models.base.Instant(timezone=True)


def upgrade() -> None:
    """Go one step on."""
    op.drop_table("signals")
    op.create_table(
        "signals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.String(length=71), nullable=False),
        sa.Column("pattern", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("key_path", sa.String(length=100), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("key_term", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("first_time", INSTANT, nullable=False),
        sa.Column("last_time", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint("identity", name=op.f("uq_signals_identity")),
    )
    with op.batch_alter_table("signals", schema=None) as batch_op:
        batch_op.create_index("ix_signals_unit", ["policy", "pattern", "key_term"], unique=False)
        batch_op.create_index("ix_signals_state_id", ["state", "id"], unique=False)
    positions = op.create_table(
        "positions",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("recheck_from", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_positions")),
    )
    op.bulk_insert(positions, [{"name": "signals", "seq": 0, "publication": 0, "recheck_from": None, "turn": 0}])


def downgrade() -> None:
    """Go one step back: signals are found again from the events."""
    op.drop_table("positions")
    op.drop_table("signals")
    op.create_table(
        "signals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.String(length=71), nullable=False),
        sa.Column("pattern", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("key_path", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("first_time", INSTANT, nullable=False),
        sa.Column("last_time", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
    )
    with op.batch_alter_table("signals", schema=None) as batch_op:
        batch_op.create_index("ix_signals_key", ["key_path", "key"], unique=False)
