"""The demo's event that is full: a line that waits, and a place on offer to the supporter."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from sqlalchemy import select

from campaign.commands.demo.diary import ZONE, seat
from campaign.commands.demo.scribe import Scribe
from campaign.commands.demo.society import Society
from campaign.events import operations as events
from campaign.events.models import Rsvp
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens

FULL = "demo-full"
PLACES = 8
IN_LINE = (("supporter", 0), ("caller2", 2), ("caller", 0))


def fill_up(scribe: Scribe, *, dice: random.Random, society: Society) -> None:
    """Tomorrow's training with eight places: all taken, three wait, and one place became free."""
    group = society.group("brighton")
    tomorrow = clock.now().astimezone(ZONE).date() + timedelta(days=1)
    starts_at = datetime.combine(tomorrow, time(18, 30), ZONE)
    event = events.announce(
        scribe.db,
        group=group,
        host=society.cast["host"],
        kind="training",
        title="How to talk on a doorstep",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=PlaceChoice(
            PlaceKind.VENUE,
            venue="Jubilee Library",
            postcode=group.place,
            lat=group.lat,
            lng=group.lng,
            town="Brighton",
        ),
        capacity=PLACES,
        about="Two hours, eight people, and a lot of practice in pairs.",
        listed=True,
        public_id=FULL,
    )
    seat(scribe, dice, event, society.members[group.id][:PLACES])
    for key, guests in IN_LINE:
        person = society.cast[key]
        made = events.sign_up(
            scribe.db,
            event=event,
            name=person.name,
            email=person.email,
            guests=guests,
            guest_names="Ola Berg\nMin Park" if guests else "",
        )
        made.rsvp.public_id = tokens.public_id_by(dice)
    first = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == "accepted")
    leaves = scribe.db.scalars(first.order_by(Rsvp.place_in_line).limit(1)).one()
    events.cancel_rsvp(scribe.db, rsvp=leaves)
