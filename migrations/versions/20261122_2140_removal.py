"""Who was taken off a phonebank."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_removal"
down_revision = "20261122_meetups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each person who may not call for a phonebank."""
    op.create_table(
        "removal",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_removal_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_removal_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["person.id"], name=op.f("fk_removal_removed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("phonebank_id", "person_id", name=op.f("pk_removal")),
    )
    op.create_index("ix_removal_person_id", "removal", ["person_id"])


def downgrade() -> None:
    """Everybody who was taken off may call again."""
    op.drop_index("ix_removal_person_id", table_name="removal")
    op.drop_table("removal")
