"""The incident log of a hall, who was sent out of it, and by what they are known again."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_incidents"
down_revision = "20261127_reversals"
branch_labels = None
depends_on = None

WHEN = UTCDateTime(timezone=True)


def _to_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["person.id"], name=name, ondelete="SET NULL")


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", WHEN, nullable=True),
        sa.CheckConstraint(
            "category IN ('help', 'first_aid', 'safety', 'disturbance', 'distress', 'property',"
            " 'people', 'other')",
            name=op.f("ck_incident_category"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_incident_batch_id"), ondelete="CASCADE"
        ),
        _to_person("incident", "made_by"),
        _to_person("incident", "taken_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incident_public_id")),
    )
    op.create_table(
        "sent_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("appeal", sa.String(length=1000), nullable=False),
        sa.Column("appealed_at", WHEN, nullable=True),
        sa.Column("answer", sa.String(length=300), server_default="", nullable=False),
        sa.Column("everywhere_until", WHEN, nullable=True),
        sa.Column("lifted_at", WHEN, nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_sent_out_batch_id"), ondelete="CASCADE"
        ),
        _to_person("sent_out", "made_by"),
        _to_person("sent_out", "lifted_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_out")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sent_out_public_id")),
    )
    op.create_table(
        "sent_out_mark",
        sa.Column("sent_out_id", sa.Integer(), nullable=False),
        sa.Column("hashed", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["sent_out_id"],
            ["sent_out.id"],
            name=op.f("fk_sent_out_mark_sent_out_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sent_out_id", "hashed", name=op.f("pk_sent_out_mark")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


INDEXES = (
    *(("incident", column) for column in ("batch_id", "made_by", "taken_by")),
    *(("sent_out", column) for column in ("batch_id", "made_by", "lifted_by", "fingerprint")),
    ("sent_out_mark", "hashed"),
)


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in ("sent_out_mark", "sent_out", "incident"):
        op.drop_table(table)
