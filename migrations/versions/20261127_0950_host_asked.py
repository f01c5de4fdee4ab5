"""Hosts are asked the day after whether it is on, and later whether it took place."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_host_asked"
down_revision = "20261127_paper_sheets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=4), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=4), nullable=True),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'help', 'no')", name=op.f("ck_host_asked_answer")),
        sa.CheckConstraint("question IN ('on', 'held')", name=op.f("ck_host_asked_question")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_host_asked_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_host_asked_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_asked")),
        sa.UniqueConstraint(
            "event_id",
            "person_id",
            "question",
            name=op.f("uq_host_asked_event_id_person_id_question"),
        ),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_host_asked_fingerprint")),
    )
    op.create_index("ix_host_asked_person_id", "host_asked", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_host_asked_person_id", table_name="host_asked")
    op.drop_table("host_asked")
