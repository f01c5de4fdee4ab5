"""What somebody in a room agreed to, each on its own; what they need; and their four words."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_way_back"
down_revision = "20261127_recaps"
branch_labels = None
depends_on = None

TICKS = ("may_contact", "hears_area", "shows_name")


def upgrade() -> None:
    with op.batch_alter_table("participant", schema=None) as batch_op:
        for name in TICKS:
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        batch_op.add_column(
            sa.Column("access_needs", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("words", sa.String(length=64), nullable=True))
        batch_op.create_index("ix_participant_words", ["words"], unique=False)
    # The page before said both to everybody who came in by it.
    op.execute(
        sa.text(
            "UPDATE participant SET may_contact = true, shows_name = true WHERE consent = 'room-1'"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index("ix_participant_words")
        for name in ("words", "access_needs", *TICKS):
            batch_op.drop_column(name)
