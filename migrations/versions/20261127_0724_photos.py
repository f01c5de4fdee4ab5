"""Photos of what came of an event."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_photos"
down_revision = "20261127_drop_briefings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("width", "height", "small_width", "small_height", "given_by")
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_photo_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["person.id"],
            name=op.f("fk_event_photo_given_by_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_photo")),
        sa.UniqueConstraint("name", name=op.f("uq_event_photo_name")),
    )
    op.create_index(op.f("ix_event_photo_event_id"), "event_photo", ["event_id"])
    op.create_index(op.f("ix_event_photo_given_by"), "event_photo", ["given_by"])


def downgrade() -> None:
    op.drop_table("event_photo")
