"""The door: who is in, every tap by its nonce, and links to the host's page."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_door"
down_revision = "20261127_rsvp_files"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "door",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("came_in", sa.Integer(), nullable=False),
        sa.Column("went_out", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("went_out >= 0", name=op.f("ck_door_went_out")),
        sa.CheckConstraint("came_in >= went_out", name=op.f("ck_door_inside")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_door_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_door")),
    )
    op.create_table(
        "door_tap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(14), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(12), nullable=False),
        sa.Column("tapped_at", INSTANT, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('came', 'did_not_come', 'unknown', 'in', 'out', 'back', 'rest')",
            name=op.f("ck_door_tap_kind"),
        ),
        sa.CheckConstraint("result IN ('done', 'later stands')", name=op.f("ck_door_tap_result")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_door_tap_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name=op.f("fk_door_tap_rsvp_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_tap")),
        sa.UniqueConstraint("event_id", "nonce", name=op.f("uq_door_tap_event_id_nonce")),
    )
    op.create_index("ix_door_tap_event_id_kind", "door_tap", ["event_id", "kind", "id"])
    op.create_index(op.f("ix_door_tap_rsvp_id"), "door_tap", ["rsvp_id"])
    op.create_table(
        "host_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("last_day", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_host_link_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_host_link_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_host_link_fingerprint")),
    )
    op.create_index(op.f("ix_host_link_event_id"), "host_link", ["event_id"])


def downgrade() -> None:
    op.drop_table("host_link")
    op.drop_table("door_tap")
    op.drop_table("door")
