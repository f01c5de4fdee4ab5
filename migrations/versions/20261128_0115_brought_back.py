"""Whom the door brought back after they had left can be put back to where they were."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261128_brought_back"
down_revision = "20261128_room_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("had_left_at", UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("had_come", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_column("had_come")
        batch_op.drop_column("had_left_at")
