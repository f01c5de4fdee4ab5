"""The call sheet: who comes and how to reach them, on paper, for who may see it."""

from __future__ import annotations

from flask import Blueprint, Response

from campaign.events import access, queries
from campaign.events.models import Event, Rsvp
from campaign.events.routes.attending import kept_nowhere
from campaign.events.rules.door import by_first_name
from campaign.events.rules.features import shift_time, when_of
from campaign.foundation import clock, phone, web


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events/<public_id>/roster/calls")(call_sheet)


@web.needs(web.SIGNED_IN)
def call_sheet(public_id: str) -> Response:
    """Everybody with a place, with their number or address; each look is in the audit log."""
    event = access.contacts_to_see(web.db(), public_id, web.visitor().person_id)
    seated = queries.roster_of(web.db(), event).seated
    coming = [one for one in seated if one.person_id != event.host_id or event.hostless_at]
    web.note("call sheet seen", subject=f"event:{event.id}")
    return kept_nowhere(
        web.page(
            "events/call_sheet.html",
            event=event,
            when=when_of(event, now=clock.now()),
            lines=[_line(event, one) for one in sorted(coming, key=_by_name)],
            kept_days=web.settings().rsvp_kept_days,
        )
    )


def _by_name(held: Rsvp) -> tuple[object, ...]:
    return (*by_first_name(held.name), held.place_in_line)


def _line(event: Event, held: Rsvp) -> dict[str, str]:
    return {
        "name": held.name,
        "guests": f"and {held.guests}" if held.guests else "",
        "phone": phone.display(held.phone) if held.phone else "",
        "email": held.person.email or "",
        "shift": shift_time(event, held.shift) if held.shift else "",
        "said": "Yes" if held.status == "confirmed" else "",
    }
