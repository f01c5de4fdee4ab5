"""Numbers on the TPS, and who came in as screened against it."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_tps"
down_revision = "20261122_accessibility"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody on a list counts as screened; what was loaded to be never rung stays so."""
    op.create_table(
        "tps_number",
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hmac", name=op.f("pk_tps_number")),
    )
    op.add_column(
        "contact", sa.Column("screened", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Who was only screened is no longer rung; the listed numbers are forgotten."""
    op.execute(
        "UPDATE contact SET state = 'held', hold_reason = 'no_consent'"
        " WHERE screened AND NOT consent AND state = 'ready'"
    )
    op.drop_column("contact", "screened")
    op.drop_table("tps_number")
