"""When somebody got their place, and when they were asked whether they still come."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_reminders"
down_revision = "20261122_removal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rsvp", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rsvp", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("rsvp", "reminded_at")
    op.drop_column("rsvp", "accepted_at")
