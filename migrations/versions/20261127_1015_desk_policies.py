"""Cards of trusted hosts go on the map at once; tables call for a helper."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_desk_policies"
down_revision = "20261127_floor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meetup", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_meetup_publishes"), type_="check")
        batch_op.create_check_constraint("publishes", "publishes IN ('at once', 'trusted', 'desk')")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("host_known", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "help_wanted",
        sa.Column("breakout_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["breakout_id"],
            ["breakout.id"],
            name=op.f("fk_help_wanted_breakout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("breakout_id", name=op.f("pk_help_wanted")),
    )


def downgrade() -> None:
    op.drop_table("help_wanted")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_column("host_known")
    op.execute("UPDATE meetup SET publishes = 'desk' WHERE publishes = 'trusted'")
    with op.batch_alter_table("meetup", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_meetup_publishes"), type_="check")
        batch_op.create_check_constraint("publishes", "publishes IN ('at once', 'desk')")
