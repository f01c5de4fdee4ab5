"""Calendars: of a search, of a group, of one event, and one's own behind a secret address."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, flash, request

from campaign.events import access, operations, queries
from campaign.events.models import Event, Rsvp
from campaign.events.routes import asked
from campaign.events.routes.showing import secret_place
from campaign.events.rules.calendars import Entry, calendar_of
from campaign.events.rules.finding import Filters
from campaign.events.rules.signups import SEATED
from campaign.events.rules.states import UNSEEN
from campaign.foundation import clock, web
from campaign.groups.access import group_to_see


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events.ics")(calendar)
    blueprint.get("/events/<public_id>.ics")(event_calendar)
    blueprint.get("/groups/<slug>/events.ics")(group_calendar)
    blueprint.route("/me/calendar", methods=["GET", "POST"])(own_calendar)
    blueprint.post("/me/calendar/end")(end_own_calendar)
    blueprint.get("/me/<key>.ics")(personal_calendar)


@web.public
def calendar() -> Response:
    """What a search finds, soonest first."""
    search = asked.read()
    if search.no_feed:
        return Response(f"{search.no_feed}\n", 422, mimetype="text/plain")
    return _feed(search.filters(), web.settings().name)


@web.public
def group_calendar(slug: str) -> Response:
    """A group's listed events."""
    group = group_to_see(web.db(), slug)
    return _feed(Filters(group=slug), group.name)


@web.public
def event_calendar(public_id: str) -> Response:
    """One event, also when it was called off: so the calendar hears of it."""
    event = access.event_to_see(web.db(), public_id, web.visitor().person_id)
    if event.state in UNSEEN:  # for its team alone, and for no cache
        return _written([Entry(event)], event.title)
    return _open_to_all([Entry(event)], event.title)


@web.needs(web.SIGNED_IN)
def own_calendar() -> Response:
    """The address of one's own calendar: made on request, shown once, and made anew at will."""
    person_id = web.visitor().person_id
    address = None
    if request.method == "POST":
        key = operations.renew_calendar_key(web.db(), person_id=person_id)
        address = f"{web.settings().base_url}/me/{key}.ics"
    held = queries.calendar_key_of(web.db(), person_id)
    return web.page("events/own_calendar.html", address=address, held=held)


@web.needs(web.SIGNED_IN)
def end_own_calendar() -> Response:
    """No calendar of one's own any more."""
    operations.drop_calendar_key(web.db(), person_id=web.visitor().person_id)
    flash("The address is closed. Calendars that used it get nothing any more.", "success")
    return web.see_other("events.own_calendar")


@web.public
def personal_calendar(key: str) -> Response:
    """What somebody signed up to or hosts; the key is the only thing that opens it."""
    person = access.person_of_calendar(web.db(), key)
    found = queries.personal(web.db(), person_id=person.id, now=clock.now())
    entries = [_own_entry(event, rsvp, person.id) for event, rsvp in found]
    response = _written(entries, f"My events, {web.settings().name}")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _own_entry(event: Event, rsvp: Rsvp | None, person_id: int) -> Entry:
    if event.hidden_at is not None and event.host_id != person_id:
        return Entry(event, bare=True)
    secret = (secret_place(event, rsvp, person_id) if event.state != "cancelled" else None) or {}
    shift = rsvp.shift if rsvp else None
    return Entry(
        event,
        where=secret.get("address"),
        link=secret.get("link"),
        starts_at=shift.starts_at if shift else None,
        ends_at=shift.ends_at if shift else None,
        tentative=bool(rsvp and rsvp.status not in SEATED and event.host_id != person_id),
    )


def _feed(filters: Filters, name: str) -> Response:
    found = queries.feed(web.db(), filters=filters, now=clock.now())
    entries = [Entry(event, bare=event.hidden_at is not None) for event in found]
    return _open_to_all(entries, name)


def _open_to_all(entries: Iterable[Entry], name: str) -> Response:
    response = _written(entries, name)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public,max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


def _written(entries: Iterable[Entry], name: str) -> Response:
    text = calendar_of(entries, name=name, base_url=web.settings().base_url)
    return Response(text, mimetype="text/calendar")
