"""Our own numbers on a list, and what callers noted of them."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_canaries"
down_revision = "20261127_card_more"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.add_column("contact", sa.Column("canary", sa.String(length=8), nullable=True))
    op.create_table(
        "canary",
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        _belongs("canary", "contact_id", "contact"),
        _belongs("canary", "phonebank_id", "phonebank"),
        _belongs("canary", "owner_id", "person"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_canary")),
        sa.UniqueConstraint("public_id", name=op.f("uq_canary_public_id")),
    )
    op.create_index(op.f("ix_canary_phonebank_id"), "canary", ["phonebank_id"])
    op.create_index(op.f("ix_canary_owner_id"), "canary", ["owner_id"])
    op.create_table(
        "canary_call",
        sa.Column("call_id", BIG, autoincrement=False, nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        _belongs("canary_call", "call_id", "call"),
        _belongs("canary_call", "phonebank_id", "phonebank"),
        _belongs("canary_call", "caller_id", "person"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_canary_call")),
    )
    op.create_index("ix_canary_call_caller_id_at", "canary_call", ["caller_id", "at"])
    op.create_index("ix_canary_call_phonebank_id", "canary_call", ["phonebank_id"])


def downgrade() -> None:
    # Nobody's: without the column they would be taken for people of the list.
    op.execute("DELETE FROM call WHERE contact_id IN (SELECT contact_id FROM canary)")
    op.execute("DELETE FROM contact WHERE canary IS NOT NULL")
    op.drop_index("ix_canary_call_phonebank_id", table_name="canary_call")
    op.drop_index("ix_canary_call_caller_id_at", table_name="canary_call")
    op.drop_table("canary_call")
    op.drop_index(op.f("ix_canary_owner_id"), table_name="canary")
    op.drop_index(op.f("ix_canary_phonebank_id"), table_name="canary")
    op.drop_table("canary")
    op.drop_column("contact", "canary")
