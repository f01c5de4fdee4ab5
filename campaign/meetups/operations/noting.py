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
from campaign.meetups.queries.sheets import ProposalView, hidden_of, proposals_of, sheets_of
from campaign.meetups.queries.tables import cards_of_batch
from campaign.meetups.rules.sheets import grouped, question_of


def propose_plan(db: Session, *, batch: Batch, actor_id: int) -> None:
    """Lay "What we planned on …" before the group, once; nothing where nothing came of it.

    It says what everybody may see of each event: of a home its town, and nobody's name. Every
    proposal of the strategy tables stands in it; of one that was hidden, why.
    """
    planned = [
        view.card.event
        for view in cards_of_batch(db, batch.id)
        if view.card.published_at is not None and view.card.event is not None
    ]
    public = [event for event in planned if event.state == "listed"]
    talked = _talked(db, batch)
    if not public and not talked:
        return
    meeting = db.get_one(Event, batch.meetup.event_id)
    day = human_day(meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date())
    propose_note(
        db,
        group=db.get_one(Group, meeting.group_id),
        title=f"What we planned on {day}",
        text="\n\n".join([meeting.title, *talked, *map(_said, _in_order(public))]),
        source=f"meetup batch:{batch.id}",
        author_id=actor_id,
    )


def _talked(db: Session, batch: Batch) -> list[str]:
    ideas, hidden = proposals_of(db, batch.id), hidden_of(db, batch.id)
    if not ideas and not hidden:
        return []
    told = [
        "\n".join(
            [
                question_of(batch.meetup.question, topic),
                *(f"- {view.proposal.text} ({_weight(view)})" for view in views),
            ]
        )
        for topic, views in grouped(ideas, key=lambda view: view.topic)
    ]
    told += [
        f"One idea of table {view.table} was hidden: {view.proposal.hidden_why}" for view in hidden
    ]
    for view in sheets_of(db, batch.id):
        told += [f"Table {view.table.number}, a worry: {view.sheet.worry}"] * bool(view.sheet.worry)
        told += [f"Table {view.table.number} needs: {view.sheet.ask}"] * bool(view.sheet.ask)
    return told


def _weight(view: ProposalView) -> str:
    dots = f"{view.dots} {'dot' if view.dots == 1 else 'dots'}"
    return (
        f"{dots}; table {view.table}: {view.hands}" if view.hands else f"{dots}; table {view.table}"
    )


def _in_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.starts_at, event.id))


def _said(event: Event) -> str:
    return f"{event.title}\n{when_of(event, now=clock.now())}\n{event.shown_place}"
