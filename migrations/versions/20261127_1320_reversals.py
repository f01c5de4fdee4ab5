"""What a caller did can be taken out again."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_reversals"
down_revision = "20261127_training"
branch_labels = None
depends_on = None

STATUS = "ck_call_status"
BEFORE = "status IN ('claimed', 'revealed', 'reported', 'released', 'expired', 'revoked')"
AFTER = (
    "status IN ('claimed', 'revealed', 'reported', 'released', 'expired', 'revoked', 'reversed')"
)
TAKEN_OUT = sa.text("reversal_id IS NOT NULL")
GOING = sa.text("finished_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("call") as table:
        table.add_column(sa.Column("before", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("said", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("reversal_id", sa.Integer(), nullable=True))
        table.drop_constraint(op.f(STATUS), type_="check")
        table.create_check_constraint(op.f(STATUS), AFTER)
    op.create_index(
        "ix_call_reversal_id",
        "call",
        ["reversal_id"],
        sqlite_where=TAKEN_OUT,
        postgresql_where=TAKEN_OUT,
    )
    op.create_table(
        "reversal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("since", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_reversal_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["person.id"], name=op.f("fk_reversal_caller_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_reversal_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reversal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reversal_public_id")),
    )
    op.create_index("ix_reversal_phonebank_id", "reversal", ["phonebank_id"])
    op.create_index("ix_reversal_caller_id", "reversal", ["caller_id"])
    op.create_index(
        "ix_reversal_going", "reversal", ["id"], sqlite_where=GOING, postgresql_where=GOING
    )


def downgrade() -> None:
    op.drop_table("reversal")
    op.drop_index("ix_call_reversal_id", table_name="call")
    # A call that was taken out ended without a report, as far as was known before.
    op.execute("UPDATE call SET status = 'revoked' WHERE status = 'reversed'")
    with op.batch_alter_table("call") as table:
        table.drop_constraint(op.f(STATUS), type_="check")
        table.create_check_constraint(op.f(STATUS), BEFORE)
        for name in ("reversal_id", "said", "before"):
            table.drop_column(name)
