"""Keeping who lives with whom: at an import, and for lists that came in before that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.rules.households import home_of, is_house, key_of

PORTION = 1_000


def note_homes(db: Session, found: Sequence[tuple[Row[Any], str]], *, key: bytes) -> int:
    """Keep the homes of people we know; answers of how many.

    A list that does not tell takes nothing away, and one that knows no address changes nobody's.
    Whoever is in somebody's hands just now keeps theirs, so that no two of a household are.
    """
    changed = [
        {"of": contact.id, "home": household}
        for contact, home in found
        if (contact.household_key is None or is_house(home))
        and (household := key_of(home, key)) not in (None, contact.household_key)
    ]
    if changed:
        table = Contact.__table__
        db.execute(
            update(Contact.__table__)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("of"), table.c.state != "claimed")
            .values(household_key=bindparam("home")),
            changed,
        )
    return len(changed)


def fill_in_homes(database: Database, *, key: bytes) -> int:
    """Find the households of lists that came in before they were kept; answers of how many people.

    A portion at a time; again changes nothing. Addresses were never kept, so that these are known
    by a surname in a postcode or at a landline.
    """
    last, filled = 0, 0
    while True:
        with database.unit_of_work() as db:
            rows: list[Row[Any]] = list(db.execute(_HOMELESS, {"last": last}))
            filled += note_homes(db, [(row, _home_of(row)) for row in rows], key=key)
        if len(rows) < PORTION:
            return filled
        last = rows[-1].id


_HOMELESS = (
    select(
        Contact.id,
        Contact.household_key,
        Contact.postcode,
        Contact.last_name,
        PhoneNumber.e164,
        PhoneNumber.kind,
    )
    .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
    .join(Phonebank, Phonebank.id == Contact.phonebank_id)
    .where(Contact.id > bindparam("last"), Contact.household_key.is_(None))
    .where(Contact.last_name != "", Contact.state != "withdrawn", ~Phonebank.is_practice)
    .order_by(Contact.id)
    .limit(PORTION)
)


def _home_of(row: Row[Any]) -> str:
    landline = row.e164 if row.kind == "landline" else None
    return home_of(postcode=row.postcode, address=(), last_name=row.last_name, landline=landline)
