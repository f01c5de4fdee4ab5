"""Which taps of a phone have arrived."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_sent_taps"
down_revision = "20261127_moves"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_tap",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_sent_tap_participant_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "mark", name="pk_sent_tap"),
    )


def downgrade() -> None:
    op.drop_table("sent_tap")
