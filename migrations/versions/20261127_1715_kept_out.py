"""Who is kept out of everything, where every room can ask: known by keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_kept_out"
down_revision = "20261127_desk_devices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name="fk_kept_out_made_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_kept_out"),
        sa.UniqueConstraint("case_id", name="uq_kept_out_case_id"),
    )
    op.create_index("ix_kept_out_made_by", "kept_out", ["made_by"])
    op.create_index("ix_kept_out_until", "kept_out", ["until"])
    op.create_table(
        "kept_out_mark",
        sa.Column("kept_out_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashed", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_out_id"],
            ["kept_out.id"],
            name="fk_kept_out_mark_kept_out_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kept_out_id", "hashed", name="pk_kept_out_mark"),
    )
    op.create_index("ix_kept_out_mark_hashed", "kept_out_mark", ["hashed"])
    op.create_table(
        "kept_out_person",
        sa.Column("kept_out_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_out_id"],
            ["kept_out.id"],
            name="fk_kept_out_person_kept_out_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_kept_out_person_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kept_out_id", "person_id", name="pk_kept_out_person"),
    )
    op.create_index("ix_kept_out_person_person_id", "kept_out_person", ["person_id"])
    # Whom a moderator keeps out already. An account is known when it signs in the next time.
    op.execute(
        "INSERT INTO kept_out (case_id, reason, until, made_at)"
        " SELECT public_id, reason, everywhere_until, made_at FROM sent_out"
        " WHERE everywhere_until IS NOT NULL AND lifted_at IS NULL ORDER BY id"
    )
    op.execute(
        "INSERT INTO kept_out_mark (kept_out_id, hashed)"
        " SELECT kept_out.id, sent_out_mark.hashed FROM kept_out"
        " JOIN sent_out ON sent_out.public_id = kept_out.case_id"
        " JOIN sent_out_mark ON sent_out_mark.sent_out_id = sent_out.id"
    )


def downgrade() -> None:
    """Who stays out of every meetup stands in ``sent_out`` as before."""
    op.drop_table("kept_out_person")
    op.drop_table("kept_out_mark")
    op.drop_table("kept_out")
