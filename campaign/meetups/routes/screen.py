"""The projector: numbers that move, no names; and the QR code that brings people in.

It holds no key of its own: its page shows what everybody in the hall may see, and whoever has the
six letters may open it. Only the desk is held by a device (`devices`).
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, request

from campaign.events.models import Event
from campaign.events.rules.features import when_of
from campaign.foundation import clock, web
from campaign.foundation.hall import own_address
from campaign.foundation.words import human_time
from campaign.meetups import access
from campaign.meetups.models import Batch, Meetup, Recap
from campaign.meetups.queries import recaps, rooms, sheets, tables, wall
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.rules.cards import target_hosts
from campaign.meetups.rules.floor import areas_of
from campaign.meetups.rules.needs import numbers_marked
from campaign.meetups.rules.phases import NAMES, Phase, neighbours
from campaign.meetups.rules.recaps import fitting
from campaign.meetups.rules.sheets import TOP, grouped, question_of
from campaign.meetups.rules.turning import in_pages
from campaign.places.maps import map_markup

# For so long the screen says who sits where, before it shows the clock.
FINDING = timedelta(minutes=4)
# So many of the ideas with the most dots stand on the last screen.
CLOSING = 3
# So many numbers are still read from the back row; more take turns, a page of them at a time.
AT_A_TIME, TURN_S = 110, 10


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/screen")(screen)
    blueprint.get("/m/<code>/qr.svg")(qr)


@web.public
def screen(code: str) -> Response:
    """What hangs on the wall of the hall."""
    meetup, batch = access.meetup_by_code(web.db(), code)
    counts = rooms.counts(web.db(), meetup, batch)
    phase = Phase(batch.phase)
    return web.page(
        "meetups/screen.html",
        meetup=meetup,
        batch=batch,
        phase=phase,
        counts=counts,
        target=target_hosts(counts.here),
        **_finder(meetup, batch, phase),
        finding=clock.now() < batch.phase_since + FINDING,
        phase_name=NAMES[phase],
        starts=human_time(meetup.event.starts_at, ZoneInfo(meetup.event.zone)),
        now=clock.now(),
        **_planned(meetup, batch, phase),
        **_talked(meetup, batch, phase),
        **_carded(batch, phase),
        **_closed(meetup, batch, phase),
        join_at=f"{_reached_at().partition('://')[2]}/m",
    )


def _reached_at() -> str:
    """How phones reach this site: in a hall without internet by the laptop's own address there."""
    hall = web.settings().hall
    address = own_address(hall) if hall else None
    if address is None:
        return web.settings().base_url  # the desk says so: see `hall_missed`
    port = urlsplit(f"//{request.host}").port
    return f"http://{address}{f':{port}' if port else ''}"


def hall_missed() -> str:
    """The hall's network, where this machine is not in it: the code on the wall leads to the site
    on the internet then, and phones on the hotspot do not get there. Empty where all is well."""
    hall = web.settings().hall
    return str(hall) if hall and own_address(hall) is None else ""


