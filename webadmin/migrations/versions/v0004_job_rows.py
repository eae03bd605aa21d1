"""Rows of what a job found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "job_rows",
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_rows_job_id")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_rows")),
    )
    op.create_index("ix_job_rows_verdict", "job_rows", ["job_id", "verdict", "number"])


def downgrade() -> None:
    """Go one step back: the comparisons keep their sums and lose their rows."""
    op.drop_index("ix_job_rows_verdict", table_name="job_rows")
    op.drop_table("job_rows")
