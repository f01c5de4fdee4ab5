"""The ticket: a code for a phone's own camera, which checks in for the event's team alone.

Whoever else opens it learns nothing, not even whether there is such a ticket.
"""

from __future__ import annotations

import segno
from flask import Blueprint, Response, flash, session, url_for
from markupsafe import Markup

from campaign.events import access, operations
from campaign.events.models import Rsvp
from campaign.events.routes.attending import back_to_page, kept_nowhere
from campaign.events.rules.door import By, Tap
from campaign.events.rules.features import shift_time, when_of
from campaign.events.rules.signups import LIVE, SEATED, Attendance
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/c/<ticket>")(ticket)
    blueprint.post("/c/<ticket>")(check_in)


def code_of(path: str) -> Markup:
    """A QR code of an address of this site, as a picture in the page."""
    made = segno.make(f"{web.settings().base_url}{path}", error="m", micro=False)
    drawn = made.svg_inline(border=2, light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 (segno draws it out of our own address)


def ticket_of(rsvp: Rsvp) -> Markup | None:
    """The ticket of who has a place; nobody comes to a door that is online."""
    event = rsvp.event
    over = event.ends_at <= clock.now() or event.state == "cancelled"
    if over or rsvp.status not in SEATED or event.place_kind == "online":
        return None
    return code_of(url_for("events.ticket", ticket=rsvp.public_id))


def _found(code: str) -> tuple[Rsvp, By]:
    return access.ticket_to_check_in(
        web.db(),
        code,
        person_id=web.visitor().person_id,
        keys=session.get("host_keys", []),
        now=clock.now(),
    )


@web.public
def ticket(ticket: str) -> Response:
    """One button for the team; for everybody else a word on where to show it."""
    try:
        rsvp, _ = _found(ticket)
    except NotFound:
        return kept_nowhere(web.page("events/ticket.html", rsvp=None, ticket=ticket))
    return _page(rsvp)


def _page(rsvp: Rsvp) -> Response:
    answer = web.page(
        "events/ticket.html",
        rsvp=rsvp,
        ticket=rsvp.public_id,
        event=rsvp.event,
        when=when_of(rsvp.event, now=clock.now()),
        shift=shift_time(rsvp.event, rsvp.shift) if rsvp.shift else "",
        is_live=rsvp.status in LIVE,
    )
    return kept_nowhere(answer)


@web.public
def check_in(ticket: str) -> Response:
    """They are here."""
    rsvp, by = _found(ticket)
    with back_to_page(url_for("events.ticket", ticket=ticket)):
        operations.mark_attendance(
            web.db(),
            event=rsvp.event,
            rsvp_id=rsvp.public_id,
            attendance=Attendance.CAME,
            tap=Tap(by, clock.now()),
        )
    flash(f"{rsvp.name} is here.", "success")
    return web.see_other("events.ticket", ticket=ticket)
