"""A call in hand whose report is an everyday one, and the report with the next claim at once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.people.models import Person
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.at_once import Kept, Next, report_at_once
from campaign.phonebanks.operations.dispensing import Claim
from campaign.phonebanks.queries.at_hand import AtHand, call_at_hand
from tests.phonebanks.making import NOON, claim, fill

SOON = NOON + timedelta(minutes=2)


def shown(db: Session, phonebank: Phonebank, caller: Person) -> Claim:
    held = claim(db, phonebank, caller)
    held.call.revealed_at = held.call.attempted_at = held.call.claimed_at
    held.call.dialled_at = held.call.claimed_at
    held.call.status = "revealed"
    db.flush()
    return held


def at_hand(db: Session, held: Claim) -> AtHand:
    found = call_at_hand(db, held.call.public_id, held.call.caller_id, now=SOON)
    assert found is not None
    return found


def at_once(db: Session, held: Claim, outcome: str = "no_answer", **given: Any) -> Kept | None:
    return report_at_once(
        db,
        found=at_hand(db, held),
        outcome=adapters.outcomes()[outcome],
        **{
            "client_uuid": "uuid-" + held.call.public_id,
            "note": "",
            "following": Next(pace=False),
            "now": SOON,
            **given,
        },
    )


def fill_one_slot(db: Session, phonebank: Phonebank, caller: Person) -> Claim:
    """Somebody in hand, and in each slot somebody who waits."""
    fill(db, phonebank, range(17))
    held = shown(db, phonebank, caller)
    ready = db.scalars(select(Contact).where(Contact.state == "ready").order_by(Contact.id))
    for slot, contact in enumerate(ready):
        contact.slot = slot
    db.flush()
    return held
