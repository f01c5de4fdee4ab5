"""Who shares a number on a list, and who of them was spoken to."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_sharers"
down_revision = "20261127_seeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sharer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), server_default="", nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("consent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("screened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_sharer_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharer")),
        sa.UniqueConstraint(
            "contact_id",
            "first_name",
            "last_name",
            name=op.f("uq_sharer_contact_id_first_name_last_name"),
        ),
    )
    op.add_column(
        "contact", sa.Column("sharers", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.add_column("call", sa.Column("spoken_to", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("call", "spoken_to")
    op.drop_column("contact", "sharers")
    op.drop_table("sharer")
