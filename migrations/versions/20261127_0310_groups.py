"""What a group is and whom it lets in, its notes, and who hears of events by mail."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_groups"
down_revision = "20261127_door"
branch_labels = None
depends_on = None

NEW = ("kind", "parent_id", "outcodes", "radius_km", "contact", "is_open", "quiet_told_at")


def upgrade() -> None:
    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=10), server_default="local", nullable=False)
        )
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("outcodes", sa.String(length=400), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("radius_km", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column("contact", sa.String(length=10), server_default="members", nullable=False)
        )
        batch_op.add_column(
            sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("quiet_told_at", UTCDateTime(timezone=True), nullable=True))
        batch_op.create_index(op.f("ix_group_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_group_parent_id"), "group", ["parent_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(
            "kind", "kind IN ('local', 'branch', 'thematic', 'workplace', 'hub')"
        )
        batch_op.create_check_constraint("contact", "contact IN ('everybody', 'members', 'nobody')")
        batch_op.create_check_constraint("radius_km", "radius_km IS NULL OR radius_km > 0")
    op.add_column(
        "outbox_letter",
        sa.Column("unsubscribe", sa.String(length=500), server_default="", nullable=False),
    )
    _join_request()
    _notes()
    _followers()
    _news()


def _join_request() -> None:
    op.create_table(
        "join_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_join_request_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_join_request_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint(
            "group_id", "person_id", name=op.f("uq_join_request_group_id_person_id")
        ),
    )
    op.create_index("ix_join_request_person_id", "join_request", ["person_id"])


def _notes() -> None:
    op.create_table(
        "group_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("shown_from", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("published_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state != 'published' OR shown_from IS NOT NULL",
            name=op.f("ck_group_note_shown_from"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'published', 'declined')", name=op.f("ck_group_note_state")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_group_note_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_note")),
        sa.UniqueConstraint("group_id", "source", name=op.f("uq_group_note_group_id_source")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_note_public_id")),
    )
    op.create_index(
        "ix_group_note_group_id_state", "group_note", ["group_id", "state", "published_at"]
    )
    op.create_table(
        "group_note_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name=op.f("fk_group_note_revision_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["group_note.id"],
            name=op.f("fk_group_note_revision_note_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_note_revision")),
        sa.UniqueConstraint(
            "note_id", "number", name=op.f("uq_group_note_revision_note_id_number")
        ),
    )
    op.create_index("ix_group_note_revision_author_id", "group_note_revision", ["author_id"])


def _followers() -> None:
    op.create_table(
        "follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("mailed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("paused_at", UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint("email", name=op.f("uq_follower_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follower_public_id")),
    )
    op.create_index("ix_follower_told_up_to", "follower", ["told_up_to"])
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("wants", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("radius_km", sa.Double(), nullable=True),
        sa.Column("kinds", sa.String(length=120), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("wants IN ('hear', 'join')", name=op.f("ck_follow_wants")),
        sa.CheckConstraint(
            "group_id IS NOT NULL OR (lat IS NOT NULL AND lng IS NOT NULL"
            " AND radius_km IS NOT NULL)",
            name=op.f("ck_follow_of_something"),
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["follower.id"],
            name=op.f("fk_follow_follower_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_follow_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_public_id")),
    )
    op.create_index("ix_follow_follower_id", "follow", ["follower_id"])
    op.create_index("ix_follow_group_id", "follow", ["group_id"])
    op.create_index("ix_follow_confirmed_at", "follow", ["confirmed_at", "made_at"])
    op.create_table(
        "follow_key",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("follow_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_id"], ["follow.id"], name=op.f("fk_follow_key_follow_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["follower.id"],
            name=op.f("fk_follow_key_follower_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_follow_key")),
    )
    op.create_index(op.f("ix_follow_key_follower_id"), "follow_key", ["follower_id"])
    op.create_index(op.f("ix_follow_key_follow_id"), "follow_key", ["follow_id"])


def _news() -> None:
    op.create_table(
        "event_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_news_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_news")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_news_event_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("event_news", "follow_key", "follow", "follower"):
        op.drop_table(table)
    for table in ("group_note_revision", "group_note", "join_request"):
        op.drop_table(table)
    op.drop_column("outbox_letter", "unsubscribe")
    with op.batch_alter_table("group", schema=None) as batch_op:
        for check in ("kind", "contact", "radius_km"):
            batch_op.drop_constraint(check, type_="check")
        batch_op.drop_constraint(op.f("fk_group_parent_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_group_parent_id"))
        for column in reversed(NEW):
            batch_op.drop_column(column)
