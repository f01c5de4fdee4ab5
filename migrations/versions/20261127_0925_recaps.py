"""What was planned at a meeting, the page that sums it up, and the sums of an evening."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_recaps"
down_revision = "20261127_tps_packed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_event",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_planned_event_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["event.id"],
            name=op.f("fk_planned_event_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_planned_event")),
    )
    op.create_index(op.f("ix_planned_event_meeting_id"), "planned_event", ["meeting_id"])
    op.create_table(
        "event_recap",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_recap_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_recap")),
    )
    op.create_table(
        "recap",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first_timers", sa.Integer(), nullable=True),
        sa.Column("hosts", sa.Integer(), nullable=False),
        sa.Column("cohosted", sa.Integer(), nullable=False),
        sa.Column("committed", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_recap_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_recap")),
    )
    # What the cards of earlier evenings became was planned there, too.
    op.execute(
        "INSERT INTO planned_event (event_id, meeting_id, made_at)"
        " SELECT card.event_id, meetup.event_id, card.host_accepted_at FROM card"
        " JOIN breakout ON breakout.id = card.breakout_id"
        " JOIN batch ON batch.id = breakout.batch_id"
        " JOIN meetup ON meetup.id = batch.meetup_id"
        " WHERE card.event_id IS NOT NULL AND card.host_accepted_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("recap")
    op.drop_table("event_recap")
    op.drop_index(op.f("ix_planned_event_meeting_id"), table_name="planned_event")
    op.drop_table("planned_event")