def _finder(meetup: Meetup, batch: Batch, phase: Phase) -> dict[str, Any]:
    """The table finder while people look for theirs: numbers and tables, and where those stand."""
    if phase not in (Phase.LOCAL, Phase.STRATEGY):
        return {"pages": [], "areas": [], "marked": [], "farthest": 0.0}
    local = phase is Phase.LOCAL
    spans = rooms.spans(web.db(), batch.id) if local else []
    seats = rooms.seats(web.db(), batch.id, "local" if local else "strategy")
    pages = in_pages(seats, AT_A_TIME)
    return {
        "pages": pages,
        "marked": numbers_marked(marks_of(web.db(), meetup.id), {table for _, table, _ in seats}),
        # Without a script the page comes anew, and turns with the clock.
        "turn": int(clock.now().timestamp() // TURN_S) % max(1, len(pages)),
        "areas": areas_of(meetup.floor),
        "farthest": max((far for *_, far in spans), default=0.0),
    }


def _talked(meetup: Meetup, batch: Batch, phase: Phase) -> dict[str, Any]:
    """What the strategy tables wrote: how many ideas each has; then the seven with most dots."""
    told: dict[str, Any] = {"question": question_of(meetup.question), "sheets": [], "top": []}
    if phase is Phase.STRATEGY:
        told["sheets"] = held = sheets.sheets_of(web.db(), batch.id)
        by_topic = grouped(held, key=lambda view: view.table.topic)
        told["by_topic"] = [(topic, len(views)) for topic, views in by_topic if topic]
    if phase is Phase.REPORT_BACK:
        ideas = sheets.proposals_of(web.db(), batch.id)
        told |= {
            "top": ideas[:TOP],
            "ideas": len(ideas),
            "dots": sum(view.dots for view in ideas),
            "voters": sheets.dots_given(web.db(), batch.id),
        }
    return told


def _carded(batch: Batch, phase: Phase) -> dict[str, Any]:
    """The local tables by number, each with its cards: whether one is on the map."""
    if phase is not Phase.LOCAL:
        return {}
    cards: dict[int, list[bool]] = {}
    for view in tables.cards_of_batch(web.db(), batch.id):
        on_the_map = view.card.published_at is not None and not view.is_off
        cards.setdefault(view.card.breakout_id, []).append(on_the_map)
    seated = rooms.tables(web.db(), batch.id)
    return {"carded": [(one, sorted(cards.get(one.id, []), reverse=True)) for one, _ in seated]}


def _planned(meetup: Meetup, batch: Batch, phase: Phase) -> dict[str, Any]:
    """What was put on the map tonight, the newest in words; and what comes next."""
    events = [card.event for card in wall.published(web.db(), batch.id) if card.event]
    _, following = neighbours(meetup.preset, phase)
    with_map = phase is Phase.COMMIT
    words, centre = "Map of what was planned", _centre(meetup.event)
    return {
        "pins": _pins(events),
        "latest": [(event, when_of(event, now=clock.now())) for event in events[-1:]],
        "next_name": NAMES[following] if following else None,
        "map": map_markup("wall", label=words, zoom=9, **centre) if with_map else None,
    }


def _closed(meetup: Meetup, batch: Batch, phase: Phase) -> dict[str, Any]:
    """The sums of the evening, what the room wanted most, and when it meets next."""
    if phase not in (Phase.CLOSE, Phase.OVER):
        return {}
    db, now = web.db(), clock.now()
    practises = phase is Phase.CLOSE
    tally = recaps.tally_of(db, preset=meetup.preset, batch_id=batch.id, with_practice=practises)
    kept = db.get(Recap, batch.id)
    sums = kept if kept is not None and kept.people > tally.people else tally
    following = recaps.next_meeting(db, meetup.event, now=now)
    return {
        "sums": sums,
        "wanted": fitting(sheets.proposals_of(db, batch.id)[:CLOSING]),
        "following": (following, when_of(following, now=now)) if following else None,
        "has_recap": kept is not None,
    }


def _centre(event: Event) -> dict[str, float]:
    if event.shown_lat is None or event.shown_lng is None:
        return {}
    return {"lat": event.shown_lat, "lng": event.shown_lng}


def _pins(events: list[Event]) -> list[dict[str, object]]:
    """Where the pins pop in: what the public map shows, and no more."""
    return [
        {"id": e.public_id, "lat": e.shown_lat, "lng": e.shown_lng, "title": e.title}
        for e in events
        if e.shown_lat is not None
    ]


@web.public
def qr(code: str) -> Response:
    """The way into this room, for a phone's camera."""
    meetup, _ = access.meetup_by_code(web.db(), code)
    out = BytesIO()
    made = segno.make(f"{_reached_at()}/m/{meetup.code}", error="m", micro=False)
    made.save(out, kind="svg", border=2, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    response = Response(out.getvalue(), mimetype="image/svg+xml")
    response.cache_control.private = True
    response.cache_control.max_age = 3600
    return response
