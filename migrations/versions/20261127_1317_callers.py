"""What callers are to us over all phonebanks; whoever has called a good deal is no newcomer."""

import sqlalchemy as sa
from alembic import op

from campaign.foundation.database import UTCDateTime

revision = "20261127_callers"
down_revision = "20261127_dialled"
branch_labels = None
depends_on = None

# As the rules were when this was written: twenty calls, practice aside.
REGULAR = """
    INSERT INTO caller_profile (person_id, trust, since, paused_why, must_read)
    SELECT person.id, 'regular', max(call.reported_at), '', :no
    FROM call
    JOIN person ON person.id = call.caller_id
    JOIN phonebank ON phonebank.id = call.phonebank_id
    WHERE call.status = 'reported' AND phonebank.is_practice = :no
    GROUP BY person.id
    HAVING count(*) >= 20
"""


def upgrade() -> None:
    op.create_table(
        "caller_profile",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("trust", sa.String(length=9), server_default="new", nullable=False),
        sa.Column("since", UTCDateTime(timezone=True), nullable=True),
        sa.Column("paused_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("paused_why", sa.String(length=200), server_default="", nullable=False),
        sa.Column("paused_in", sa.Integer(), nullable=True),
        sa.Column("let_go_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("must_read", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "trust IN ('new', 'regular', 'trusted', 'lead', 'suspended')",
            name=op.f("ck_caller_profile_trust"),
        ),
        sa.ForeignKeyConstraint(
            ["paused_in"],
            ["phonebank.id"],
            name=op.f("fk_caller_profile_paused_in"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_caller_profile_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_caller_profile")),
    )
    op.execute(sa.text(REGULAR).bindparams(sa.bindparam("no", False, type_=sa.Boolean())))


def downgrade() -> None:
    op.drop_table("caller_profile")
