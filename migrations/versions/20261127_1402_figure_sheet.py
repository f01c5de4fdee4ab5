"""What the calls of large phonebanks came to, and whose name stands on lists of thanks."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_figure_sheet"
down_revision = "20261127_spoken"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_sheet",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_figure_sheet_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phonebank_id", name=op.f("pk_figure_sheet")),
    )
    op.create_table(
        "shown_caller",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("sees_list", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_shown_caller_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_shown_caller")),
    )


def downgrade() -> None:
    op.drop_table("shown_caller")
    op.drop_table("figure_sheet")
