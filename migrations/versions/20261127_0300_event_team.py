"""The team of an event, keys and letters of its life, and since when nobody hosts it."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_event_team"
down_revision = "20261127_calendars"
branch_labels = None
depends_on = None

ROLES = "role IN ('co-host', 'steward', 'data', 'safeguarding')"


def upgrade() -> None:
    op.add_column("event", sa.Column("hostless_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "event_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ROLES, name=op.f("ck_event_team_role")),
        *_belongs("event_team", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_team")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_team_public_id")),
        sa.UniqueConstraint(
            "event_id", "person_id", "role", name=op.f("uq_event_team_event_id_person_id_role")
        ),
    )
    op.create_index("ix_event_team_person_id", "event_team", ["person_id"])
    op.create_table(
        "event_invite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ROLES, name=op.f("ck_event_invite_role")),
        *_belongs("event_invite", "SET NULL", person="invited_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_invite")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_invite_public_id")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_event_invite_fingerprint")),
        sa.UniqueConstraint(
            "event_id", "email", "role", name=op.f("uq_event_invite_event_id_email_role")
        ),
    )
    op.create_index("ix_event_invite_email", "event_invite", ["email"])
    op.create_table(
        "event_key",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(6), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('host', 'offer')", name=op.f("ck_event_key_purpose")),
        *_belongs("event_key", "CASCADE"),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_event_key")),
    )
    op.create_index(op.f("ix_event_key_event_id"), "event_key", ["event_id"])
    op.create_index(op.f("ix_event_key_person_id"), "event_key", ["person_id"])
    op.create_table(
        "event_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(12), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        *_belongs("event_told", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_told")),
        sa.UniqueConstraint(
            "event_id",
            "person_id",
            "letter",
            "about",
            name=op.f("uq_event_told_event_id_person_id_letter_about"),
        ),
    )
    op.create_index("ix_event_told_person_id", "event_told", ["person_id"])


def _belongs(table: str, gone: str, *, person: str = "person_id") -> list[sa.ForeignKeyConstraint]:
    """To an event and to a person."""
    return [
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f(f"fk_{table}_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            [person], ["person.id"], name=op.f(f"fk_{table}_{person}_person"), ondelete=gone
        ),
    ]


def downgrade() -> None:
    for table in ("event_told", "event_key", "event_invite", "event_team"):
        op.drop_table(table)
    op.drop_column("event", "hostless_at")
