"""What a meetup planned, as a note for the group: its convenors read it before anybody else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.rules.features import when_of
from campaign.foundation import clock
from campaign.foundation.words import human_day
from campaign.groups.models import Group
from campaign.groups.operations import propose_note
from campaign.meetups.models import Batch
from campaign.meetups.queries.tables import cards_of_batch


def propose_plan(db: Session, *, batch: Batch, actor_id: int) -> None:
    """Lay "What we planned on …" before the group, once; nothing where nothing is on the map.

    It says what everybody may see of each event: of a home its town, and nobody's name.
    """
    planned = [
        view.card.event
        for view in cards_of_batch(db, batch.id)
        if view.card.published_at is not None and view.card.event is not None
    ]
    public = [event for event in planned if event.state == "listed"]
    if not public:
        return
    meeting = db.get_one(Event, batch.meetup.event_id)
    day = human_day(meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date())
    propose_note(
        db,
        group=db.get_one(Group, meeting.group_id),
        title=f"What we planned on {day}",
        text=f"{meeting.title}\n\n" + "\n\n".join(map(_said, _in_order(public))),
        source=f"meetup batch:{batch.id}",
        author_id=actor_id,
    )


def _in_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.starts_at, event.id))


def _said(event: Event) -> str:
    return f"{event.title}\n{when_of(event, now=clock.now())}\n{event.shown_place}"
