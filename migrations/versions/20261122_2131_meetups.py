"""meetups"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_meetups"
down_revision = "20261122_never_load"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("preset", sa.String(length=12), nullable=False),
        sa.Column("publishes", sa.String(length=7), nullable=False),
        sa.Column("phonebank_id", sa.Integer(), nullable=True),
        sa.Column("steward", sa.String(length=160), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("publishes IN ('at once', 'desk')", name=op.f("ck_meetup_publishes")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_meetup_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_meetup_opened_by")),
        sa.ForeignKeyConstraint(
            ["phonebank_id"],
            ["phonebank.id"],
            name=op.f("fk_meetup_phonebank_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetup")),
        sa.UniqueConstraint("code", name=op.f("uq_meetup_code")),
        sa.UniqueConstraint("event_id", name=op.f("uq_meetup_event_id")),
    )
    with op.batch_alter_table("meetup", schema=None) as batch_op:
        batch_op.create_index("ix_meetup_opened_by", ["opened_by"], unique=False)
        batch_op.create_index("ix_meetup_phonebank_id", ["phonebank_id"], unique=False)

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("phase_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_left", sa.Integer(), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('doors', 'plenary', 'ask', 'local', 'commit', 'close', 'over')",
            name=op.f("ck_batch_phase"),
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR paused_left IS NULL", name=op.f("ck_batch_runs_or_rests")
        ),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_batch_meetup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("meetup_id", "number", name=op.f("uq_batch_meetup_id_number")),
    )
    op.create_table(
        "breakout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_breakout_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_breakout_batch_id_number")),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("initial", sa.String(length=1), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("breakout_id", sa.Integer(), nullable=True),
        sa.Column("convenes", sa.Boolean(), nullable=False),
        sa.Column("willing", sa.String(length=6), nullable=True),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("consent", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "willing IN ('host', 'cohost', 'come')", name=op.f("ck_participant_willing")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_participant_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["breakout_id"],
            ["breakout.id"],
            name=op.f("fk_participant_breakout_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_participant_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint(
            "batch_id", "client_uuid", name=op.f("uq_participant_batch_id_client_uuid")
        ),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_participant_batch_id_number")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_participant_fingerprint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_participant_public_id")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index("ix_participant_breakout_id", ["breakout_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_participant_breakout_id_convenes",
            ["breakout_id"],
            unique=True,
            sqlite_where=sa.text("convenes"),
            postgresql_where=sa.text("convenes"),
        )

    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("start", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place_kind", sa.String(length=6), nullable=True),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("host_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cohost_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "place_kind IN ('venue', 'home', 'online')", name=op.f("ck_card_place_kind")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR host_accepted_at IS NOT NULL", name=op.f("ck_card_hosted")
        ),
        sa.ForeignKeyConstraint(
            ["breakout_id"], ["breakout.id"], name=op.f("fk_card_breakout_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohost_id"], ["participant.id"], name=op.f("fk_card_cohost_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_card_event_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["participant.id"], name=op.f("fk_card_host_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("event_id", name=op.f("uq_card_event_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_card_public_id")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_breakout_id"), ["breakout_id"], unique=False)
        batch_op.create_index("ix_card_cohost_id", ["cohost_id"], unique=False)
        batch_op.create_index("ix_card_host_id", ["host_id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_commitment_card_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_commitment_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint(
            "card_id", "participant_id", name=op.f("uq_commitment_card_id_participant_id")
        ),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commitment_participant_id"), ["participant_id"], unique=False
        )

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host_name", sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("host_name")

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_participant_id"))

    op.drop_table("commitment")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index("ix_card_host_id")
        batch_op.drop_index("ix_card_cohost_id")
        batch_op.drop_index(batch_op.f("ix_card_breakout_id"))

    op.drop_table("card")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_participant_breakout_id_convenes",
            sqlite_where=sa.text("convenes"),
            postgresql_where=sa.text("convenes"),
        )
        batch_op.drop_index(batch_op.f("ix_participant_person_id"))
        batch_op.drop_index("ix_participant_breakout_id")

    op.drop_table("participant")
    op.drop_table("breakout")
    op.drop_table("batch")
    with op.batch_alter_table("meetup", schema=None) as batch_op:
        batch_op.drop_index("ix_meetup_phonebank_id")
        batch_op.drop_index("ix_meetup_opened_by")

    op.drop_table("meetup")
