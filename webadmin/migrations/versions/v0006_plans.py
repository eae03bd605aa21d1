"""Plans of reassignments, and what changed hands by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webadmin.models.base import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("policy", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=True),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("what_if", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("by_hand", sa.Text(), nullable=False),
        sa.Column("earlier", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("shared", sa.String(length=10), nullable=False),
        sa.Column("job", sa.String(length=36), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("applied", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index("ix_plans_author", ["author"], unique=False)
    op.create_table(
        "plan_moves",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("giver", sa.String(length=36), nullable=False),
        sa.Column("taker", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_moves_plan_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_plan_moves_customer_id")),
        sa.PrimaryKeyConstraint("plan_id", "customer_id", name=op.f("pk_plan_moves")),
    )
    with op.batch_alter_table("plan_moves", schema=None) as batch_op:
        batch_op.create_index("ix_plan_moves_customer_id", ["customer_id"], unique=False)


def downgrade() -> None:
    """Go one step back: plans are lost, what was carried out stays."""
    op.drop_table("plan_moves")
    op.drop_table("plans")
