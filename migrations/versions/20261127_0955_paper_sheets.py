"""Sheets on paper, and who read a host's number back to them."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_paper_sheets"
down_revision = "20261127_bureau_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_back_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_card_read_back_by"), "person", ["read_back_by"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index("ix_card_read_back_by", ["read_back_by"], unique=False)
    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("printed_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "card_id IS NULL OR entered_at IS NOT NULL", name=op.f("ck_paper_sheet_entered")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_paper_sheet_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_paper_sheet_card_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["person.id"],
            name=op.f("fk_paper_sheet_entered_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_paper_sheet_batch_id_number")),
        sa.UniqueConstraint("batch_id", "code", name=op.f("uq_paper_sheet_batch_id_code")),
        sa.UniqueConstraint("card_id", name=op.f("uq_paper_sheet_card_id")),
    )
    op.create_index("ix_paper_sheet_entered_by", "paper_sheet", ["entered_by"], unique=False)


def downgrade() -> None:
    op.drop_table("paper_sheet")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index("ix_card_read_back_by")
        batch_op.drop_constraint(op.f("fk_card_read_back_by"), type_="foreignkey")
        batch_op.drop_column("read_back_by")
