"""The one order of locks, and how a claim comes to an end.

Whoever changes a claim locks the number first and then the contact; whoever looks for somebody
to claim skips what is locked. So nobody waits for two things, in two orders.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, literal, select, true, update
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.queries import holding
from campaign.phonebanks.rules.before import picture_of

_ATTEMPT = (
    select(PhoneNumber, Contact, Call)
    .select_from(PhoneNumber)
    .join(Contact, true())
    .join(Call, true())
    .where(PhoneNumber.id == bindparam("number"), Contact.id == bindparam("contact"))
    .where(Call.id == bindparam("call"))
    .with_for_update(of=[PhoneNumber, Contact, Call])
    .execution_options(populate_existing=True)
)

_CLAIMS = (
    select(PhoneNumber, Contact, Call)
    .select_from(PhoneNumber)
    .join(Contact, Contact.number_id == PhoneNumber.id)
    .join(Call, Call.id == Contact.claim_call_id)
    .where(Contact.phonebank_id == bindparam("bank"))
    .where(Contact.state == literal("claimed", literal_execute=True))
    .order_by(Contact.number_id, Contact.id)
    .with_for_update(of=[PhoneNumber, Contact, Call])
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call with all it touches, every row of it held until the transaction ends."""

    call: Call
    contact: Contact
    number: PhoneNumber
    phonebank: Phonebank
    now: datetime

    @property
    def holds(self) -> bool:
        """Whether the contact is still in the hands that this call gave it to, in time or not."""
        return self.contact.state == "claimed" and self.contact.claim_call_id == self.call.id

    @property
    def is_live(self) -> bool:
        """Whether the claim still holds and its time is not over."""
        until = self.contact.claimed_until
        return self.holds and until is not None and until > self.now


def lock_attempt(db: Session, call: Call, phonebank: Phonebank, now: datetime) -> Attempt:
    """Hold a call's number, contact and row, in this order, and read them afresh."""
    # One statement; PostgreSQL locks a row's tables in the order in which they are named here.
    given = {"number": call.number_id, "contact": call.contact_id, "call": call.id}
    number, contact, call = db.execute(_ATTEMPT, given).one()
    return Attempt(call, contact, number, phonebank, now)


def lock_claims(db: Session, phonebank: Phonebank, now: datetime) -> list[Attempt]:
    """Hold everybody who is in a caller's hands, with number and call, in the order of locks."""
    held = db.execute(_CLAIMS, {"bank": phonebank.id}).all()
    return [Attempt(call, contact, number, phonebank, now) for number, contact, call in held]


def lock_number(db: Session, number_id: int) -> PhoneNumber:
    """Wait for a number and hold it until the transaction ends (SQLite writes alone anyway)."""
    asked = select(PhoneNumber).where(PhoneNumber.id == number_id).with_for_update()
    return db.scalars(asked.execution_options(populate_existing=True)).one()


def lock_numbers(db: Session, number_ids: Collection[int]) -> list[PhoneNumber]:
    """The same for many, in the one order in which everybody takes them."""
    asked = select(PhoneNumber).where(PhoneNumber.id.in_(number_ids)).order_by(PhoneNumber.id)
    asked = asked.with_for_update().execution_options(populate_existing=True)
    return list(db.scalars(asked))


def try_lock_number(db: Session, number_id: int) -> bool:
    """Hold a number unless another transaction does: for who holds something already."""
    asked = select(PhoneNumber.id).where(PhoneNumber.id == number_id)
    return db.scalar(asked.with_for_update(skip_locked=True)) is not None


def lock_contact(db: Session, contact_id: int) -> Contact:
    """Wait for a contact and hold it; its number must be held already."""
    asked = select(Contact).where(Contact.id == contact_id).with_for_update()
    return db.scalars(asked.execution_options(populate_existing=True)).one()


def lock_contacts(db: Session, contact_ids: Collection[int]) -> list[Contact]:
    """The same for many; their numbers must be held already."""
    asked = select(Contact).where(Contact.id.in_(contact_ids)).order_by(Contact.id)
    asked = asked.with_for_update().execution_options(populate_existing=True)
    return list(db.scalars(asked))


def end_claim(
    db: Session,
    *,
    contact: Contact,
    phonebank: Phonebank,
    now: datetime,
    status: str,
    state: str | None = None,
) -> None:
    """End a claim without a report: the contact goes back, or to ``state``.

    A number that was shown may have been rung, so it counts as an attempt and rests, from when it
    was dialled if that is known: nobody is rung twice because a laptop slept.
    """
    call = db.get(Call, contact.claim_call_id) if contact.claim_call_id else None
    let_go(contact, call, phonebank, now=now, status=status, state=state)
    db.flush()


def free_hands(
    db: Session, person_id: int, *, now: datetime, phonebank: Phonebank | None = None
) -> None:
    """Take back whoever a caller has in hand, wherever that is, or only in this ``phonebank``."""
    held = holding.held_by(db, person_id)
    if held is None or (phonebank is not None and held.phonebank_id != phonebank.id):
        return
    lock_number(db, held.number_id)
    contact = lock_contact(db, held.id)
    if contact.state == "claimed" and contact.claimed_by == person_id:
        bank = phonebank or db.get_one(Phonebank, contact.phonebank_id)
        end_claim(db, contact=contact, phonebank=bank, now=now, status="revoked")


def let_go(
    contact: Contact,
    call: Call | None,
    phonebank: Phonebank,
    *,
    now: datetime,
    status: str,
    state: str | None = None,
) -> None:
    """The same on rows at hand, for who ends many claims at once; the caller flushes."""
    if call is not None and call.status in ("claimed", "revealed"):
        if call.revealed_at and not phonebank.is_practice:
            if call.before is None:
                call.before = picture_of(contact, contact.state)
            contact.attempts += 1
            rung_at = call.dialled_at or call.revealed_at
            contact.not_before = rung_at + timedelta(minutes=phonebank.cooldown_minutes)
        call.status, call.ended_at = status, now
    release_contact(contact, state=state or resting_state(contact, phonebank))


def resting_state(contact: Contact, phonebank: Phonebank) -> str:
    """Where a contact stands that nobody holds: a promise comes first, then the cap."""
    if contact.promised_at:
        return "callback"
    worn_out = contact.attempts >= phonebank.max_attempts and not phonebank.is_practice
    return "exhausted" if worn_out else "ready"


def release_contact(contact: Contact, *, state: str) -> None:
    """Take a contact out of its caller's hands."""
    contact.state = state
    contact.claimed_by = contact.claimed_until = contact.claim_call_id = None
    contact.version += 1


def note_attempts(db: Session, *number_ids: int) -> None:
    """Keep the last attempts of numbers in step with their calls."""
    last = select(func.max(Call.attempted_at)).where(Call.number_id == PhoneNumber.id)
    db.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id.in_(number_ids))
        .values(last_attempt_at=last.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
