"""An evening as who ran it takes it away: no address, no number, no surname."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.queries.planned import Planned, planned_at, promise_at
from campaign.events.rules.signups import initials
from campaign.meetups.models import Participant
from campaign.meetups.queries import sheets, tables
from campaign.meetups.queries.recaps import Kept
from campaign.meetups.queries.tables import CardView, shown_name
from campaign.meetups.rules.sheets import question_of

HEADINGS = (
    *("Event", "Kind", "Starts", "Ends", "Place", "Host", "Co-host", "Table"),
    *("Signed up", "Capacity", "What became of it", "People who came", "Names", "Page"),
)
_KEYS = (
    *("title", "kind", "starts", "ends", "place", "host", "cohost", "table"),
    *("signed_up", "capacity", "fate", "people", "names", "page"),
)


def evening(db: Session, *, event: Event, kept: Kept, now: datetime, names: bool) -> dict[str, Any]:
    """All of an evening. With ``names`` each event says who said yes in the room: the first name
    and one letter, as the table saw them. A home is its town."""
    cards = {view.card.event_id: view for view in tables.cards_of_batch(db, kept.batch.id)}
    recap, promise = kept.recap, promise_at(db, event.id, now=now)
    return {
        "meetup": event.title,
        "starts": _local(event.starts_at, event),
        "closed": _local(recap.closed_at, event),
        "people": recap.people,
        "first_timers": recap.first_timers,
        "hosts": recap.hosts,
        "with_cohost": recap.cohosted,
        "signed_up": recap.committed,
        "seats_filled": recap.seats,
        "kept_promises": {
            "planned": promise.planned,
            "held": promise.held,
            "not_held": promise.not_held,
            "not_yet_reported": promise.unknown,
            "to_come": promise.to_come,
            "people_who_came": promise.people,
        },
        "question": question_of(kept.meetup.question),
        "proposals": _proposals(db, kept),
        "events": [
            _planned(one, cards.get(one.event.id), names)
            for one in planned_at(db, event.id, now=now)
        ],
    }


def _proposals(db: Session, kept: Kept) -> list[dict[str, Any]]:
    shown, hidden = sheets.proposals_of(db, kept.batch.id), sheets.hidden_of(db, kept.batch.id)
    return [
        {
            "table": view.table,
            "text": view.proposal.text,
            "dots": view.dots,
            "agree": view.proposal.agree,
            "unsure": view.proposal.unsure,
            "against": view.proposal.against,
            "hidden": view.proposal.hidden_why or None,
        }
        for view in [*shown, *hidden]
    ]


def _planned(one: Planned, view: CardView | None, names: bool) -> dict[str, Any]:
    event = one.event
    told: dict[str, Any] = {
        "title": event.title,
        "kind": event.kind,
        "starts": _local(event.starts_at, event),
        "ends": _local(event.ends_at, event),
        "place": event.shown_place,
        "host": None if event.hostless_at else initials(event.host_name or event.host.name),
        "cohost": shown_name(_real(view.card.cohost)) if view else None,
        "table": view.card.breakout.number if view else None,
        "signed_up": event.taken,
        "capacity": event.capacity,
        "fate": one.fate.value,
        "people": one.people,
        "page": f"/events/{event.public_id}",
    }
    if names:
        coming = filter(_real, view.coming) if view else ()
        told["names"] = [shown_name(person) for person in coming]
    return told


def _real(person: Participant | None) -> Participant | None:
    """Nobody where it is somebody of practice."""
    return None if person is None or person.is_practice else person


def rows(told: Mapping[str, Any]) -> list[list[str | int | None]]:
    """The events of an evening, a line each."""
    return [
        [", ".join(one.get(key) or []) if key == "names" else one.get(key) for key in _KEYS]
        for one in told["events"]
    ]


def _local(moment: datetime, event: Event) -> str:
    return moment.astimezone(ZoneInfo(event.zone)).isoformat(timespec="minutes")
