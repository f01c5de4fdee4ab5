"""The way through practice calls and the quiz, in the place of a mere "has practised".

Who practised before has the practice calls behind them; the quiz waits at their next call.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_training"
down_revision = "20261127_scripts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("slip", sa.String(20), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound_for_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("calls >= 0 AND tries >= 0", name=op.f("ck_training_attempt_counts")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_training_attempt_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["bound_for_id"],
            ["phonebank.id"],
            name=op.f("fk_training_attempt_bound_for_id_phonebank"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attempt")),
        sa.UniqueConstraint("person_id", "version", name="uq_training_attempt_person_id_version"),
    )
    op.create_index(op.f("ix_training_attempt_bound_for_id"), "training_attempt", ["bound_for_id"])
    op.execute(
        "INSERT INTO training_attempt (person_id, version, started_at, calls, tries)"
        " SELECT person_id, 1, at, 3, 0 FROM practice_passed"
    )
    op.drop_table("practice_passed")


def downgrade() -> None:
    op.create_table(
        "practice_passed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_practice_passed_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_practice_passed")),
    )
    op.execute(
        "INSERT INTO practice_passed (person_id, at)"
        " SELECT person_id, MIN(started_at) FROM training_attempt"
        " WHERE calls >= 3 GROUP BY person_id"
    )
    op.drop_table("training_attempt")
