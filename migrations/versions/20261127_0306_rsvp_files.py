"""Files of people whom an event's team wants to bring in."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_rsvp_files"
down_revision = "20261127_exports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rsvp_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rejects", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('previewed', 'imported', 'dropped')", name=op.f("ck_rsvp_file_state")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_rsvp_file_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name="fk_rsvp_file_made_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rsvp_file"),
        sa.UniqueConstraint("public_id", name="uq_rsvp_file_public_id"),
    )
    op.create_index("ix_rsvp_file_event_id", "rsvp_file", ["event_id"])


def downgrade() -> None:
    op.drop_table("rsvp_file")
