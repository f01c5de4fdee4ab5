"""Who comes: the roster on a screen, on paper and as a table; who is here."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from campaign.events import access, forms, operations, queries
from campaign.events.models import Rsvp
from campaign.events.routes import attending
from campaign.events.routes.attending import Door
from campaign.events.routes.mailing import mail
from campaign.events.rules.allocation import Policy
from campaign.events.rules.door import By
from campaign.foundation import phone, web
from campaign.foundation.errors import Refused
from campaign.foundation.spreadsheets import write_csv
from campaign.people.rules import Action, may

HEADINGS = (
    *("Name", "Email", "Phone", "Postcode", "Guests", "Guest names"),
    *("Status", "Attendance", "Shift", "Signed up", "Source"),
)


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events/<public_id>/roster")(roster)
    blueprint.get("/events/<public_id>/roster.csv")(roster_csv)
    blueprint.post("/events/<public_id>/roster/line")(set_line)
    blueprint.get("/events/<public_id>/roster/sheet")(sheet)
    blueprint.get("/events/<public_id>/roster/state")(state)
    blueprint.post("/events/<public_id>/roster/walk-in")(walk_in)
    blueprint.post("/events/<public_id>/roster/count")(count)
    blueprint.post("/events/<public_id>/roster/the-rest")(the_rest)
    blueprint.post("/events/<public_id>/roster/<rsvp_id>")(mark)


def _door(public_id: str, *, to_tick: bool = False) -> Door:
    """The door: a steward ticks and sees names, a data keeper reads, the host answers who waits."""
    person_id = web.visitor().person_id
    event, standings = access.door_to_see(web.db(), public_id, person_id, to_tick=to_tick)
    return Door(
        event,
        By(person_id=person_id),
        url_for("events.roster", public_id=event.public_id),
        contacts=may(Action.SEE_ROSTER_CONTACTS, standings),
        ticks=may(Action.CHECK_IN, standings),
        answers=may(Action.MANAGE_EVENT, standings),
    )


@web.needs(web.SIGNED_IN)
def roster(public_id: str) -> Response:
    """Who is here, who is due, who waits."""
    return attending.page(_door(public_id), forms.WalkInForm(formdata=None))


@web.needs(web.SIGNED_IN)
def sheet(public_id: str) -> Response:
    """The roster on paper."""
    return attending.sheet(_door(public_id))


@web.needs(web.SIGNED_IN)
def state(public_id: str) -> Response:
    """What another device at the door asks every few seconds."""
    facts = queries.facts_of(web.db(), public_id)
    return attending.unchanged(facts) or attending.state(_door(public_id))


@web.needs(web.SIGNED_IN)
def set_line(public_id: str) -> Response:
    """How the line moves: strictly in order, or best-fit."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    wanted = request.form.get("policy", "")
    if wanted not in list(Policy):
        raise Refused("Press one of the buttons of the page.")
    operations.set_policy(web.db(), event=event, policy=Policy(wanted), mail=mail())
    flash("Saved. The event’s page says so.", "success")
    return web.see_other("events.roster", public_id=public_id, _anchor="wl")


@web.needs(web.SIGNED_IN)
def mark(public_id: str, rsvp_id: str) -> Response:
    """One button: here, undo, did not come; yes or no to who asks or waits."""
    wanted = request.form.get("mark", "")
    if wanted not in ("yes", "no"):
        return attending.mark(_door(public_id, to_tick=True), rsvp_id)
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    operations.answer_request(
        web.db(), event=event, rsvp_id=rsvp_id, yes=wanted == "yes", mail=mail()
    )
    return web.see_other("events.roster", public_id=public_id, _anchor=f"r-{rsvp_id}")


@web.needs(web.SIGNED_IN)
def walk_in(public_id: str) -> Response:
    """Somebody at the door."""
    return attending.walk_in(lambda: _door(public_id, to_tick=True))


@web.needs(web.SIGNED_IN)
def count(public_id: str) -> Response:
    """How many are in the room."""
    return attending.count(_door(public_id, to_tick=True))


@web.needs(web.SIGNED_IN)
def the_rest(public_id: str) -> Response:
    """Everybody else did not come."""
    return attending.the_rest(_door(public_id, to_tick=True))


@web.lately
@web.needs(web.SIGNED_IN)
def roster_csv(public_id: str) -> Response:
    """The roster as a table; every download is in the audit log."""
    event = access.contacts_to_see(web.db(), public_id, web.visitor().person_id)
    rows = queries.roster_of(web.db(), event)
    lines = [_line(rsvp) for rsvp in [*rows.seated, *rows.waiting]]
    # The mark at the start is for Excel; other programs may do without.
    body = b"".join(write_csv(HEADINGS, lines, bom=request.args.get("bom") != "0"))
    web.note("roster downloaded", subject=f"event:{event.id}")
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="roster-{public_id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(held: Rsvp) -> list[str | int | None]:
    return [
        held.name,
        held.person.email or "",
        phone.display(held.phone) if held.phone else "",
        held.postcode or "",
        held.guests,
        ", ".join(held.guest_names.splitlines()),
        held.status,
        held.attendance.replace("_", " "),
        held.shift.starts_at.isoformat(timespec="minutes") if held.shift else "",
        held.made_at.isoformat(timespec="minutes"),
        held.source,
    ]
