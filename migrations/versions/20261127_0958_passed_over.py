"""Whom a caller passed over is found by the caller."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_passed_over"
down_revision = "20261127_sharers"
branch_labels = None
depends_on = None

PASSED_OVER = sa.text("skip_reason IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_call_passed_over",
        "call",
        ["caller_id", "contact_id"],
        sqlite_where=PASSED_OVER,
        postgresql_where=PASSED_OVER,
    )


def downgrade() -> None:
    op.drop_index("ix_call_passed_over", table_name="call")
