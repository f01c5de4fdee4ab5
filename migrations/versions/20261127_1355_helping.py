"""Asking for help, the lead's line, who sits with whom, and the languages of a session."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_helping"
down_revision = "20261127_incidents"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "calling_session",
        sa.Column("languages", sa.String(length=120), server_default="", nullable=False),
    )
    op.create_table(
        "help_request",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('help', 'door')", name=op.f("ck_help_request_kind")),
        _to("help_request", "phonebank_id", "phonebank"),
        _to("help_request", "person_id", "person"),
        _to("help_request", "event_id", "event"),
        _to("help_request", "answered_by", "person", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    op.create_index(
        "uq_help_request_open",
        "help_request",
        ["phonebank_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("uq_help_request_public_id", "help_request", ["public_id"], unique=True)
    op.create_index("ix_help_request_person_id", "help_request", ["person_id"])
    op.create_index("ix_help_request_call_id", "help_request", ["call_id"])
    op.create_table(
        "broadcast",
        sa.Column("id", BIG, nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=160), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("down_at", UTCDateTime(timezone=True), nullable=True),
        _to("broadcast", "phonebank_id", "phonebank"),
        _to("broadcast", "made_by", "person", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_index(
        "uq_broadcast_up",
        "broadcast",
        ["phonebank_id"],
        unique=True,
        sqlite_where=sa.text("down_at IS NULL"),
        postgresql_where=sa.text("down_at IS NULL"),
    )
    op.create_index("ix_broadcast_made_by", "broadcast", ["made_by"])
    op.create_table(
        "pairing",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        _to("pairing", "phonebank_id", "phonebank"),
        _to("pairing", "newcomer_id", "person"),
        _to("pairing", "partner_id", "person"),
        sa.PrimaryKeyConstraint("phonebank_id", "newcomer_id", name=op.f("pk_pairing")),
    )
    op.create_index("ix_pairing_newcomer_id", "pairing", ["newcomer_id"])
    op.create_index("ix_pairing_partner_id", "pairing", ["partner_id"])
    op.create_index("ix_pairing_phonebank_id_partner_id", "pairing", ["phonebank_id", "partner_id"])
    op.create_table(
        "no_thanks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        _to("no_thanks", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_no_thanks")),
    )


def _to(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    for table in ("no_thanks", "pairing", "broadcast", "help_request"):
        op.drop_table(table)
    with op.batch_alter_table("calling_session") as batch:
        batch.drop_column("languages")
