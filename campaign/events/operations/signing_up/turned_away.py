"""Who is kept out of everything gets no place, by whatever door they come."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from campaign.conduct.operations.kept_out import stand_at_door
from campaign.conduct.queries.kept_out import is_any_kept_out
from campaign.conduct.rules.kept_out import KeptOut


def refuse_kept_out(
    db: Session,
    *,
    email: str | None = None,
    phone: str | None = None,
    name: str = "",
    people: Iterable[int | None] = (),
) -> None:
    """KeptOut for whoever has this address or number, or is one of these people.

    Until the transaction ends nobody is kept out anew: who is, finds what came before.
    """
    stand_at_door(db)
    if is_any_kept_out(db, people=people, email=email, phone=phone, name=name):
        raise KeptOut
