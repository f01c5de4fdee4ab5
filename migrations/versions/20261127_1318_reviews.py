"""Calls that leads look at, signs that calls were not made as noted, and how far we looked."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_reviews"
down_revision = "20261127_callers"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "call_review",
        sa.Column("call_id", BIG, autoincrement=False, nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("reviewed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("read_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('ok', 'minor', 'serious')", name=op.f("ck_call_review_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_call_review_call_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["person.id"], name=op.f("fk_call_review_caller_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_call_review_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"],
            ["person.id"],
            name=op.f("fk_call_review_reviewed_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_review")),
    )
    op.create_index(
        "ix_call_review_waiting",
        "call_review",
        ["phonebank_id", "call_id"],
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.create_index(
        "ix_call_review_caller_id_reviewed_at", "call_review", ["caller_id", "reviewed_at"]
    )
    op.create_index("ix_call_review_reviewed_by", "call_review", ["reviewed_by"])
    op.create_table(
        "caller_signal",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("strong", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("first_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["caller_id"],
            ["person.id"],
            name=op.f("fk_caller_signal_caller_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_caller_signal_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phonebank_id", "caller_id", "code", name=op.f("pk_caller_signal")),
    )
    op.create_index(op.f("ix_caller_signal_caller_id"), "caller_signal", ["caller_id"])
    op.create_table(
        "quality_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("looked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("call_id", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_quality_mark_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_mark")),
    )


def downgrade() -> None:
    op.drop_table("quality_mark")
    op.drop_index(op.f("ix_caller_signal_caller_id"), table_name="caller_signal")
    op.drop_table("caller_signal")
    op.drop_index("ix_call_review_reviewed_by", table_name="call_review")
    op.drop_index("ix_call_review_caller_id_reviewed_at", table_name="call_review")
    op.drop_index("ix_call_review_waiting", table_name="call_review")
    op.drop_table("call_review")
