"""Topics of the strategy tables, and the votes for them."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_topics"
down_revision = "20261127_goals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meetup", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("topics", sa.String(length=7), server_default="none", nullable=False)
        )
        batch_op.create_check_constraint("topics", "topics IN ('none', 'set', 'propose')")
    op.add_column(
        "breakout", sa.Column("topic", sa.String(length=80), server_default="", nullable=False)
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_topic_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["participant.id"],
            name=op.f("fk_topic_proposer_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("public_id", name=op.f("uq_topic_public_id")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_topic_batch_id_position")),
        sa.UniqueConstraint("batch_id", "proposer_id", name=op.f("uq_topic_batch_id_proposer_id")),
    )
    op.create_index("ix_topic_proposer_id", "topic", ["proposer_id"], unique=False)
    op.create_table(
        "topic_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_topic_vote_rank")),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_vote_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_topic_vote_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_vote")),
        sa.UniqueConstraint(
            "topic_id", "participant_id", name=op.f("uq_topic_vote_topic_id_participant_id")
        ),
        sa.UniqueConstraint(
            "participant_id", "rank", name=op.f("uq_topic_vote_participant_id_rank")
        ),
    )


def downgrade() -> None:
    op.drop_table("topic_vote")
    op.drop_table("topic")
    op.drop_column("breakout", "topic")
    with op.batch_alter_table("meetup", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_meetup_topics"), type_="check")
        batch_op.drop_column("topics")
