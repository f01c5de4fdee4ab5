"""Who lives with somebody that is being rung, and may be talked to instead."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.queries.caller import Caller
from campaign.phonebanks.queries.queue import Moment, callable_now

MOST = 8


def others_at_home(
    db: Session, contact: Contact, phonebank: Phonebank, caller: Person | Caller, moment: Moment
) -> list[tuple[Contact, PhoneNumber]]:
    """Who of a household might be handed to the caller now, were they not one household.

    In the order of the list; locks nobody.
    """
    if contact.household_key is None or moment.is_practice:
        return []
    theirs = (Contact.household_key == contact.household_key, Contact.id != contact.id)
    # Whoever of them was spoken to lately is no hindrance: somebody of them is speaking now.
    since = {"household_after": moment.now}
    found = callable_now(db, phonebank, caller, moment, *theirs, most=MOST, **since)
    return sorted(found, key=lambda pair: pair[0].id)
