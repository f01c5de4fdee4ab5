"""A form sent twice is known again; a convenor's no; what everybody of an event is still to hear.

Unique indexes rather than constraints: SQLite adds them without writing the table anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_organising"
down_revision = "20261122_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("client_uuid", sa.String(36), nullable=True))
    op.add_column("event", sa.Column("kept_off_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("group", sa.Column("client_uuid", sa.String(36), nullable=True))
    op.create_index(
        "uq_event_host_id_client_uuid", "event", ["host_id", "client_uuid"], unique=True
    )
    op.create_index("uq_group_client_uuid", "group", ["client_uuid"], unique=True)
    op.create_table(
        "event_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('changed', 'cancelled')", name=op.f("ck_event_notice_kind")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_notice_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_notice")),
    )
    op.create_index(op.f("ix_event_notice_event_id"), "event_notice", ["event_id"])


def downgrade() -> None:
    op.drop_table("event_notice")
    op.drop_index("uq_group_client_uuid", table_name="group")
    op.drop_index("uq_event_host_id_client_uuid", table_name="event")
    for table, column in (
        ("group", "client_uuid"),
        ("event", "kept_off_at"),
        ("event", "client_uuid"),
    ):
        op.drop_column(table, column)
