"""What somebody needs of a table, by taps; and how tables are marked."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_table_marks"
down_revision = "20261127_kept_out"
branch_labels = None
depends_on = None

NEEDS = ("needs_quiet", "needs_step_free", "needs_bsl")


def upgrade() -> None:
    op.create_table(
        "table_mark",
        sa.Column("meetup_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("step_free", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("bsl", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"],
            ["meetup.id"],
            name=op.f("fk_table_mark_meetup_id_meetup"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meetup_id", "number", name=op.f("pk_table_mark")),
    )
    for name in NEEDS:
        op.add_column(
            "participant",
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False),
        )


def downgrade() -> None:
    for name in NEEDS:
        op.drop_column("participant", name)
    op.drop_table("table_mark")
