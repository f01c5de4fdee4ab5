"""Writing the people of a list: numbers, then contacts, in portions, all in one transaction."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, and_, bindparam, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.homes import note_homes
from campaign.phonebanks.operations.locking import try_lock_number
from campaign.phonebanks.operations.many import among, plan_afresh, pour
from campaign.phonebanks.operations.never import suppress_many
from campaign.phonebanks.operations.reading import chunks
from campaign.phonebanks.rules.households import key_of
from campaign.phonebanks.rules.lists import Listed

SLOTS = 16
# Why somebody is held: nobody knows what they say, or they said no.
NOT_SAID, SAID_NO = "no_consent", "said_no"
TEXTS = ("first_name", "last_name", "town", "postcode", "email", "external_id")
WHAT = ("id", "number_id", "source", "consent", "screened", "household_key", *TEXTS)
KNOWN = tuple(getattr(Contact, name) for name in WHAT)


def store(
    db: Session, rows: list[Listed], *, phonebank: Phonebank, source: str, key: bytes
) -> list[Listed]:
    """Make contacts of rows, or bring those we know up to date; what calls taught us stays.

    Somebody is known by their number, then by their id at this source; whoever has a new number
    keeps their place on the list. Answers with the rows of people whose number cannot change
    now, because it is on a screen: nothing of such a row is kept.
    """
    dice = random.Random()  # noqa: S311 (an order, not a secret)
    touched: set[int] = set()
    waiting: list[Listed] = []
    plan_afresh(db)
    for chunk in chunks([listed for listed in rows if not listed.asked_never]):
        numbers = _number_ids(db, chunk, key)
        known = _known(db, phonebank, chunk, source, list(numbers.values()))
        fresh, changed = [], []
        for listed in chunk:
            number_id = numbers[listed.number.e164]
            contact = _match(known, listed, number_id, touched)
            if contact is None:
                # Everybody practises on the same people, who live with nobody.
                home = None if phonebank.is_practice else key_of(listed.home, key)
                values = _values(phonebank, listed, number_id, source, dice)
                fresh.append({**values, "household_key": home})
                continue
            touched.add(contact.id)
            if contact.number_id == number_id or _move(db, contact, number_id):
                changed.append((contact, listed))
            else:
                waiting.append(listed)
        _bring_up_to_date(db, changed, source)
        if not phonebank.is_practice:
            note_homes(db, [(contact, listed.home) for contact, listed in changed], key=key)
        pour(db, Contact, fresh)
    return waiting


def suppress_asked(
    db: Session, rows: list[Listed], *, key: bytes, now: datetime, actor_id: int | None
) -> int:
    """A file that says “do not call” is taken at its word, everywhere; answers how often."""
    asked = [listed.number.e164 for listed in rows if listed.asked_never]
    hmacs = sorted(phone.hmac_key(e164, key) for e164 in asked)
    if hmacs:
        suppress_many(db, hmacs, reason="imported", source="import", now=now, actor_id=actor_id)
    return len(hmacs)


def _number_ids(db: Session, chunk: list[Listed], key: bytes) -> dict[str, int]:
    # In one order for everybody, so that two imports do not wait for each other in a circle.
    rows = sorted(chunk, key=lambda listed: listed.number.e164)
    values = [
        {
            "e164": listed.number.e164,
            "hmac": phone.hmac_key(listed.number.e164, key),
            "kind": listed.number.kind,
            "state": "ok",
            "fictitious": listed.number.fictitious,
            "time_zone": phone.time_zone(listed.number.e164),
        }
        for listed in rows
    ]
    pour(db, PhoneNumber, values)
    wanted = [listed.number.e164 for listed in rows]
    query = select(PhoneNumber.e164, PhoneNumber.id).where(among(db, PhoneNumber.e164, wanted))
    return {e164: number_id for e164, number_id in db.execute(query)}


def _known(
    db: Session, phonebank: Phonebank, chunk: list[Listed], source: str, number_ids: list[int]
) -> dict[int | str, Row[Any]]:
    """The contacts of a portion, by their number and by their id at this source."""
    here = select(*KNOWN).where(Contact.phonebank_id == phonebank.id)
    known: dict[int | str, Row[Any]] = {}
    ids = [listed.external_id for listed in chunk if listed.external_id]
    if ids:
        at_source = here.where(Contact.source == source, among(db, Contact.external_id, ids))
        known |= {contact.external_id: contact for contact in db.execute(at_source)}
    by_number = here.where(among(db, Contact.number_id, number_ids))
    return known | {contact.number_id: contact for contact in db.execute(by_number)}


def _match(
    known: dict[int | str, Row[Any]], listed: Listed, number_id: int, touched: set[int]
) -> Row[Any] | None:
    """One row of a file speaks for somebody: a second one is somebody else."""
    found = known.get(number_id)
    if found is None and listed.external_id:
        found = known.get(listed.external_id)
    return None if found is None or found.id in touched else found


def _values(
    phonebank: Phonebank, listed: Listed, number_id: int, source: str, dice: random.Random
) -> dict[str, Any]:
    return {
        "phonebank_id": phonebank.id,
        "number_id": number_id,
        **{name: getattr(listed, name) for name in TEXTS},
        "source": source,
        "consent": listed.consent,
        "screened": listed.screened,
        "state": "ready" if listed.consent or listed.screened else "held",
        "hold_reason": _hold_reason(listed),
        "shuffle": dice.randrange(2**31),
        "slot": dice.randrange(SLOTS),
    }


def _hold_reason(listed: Listed) -> str | None:
    if listed.consent or listed.screened:
        return None
    return SAID_NO if listed.said_no else NOT_SAID


def _move(db: Session, contact: Row[Any], number_id: int) -> bool:
    """Give somebody a new number, unless either number is in somebody's hands now.

    A claim holds the number before the contact, and so do we; but we do not wait, for an import
    holds many rows already.
    """
    if not all(try_lock_number(db, one) for one in sorted((contact.number_id, number_id))):
        return False
    moved = db.execute(
        update(Contact)
        .where(Contact.id == contact.id, Contact.number_id == contact.number_id)
        .where(Contact.state != "claimed")
        .values(number_id=number_id, version=Contact.version + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]


def _bring_up_to_date(db: Session, changed: Sequence[tuple[Row[Any], Listed]], source: str) -> None:
    """Newer words for people we know, and what they said since; a no outlasts a screening."""
    words = [
        {"of": contact.id, **texts}
        for contact, listed in changed
        if (texts := _newer(contact, listed)) != {name: getattr(contact, name) for name in TEXTS}
    ]
    if words:
        table = Contact.__table__
        db.execute(
            update(Contact.__table__)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("of"))
            .values({name: bindparam(name) for name in TEXTS}),
            words,
        )
    agreed = [contact.id for contact, listed in changed if listed.consent and not contact.consent]
    if agreed:
        _note_consent(db, agreed, source)
    refused = [contact.id for contact, listed in changed if listed.said_no]
    if refused:
        _note_no(db, refused)
    screened = [
        contact.id for contact, listed in changed if listed.screened and not contact.screened
    ]
    if screened:
        note_screening(db, screened)


def _newer(contact: Row[Any], listed: Listed) -> dict[str, Any]:
    """A blank in the file takes nothing away."""
    return {name: getattr(listed, name) or getattr(contact, name) for name in TEXTS}


def _note_consent(db: Session, contact_ids: list[int], source: str) -> None:
    # Judged as the rows are now: a call or a wish may have changed them since we looked.
    these = _these(db, contact_ids)
    db.execute(these.where(Contact.consent == false()).values(consent=true(), source=source))
    held = these.where(Contact.state == "held", Contact.hold_reason.in_((NOT_SAID, SAID_NO)))
    db.execute(held.values(state="ready", hold_reason=None))


def _note_no(db: Session, contact_ids: list[int]) -> None:
    """Who says no, without a consent on record, is held until they say yes."""
    these = _these(db, contact_ids).where(Contact.consent == false())
    db.execute(these.values(screened=false()))
    waiting = or_(
        Contact.state == "ready", and_(Contact.state == "held", Contact.hold_reason == NOT_SAID)
    )
    db.execute(these.where(waiting).values(state="held", hold_reason=SAID_NO))


def note_screening(db: Session, contact_ids: list[int]) -> None:
    """These people were screened: who was held for want of an answer waits no more, a no stays."""
    these = _these(db, contact_ids)
    clear = func.coalesce(Contact.hold_reason, "") != SAID_NO
    db.execute(these.where(clear).values(screened=true()))
    held = these.where(Contact.state == "held", Contact.hold_reason == NOT_SAID)
    db.execute(held.values(state="ready", hold_reason=None))


def _these(db: Session, contact_ids: list[int]) -> Update:
    these = update(Contact).execution_options(synchronize_session=False)
    return these.where(among(db, Contact.id, contact_ids))
