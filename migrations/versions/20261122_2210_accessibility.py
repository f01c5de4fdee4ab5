"""What helps people to get in and take part in an event; lists and maps choose step-free ones."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_accessibility"
down_revision = "20261122_reminders"
branch_labels = None
depends_on = None

FACTS = (
    "step_free",
    "accessible_toilet",
    "hearing_loop",
    "bsl",
    "quiet_space",
    "childcare",
    "travel_help",
)
FOUND = (
    *("state", "starts_at", "id", "ends_at", "kind", "group_id"),
    *("capacity", "taken", "needed", "shown_lat", "shown_lng"),
)


def upgrade() -> None:
    for fact in FACTS:
        op.add_column("event", sa.Column(fact, sa.Boolean(), nullable=True))
    op.drop_index("ix_event_found", table_name="event")
    op.create_index("ix_event_found", "event", [*FOUND, "step_free"])


def downgrade() -> None:
    op.drop_index("ix_event_found", table_name="event")
    op.create_index("ix_event_found", "event", list(FOUND))
    for fact in reversed(FACTS):
        op.drop_column("event", fact)
