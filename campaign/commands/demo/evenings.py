"""The demo's evenings in shifts, and the phonebank of every week."""

from __future__ import annotations

from datetime import timedelta

from campaign.commands.demo.placing import ZONE, in_days, venue_of
from campaign.commands.demo.scribe import Scribe
from campaign.commands.demo.society import Society
from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.rules.repeating import DAYS, Rule
from campaign.events.rules.shifts import slots_between
from campaign.foundation import clock
from campaign.people.models import Person

SHIFTS, WEEKLY = "demo-shifts", "demo-weekly"
# Who is in which shift: enough, one short, nobody yet.
SEATED = (5, 3, 0)


def fill(scribe: Scribe, society: Society) -> int:
    """An evening in three shifts, and a phonebank of every week; answers how many events."""
    shifted = _evening(scribe, society, public_id=SHIFTS, title="Ring Hove before the vote", days=2)
    slots = slots_between(
        shifted.starts_at, shifted.ends_at, minutes=60, capacity=6, needed=4, role="Caller"
    )
    made = events.add_shifts(scribe.db, event=shifted, slots=slots)
    people = iter(society.crowd[310:330])
    for shift, count in zip(made, SEATED, strict=True):
        for _ in range(count):
            person = scribe.db.get_one(Person, next(people).id)
            events.sign_up(
                scribe.db,
                event=shifted,
                name=person.name,
                email=None,
                person=person,
                shift=shift.public_id,
            )
    today = clock.now().astimezone(ZONE).date()
    tuesday = (1 - today.weekday()) % 7 or 7
    weekly = _evening(
        scribe, society, public_id=WEEKLY, title="Tuesdays on the phone", days=tuesday
    )
    day = weekly.starts_at.astimezone(ZONE).date()
    rule = Rule(monthly=False, days=(DAYS[day.weekday()],), count=6)
    events.repeat(scribe.db, event=weekly, rule=rule, actor_id=society.cast["organiser"].id)
    return 1 + 6


def _evening(scribe: Scribe, society: Society, *, public_id: str, title: str, days: int) -> Event:
    """Three hours of a phonebank, in so many days."""
    group = society.group("brighton")
    starts_at = in_days(days, 18)
    return events.announce(
        scribe.db,
        group=group,
        host=society.cast["organiser"],
        kind="phonebank",
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        place=venue_of(group, "Friends’ Meeting House", town="Brighton"),
        capacity=12,
        needed=6,
        about="Bring a charged phone. We start with ten minutes’ practice.",
        listed=True,
        public_id=public_id,
    )
