"""The life of events in the demo: one with co-hosts, one without a host, one with its report."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import select

from campaign.commands.demo.placing import in_days, venue_of
from campaign.commands.demo.scribe import Scribe
from campaign.commands.demo.society import Society
from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.rules.team import TeamRole
from campaign.people.models import Person

DOORS, HOSTLESS, REPORTED = "demo-doors", "demo-hostless", "demo-report"


def go_on(scribe: Scribe, *, dice: random.Random, society: Society) -> int:
    """Give the host's event a team, and add the two others; answers how many were added."""
    doors = scribe.db.scalars(select(Event).where(Event.public_id == DOORS)).one()
    for key, role in (("lead", TeamRole.CO_HOST), ("caller2", TeamRole.STEWARD)):
        events.join_team(scribe.db, event=doors, person=society.cast[key], role=role)
    stall = _event(scribe, society, HOSTLESS, "stall", "Petition stall at the market", days=4)
    events.leave_hosting(
        scribe.db, event=stall, actor_id=stall.host_id, mail=None, host_id=stall.host_id
    )
    past = _event(scribe, society, REPORTED, "canvass", "Doors in the rain, then soup", days=-2)
    events.write_report(
        scribe.db,
        event=past,
        numbers={"people": 9, "doors": 184, "leaflets": 160},
        story="Nine of us, two streets, and more tea than rain. Thirty-one people want to hear of "
        "the rents vote. Next time we start at the top of the hill.",
        actor_id=past.host_id,
    )
    return 2


def _event(
    scribe: Scribe, society: Society, public_id: str, kind: str, title: str, *, days: int
) -> Event:
    group = society.group("brighton")
    host = scribe.db.get_one(Person, society.members[group.id][0].id)
    starts_at = in_days(days, 11)
    return events.announce(
        scribe.db,
        group=group,
        host=host,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=venue_of(group, "The Level", town="Brighton"),
        capacity=12,
        needed=6,
        listed=True,
        public_id=public_id,
        check=False,
    )
