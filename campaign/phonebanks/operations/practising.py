"""Providing the practice phonebank, without which no newcomer could begin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.groups.models import Group
from campaign.people import operations as people
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import setup
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules import practice


def provide(
    db: Session,
    *,
    group: Group,
    actor_id: int,
    key: str,
    now: datetime,
    public_id: str | None = None,
) -> Phonebank:
    """The open practice phonebank of this installation, made now if there is none.

    It holds fictitious numbers only and is open to everybody at all hours.
    """
    there = board.practice_phonebank(db)
    if there is not None:
        return there
    made = setup.found(
        db,
        group=group,
        title=practice.TITLE,
        reason=practice.REASON,
        actor_id=actor_id,
        now=now,
        access="open",
        is_practice=True,
        public_id=public_id,
    )
    setup.write_script(db, phonebank=made, steps=practice.STEPS, actor_id=actor_id, now=now)
    for place, (e164, name, town) in enumerate(practice.people()):
        number = people.know_number(db, number=phone.parse(e164, allow_unassigned=False), key=key)
        db.add(
            Contact(
                phonebank_id=made.id,
                number_id=number.id,
                first_name=name,
                town=town,
                source="practice",
                consent=True,
                shuffle=place,
                slot=place % 16,
            )
        )
    db.flush()
    setup.open_up(db, phonebank=made, actor_id=actor_id)
    return made
