"""Who offers to co-host what has its host already."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261128_cohost_offers"
down_revision = "20261128_brought_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohost_offer",
        sa.Column("card_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("participant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_cohost_offer_card_id_card"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_cohost_offer_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("card_id", "participant_id", name=op.f("pk_cohost_offer")),
    )
    op.create_index(
        op.f("ix_cohost_offer_participant_id"), "cohost_offer", ["participant_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("cohost_offer")
