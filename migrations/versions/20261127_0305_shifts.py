"""What a shift needs and as what people come to it; news for the people of one shift."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_shifts"
down_revision = "20261127_event_team"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shift", sa.Column("needed", sa.Integer(), nullable=True))
    op.add_column("shift", sa.Column("role", sa.String(40), nullable=False, server_default=""))
    with op.batch_alter_table("event_notice") as table:
        table.add_column(sa.Column("shift_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_event_notice_shift_id"), "shift", ["shift_id"], ["id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    with op.batch_alter_table("event_notice") as table:
        table.drop_constraint(op.f("fk_event_notice_shift_id"), type_="foreignkey")
        table.drop_column("shift_id")
    op.drop_column("shift", "role")
    op.drop_column("shift", "needed")
