"""Which devices hold the desk of a meetup, and the links that open it there."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_desk_devices"
down_revision = "20261127_number_first"
branch_labels = None
depends_on = None


def _belongs(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_desk_device_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "desk_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("link_ends_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("ends_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        _belongs("meetup_id", "meetup"),
        _belongs("given_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_device")),
        sa.UniqueConstraint("public_id", name=op.f("uq_desk_device_public_id")),
        sa.UniqueConstraint("link", name=op.f("uq_desk_device_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_desk_device_fingerprint")),
        sa.CheckConstraint(
            "(fingerprint IS NULL) = (opened_at IS NULL)"
            " AND (ends_at IS NULL) = (opened_at IS NULL)",
            name=op.f("ck_desk_device_opened"),
        ),
    )
    op.create_index(op.f("ix_desk_device_meetup_id"), "desk_device", ["meetup_id"])
    op.create_index(op.f("ix_desk_device_given_by"), "desk_device", ["given_by"])


def downgrade() -> None:
    op.drop_table("desk_device")
