"""Drafts, events that wait for a yes, who learns an address, and whom to ask about access."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_openness"
down_revision = "20261127_waiting_line"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_event_address_for": "address_for IN ('everybody', 'area', 'signed_up', 'approved')",
    "ck_event_home_is_hidden": "place_kind <> 'home' OR address_for = 'approved'",
    "ck_event_state": "state IN ('draft', 'waiting', 'unlisted', 'listed', 'cancelled')",
}
BEFORE = "state IN ('unlisted', 'listed', 'cancelled')"


def upgrade() -> None:
    """A home is for whom its host says yes to, an online link for who signed up."""
    with op.batch_alter_table("event") as table:
        table.add_column(sa.Column("access_contact", sa.String(length=120), nullable=True))
        table.add_column(
            sa.Column(
                "address_for", sa.String(length=10), nullable=False, server_default="everybody"
            )
        )
    op.execute("UPDATE event SET address_for = 'approved' WHERE place_kind = 'home'")
    op.execute("UPDATE event SET address_for = 'signed_up' WHERE place_kind = 'online'")
    with op.batch_alter_table("event") as table:
        table.alter_column("address_for", server_default=None)
        table.drop_constraint(op.f("ck_event_state"), type_="check")
        for name, words in CHECKS.items():
            table.create_check_constraint(op.f(name), words)


def downgrade() -> None:
    """What nobody saw is taken away; a hidden venue becomes a home, so that it stays hidden."""
    op.execute("DELETE FROM event WHERE state IN ('draft', 'waiting')")
    op.execute(
        "UPDATE event SET place_kind = 'home'"
        " WHERE place_kind = 'venue' AND address_for <> 'everybody'"
    )
    with op.batch_alter_table("event") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        table.create_check_constraint(op.f("ck_event_state"), BEFORE)
        table.drop_column("address_for")
        table.drop_column("access_contact")
