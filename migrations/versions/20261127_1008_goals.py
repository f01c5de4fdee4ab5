"""What a phonebank asks people to come to."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_goals"
down_revision = "20261127_host_asked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "(event_id IS NOT NULL AND series_id IS NULL AND kind IS NULL)"
            " OR (event_id IS NULL AND series_id IS NOT NULL AND kind IS NULL)"
            " OR (event_id IS NULL AND series_id IS NULL AND kind IS NOT NULL)",
            name=op.f("ck_goal_one_of_three"),
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_goal_phonebank_id_phonebank"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_goal_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_goal_series_id_series"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("phonebank_id", name=op.f("pk_goal")),
    )
    op.create_index(op.f("ix_goal_event_id"), "goal", ["event_id"])
    op.create_index(op.f("ix_goal_series_id"), "goal", ["series_id"])


def downgrade() -> None:
    """Whoever had signed up by themselves is rung again, as they would have been before."""
    op.execute(
        "UPDATE contact SET goal_met_at = NULL, state = CASE"
        " WHEN promised_at IS NOT NULL THEN 'callback' ELSE 'ready' END"
        " WHERE goal_met_at IS NOT NULL AND state = 'withdrawn'"
    )
    op.drop_table("goal")
