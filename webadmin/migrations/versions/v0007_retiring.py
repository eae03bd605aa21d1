"""Documents that are retired: proposals and publications after which nothing is in effect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("proposals", "publications")


def upgrade() -> None:
    """Go one step on: what is there retires nothing."""
    for table in _TABLES:
        op.add_column(table, sa.Column("retires", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go one step back: retirements are lost, so their documents are in effect again."""
    for table in _TABLES:
        op.execute(sa.text(f"DELETE FROM {table} WHERE retires"))  # noqa: S608 - one of the names above
    for table in reversed(_TABLES):
        op.drop_column(table, "retires")
