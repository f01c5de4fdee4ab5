"""Strategy tables: who is dealt to which, their sheets, and the dots of the room."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_strategy"
down_revision = "20261127_announcements"
branch_labels = None
depends_on = None

OLD = "phase IN ('doors', 'plenary', 'ask', 'local', 'commit', 'close', 'over')"
NEW = (
    "phase IN ('doors', 'plenary', 'strategy', 'report_back', 'ask', 'local', 'commit',"
    " 'close', 'over')"
)
COLUMNS = ("strategy_id", "leads", "is_new", "came_with")


def upgrade() -> None:
    op.add_column(
        "meetup", sa.Column("question", sa.String(length=160), server_default="", nullable=False)
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_batch_phase"), type_="check")
        batch_op.create_check_constraint("phase", NEW)
    with op.batch_alter_table("breakout", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=8), server_default="local", nullable=False)
        )
        batch_op.drop_constraint(op.f("uq_breakout_batch_id_number"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_breakout_batch_id_kind_number"), ["batch_id", "kind", "number"]
        )
        batch_op.create_check_constraint("kind", "kind IN ('local', 'strategy')")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("strategy_id", sa.Integer(), nullable=True))
        for name in ("leads", "is_new"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        batch_op.add_column(
            sa.Column("came_with", sa.String(length=20), server_default="", nullable=False)
        )
        batch_op.create_foreign_key(
            op.f("fk_participant_strategy_id"),
            "breakout",
            ["strategy_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index("ix_participant_strategy_id", ["strategy_id"], unique=False)
    _sheets()


def _sheets() -> None:
    op.create_table(
        "sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("recorder_id", sa.Integer(), nullable=True),
        sa.Column("worry", sa.String(length=240), nullable=False),
        sa.Column("ask", sa.String(length=240), nullable=False),
        sa.Column("saved_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["breakout_id"], ["breakout.id"], name=op.f("fk_sheet_breakout_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorder_id"],
            ["participant.id"],
            name=op.f("fk_sheet_recorder_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("breakout_id", name=op.f("uq_sheet_breakout_id")),
    )
    op.create_index("ix_sheet_recorder_id", "sheet", ["recorder_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("hidden_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("hidden_why", sa.String(length=160), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_proposal_position")),
        sa.CheckConstraint(
            "agree >= 0 AND unsure >= 0 AND against >= 0", name=op.f("ck_proposal_hands")
        ),
        sa.CheckConstraint(
            "hidden_at IS NULL OR hidden_why <> ''", name=op.f("ck_proposal_hidden_why")
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"],
            ["participant.id"],
            name=op.f("fk_proposal_carrier_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["person.id"], name=op.f("fk_proposal_hidden_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["sheet.id"], name=op.f("fk_proposal_sheet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_public_id")),
        sa.UniqueConstraint("sheet_id", "position", name=op.f("uq_proposal_sheet_id_position")),
    )
    op.create_index("ix_proposal_carrier_id", "proposal", ["carrier_id"], unique=False)
    op.create_index("ix_proposal_hidden_by", "proposal", ["hidden_by"], unique=False)
    op.create_table(
        "dot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_dot_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_dot_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dot")),
        sa.UniqueConstraint(
            "proposal_id", "participant_id", name=op.f("uq_dot_proposal_id_participant_id")
        ),
    )
    op.create_index(op.f("ix_dot_participant_id"), "dot", ["participant_id"], unique=False)


def downgrade() -> None:
    op.drop_table("dot")
    op.drop_table("proposal")
    op.drop_table("sheet")
    op.execute("UPDATE batch SET phase = 'plenary' WHERE phase IN ('strategy', 'report_back')")
    op.execute("UPDATE meetup SET preset = 'barnstorm' WHERE preset = 'meetup'")
    op.execute("UPDATE participant SET strategy_id = NULL")
    op.execute("DELETE FROM breakout WHERE kind = 'strategy'")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index("ix_participant_strategy_id")
        batch_op.drop_constraint(op.f("fk_participant_strategy_id"), type_="foreignkey")
        for name in COLUMNS:
            batch_op.drop_column(name)
    with op.batch_alter_table("breakout", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_breakout_kind"), type_="check")
        batch_op.drop_constraint(op.f("uq_breakout_batch_id_kind_number"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_breakout_batch_id_number"), ["batch_id", "number"]
        )
        batch_op.drop_column("kind")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_batch_phase"), type_="check")
        batch_op.create_check_constraint("phase", OLD)
    op.drop_column("meetup", "question")
