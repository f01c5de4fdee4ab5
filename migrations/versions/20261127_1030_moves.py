"""Who asks to sit elsewhere."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_moves"
down_revision = "20261127_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "move_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("swap_with", sa.Integer(), nullable=True),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('', 'moved', 'stayed', 'taken')", name=op.f("ck_move_request_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_move_request_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_move_request_public_id")),
    )
    op.create_index("ix_move_request_participant_id", "move_request", ["participant_id"])
    op.create_index(
        "uq_move_request_participant_id_open",
        "move_request",
        ["participant_id"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("move_request")
