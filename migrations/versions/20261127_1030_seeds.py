"""Tables that go on as groups: who ticked it, the seed, and who was asked."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_seeds"
down_revision = "20261127_desk_policies"
branch_labels = None
depends_on = None

MOMENT = UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "keep_going",
        sa.Column("participant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        _to("keep_going", "participant_id", "participant", "CASCADE"),
        _to("keep_going", "breakout_id", "breakout", "CASCADE"),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_keep_going")),
    )
    op.create_index(op.f("ix_keep_going_breakout_id"), "keep_going", ["breakout_id"])
    op.create_table(
        "seed_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("convenor_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        _to("seed_group", "meeting_id", "event", "CASCADE"),
        _to("seed_group", "breakout_id", "breakout", "SET NULL"),
        _to("seed_group", "convenor_id", "person", "SET NULL"),
        _to("seed_group", "group_id", "group", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_group")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seed_group_public_id")),
        sa.UniqueConstraint("breakout_id", name=op.f("uq_seed_group_breakout_id")),
    )
    op.create_index(op.f("ix_seed_group_meeting_id"), "seed_group", ["meeting_id"])
    op.create_index("ix_seed_group_convenor_id", "seed_group", ["convenor_id"])
    op.create_index("ix_seed_group_group_id", "seed_group", ["group_id"])
    op.create_table(
        "seed_invite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=7), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "answer IN ('convene', 'join', 'no')", name=op.f("ck_seed_invite_answer")
        ),
        _to("seed_invite", "seed_id", "seed_group", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_invite")),
        sa.UniqueConstraint("seed_id", "email", name=op.f("uq_seed_invite_seed_id_email")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_seed_invite_fingerprint")),
    )


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("seed_invite")
    op.drop_table("seed_group")
    op.drop_table("keep_going")
