"""Indexes from which lists and maps of events choose without reading rows they do not show."""

from alembic import op

revision = "20261122_found"
down_revision = "20261122_contact_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_state_starts_at")
        batch_op.drop_index("ix_event_group_id")
        batch_op.create_index(
            "ix_event_found",
            [
                "state",
                "starts_at",
                "id",
                "ends_at",
                "kind",
                "group_id",
                "capacity",
                "taken",
                "needed",
                "shown_lat",
                "shown_lng",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_event_group_id_state_starts_at", ["group_id", "state", "starts_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_group_id_state_starts_at")
        batch_op.drop_index("ix_event_found")
        batch_op.create_index("ix_event_group_id", ["group_id"], unique=False)
        batch_op.create_index(
            "ix_event_state_starts_at", ["state", "starts_at", "id"], unique=False
        )
