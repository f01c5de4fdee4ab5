"""Closing an evening: its sums are kept, and everybody can read what came of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.operations.planned import attach_recap
from campaign.meetups.models import Batch, Recap
from campaign.meetups.queries.recaps import tally_of
from campaign.meetups.rules.phases import Phase


def add_up_anew(db: Session, *, batch: Batch, now: datetime) -> None:
    """What was planned has changed: the sums of an evening that has closed say so, too."""
    if batch.phase in (Phase.CLOSE, Phase.OVER):
        keep_recap(db, batch=batch, now=now)


def keep_recap(
    db: Session, *, batch: Batch, now: datetime, closed_at: datetime | None = None
) -> Recap | None:
    """Keep the sums of an evening, or add up anew what its desk published since.

    The page about it is there with this. None where nobody real was here. Once who was there has
    been forgotten the sums stay as they are. The caller holds the batch.
    """
    tally = tally_of(db, preset=batch.meetup.preset, batch_id=batch.id)
    recap = db.get(Recap, batch.id)
    if tally.people < max(1, recap.people if recap else 0):
        return recap
    if recap is None:
        recap = Recap(batch_id=batch.id, closed_at=closed_at or now)
        db.add(recap)
    for name, value in asdict(tally).items():
        setattr(recap, name, value)
    recap.changed_at = now
    db.flush()
    event = db.get_one(Event, batch.meetup.event_id)
    attach_recap(db, event=event, path=f"/events/{event.public_id}/recap")
    return recap
