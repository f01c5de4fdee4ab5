"""The first tables, with the triggers that guard the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "8ec372945982"
down_revision = None
branch_labels = None
depends_on = None


# The audit log is append-only: what was written there can be neither changed nor taken out.
GUARDED = ("audit_row", "audit_seal", "audit_sealed")
SQLITE_GUARD = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
POSTGRESQL_REFUSAL = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
"""
POSTGRESQL_GUARD = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
"""


def guard_audit_log() -> None:
    """Triggers that refuse UPDATE and DELETE (and TRUNCATE, which SQLite does not have)."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(POSTGRESQL_REFUSAL)
    text = SQLITE_GUARD if sqlite else POSTGRESQL_GUARD
    for table in GUARDED:
        for event in ("UPDATE", "DELETE") if sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute(text.format(table=table, verb=event.lower(), event=event))


def unguard_audit_log() -> None:
    """Dropping the tables drops their triggers; the function goes last."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_audit_change() CASCADE")


def upgrade() -> None:
    op.create_table(
        "audit_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_row")),
    )
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.create_index("ix_audit_row_subject", ["subject"], unique=False)

    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_ids", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
    )
    op.create_table(
        "audit_sealed",
        sa.Column(
            "row_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("seal_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_audit_sealed")),
    )
    op.create_table(
        "group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("council", sa.String(length=120), nullable=True),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_group_slug")),
    )
    op.create_table(
        "limit_count",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_limit_count")),
    )
    op.create_table(
        "outbox_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("to", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unknown')",
            name=op.f("ck_outbox_letter_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_letter_key")),
    )
    with op.batch_alter_table("outbox_letter", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_letter_due", ["state", "not_before"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("entrusted", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "phone_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("fictitious", sa.Boolean(), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('ok', 'suspect', 'wrong', 'disconnected')",
            name=op.f("ck_phone_number_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_number")),
        sa.UniqueConstraint("e164", name=op.f("uq_phone_number_e164")),
    )
    with op.batch_alter_table("phone_number", schema=None) as batch_op:
        batch_op.create_index("ix_phone_number_hmac", ["hmac"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("next_path", sa.String(length=500), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_sign_in_link_fingerprint")),
    )
    op.create_table(
        "agreement",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agreement_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "version", name=op.f("pk_agreement")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("place_kind", sa.String(length=6), nullable=False),
        sa.Column("venue", sa.String(length=160), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("online_link", sa.String(length=500), nullable=True),
        sa.Column("shown_place", sa.String(length=160), nullable=False),
        sa.Column("shown_lat", sa.Double(), nullable=True),
        sa.Column("shown_lng", sa.Double(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("roster_path", sa.String(length=200), nullable=True),
        sa.Column("roster_label", sa.String(length=80), nullable=True),
        sa.Column("feature", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('meeting', 'meetup', 'phonebank', 'canvass', 'stall', 'training', 'social', 'leafleting', 'rally', 'agm', 'other')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint(
            "place_kind IN ('venue', 'home', 'online')", name=op.f("ck_event_place_kind")
        ),
        sa.CheckConstraint(
            "state IN ('unlisted', 'listed', 'cancelled')", name=op.f("ck_event_state")
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR taken <= capacity", name=op.f("ck_event_taken_within_capacity")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_event_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk_event_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_public_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_host_id"), ["host_id"], unique=False)
        batch_op.create_index(
            "ix_event_shown_lat_shown_lng", ["shown_lat", "shown_lng"], unique=False
        )
        batch_op.create_index(
            "ix_event_state_starts_at", ["state", "starts_at", "id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('follower', 'member', 'organiser', 'convenor')",
            name=op.f("ck_membership_role"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_membership_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("group_id", "person_id", name=op.f("uq_membership_group_id_person_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_person_id", ["person_id"], unique=False)

    op.create_table(
        "phonebank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hours", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("claim_seconds", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("cooldown_minutes", sa.Integer(), nullable=False),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.Column("access", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "access IN ('open', 'group', 'rostered')", name=op.f("ck_phonebank_access")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'paused', 'closed')", name=op.f("ck_phonebank_status")
        ),
        sa.CheckConstraint(
            "claim_seconds BETWEEN 1 AND 7200", name=op.f("ck_phonebank_claim_seconds")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_phonebank_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_phonebank_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phonebank")),
        sa.UniqueConstraint("public_id", name=op.f("uq_phonebank_public_id")),
    )
    with op.batch_alter_table("phonebank", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phonebank_group_id"), ["group_id"], unique=False)

    op.create_table(
        "practice_passed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_practice_passed_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_practice_passed")),
    )
    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_role_grant")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_sign_in_session_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_sign_in_session_fingerprint")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('asked', 'tps', 'legal', 'staff', 'imported')",
            name=op.f("ck_suppression_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_suppression_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("hmac", name=op.f("uq_suppression_hmac")),
    )
    op.create_table(
        "calling_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_calling_session_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_calling_session_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calling_session")),
        sa.UniqueConstraint("event_id", name=op.f("uq_calling_session_event_id")),
    )
    with op.batch_alter_table("calling_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calling_session_phonebank_id"), ["phonebank_id"], unique=False
        )

    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("number_id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("hold_reason", sa.String(length=20), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("callback_owner_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("shuffle", sa.Integer(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("voicemails", sa.SmallInteger(), nullable=False),
        sa.Column("busy_day", sa.Date(), nullable=True),
        sa.Column("busy_count", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("last_result", sa.String(length=20), nullable=True),
        sa.Column("last_call_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_call_id", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_until IS NOT NULL)",
            name=op.f("ck_contact_claimed_has_holder"),
        ),
        sa.CheckConstraint(
            "state IN ('ready', 'claimed', 'callback', 'held', 'done', 'exhausted', 'suppressed', 'withdrawn')",
            name=op.f("ck_contact_state"),
        ),
        sa.ForeignKeyConstraint(
            ["number_id"], ["phone_number.id"], name=op.f("fk_contact_number_id")
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_contact_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "phonebank_id", "number_id", name=op.f("uq_contact_phonebank_id_number_id")
        ),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contact_callback",
            ["phonebank_id", "not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'callback'"),
            postgresql_where=sa.text("state = 'callback'"),
        )
        batch_op.create_index(
            "ix_contact_claimed_until",
            ["phonebank_id", "claimed_until"],
            unique=False,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.create_index("ix_contact_number_id", ["number_id"], unique=False)
        batch_op.create_index(
            "ix_contact_phonebank_id_external_id", ["phonebank_id", "external_id"], unique=False
        )
        batch_op.create_index(
            "ix_contact_ready",
            ["phonebank_id", "slot", "priority", "shuffle"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index(
            "uq_contact_claimed_by",
            ["claimed_by"],
            unique=True,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.create_index(
            "uq_contact_claimed_number",
            ["number_id"],
            unique=True,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rejects", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('previewed', 'imported', 'dropped')", name=op.f("ck_import_batch_state")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_import_batch_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_import_batch_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_batch_public_id")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_batch_phonebank_id"), ["phonebank_id"], unique=False
        )

    op.create_table(
        "phonebank_role",
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_phonebank_role_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_phonebank_role_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phonebank_id", "person_id", name=op.f("pk_phonebank_role")),
    )
    with op.batch_alter_table("phonebank_role", schema=None) as batch_op:
        batch_op.create_index("ix_phonebank_role_person_id", ["person_id"], unique=False)

    op.create_table(
        "script_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_script_version_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_script_version_phonebank_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_version")),
        sa.UniqueConstraint(
            "phonebank_id", "number", name=op.f("uq_script_version_phonebank_id_number")
        ),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR taken <= capacity", name=op.f("ck_shift_taken_within_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_shift_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("public_id", name=op.f("uq_shift_public_id")),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_event_id"), ["event_id"], unique=False)

    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number_id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_uuid", sa.String(length=64), nullable=True),
        sa.Column("result_code", sa.String(length=20), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("skip_reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("script_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('claimed', 'revealed', 'reported', 'released', 'expired', 'revoked')",
            name=op.f("ck_call_status"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_call_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_call_client_uuid")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_public_id")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(
            "ix_call_caller_id_claimed_at", ["caller_id", "claimed_at"], unique=False
        )
        batch_op.create_index("ix_call_contact_id", ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_call_number_id_attempted_at", ["number_id", "attempted_at"], unique=False
        )
        batch_op.create_index(
            "ix_call_phonebank_id_reported_at", ["phonebank_id", "reported_at"], unique=False
        )

    op.create_table(
        "rsvp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attendance", sa.String(length=14), nullable=False),
        sa.Column("place_in_line", sa.Integer(), nullable=False),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "attendance IN ('unknown', 'came', 'did_not_come')", name=op.f("ck_rsvp_attendance")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'offered', 'accepted', 'confirmed', 'declined', 'cancelled')",
            name=op.f("ck_rsvp_status"),
        ),
        sa.CheckConstraint("guests BETWEEN 0 AND 9", name=op.f("ck_rsvp_guests")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_rsvp_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rsvp_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_rsvp_shift_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvp")),
        sa.UniqueConstraint("event_id", "client_uuid", name=op.f("uq_rsvp_event_id_client_uuid")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_rsvp_event_id_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rsvp_public_id")),
    )
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rsvp_event_id_status", ["event_id", "status", "place_in_line"], unique=False
        )
        batch_op.create_index("ix_rsvp_person_id", ["person_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("option", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_answer_call_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", "question", name=op.f("pk_answer")),
    )
    op.create_table(
        "rsvp_key",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name=op.f("fk_rsvp_key_rsvp_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_rsvp_key")),
    )
    with op.batch_alter_table("rsvp_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rsvp_key_rsvp_id"), ["rsvp_id"], unique=False)

    guard_audit_log()


def downgrade() -> None:
    with op.batch_alter_table("rsvp_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rsvp_key_rsvp_id"))

    op.drop_table("rsvp_key")
    op.drop_table("answer")
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.drop_index("ix_rsvp_person_id")
        batch_op.drop_index("ix_rsvp_event_id_status")

    op.drop_table("rsvp")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index("ix_call_phonebank_id_reported_at")
        batch_op.drop_index("ix_call_number_id_attempted_at")
        batch_op.drop_index("ix_call_contact_id")
        batch_op.drop_index("ix_call_caller_id_claimed_at")

    op.drop_table("call")
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_event_id"))

    op.drop_table("shift")
    op.drop_table("script_version")
    with op.batch_alter_table("phonebank_role", schema=None) as batch_op:
        batch_op.drop_index("ix_phonebank_role_person_id")

    op.drop_table("phonebank_role")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_phonebank_id"))

    op.drop_table("import_batch")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_claimed_number",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.drop_index(
            "uq_contact_claimed_by",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.drop_index(
            "ix_contact_ready",
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )
        batch_op.drop_index("ix_contact_phonebank_id_external_id")
        batch_op.drop_index("ix_contact_number_id")
        batch_op.drop_index(
            "ix_contact_claimed_until",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.drop_index(
            "ix_contact_callback",
            sqlite_where=sa.text("state = 'callback'"),
            postgresql_where=sa.text("state = 'callback'"),
        )

    op.drop_table("contact")
    with op.batch_alter_table("calling_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calling_session_phonebank_id"))

    op.drop_table("calling_session")
    op.drop_table("suppression")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_person_id"))

    op.drop_table("sign_in_session")
    op.drop_table("role_grant")
    op.drop_table("practice_passed")
    with op.batch_alter_table("phonebank", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phonebank_group_id"))

    op.drop_table("phonebank")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_person_id")

    op.drop_table("membership")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_state_starts_at")
        batch_op.drop_index("ix_event_shown_lat_shown_lng")
        batch_op.drop_index(batch_op.f("ix_event_host_id"))
        batch_op.drop_index(batch_op.f("ix_event_group_id"))

    op.drop_table("event")
    op.drop_table("agreement")
    op.drop_table("sign_in_link")
    with op.batch_alter_table("phone_number", schema=None) as batch_op:
        batch_op.drop_index("ix_phone_number_hmac")

    op.drop_table("phone_number")
    op.drop_table("person")
    with op.batch_alter_table("outbox_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_letter_due")

    op.drop_table("outbox_letter")
    op.drop_table("limit_count")
    op.drop_table("group")
    op.drop_table("audit_sealed")
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_row_subject")

    op.drop_table("audit_row")
    unguard_audit_log()
