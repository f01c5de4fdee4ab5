"""What call lists hold of a person: for their own eyes, and gone when they are erased.

Somebody with an account is known here by their confirmed address alone: anybody can type a
telephone number. Who asks without an account is known to whoever answers them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.foundation import clock, phone
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import (
    Answer,
    Call,
    CallReview,
    Contact,
    HeldReport,
    HelpRequest,
    Phonebank,
    ScreenedNumber,
    Sharer,
)
from campaign.phonebanks.operations import canaries
from campaign.phonebanks.operations.drafting import forget_drafts
from campaign.phonebanks.operations.helping import forget_helping
from campaign.phonebanks.operations.locking import end_claim, lock_contact, lock_number
from campaign.phonebanks.operations.sharing import forget_sharers, take_place
from campaign.phonebanks.operations.thanks import export_wish, forget_wish
from campaign.phonebanks.queries import training
from campaign.phonebanks.queries.drafts import drafts_of
from campaign.phonebanks.queries.helping import facts_of
from campaign.phonebanks.queries.sharing import shared_facts

GONE: dict[str, Any] = {
    "first_name": "",
    "last_name": "",
    "town": "",
    "postcode": None,
    "household_key": None,
    "goal_met_at": None,
    "email": None,
    "external_id": None,
    "source": "",
    "note": "",
    "language": None,
    "not_before": None,
    "promised_at": None,
    "callback_owner_id": None,
}


def export_person(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """What call lists hold of a person with a confirmed address, call by call."""
    _show(db, _of(db, person_id), into)
    export_wish(db, person_id=person_id, into=into)
    person = db.get(Person, person_id)
    if person is not None and person.email and person.email_confirmed_at is not None:
        into["On call lists"] += shared_facts(db, Sharer.email == person.email)
    into["Before your calls"] = training.facts_of(db, person_id)
    into["Your shifts of calling"] = facts_of(db, person_id)


def export_address(db: Session, *, email: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """What call lists hold under an address."""
    _show(db, _listed(db, func.lower(Contact.email) == email), into)
    into["On call lists"] += shared_facts(db, func.lower(Sharer.email) == email)


def export_number(db: Session, *, e164: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """What call lists hold under a telephone number, of everybody who shares it."""
    _show(db, _listed(db, PhoneNumber.e164 == e164), into)
    into["On call lists"] += shared_facts(db, PhoneNumber.e164 == e164)


def _show(db: Session, listed: list[Contact], into: dict[str, list[dict[str, Any]]]) -> None:
    into["On call lists"] = [
        {
            "phonebank": contact.phonebank.title,
            "name": f"{contact.first_name} {contact.last_name}".strip(),
            "town": contact.town,
            "postcode": contact.postcode,
            "phone": phone.display(contact.number.e164),
            "came from": contact.source,
            "agreed to be rung": contact.consent,
            "note": contact.note or None,
            "language": contact.language,
        }
        for contact in listed
    ]
    into["Calls to you"] = [
        fact for contact in listed for call in _calls(db, contact.id) for fact in [_facts(call)]
    ]
    into["Calls to you that are being noted"] = [
        {
            "when": draft.at.isoformat(timespec="minutes"),
            "by": "a volunteer",
            "noted so far": ", ".join(f"{name}: {said}" for name, said in draft.said.items()),
            "note": draft.note or None,
        }
        for draft in drafts_of(db, [contact.id for contact in listed])
    ]


def forget_person(db: Session, *, person_id: int) -> None:
    """Take somebody off every list: their rows count on and say nothing, their answers are gone.

    A number that stands on no other list goes, too; a "never call" stays as its keyed hash.
    """
    forget_wish(db, person_id=person_id)
    person = db.get(Person, person_id)
    if person is not None and person.email and person.email_confirmed_at is not None:
        forget_sharers(db, Sharer.email == person.email)
    _forget(db, _of(db, person_id))
    forget_helping(db, person_id=person_id)
    for number_id in canaries.remove_all_of(db, person_id=person_id):
        _forget_number(db, number_id)


def forget_address(db: Session, *, email: str) -> None:
    """Take whoever has this address off every list."""
    forget_sharers(db, func.lower(Sharer.email) == email)
    _forget(db, _listed(db, func.lower(Contact.email) == email))


def forget_number(db: Session, *, e164: str) -> None:
    """Take everybody with this telephone number off every list, and the number with them."""
    held = db.scalar(select(PhoneNumber.id).where(PhoneNumber.e164 == e164))
    theirs = select(Contact.id).where(Contact.number_id == held)
    forget_sharers(db, Sharer.contact_id.in_(theirs))
    _forget(db, _listed(db, PhoneNumber.e164 == e164))
    if held is not None:
        _forget_number(db, held)


def _forget(db: Session, listed: list[Contact]) -> None:
    for found in listed:
        phonebank = found.phonebank
        lock_number(db, found.number_id)
        contact = lock_contact(db, found.id)
        if contact.state == "claimed":
            end_claim(
                db,
                contact=contact,
                phonebank=phonebank,
                now=clock.now(),
                status="revoked",
            )
        for name, value in GONE.items():
            setattr(contact, name, value)
        contact.state = contact.state if contact.state == "suppressed" else "withdrawn"
        contact.version += 1
        calls = select(Call.id).where(Call.contact_id == contact.id)
        db.execute(delete(Answer).where(Answer.call_id.in_(calls)))
        forget_drafts(db, calls)
        silent: dict[str, Any] = {"note": "", "answers": {}, "before": None, "said": None}
        db.execute(update(Call).where(Call.contact_id == contact.id).values(**silent))
        db.execute(delete(HeldReport).where(HeldReport.call_id.in_(calls)))
        # What a lead wrote on a call may speak of whoever was rung.
        db.execute(update(CallReview).where(CallReview.call_id.in_(calls)).values(feedback=""))
        db.execute(
            update(HelpRequest).where(HelpRequest.call_id.in_(calls)).values(words="", call_id=None)
        )
        db.flush()
        take_place(db, contact)
        _forget_number(db, contact.number_id)


def _forget_number(db: Session, number_id: int) -> None:
    others = select(func.count()).where(
        Contact.number_id == number_id, Contact.state.not_in(("withdrawn", "suppressed"))
    )
    if db.scalar(others):
        return
    db.execute(delete(ScreenedNumber).where(ScreenedNumber.number_id == number_id))
    db.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == number_id)
        .values(e164=f"gone-{number_id}", hmac=f"gone-{number_id}", state="wrong")
    )


def _of(db: Session, person_id: int) -> list[Contact]:
    person = db.get(Person, person_id)
    if person is None or not person.email or person.email_confirmed_at is None:
        return []
    return _listed(db, Contact.email == person.email)


def _listed(db: Session, theirs: ColumnElement[bool]) -> list[Contact]:
    query = (
        select(Contact)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(theirs, ~Phonebank.is_practice)
        .options(joinedload(Contact.phonebank), joinedload(Contact.number))
        .order_by(Contact.number_id, Contact.id)
    )
    return list(db.scalars(query))


def _calls(db: Session, contact_id: int) -> list[Call]:
    query = select(Call).where(Call.contact_id == contact_id, Call.status == "reported")
    return list(db.scalars(query.order_by(Call.id)))


def _facts(call: Call) -> dict[str, Any]:
    assert call.reported_at is not None
    assert call.result_code is not None
    return {
        "when": call.reported_at.isoformat(timespec="minutes"),
        "by": "a volunteer",
        "outcome": adapters.outcomes()[call.result_code].label,
        "answers": ", ".join(f"{name}: {said}" for name, said in call.answers.items()) or None,
        "note": call.note or None,
    }
