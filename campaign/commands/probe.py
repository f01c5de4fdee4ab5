"""A mark on the do-not-call list that shows whether the suppression key is still the one.

With another key nobody on the list would be recognised, and nothing else would tell.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.people import operations as people
from campaign.people.models import Suppression

SOURCE = "probe"
# Fifteen nines are no telephone number of any country.
NOBODY = "+999999999999999"
OTHER_KEY = (
    "CAMPAIGN_SUPPRESSION_KEY is not the one the do-not-call list was made with, so nobody on it "
    "would be recognised: put the old key back"
)


def leave(db: Session, key: str) -> None:
    """Leave the mark where there is none; one that is there stays, whatever its key."""
    if _mark(db) is None:
        hmac = phone.hmac_key(NOBODY, key.encode())
        people.suppress(db, hmac=hmac, reason="staff", source=SOURCE)


def holds(db: Session, key: str) -> bool | None:
    """Whether the mark was made with this key; None where there is no mark."""
    mark = _mark(db)
    return None if mark is None else mark == phone.hmac_key(NOBODY, key.encode())


def _mark(db: Session) -> str | None:
    found = select(Suppression.hmac).where(Suppression.source == SOURCE)
    return db.scalar(found.order_by(Suppression.id).limit(1))
