"""What is said in each part of a meetup, in the organiser's own words."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_spoken"
down_revision = "20261127_helping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spoken_words",
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"],
            ["meetup.id"],
            name=op.f("fk_spoken_words_meetup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meetup_id", "phase", name=op.f("pk_spoken_words")),
    )


def downgrade() -> None:
    op.drop_table("spoken_words")
