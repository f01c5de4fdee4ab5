"""What came of an evening: a page for everybody, and tables for who ran it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, url_for

from campaign.events.models import Event
from campaign.events.queries.planned import Planned, planned_at, promise_at
from campaign.events.rules.features import when_of
from campaign.events.rules.needs import need_of
from campaign.events.rules.promises import FATE_WORDS, Fate
from campaign.events.rules.signups import initials
from campaign.foundation import clock, web
from campaign.foundation.spreadsheets import write_csv
from campaign.foundation.words import human_day
from campaign.meetups import access
from campaign.meetups.queries import exports, sheets
from campaign.meetups.queries.recaps import Kept, next_meeting
from campaign.meetups.rules.recaps import figures_of, split_ideas, summary
from campaign.meetups.rules.sheets import question_of
from campaign.places.maps import map_markup


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events/<public_id>/recap")(recap)
    blueprint.get("/events/<public_id>/recap.json")(recap_json)
    blueprint.get("/events/<public_id>/recap.csv")(recap_csv)


@web.public
def recap(public_id: str) -> Response:
    """What came of the evening, without a name of who was there."""
    person_id = web.visitor().person_id
    event, kept = access.recap_to_see(web.db(), public_id, person_id)
    now = clock.now()
    planned = planned_at(web.db(), event.id, now=now)
    return web.page(
        "meetups/recap.html",
        event=event,
        day=_day(event),
        when=when_of(event, now=now),
        url=web.settings().base_url + url_for("meetups.recap", public_id=public_id),
        figures=figures_of(kept.recap, planned=len(planned)),
        summary=summary(kept.recap, planned=len(planned)),
        promise=promise_at(web.db(), event.id, now=now),
        planned=[_line(one, now) for one in planned],
        pins=_pins(planned),
        map=_map(event),
        following=_next(event, now),
        runs=access.runs(web.db(), event, person_id),
        **_said(kept),
    )


def _day(event: Event) -> str:
    return human_day(event.starts_at.astimezone(ZoneInfo(event.zone)).date())


def _said(kept: Kept) -> dict[str, Any]:
    """What the tables wrote; what may not stand in public is only counted."""
    ideas, withheld = split_ideas(sheets.proposals_of(web.db(), kept.batch.id))
    return {
        "question": question_of(kept.meetup.question),
        "ideas": ideas,
        "most": max((view.dots for view in ideas), default=0),
        "withheld": withheld + len(sheets.hidden_of(web.db(), kept.batch.id)),
    }


def _line(one: Planned, now: datetime) -> dict[str, Any]:
    """A planned event as its own page shows it to everybody."""
    event = one.event
    off = event.state == "cancelled"
    return {
        "url": url_for("events.show", public_id=event.public_id),
        "title": event.title,
        "when": when_of(event, now=now),
        "where": event.shown_place,
        "host": None if event.hostless_at else initials(event.host_name or event.host.name),
        "need": need_of(event) if one.fate is Fate.TO_COME else None,
        "fate": "Called off" if off else FATE_WORDS[one.fate],
        "is_to_come": one.fate is Fate.TO_COME,
        "people": one.people if one.fate is Fate.HELD else None,
    }


def _pins(planned: list[Planned]) -> list[dict[str, object]]:
    return [
        {"id": e.public_id, "lat": e.shown_lat, "lng": e.shown_lng, "title": e.title}
        for e in (one.event for one in planned)
        if e.state == "listed" and e.shown_lat is not None
    ]


def _map(event: Event) -> Any:
    if event.shown_lat is None or event.shown_lng is None:
        return map_markup("screen", label="Map of what was planned")
    at = {"lat": event.shown_lat, "lng": event.shown_lng}
    return map_markup("screen", label="Map of what was planned", zoom=9, **at)


def _next(event: Event, now: datetime) -> dict[str, str] | None:
    found = next_meeting(web.db(), event, now=now)
    if found is None:
        return None
    return {
        "url": url_for("events.show", public_id=found.public_id),
        "title": found.title,
        "when": when_of(found, now=now),
        "where": found.shown_place,
    }


@web.lately
@web.needs(web.SIGNED_IN)
def recap_json(public_id: str) -> Response:
    """The whole evening for a program; every download is in the audit log."""
    event, kept, names = access.recap_to_download(web.db(), public_id, web.visitor().person_id)
    told = exports.evening(web.db(), event=event, kept=kept, now=clock.now(), names=names)
    web.note("evening downloaded", subject=f"event:{event.id}", details=["json"])
    answer = jsonify(told)
    answer.headers["Content-Disposition"] = f'attachment; filename="evening-{public_id}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.lately
@web.needs(web.SIGNED_IN)
def recap_csv(public_id: str) -> Response:
    """What was planned, as a table; every download is in the audit log."""
    event, kept, names = access.recap_to_download(web.db(), public_id, web.visitor().person_id)
    told = exports.evening(web.db(), event=event, kept=kept, now=clock.now(), names=names)
    body = b"".join(write_csv(exports.HEADINGS, exports.rows(told)))
    web.note("evening downloaded", subject=f"event:{event.id}", details=["csv"])
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="evening-{public_id}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
