"""Taking calls out again: people and numbers stand as if they had never been made.

What stays is played anew (``rules.replaying``). A number is the unit: all that is known of it and
of the people who have it changes in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Answer, Call, CallReview, Contact
from campaign.phonebanks.operations import enrolling
from campaign.phonebanks.operations.locking import lock_contacts, lock_numbers, note_attempts
from campaign.phonebanks.operations.summing import forget_sheets
from campaign.phonebanks.queries import taking_out as queries
from campaign.phonebanks.rules.before import NAMES, Picture
from campaign.phonebanks.rules.replaying import Played, among_others, play

GONE = "gone-"


def take_out(db: Session, calls: Sequence[Call], **becomes: Any) -> list[Contact]:
    """Take these calls out; answers with the people they were with, held and as they stand now.

    The calls say ``becomes`` of themselves afterwards; their answers count no more. What somebody
    asked, and what a list or a goal says of them, stays; whoever is in another caller's hands stays
    there. What they signed people up to is cancelled. Numbers are locked first, in one order, and
    before them the events.
    """
    enrolling.take_back(db, calls)
    contact_ids = sorted({call.contact_id for call in calls})
    moved = db.scalars(select(Contact.number_id).where(Contact.id.in_(contact_ids)))
    numbers = lock_numbers(db, {call.number_id for call in calls} | set(moved))
    number_ids = sorted({call.number_id for call in calls})
    # What was believed of somebody else may have hung on what is taken out of their number.
    others = queries.rung_at(db, number_ids) - set(contact_ids)
    touched = lock_contacts(db, sorted({*contact_ids, *others}))
    everything = queries.everything_with(db, [one.id for one in touched], number_ids)
    played = _play(db, everything, {call.id for call in calls}, touched, numbers)
    for call in calls:
        for name, value in becomes.items():
            setattr(call, name, value)
    _count_no_more(db, [call.id for call in calls])
    forget_sheets(db, calls)
    for contact in touched:
        _stand(contact, played)
    _learn(everything, numbers, played)
    db.flush()
    note_attempts(db, *number_ids)
    for number in numbers:
        db.expire(number, ["last_attempt_at"])
    return [contact for contact in touched if contact.id not in others]


def _play(
    db: Session,
    everything: list[Call],
    out: set[int],
    contacts: Collection[Contact],
    numbers: Collection[PhoneNumber],
) -> Played:
    zones = {number.id: number.time_zone for number in numbers}
    where = {contact.id: zones[contact.number_id] for contact in contacts}
    terms = {
        key: replace(found, tz_name=where[key])
        for key, found in queries.terms_of(db, list(where)).items()
    }
    return play(everything, out=out, terms=terms, outcomes=adapters.outcomes())


def _stand(contact: Contact, played: Played) -> None:
    person: Picture | None = played.people.get(contact.id)
    if person is None:
        return
    fits = among_others(
        person,
        state=contact.state,
        hold_reason=contact.hold_reason,
        goal_met=contact.goal_met_at is not None,
        outcomes=adapters.outcomes(),
    )
    if not fits:
        return
    held = contact.state == "claimed"
    for name in NAMES:
        if name != "state" or not held:
            setattr(contact, name, getattr(person, name))
    contact.version += 1


def _learn(everything: list[Call], numbers: list[PhoneNumber], played: Played) -> None:
    """What is known of the numbers then, and what the calls that stay found."""
    for number in numbers:
        if number.id in played.numbers and not number.e164.startswith(GONE):
            number.state = played.numbers[number.id]
    for call in everything:
        if call.id in played.before:
            call.before = played.before[call.id]


def _count_no_more(db: Session, call_ids: list[int]) -> None:
    """Answers leave the figures, and nobody has to look at the calls."""
    answers = delete(Answer).where(Answer.call_id.in_(call_ids))
    reviews = delete(CallReview).where(
        CallReview.call_id.in_(call_ids), CallReview.verdict.is_(None)
    )
    for gone in (answers, reviews):
        db.execute(gone.execution_options(synchronize_session=False))
