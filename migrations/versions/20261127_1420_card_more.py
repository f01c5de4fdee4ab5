"""A card says how many it needs, whether it is step-free, and what to bring."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_card_more"
down_revision = "20261127_call_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("card", sa.Column("needed", sa.Integer(), nullable=True))
    op.add_column("card", sa.Column("step_free", sa.Boolean(), nullable=True))
    op.add_column(
        "card", sa.Column("note", sa.String(length=140), server_default="", nullable=False)
    )


def downgrade() -> None:
    for column in ("note", "step_free", "needed"):
        op.drop_column("card", column)
