"""A proposal knows who has written any of it: none of them approves it, whoever proposes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on: of what was proposed before, nobody is known but who proposed it."""
    op.add_column("proposals", sa.Column("written_by", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Go one step back."""
    op.drop_column("proposals", "written_by")
