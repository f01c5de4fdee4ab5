"""The demo's bureau: it has screened most of those on the list who never said yes to calls."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import answering
from campaign.phonebanks.rules.answers import Answer

# Every so-manieth is on the TPS, and every so-manieth was not sent to the bureau.
LISTED, LEFT_OUT = 4, 7
DAYS_AGO = timedelta(days=3)


def screen(db: Session, phonebank: Phonebank, *, actor_id: int) -> None:
    """Take in an answer of three days ago."""
    asked = select(Contact.number_id).where(Contact.phonebank_id == phonebank.id, ~Contact.consent)
    sent = list(db.scalars(asked.order_by(Contact.id)))
    named = [one for place, one in enumerate(sent) if place % LEFT_OUT]
    listed = set(named[::LISTED])
    answering.take_answer(
        db,
        Answer(listed, set(named) - listed, missing=len(sent) - len(named)),
        phonebank=phonebank,
        file_name="hove-screened.csv",
        dated=(clock.now() - DAYS_AGO).date(),
        now=clock.now(),
        actor_id=actor_id,
    )
