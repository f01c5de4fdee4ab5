"""The TPS file packed: a row for all numbers whose keyed hashes begin alike, and files by state."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_tps_packed"
down_revision = "20261127_households"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The numbers that are listed stay listed, and of the day they were."""
    op.create_table(
        "tps_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('coming', 'in_force', 'gone')", name=op.f("ck_tps_file_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tps_file")),
    )
    op.create_index(
        "uq_tps_file_in_force",
        "tps_file",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "tps_part",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["tps_file.id"], name=op.f("fk_tps_part_file_id_tps_file")
        ),
        sa.PrimaryKeyConstraint("file_id", "start", name=op.f("pk_tps_part")),
        sqlite_with_rowid=False,
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    joined = "string_agg" if is_postgresql else "group_concat"
    op.execute(
        "INSERT INTO tps_file (state, begun_at)"
        " SELECT 'in_force', made_at FROM never_load"
        " WHERE id = (SELECT max(id) FROM never_load WHERE source = 'tps')"
    )
    op.execute(
        "INSERT INTO tps_part (file_id, start, keys)"
        f" SELECT f.id, substr(n.hmac, 1, 5), {joined}(substr(n.hmac, 6, 11), '')"
        " FROM tps_number n CROSS JOIN tps_file f GROUP BY f.id, substr(n.hmac, 1, 5)"
    )
    op.drop_table("tps_number")


def downgrade() -> None:
    """Whole hashes cannot be had back, so nobody counts as screened until a file is loaded."""
    op.create_table(
        "tps_number",
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hmac", name=op.f("pk_tps_number")),
    )
    op.execute("DELETE FROM never_load WHERE source = 'tps'")
    op.drop_table("tps_part")
    op.drop_index("uq_tps_file_in_force", table_name="tps_file")
    op.drop_table("tps_file")
