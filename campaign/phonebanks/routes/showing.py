"""Phonebanks for everybody: the list, and what one is about, in numbers only."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from campaign.foundation import clock, web
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.queries import board, training
from campaign.phonebanks.rules.claims import is_over


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
        progress=board.progress(web.db(), phonebank.id),
        sessions=[
            (event, human_when(event.starts_at, event.ends_at, ZoneInfo(event.zone)))
            for event in coming
        ],
        ready=training.ready_of(web.db(), hosted) if hosted else {},
        contact_email=web.settings().contact_email,
        may_manage=may_manage,
    )
