"""Asking for a place on a page, where anybody can type anybody's address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import is_person_kept_out, kept_out
from campaign.conduct.rules.kept_out import KeptOut, NumberAlone
from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.signing_up.joining import Heard, SignUp, hear, sign_up
from campaign.events.operations.telling import facts_for_letter
from campaign.foundation import clock, tokens
from campaign.foundation.outbox import post


def ask_for_place(
    db: Session,
    *,
    event: Event,
    name: str,
    email: str | None,
    phone: str | None,
    by: int | None,
    own: bool,
    guests: int = 0,
    shift: str | None = None,
    also: Sequence[str] = (),
    mail: Mail | None = None,
    **more: Any,
) -> SignUp | Heard:
    """``sign_up``; who is kept out of everything gets no place, and no stranger learns of it.

    Whoever typed an address hears what somebody new would hear, and the letter to the address
    says that there is no place, why, and how to have it looked at. KeptOut, to their face, for
    who is signed in as somebody kept out or with that very address (``own``); NumberAlone for a
    number without an address to write to.
    """
    wanted: dict[str, Any] = {"guests": guests, "shift": shift, "also": also}
    told: dict[str, Any] = {"name": name, "email": email, "phone": phone}
    try:
        return sign_up(db, event=event, by=by, mail=mail, **told, **wanted, **more)
    except KeptOut:
        if own or is_person_kept_out(db, by):
            raise
        if not email:
            raise NumberAlone from None
    _tell(db, event=event, name=name, email=email, phone=phone, mail=mail)
    return hear(db, event=event, **wanted)


def _tell(
    db: Session, *, event: Event, name: str, email: str, phone: str | None, mail: Mail | None
) -> None:
    """The reason goes to an address that is known, and never to one typed beside a number."""
    held = kept_out(db, email=email, phone=phone, name=name)
    if held is None or mail is None:
        return
    letter = messages.not_signed_up(
        mail,
        to=email,
        event=facts_for_letter(event, now=clock.now()),
        reason=held.reason,
        until=held.until if held.by_address else None,
    )
    post(db, letter, key=f"turned-away:{event.public_id}:{tokens.public_id()}")
