"""The demo's event that is full: a line that waits, and a place on offer to the supporter."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import select

from campaign.commands.demo.diary import seat
from campaign.commands.demo.placing import in_days, venue_of
from campaign.commands.demo.scribe import Scribe
from campaign.commands.demo.society import Society
from campaign.events import operations as events
from campaign.events.models import Rsvp
from campaign.foundation import tokens

FULL = "demo-full"
PLACES = 8
IN_LINE = (("supporter", 0), ("caller2", 2), ("caller", 0))


def fill_up(scribe: Scribe, *, dice: random.Random, society: Society) -> None:
    """Tomorrow's training with eight places: all taken, three wait, and one place became free."""
    group = society.group("brighton")
    starts_at = in_days(1, 18, 30)
    event = events.announce(
        scribe.db,
        group=group,
        host=society.cast["host"],
        kind="training",
        title="How to talk on a doorstep",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=venue_of(group, "Jubilee Library", town="Brighton"),
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
