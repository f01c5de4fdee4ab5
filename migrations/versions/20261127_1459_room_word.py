"""A word of the desk to everybody in the room, and where its live captions are."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_room_word"
down_revision = "20261127_held_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batch", sa.Column("word", sa.String(length=140), server_default="", nullable=False)
    )
    op.add_column(
        "meetup", sa.Column("captions", sa.String(length=300), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("meetup", "captions")
    op.drop_column("batch", "word")
