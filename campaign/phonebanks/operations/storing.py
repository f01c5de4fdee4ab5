"""Writing the people of a list: numbers, then contacts, in portions, all in one transaction."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.foundation.database import is_postgresql
from campaign.people import operations as people
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.reading import chunks
from campaign.phonebanks.rules.lists import Listed

SLOTS = 16
TEXTS = ("first_name", "last_name", "town", "postcode", "email", "external_id")


def store(
    db: Session, rows: list[Listed], *, phonebank: Phonebank, source: str, key: bytes
) -> None:
    """Make contacts of rows, or bring those we know up to date; what calls taught us stays.

    Somebody is known by their id at this source, then by their number; whoever has a new number
    keeps their place on the list.
    """
    dice = random.Random()  # noqa: S311 (an order, not a secret)
    touched: set[int] = set()
    for chunk in chunks([listed for listed in rows if not listed.asked_never]):
        numbers = _number_ids(db, chunk, key)
        known = _known(db, phonebank, chunk, source, list(numbers.values()))
        fresh = []
        for listed in chunk:
            number_id = numbers[listed.number.e164]
            contact = _match(known, listed, number_id, touched)
            if contact is None:
                fresh.append(_values(phonebank, listed, number_id, source, dice))
                continue
            touched.add(contact.id)
            _bring_up_to_date(contact, listed, number_id, source)
        db.flush()
        _insert(db, Contact, fresh)


def suppress_asked(db: Session, rows: list[Listed], *, key: bytes, actor_id: int | None) -> None:
    """A file that says “do not call” is taken at its word, everywhere."""
    for listed in rows:
        if listed.asked_never:
            people.suppress(
                db,
                hmac=phone.hmac_key(listed.number.e164, key),
                reason="imported",
                source="import",
                actor_id=actor_id,
            )


def _insert(
    db: Session, table: type[Contact] | type[PhoneNumber], rows: list[dict[str, Any]]
) -> None:
    """Somebody else may bring the same number in at this moment: then theirs stands.

    Asking for the ids makes one statement of many rows; without, each row is one of its own.
    """
    if rows:
        dialect = postgresql if is_postgresql(db) else sqlite
        made = dialect.insert(table).on_conflict_do_nothing().returning(table.id)
        db.execute(made, rows).all()


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
    _insert(db, PhoneNumber, values)
    wanted = [listed.number.e164 for listed in rows]
    query = select(PhoneNumber.e164, PhoneNumber.id).where(PhoneNumber.e164.in_(wanted))
    return {e164: number_id for e164, number_id in db.execute(query)}


def _known(
    db: Session, phonebank: Phonebank, chunk: list[Listed], source: str, number_ids: list[int]
) -> dict[int | str, Contact]:
    """The contacts of a portion, by their number and by their id at this source."""
    ids = [listed.external_id for listed in chunk if listed.external_id]
    by_id = (Contact.source == source) & Contact.external_id.in_(ids)
    query = select(Contact).where(
        Contact.phonebank_id == phonebank.id, Contact.number_id.in_(number_ids) | by_id
    )
    known: dict[int | str, Contact] = {}
    for contact in db.scalars(query):
        known[contact.number_id] = contact
        if contact.external_id and contact.source == source:
            known[contact.external_id] = contact
    return known


def _match(
    known: dict[int | str, Contact], listed: Listed, number_id: int, touched: set[int]
) -> Contact | None:
    found = known.get(number_id)
    if found is None and listed.external_id:
        found = known.get(listed.external_id)
        # One row of a file speaks for somebody: a second one is somebody else.
        if found is not None and found.id in touched:
            return None
    return found


def _values(
    phonebank: Phonebank, listed: Listed, number_id: int, source: str, dice: random.Random
) -> dict[str, Any]:
    return {
        "phonebank_id": phonebank.id,
        "number_id": number_id,
        **{name: getattr(listed, name) for name in TEXTS},
        "source": source,
        "consent": listed.consent,
        "state": "ready" if listed.consent else "held",
        "hold_reason": None if listed.consent else "no_consent",
        "shuffle": dice.randrange(2**31),
        "slot": dice.randrange(SLOTS),
    }


def _bring_up_to_date(contact: Contact, listed: Listed, number_id: int, source: str) -> None:
    """Newer words for somebody we know; a number that is on a screen now stays."""
    if contact.state != "claimed":
        contact.number_id = number_id
    for name in TEXTS:
        value = getattr(listed, name)
        if value:
            setattr(contact, name, value)
    if listed.consent and not contact.consent:
        contact.consent, contact.source = True, source
        if contact.state == "held" and contact.hold_reason == "no_consent":
            contact.state, contact.hold_reason = "ready", None
