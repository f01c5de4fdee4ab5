"""Calls that came in: people who ring back."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_rang_back"
down_revision = "20261127_openness"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "call", sa.Column("inbound", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("call", "inbound")
