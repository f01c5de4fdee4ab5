"""Promised calls that their callers were written about, and who wants no such letters."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_promises"
down_revision = "20261127_passed_over"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "no_promise_letters",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_no_promise_letters_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_no_promise_letters")),
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("over", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_promise_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_promise_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("public_id", name=op.f("uq_promise_public_id")),
        sa.UniqueConstraint("contact_id", "owner_id", name=op.f("uq_promise_contact_id_owner_id")),
    )
    op.create_index("ix_promise_owner_id", "promise", ["owner_id"])
    op.create_index("ix_promise_at", "promise", ["at"])


def downgrade() -> None:
    op.drop_index("ix_promise_at", table_name="promise")
    op.drop_index("ix_promise_owner_id", table_name="promise")
    op.drop_table("promise")
    op.drop_table("no_promise_letters")
