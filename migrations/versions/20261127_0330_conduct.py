"""Reports and their cases, decisions with public reasons, who is barred or kept apart, trust."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_conduct"
down_revision = "20261127_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("subject_kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category IN ('spam', 'misleading', 'unsafe', 'data misuse', 'impostor', 'harassment', 'sexual harassment', 'discrimination')",
            name=op.f("ck_report_category"),
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR upheld IS NOT NULL", name=op.f("ck_report_decided_either_way")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'assessing', 'interim', 'decided', 'appeal', 'closed')",
            name=op.f("ck_report_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("code", name=op.f("uq_report_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_public_id")),
    )
    op.create_index("ix_report_state_made_at", "report", ["state", "made_at"], unique=False)
    op.create_index("ix_report_subject", "report", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "barred",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_barred_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_barred_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_barred_report_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred")),
    )
    op.create_index(
        "uq_barred_person_id",
        "barred",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("group_slug", sa.String(length=80), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("public", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict <> 'hidden' OR public <> ''",
            name=op.f("ck_moderation_decision_hidden_has_reason"),
        ),
        sa.CheckConstraint(
            "verdict IN ('listed', 'link-only', 'asked', 'hidden', 'shown', 'kept')",
            name=op.f("ck_moderation_decision_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["person.id"],
            name=op.f("fk_moderation_decision_actor_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_moderation_decision_report_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moderation_decision_public_id")),
    )
    op.create_index(
        "ix_moderation_decision_group_slug_at",
        "moderation_decision",
        ["group_slug", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_moderation_decision_report_id"), "moderation_decision", ["report_id"], unique=False
    )
    op.create_index(
        "ix_moderation_decision_subject",
        "moderation_decision",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "no_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_no_contact_in_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["person.id"], name=op.f("fk_no_contact_first_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_no_contact_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_no_contact_second_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_contact")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_no_contact_first_id_second_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_no_contact_public_id")),
    )
    op.create_index(op.f("ix_no_contact_second_id"), "no_contact", ["second_id"], unique=False)
    op.create_table(
        "report_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('added', 'note', 'taken', 'interim', 'decided', 'appeal', 'closed')",
            name=op.f("ck_report_entry_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_report_entry_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_entry_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_entry")),
    )
    op.create_index(op.f("ix_report_entry_report_id"), "report_entry", ["report_id"], unique=False)
    op.create_table(
        "report_exclusion",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_report_exclusion_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_exclusion_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", "person_id", name=op.f("pk_report_exclusion")),
    )
    op.create_table(
        "trusted_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name=op.f("fk_trusted_host_decision_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_trusted_host_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trusted_host_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_host")),
        sa.UniqueConstraint("person_id", name=op.f("uq_trusted_host_person_id")),
    )
    op.add_column(
        "event",
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "event",
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("event", "hidden_at")
    op.drop_column("event", "asked_at")
    op.drop_table("trusted_host")
    op.drop_table("report_exclusion")
    op.drop_index(op.f("ix_report_entry_report_id"), table_name="report_entry")
    op.drop_table("report_entry")
    op.drop_index(op.f("ix_no_contact_second_id"), table_name="no_contact")
    op.drop_table("no_contact")
    op.drop_index("ix_moderation_decision_subject", table_name="moderation_decision")
    op.drop_index(op.f("ix_moderation_decision_report_id"), table_name="moderation_decision")
    op.drop_index("ix_moderation_decision_group_slug_at", table_name="moderation_decision")
    op.drop_table("moderation_decision")
    op.drop_index(
        "uq_barred_person_id",
        table_name="barred",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_table("barred")
    op.drop_index("ix_report_subject", table_name="report")
    op.drop_index("ix_report_state_made_at", table_name="report")
    op.drop_table("report")
