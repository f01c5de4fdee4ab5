"""Calendar files in letters and feeds: what an event's calendar entry must know, personal keys."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_calendars"
down_revision = "20261127_rang_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("event", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_letter", sa.Column("calendar", sa.Text(), nullable=True))
    op.create_table(
        "calendar_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_calendar_key_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_calendar_key_fingerprint")),
    )
    op.create_index("ix_event_left_at", "event", ["left_at"])


def downgrade() -> None:
    op.drop_index("ix_event_left_at", table_name="event")
    op.drop_table("calendar_key")
    op.drop_column("outbox_letter", "calendar")
    op.drop_column("event", "left_at")
    op.drop_column("event", "changed_at")
