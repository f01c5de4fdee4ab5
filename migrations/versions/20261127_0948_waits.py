"""By which rules the people of a phonebank wait."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_waits"
down_revision = "20261127_way_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phonebank", sa.Column("waits_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("phonebank", "waits_by")
