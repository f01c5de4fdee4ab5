"""Keeping somebody out in a test, by what they would be known again."""

from typing import Any

from sqlalchemy.orm import Session

from campaign.conduct.models import KeptOut
from campaign.conduct.operations.kept_out import keep_out
from campaign.conduct.queries.kept_out import hashes_of
from campaign.foundation import clock, tokens
from tests.cast import Cast

PRIVACY = "the address is under “Privacy”"
NUMBER_ALONE = "Give your email address as well"


def keep(
    db: Session,
    cast: Cast,
    *,
    email: str | None = None,
    phone: str | None = None,
    name: str = "",
    mail: Any = None,
) -> KeptOut:
    """Whoever has this address or number is kept out for a year."""
    return keep_out(
        db,
        case_id=tokens.public_id(),
        hashes=hashes_of(db, email=email, phone=phone, name=name),
        reason="behaviour",
        now=clock.now(),
        actor_id=cast.moderator.id,
        email=email,
        mail=mail,
    )
