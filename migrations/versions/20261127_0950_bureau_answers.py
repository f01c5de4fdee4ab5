"""A bureau's answers for one list, and what the newest says of each number."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_bureau_answers"
down_revision = "20261127_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has been answered for yet."""
    op.create_table(
        "bureau_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["person.id"],
            name=op.f("fk_bureau_answer_made_by_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_bureau_answer_phonebank_id_phonebank"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_answer")),
    )
    op.create_index("ix_bureau_answer_phonebank_id", "bureau_answer", ["phonebank_id"])
    op.create_table(
        "screened_number",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("number_id", sa.Integer(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["number_id"],
            ["phone_number.id"],
            name=op.f("fk_screened_number_number_id_phone_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_screened_number_phonebank_id_phonebank"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phonebank_id", "number_id", name=op.f("pk_screened_number")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_screened_number_number_id", "screened_number", ["number_id"])


def downgrade() -> None:
    """Who stood in an answer is rung by nobody for being screened: the answers are forgotten."""
    op.execute(
        "UPDATE contact SET screened = false WHERE EXISTS (SELECT 1 FROM screened_number s"
        " WHERE s.phonebank_id = contact.phonebank_id AND s.number_id = contact.number_id)"
    )
    op.execute(
        "UPDATE contact SET state = 'held', hold_reason = 'no_consent'"
        " WHERE state = 'ready' AND NOT consent AND NOT screened"
    )
    op.drop_index("ix_screened_number_number_id", table_name="screened_number")
    op.drop_table("screened_number")
    op.drop_index("ix_bureau_answer_phonebank_id", table_name="bureau_answer")
    op.drop_table("bureau_answer")
