"""Who is in a room may be known by their sign-up to the evening; nobody sits for one twice."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_expected"
down_revision = "20261127_namesakes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rsvp_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_participant_rsvp_id"), "rsvp", ["rsvp_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_unique_constraint(op.f("uq_participant_rsvp_id"), ["rsvp_id"])


def downgrade() -> None:
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_participant_rsvp_id"), type_="unique")
        batch_op.drop_constraint(op.f("fk_participant_rsvp_id"), type_="foreignkey")
        batch_op.drop_column("rsvp_id")
