"""Announcing without an account, and what is proposed for each kind of event."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_announcements"
down_revision = "20261127_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_announcement_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_announcement_event_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_announcement_fingerprint")),
    )
    for column in ("group_id", "made_at", "event_id"):
        op.create_index(f"ix_announcement_{column}", "announcement", [column])
    op.create_index("uq_announcement_client_uuid", "announcement", ["client_uuid"], unique=True)
    op.create_table(
        "event_template",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kit", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 15 AND 4320", name=op.f("ck_event_template_minutes")),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["person.id"],
            name=op.f("fk_event_template_changed_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_event_template")),
    )
    op.create_index("ix_event_template_changed_by", "event_template", ["changed_by"])
    op.create_table(
        "event_briefing",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kit", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_briefing_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_briefing")),
    )


def downgrade() -> None:
    op.drop_table("event_briefing")
    op.drop_table("event_template")
    op.drop_table("announcement")
