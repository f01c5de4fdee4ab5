"""Exports of contacts that one person asks for and another approves."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_exports"
down_revision = "20261127_shifts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("shape", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'refused', 'withdrawn')",
            name=op.f("ck_contact_export_state"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by",
            name=op.f("ck_contact_export_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_contact_export_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["person.id"],
            name=op.f("fk_contact_export_asked_by"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["person.id"],
            name=op.f("fk_contact_export_decided_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_export")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_export_public_id")),
    )
    op.create_index("ix_contact_export_phonebank_id", "contact_export", ["phonebank_id"])
    op.create_index("ix_contact_export_asked_by", "contact_export", ["asked_by"])


def downgrade() -> None:
    op.drop_table("contact_export")
