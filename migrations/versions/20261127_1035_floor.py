"""Where the tables of a hall stand."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_floor"
down_revision = "20261127_sent_taps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "meetup", sa.Column("floor", sa.String(length=300), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("meetup", "floor")
