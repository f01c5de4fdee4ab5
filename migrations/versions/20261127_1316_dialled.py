"""When a caller's screen told that it dials."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_dialled"
down_revision = "20261127_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("dialled_at", UTCDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("call", "dialled_at")
