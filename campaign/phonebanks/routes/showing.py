"""Phonebanks for everybody: the list, and what one is about, in numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from campaign.events import queries as events
from campaign.events.models import Event
from campaign.events.rules.needs import Need, need_of
from campaign.foundation import clock, web
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board, reviews, shifts, training
from campaign.phonebanks.queries.remembered import progress_lately
from campaign.phonebanks.rules.claims import is_over
from campaign.phonebanks.rules.zones import where_we_ring


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks")(index)
    blueprint.get("/phonebanks/<public_id>")(show)


@web.public
def index() -> Response:
    """Phonebanks one may call for, and one's own."""
    person_id = web.visitor().person_id
    return web.page(
        "phonebanks/index.html",
        listed=board.open_phonebanks(web.db(), now=clock.now()),
        unread=reviews.unread(web.db(), person_id) if person_id else 0,
        own=board.led_by(web.db(), person_id) if person_id else [],
        may_start=bool(person_id and board.groups_run_by(web.db(), person_id)),
    )


@web.public
def show(public_id: str) -> Response:
    """What a phonebank is about, its sessions, how far it has come."""
    person_id = web.visitor().person_id
    phonebank = access.phonebank_to_see(web.db(), public_id, person_id)
    coming = board.sessions(web.db(), phonebank.id, now=clock.now())
    may_manage = access.may_manage(web.db(), phonebank, person_id)
    hosted = [one.id for one in coming if may_manage or one.host_id == person_id is not None]
    return web.page(
        "phonebanks/show.html",
        phonebank=phonebank,
        over=is_over(phonebank.status, closes_at=phonebank.closes_at, now=clock.now()),
        progress=progress_lately(web.db(), phonebank.id),
        sessions=_sessions(phonebank, coming, person_id),
        ready=training.ready_of(web.db(), hosted) if hosted else {},
        contact_email=web.settings().contact_email,
        may_manage=may_manage,
        called=bool(person_id and board.has_called(web.db(), phonebank.id, person_id)),
    )


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session as the phonebank's page shows it."""

    event: Event
    when: str
    there: list[str]
    languages: str
    need: Need
    mine: bool


def _sessions(
    phonebank: Phonebank, coming: list[Event], person_id: int | None
) -> list[ShownSession]:
    ids = [event.id for event in coming]
    spoken = shifts.languages_of(web.db(), phonebank.id)
    mine = events.statuses_of(web.db(), person_id=person_id, event_ids=ids)
    return [
        ShownSession(
            event,
            human_when(event.starts_at, event.ends_at, ZoneInfo(event.zone)),
            where_we_ring(event, phonebank.zones),
            spoken.get(event.id, ""),
            need_of(event),
            event.id in mine or (person_id is not None and event.host_id == person_id),
        )
        for event in coming
    ]
