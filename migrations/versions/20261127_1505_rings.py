"""A sign-in from which somebody was rung lasts as long as a caller's."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_rings"
down_revision = "20261127_room_word"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sign_in_session",
        sa.Column("rings", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("sign_in_session", "rings")
