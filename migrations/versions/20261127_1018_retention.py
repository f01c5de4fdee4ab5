"""Old calls become totals, and the audit log grows shorter by whole months."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_retention"
down_revision = "20261127_imports"
branch_labels = None
depends_on = None

REFUSE = "the audit log is append-only"
# What lies before a horizon may go; a horizon repeats the hash of a seal that is there.
MAY_GO = {
    "audit_row": (
        "EXISTS (SELECT 1 FROM audit_sealed JOIN audit_horizon"
        " ON audit_sealed.seal_id <= audit_horizon.seal_id WHERE audit_sealed.row_id = OLD.id)"
    ),
    "audit_sealed": "EXISTS (SELECT 1 FROM audit_horizon WHERE seal_id >= OLD.seal_id)",
    "audit_seal": "EXISTS (SELECT 1 FROM audit_horizon WHERE seal_id >= OLD.id)",
}
MAY_COME = (
    "EXISTS (SELECT 1 FROM audit_seal WHERE id = NEW.seal_id AND digest = NEW.digest)"
    " AND NOT EXISTS (SELECT 1 FROM audit_horizon WHERE seal_id >= NEW.seal_id)"
)


def upgrade() -> None:
    _make_tables()
    # A phonebank ends with its last day, and one that was closed before ends when it was closed.
    op.execute(
        "UPDATE phonebank SET closes_at = coalesce((SELECT max(at) FROM audit_row"
        " WHERE action = 'phonebank closed' AND subject = 'phonebank:' || phonebank.id),"
        " CURRENT_TIMESTAMP)"
        " WHERE status = 'closed' AND (closes_at IS NULL OR closes_at > CURRENT_TIMESTAMP)"
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in MAY_GO:
        on = "" if sqlite else f" ON {table}"
        op.execute(f"DROP TRIGGER {table}_no_delete{on}")
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
            )
    op.drop_table("audit_horizon")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_audit_delete()")
        op.execute("DROP FUNCTION refuse_audit_horizon()")
    op.drop_index("ix_audit_sealed_seal_id", table_name="audit_sealed")
    op.drop_table("answer_total")
    op.drop_table("call_total")


def _make_tables() -> None:
    op.create_table(
        "audit_horizon",
        sa.Column(
            "seal_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seal_id", name=op.f("pk_audit_horizon")),
    )
    op.create_index("ix_audit_sealed_seal_id", "audit_sealed", ["seal_id"])
    op.create_table(
        "call_total",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("result_code", sa.String(length=20), nullable=False),
        sa.Column("inbound", sa.Boolean(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        _of_phonebank("call_total"),
        sa.PrimaryKeyConstraint(
            *("phonebank_id", "day", "result_code", "inbound", "reached"),
            name=op.f("pk_call_total"),
        ),
    )
    op.create_table(
        "answer_total",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("option", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        _of_phonebank("answer_total"),
        sa.PrimaryKeyConstraint("phonebank_id", "question", "option", name=op.f("pk_answer_total")),
    )


def _of_phonebank(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["phonebank_id"],
        ["phonebank.id"],
        name=op.f(f"fk_{table}_phonebank_id_phonebank"),
        ondelete="CASCADE",
    )


def _guard_sqlite() -> None:
    for table, may_go in MAY_GO.items():
        op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {may_go} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
        )
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_horizon_no_{verb} BEFORE {verb.upper()} ON audit_horizon "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
        )
    op.execute(
        f"CREATE TRIGGER audit_horizon_is_kept BEFORE INSERT ON audit_horizon "
        f"WHEN NOT ({MAY_COME}) BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
    )


def _guard_postgresql() -> None:
    allowed = " ".join(
        f"IF TG_TABLE_NAME = '{table}' THEN IF {may_go} THEN RETURN OLD; END IF; END IF;"
        for table, may_go in MAY_GO.items()
    )
    op.execute(
        "CREATE FUNCTION refuse_audit_delete() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {allowed} RAISE EXCEPTION '{REFUSE}'; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_audit_horizon() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {MAY_COME} THEN RETURN NEW; END IF; RAISE EXCEPTION '{REFUSE}'; END $$"
    )
    for table in MAY_GO:
        op.execute(f"DROP TRIGGER {table}_no_delete ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_delete()"
        )
    for verb in ("update", "delete", "truncate"):
        op.execute(
            f"CREATE TRIGGER audit_horizon_no_{verb} BEFORE {verb.upper()} ON audit_horizon "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
    op.execute(
        "CREATE TRIGGER audit_horizon_is_kept BEFORE INSERT ON audit_horizon "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_horizon()"
    )
