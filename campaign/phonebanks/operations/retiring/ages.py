"""What is old enough to be forgotten, each as a select."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select

from campaign.people.models import Person
from campaign.phonebanks.models import Answer, Call, Contact, Phonebank

# A claim that ran out so long ago can no longer be reported.
LATEST = timedelta(days=1)
OFF = ("withdrawn", "suppressed")
NAMED = or_(
    Contact.first_name != "",
    Contact.last_name != "",
    Contact.town != "",
    Contact.note != "",
    Contact.postcode.is_not(None),
    Contact.email.is_not(None),
    Contact.external_id.is_not(None),
)


def left(ended_before: datetime) -> Select[int]:
    """Who is still somebody on a phonebank that ended; a lead who closes one sets its end."""
    return (
        select(Contact.id)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .where(
            Phonebank.closes_at < ended_before, ~Phonebank.is_practice, in_no_hands(ended_before)
        )
        .where(or_(NAMED, Contact.state.not_in(OFF)))
        .order_by(Contact.id)
    )


def in_no_hands(since: datetime) -> ColumnElement[bool]:
    """Nobody frees a claim that ran out: it is over all the same."""
    return or_(Contact.state != "claimed", Contact.claimed_until < since)


def never_reached(ended_before: datetime) -> Select[int]:
    """Of those, whom no call reached."""
    reached = select(Call.id).where(Call.contact_id == Contact.id, Call.reached)
    return left(ended_before).where(~reached.exists())


def calls_with_notes(rung_before: datetime) -> Select[int]:
    """With a note, or with what they know of how somebody was before (and so of notes)."""
    written = or_(Call.note != "", Call.before.is_not(None), Call.said.is_not(None))
    return select(Call.id).where(written, Call.claimed_at < rung_before).order_by(Call.id)


def people_with_notes(rung_before: datetime) -> Select[int]:
    """Whoever has not been rung since; a note that came with a list goes as old as its call."""
    old = Contact.last_call_at < rung_before
    return select(Contact.id).where(Contact.note != "", old).order_by(Contact.id)


def opinions(reported_before: datetime) -> Select[int]:
    """Calls with answers of people who never joined."""
    joined = select(Person.id).where(
        Person.email == func.lower(Contact.email), Person.email_confirmed_at.is_not(None)
    )
    said = select(Answer.call_id).where(Answer.call_id == Call.id).exists()
    # A call that was taken out keeps what it said, and counts for nothing.
    out = and_(Call.status == "reversed", cast(Call.answers, String) != "{}")
    return (
        select(Call.id)
        .join(Contact, Contact.id == Call.contact_id)
        .where(Call.reported_at < reported_before, or_(said, out), ~joined.exists())
        .order_by(Call.id)
    )


def old_calls(claimed_before: datetime) -> Select[int]:
    """A claim that nobody took over since may still point to its call."""
    held = select(Contact.id).where(Contact.id == Call.contact_id, Contact.claim_call_id == Call.id)
    return select(Call.id).where(Call.claimed_at < claimed_before, ~held.exists()).order_by(Call.id)
