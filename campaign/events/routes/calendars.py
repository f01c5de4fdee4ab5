"""Calendars: of a search, of a group, of one event."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, request

from campaign.events import access, queries
from campaign.events.models import Event
from campaign.events.routes import asked
from campaign.events.rules.calendars import calendar_of
from campaign.events.rules.finding import Filters
from campaign.foundation import clock, web
from campaign.groups.access import group_to_see


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events.ics")(calendar)
    blueprint.get("/events/<public_id>.ics")(event_calendar)
    blueprint.get("/groups/<slug>/events.ics")(group_calendar)


@web.public
def calendar() -> Response:
    """What a search finds, soonest first."""
    search = asked.read()
    if search.no_feed:
        return Response(f"{search.no_feed}\n", 422, mimetype="text/plain")
    search.sort = "time"
    return _coming(search.filters(most=queries.MOST), web.settings().name)


@web.public
def group_calendar(slug: str) -> Response:
    """A group's listed events."""
    group = group_to_see(web.db(), slug)
    return _coming(Filters(group=slug, sort="time", most=queries.MOST), group.name)


@web.public
def event_calendar(public_id: str) -> Response:
    """One event, also when it was called off: so the calendar hears of it."""
    event = access.event_to_see(web.db(), public_id, web.visitor().person_id)
    return _written([event], event.title)


def _coming(filters: Filters, name: str) -> Response:
    found = queries.upcoming(web.db(), filters=filters, now=clock.now())
    return _written([row.event for row in found.rows], name)


def _written(events: Iterable[Event], name: str) -> Response:
    text = calendar_of(events, name=name, base_url=web.settings().base_url, now=clock.now())
    response = Response(text, mimetype="text/calendar")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public,max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response
