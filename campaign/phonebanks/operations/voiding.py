"""What ends at once: calls to numbers nobody rings any more, and what a standing had opened."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.exporting import withdraw_of
from campaign.phonebanks.operations.locking import end_claim, free_hands, lock_contact
from campaign.phonebanks.operations.many import among, each_of

OVER = {"not_before": None, "promised_at": None, "callback_owner_id": None}


def void_numbers(db: Session, *, hmacs: Sequence[str]) -> None:
    """Take the people of these numbers off every list, and end the claims on them.

    Runs when the do-not-call list learns of numbers, in that transaction. Practice is left alone.
    """
    # The numbers first, in one order for everybody: see locking.
    listed = select(PhoneNumber.id).where(PhoneNumber.hmac.in_(select(each_of(db, hmacs))))
    number_ids = list(db.scalars(listed.order_by(PhoneNumber.id).with_for_update()))
    if not number_ids:
        return
    db.flush()
    practice = select(Phonebank.id).where(Phonebank.is_practice)
    theirs = (among(db, Contact.number_id, number_ids), Contact.phonebank_id.not_in(practice))
    _end_claims(db, theirs)
    db.execute(
        update(Contact)
        .where(*theirs, Contact.state.not_in(("suppressed", "withdrawn")))
        .values(state="suppressed", version=Contact.version + 1, **OVER)
        .execution_options(synchronize_session="fetch")
    )


def standing_changed(db: Session, *, person_id: int) -> None:
    """Take back the person in somebody's hands, and the exports they asked for.

    Runs when a role changes, in that transaction: the next step is admitted, or not, afresh.
    """
    withdraw_of(db, person_id=person_id)
    free_hands(db, person_id, now=clock.now())


def _end_claims(db: Session, theirs: tuple[ColumnElement[bool], ...]) -> None:
    claimed = select(Contact.id).where(*theirs, Contact.state == "claimed").order_by(Contact.id)
    for contact_id in list(db.scalars(claimed)):
        contact = lock_contact(db, contact_id)
        phonebank = db.get_one(Phonebank, contact.phonebank_id)
        end_claim(db, contact=contact, phonebank=phonebank, now=clock.now(), status="revoked")
