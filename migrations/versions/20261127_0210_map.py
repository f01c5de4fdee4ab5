"""What the map needs: when each event last changed, its area, a group's priority."""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261127_map"
down_revision = "20261122_tps"
branch_labels = None
depends_on = None

BATCH = 1000
event = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("place_kind", sa.String),
    sa.column("shown_place", sa.String),
    sa.column("area", sa.String),
    sa.column("step_free", sa.Boolean),
    sa.column("feature", sa.Text),
)


def upgrade() -> None:
    op.add_column("event", sa.Column("area", sa.String(length=120), nullable=True))
    op.create_table(
        "event_turn",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_turn")),
    )
    op.create_index("ix_event_turn_turn", "event_turn", ["turn"])
    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint("priority", "priority BETWEEN 0 AND 9")
    _tell_areas()


def _tell_areas() -> None:
    """The map's texts say the area, and whether one gets in without a step."""
    connection, last = op.get_bind(), 0
    columns = (event.c.id, event.c.place_kind, event.c.shown_place, event.c.step_free)
    while True:
        page = sa.select(*columns, event.c.feature).where(event.c.id > last)
        rows = connection.execute(page.order_by(event.c.id).limit(BATCH)).all()
        if not rows:
            return
        last = rows[-1].id
        for row in rows:
            at_home = row.place_kind == "home"
            area = row.shown_place.rpartition(", a home")[0] or None if at_home else None
            values = {"area": area, "feature": _told(row.feature, area, row.step_free)}
            connection.execute(sa.update(event).where(event.c.id == row.id).values(**values))


def _told(text: str | None, area: str | None, step_free: bool | None) -> str | None:
    if text is None:
        return None
    feature = json.loads(text)
    feature["properties"] |= {"area": area, "accessible": step_free}
    plain = json.dumps(feature, separators=(",", ":"), ensure_ascii=False)
    return plain.replace("<", "\\u003c").replace("&", "\\u0026")


def downgrade() -> None:
    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.drop_constraint("priority", type_="check")
        batch_op.drop_column("priority")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS event_turn ON event")
        op.execute("DROP FUNCTION IF EXISTS note_event_turn()")
    else:
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS event_turn_{verb}")
    op.drop_table("event_turn")
    op.drop_column("event", "area")
