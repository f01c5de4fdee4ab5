"""Scripts that are being written, and whom a call signed up."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_scripts"
down_revision = "20261127_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "script_draft",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("kept_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_by"], ["person.id"], name=op.f("fk_script_draft_kept_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_script_draft_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phonebank_id", name=op.f("pk_script_draft")),
    )
    op.create_table(
        "call_sign_up",
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_call_sign_up_call_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name=op.f("fk_call_sign_up_rsvp_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", "rsvp_id", name=op.f("pk_call_sign_up")),
    )
    op.create_index(op.f("ix_call_sign_up_rsvp_id"), "call_sign_up", ["rsvp_id"])


def downgrade() -> None:
    op.drop_table("call_sign_up")
    op.drop_table("script_draft")
