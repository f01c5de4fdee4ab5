"""What waits to be written into the journal of objections and erasures."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_journal"
down_revision = "20261127_waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("of", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=10), server_default="", nullable=False),
        sa.Column("source", sa.String(length=60), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("mark", name=op.f("uq_journal_entry_mark")),
    )
    waiting = sa.text("carried_at IS NULL")
    op.create_index(
        "ix_journal_entry_waiting",
        "journal_entry",
        ["id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    # Who objected before there was a journal must not come back either. The mark of the key is
    # nobody's wish.
    op.execute(
        "INSERT INTO journal_entry (kind, of, reason, source, at) "
        "SELECT 'suppressed', hmac, reason, source, made_at FROM suppression "
        "WHERE source <> 'probe' ORDER BY id"
    )


def downgrade() -> None:
    op.drop_table("journal_entry")
