"""What came of an event: a few numbers and a paragraph."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_reports"
down_revision = "20261127_groups"
branch_labels = None
depends_on = None

NUMBERS = ("people", "calls", "doors", "leaflets")


def upgrade() -> None:
    op.create_table(
        "event_report",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in NUMBERS),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 100000", name=op.f(f"ck_event_report_{name}"))
            for name in NUMBERS
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_report_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["person.id"],
            name=op.f("fk_event_report_written_by_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_report")),
    )


def downgrade() -> None:
    op.drop_table("event_report")
