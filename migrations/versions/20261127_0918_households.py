"""Who lives with whom, when they were last spoken to, and who did by themselves what we ask."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_households"
down_revision = "20261127_photos"
branch_labels = None
depends_on = None

CLAIMED = sa.text("state = 'claimed' AND household_key IS NOT NULL")
HOUSED = sa.text("household_key IS NOT NULL")


def upgrade() -> None:
    """Whom we talked to lately is known; ``campaign init`` fills the households in, by the key."""
    op.add_column("contact", sa.Column("household_key", sa.String(length=64), nullable=True))
    for name in ("reached_at", "goal_met_at"):
        op.add_column("contact", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_contact_claimed_household",
        "contact",
        ["household_key"],
        unique=True,
        sqlite_where=CLAIMED,
        postgresql_where=CLAIMED,
    )
    op.create_index(
        "ix_contact_household_key",
        "contact",
        ["household_key"],
        sqlite_where=HOUSED,
        postgresql_where=HOUSED,
    )
    op.execute(
        "UPDATE contact SET reached_at = (SELECT max(call.reported_at) FROM call"
        " WHERE call.contact_id = contact.id AND call.reached)"
        " WHERE last_result IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_contact_household_key", table_name="contact")
    op.drop_index("uq_contact_claimed_household", table_name="contact")
    for name in ("goal_met_at", "reached_at", "household_key"):
        op.drop_column("contact", name)
