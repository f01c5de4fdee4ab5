"""Lists come in by a job: the file lies in the data folder, and the row says how far it is.

A file that waited for a decision cannot be moved out of the database here: it is to be brought
again. What stayed out of the lists before is summed up by its reasons.
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "20261127_imports"
down_revision = "20261127_topics"
branch_labels = None
depends_on = None

STATE = "ck_import_batch_state"
BEFORE = "state IN ('previewed', 'imported', 'dropped')"
AFTER = "state IN ('reading', 'previewed', 'bringing', 'imported', 'dropped', 'failed')"
AGAIN = "Campaign was renewed while this file waited. Bring it again."
PERSON = "fk_import_batch_brought_by_person"
MOST = 50


def upgrade() -> None:
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_constraint(op.f(STATE), type_="check")
        for name, most in (("encoding", 12), ("trouble", 400), ("step", 10)):
            batch.add_column(
                sa.Column(name, sa.String(length=most), nullable=False, server_default="")
            )
        for name, kind in (
            ("done", sa.SmallInteger()),
            ("rows", sa.Integer()),
            ("tries", sa.SmallInteger()),
        ):
            batch.add_column(sa.Column(name, kind, nullable=False, server_default="0"))
        batch.add_column(sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("worker", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("tidy", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("brought_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("brought_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f(PERSON), "person", ["brought_by"], ["id"], ondelete="SET NULL"
        )
        batch.create_check_constraint(op.f(STATE), AFTER)
    _sum_up()
    op.execute(
        sa.text(
            "UPDATE import_batch SET state = 'failed', trouble = :again WHERE state = 'previewed'"
        ).bindparams(again=AGAIN)
    )
    op.execute(sa.text("UPDATE import_batch SET tidy = :yes").bindparams(yes=True))
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_column("rejects")
        batch.drop_column("data")
    op.create_index(
        "ix_import_batch_to_do",
        "import_batch",
        ["id"],
        sqlite_where=sa.text("NOT tidy"),
        postgresql_where=sa.text("NOT tidy"),
    )


def _sum_up() -> None:
    bind = op.get_bind()
    for key, rejects, counts in bind.execute(
        sa.text("SELECT id, rejects, counts FROM import_batch")
    ).all():
        rows = json.loads(rejects) if isinstance(rejects, str) else rejects
        seen = json.loads(counts) if isinstance(counts, str) else counts
        firsts: dict[str, list[object]] = {}
        for number, column, why in rows or []:
            firsts.setdefault(why, [number, column])
        often = Counter(why for _, _, why in rows or []).most_common(MOST)
        reasons = [[why, many, *firsts[why]] for why, many in often]
        bind.execute(
            sa.text("UPDATE import_batch SET reasons = :why, rows = :rows WHERE id = :key"),
            {"why": json.dumps(reasons), "rows": sum((seen or {}).values()), "key": key},
        )


def downgrade() -> None:
    op.drop_index("ix_import_batch_to_do", table_name="import_batch")
    op.execute(
        "UPDATE import_batch SET state = 'dropped' WHERE state NOT IN ('imported', 'dropped')"
    )
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.drop_constraint(op.f(PERSON), type_="foreignkey")
        for name in (
            "encoding",
            "trouble",
            "step",
            "done",
            "rows",
            "tries",
            "reasons",
            "worker",
            "seen_at",
            "tidy",
            "brought_by",
            "brought_at",
        ):
            batch.drop_column(name)
        batch.add_column(sa.Column("rejects", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("data", sa.LargeBinary(), nullable=True))
        batch.create_check_constraint(op.f(STATE), BEFORE)
