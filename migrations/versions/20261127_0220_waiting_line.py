"""One line for an event: how it moves, offers with an end, shifts one could come to, and where
a sign-up comes from."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_waiting_line"
down_revision = "20261127_map"
branch_labels = None
depends_on = None

# A check that comes with its column: SQLite cannot add one to a table that stands.
POLICY = (
    "ALTER TABLE event ADD COLUMN line_policy VARCHAR(8) DEFAULT 'strict' NOT NULL "
    "CONSTRAINT ck_event_line_policy CHECK (line_policy IN ('strict', 'best-fit'))"
)
SOURCE = (
    "ALTER TABLE rsvp ADD COLUMN source VARCHAR(8) DEFAULT 'page' NOT NULL "
    "CONSTRAINT ck_rsvp_source CHECK (source IN ('page', 'door', 'meetup', 'import'))"
)


def upgrade() -> None:
    op.execute(POLICY)
    op.execute(SOURCE)
    op.add_column("rsvp", sa.Column("guest_names", sa.Text(), nullable=False, server_default=""))
    op.add_column("rsvp", sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_rsvp_offered_until",
        "rsvp",
        ["offered_until"],
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_table(
        "shift_choice",
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name="fk_shift_choice_rsvp_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name="fk_shift_choice_shift_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rsvp_id", "shift_id", name="pk_shift_choice"),
    )
    op.create_index("ix_shift_choice_shift_id", "shift_choice", ["shift_id"])
    # Who waits for a shift waits for that one and no other.
    op.execute(
        "INSERT INTO shift_choice (rsvp_id, shift_id) SELECT id, shift_id FROM rsvp "
        "WHERE status = 'waiting' AND shift_id IS NOT NULL"
    )


def downgrade() -> None:
    # An offer is a place in line again; the places it held are free.
    for table, key in (("event", "event_id"), ("shift", "shift_id")):
        op.execute(
            f"UPDATE {table} SET taken = taken - (SELECT COALESCE(SUM(1 + guests), 0) FROM rsvp "
            f"WHERE rsvp.{key} = {table}.id AND rsvp.status = 'offered') "
            f"WHERE id IN (SELECT {key} FROM rsvp WHERE status = 'offered')"
        )
    op.execute("UPDATE rsvp SET status = 'waiting' WHERE status = 'offered'")
    op.drop_table("shift_choice")
    op.drop_index("ix_rsvp_offered_until", table_name="rsvp")
    op.drop_column("rsvp", "offered_until")
    op.drop_column("rsvp", "guest_names")
    op.drop_column("rsvp", "source")
    # A later migration makes this table anew, and then the check stands beside its column.
    with op.batch_alter_table("event") as table:
        table.drop_constraint(op.f("ck_event_line_policy"), type_="check")
        table.drop_column("line_policy")
