"""A sign-up from a room bears a mark that no form can send; those of rooms gone by bear none."""

from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "20261128_room_marks"
down_revision = "20261127_expected"
branch_labels = None
depends_on = None

# Every sign-up that a room made, beside everybody of that room who is the same person.
MADE = sa.text(
    "SELECT rsvp.id, rsvp.client_uuid, event.public_id, participant.public_id FROM rsvp"
    " JOIN event ON event.id = rsvp.event_id JOIN card ON card.event_id = event.id"
    " JOIN breakout ON breakout.id = card.breakout_id"
    " JOIN participant ON participant.batch_id = breakout.batch_id"
    " AND participant.person_id = rsvp.person_id"
    " WHERE rsvp.source = 'meetup' AND rsvp.client_uuid IS NOT NULL ORDER BY rsvp.id"
)
KEEP = sa.text("UPDATE rsvp SET client_uuid = :mark WHERE id = :id")


def guessed(event: str, participant: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"{event}:{participant}"))


def named(participant: str) -> str:
    return f"room:{participant}"


def upgrade() -> None:
    held = op.get_bind().execute(MADE).all()
    for rsvp, mark, event, participant in held:
        if mark == guessed(event, participant):
            op.get_bind().execute(KEEP, {"id": rsvp, "mark": named(participant)})
    op.execute(
        "UPDATE rsvp SET client_uuid = NULL WHERE source = 'meetup' AND client_uuid IS NOT NULL"
        " AND client_uuid NOT LIKE 'room:%'"
    )


def downgrade() -> None:
    held = op.get_bind().execute(MADE).all()
    for rsvp, mark, event, participant in held:
        if mark == named(participant):
            op.get_bind().execute(KEEP, {"id": rsvp, "mark": guessed(event, participant)})
