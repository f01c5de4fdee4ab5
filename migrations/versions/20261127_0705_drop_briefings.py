"""Who runs an event reads the template of its kind as it is now: no copy of it is kept.

Safety notes that somebody mended are for the events that are announced already, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_drop_briefings"
down_revision = "20261127_strategy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("event_briefing")


def downgrade() -> None:
    op.create_table(
        "event_briefing",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kit", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_briefing_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_briefing")),
    )
