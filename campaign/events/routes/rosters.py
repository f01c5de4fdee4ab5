"""Who comes: the roster on a screen, on paper and as a table; who is here."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, forms, operations, queries
from campaign.events.models import Event, Rsvp
from campaign.events.routes.announcing import mail
from campaign.events.rules.allocation import POLICY_WORDS, Policy
from campaign.events.rules.features import moment_of, shift_time, when_of
from campaign.events.rules.needs import need_of, places_left
from campaign.events.rules.offers import offer_until
from campaign.events.rules.signups import Attendance
from campaign.foundation import audit, clock, phone, web
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
    blueprint.post("/events/<public_id>/roster/walk-in")(walk_in)
    blueprint.post("/events/<public_id>/roster/<rsvp_id>")(mark)


@web.needs(web.SIGNED_IN)
def roster(public_id: str) -> Response:
    """Who is here, who is due, who waits."""
    event = access.roster_to_see(web.db(), public_id, web.visitor().person_id)
    return _page(event, forms.WalkInForm(formdata=None))


def _page(event: Event, form: forms.WalkInForm) -> Response:
    return web.page(
        "events/roster.html",
        form.code,
        event=event,
        roster=queries.roster_of(web.db(), event),
        when=when_of(event, now=clock.now()),
        need=need_of(event),
        left=places_left(event),
        **_may(event),
        form=form,
        display=phone.display,
        shift_time=shift_time,
        policies=[(policy, POLICY_WORDS[policy]) for policy in Policy],
        held_until=lambda rsvp: _held_until(event, rsvp),
    )


def _may(event: Event) -> dict[str, bool]:
    """What the person may do here: a steward ticks and sees names, a data keeper reads."""
    standings = queries.standings_for(web.db(), event=event, person_id=web.visitor().person_id)
    return {
        "may_see_contacts": may(Action.SEE_ROSTER_CONTACTS, standings),
        "may_check_in": may(Action.CHECK_IN, standings),
        "may_answer": may(Action.MANAGE_EVENT, standings),
    }


def _held_until(event: Event, held: Rsvp) -> str:
    """Until when a place is on offer, in words."""
    until = offer_until(held, event)
    return moment_of(until, zone=event.zone, now=clock.now()) if until else ""


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
    person_id = web.visitor().person_id
    event = access.event_to_check_in(web.db(), public_id, person_id)
    wanted = request.form.get("mark", "")
    if wanted in ("yes", "no"):
        access.event_to_manage(web.db(), public_id, person_id)
        operations.answer_request(
            web.db(), event=event, rsvp_id=rsvp_id, yes=wanted == "yes", mail=mail()
        )
    elif wanted in list(Attendance):
        operations.mark_attendance(
            web.db(),
            event=event,
            rsvp_id=rsvp_id,
            attendance=Attendance(wanted),
            actor_id=web.visitor().person_id,
        )
    else:
        raise Refused("Press one of the buttons of the page.")
    return web.see_other("events.roster", public_id=public_id, _anchor=f"r-{rsvp_id}")


@web.needs(web.SIGNED_IN)
def walk_in(public_id: str) -> Response:
    """Somebody at the door."""
    event = access.event_to_check_in(web.db(), public_id, web.visitor().person_id)
    form = forms.WalkInForm()
    if form.validate():
        with form.refusals():
            added = operations.add_walk_in(
                web.db(),
                event=event,
                name=form.name.data,
                email=form.email.data,
                shift=form.shift.data or None,
                client_uuid=form.once,
                actor_id=web.visitor().person_id,
            )
            flash(f"{added.name} is here.", "success")
            return web.see_other("events.roster", public_id=public_id)
    # The lock read the event anew without its shifts: the page needs the whole of it.
    return _page(access.roster_to_see(web.db(), public_id, web.visitor().person_id), form)


@web.lately
@web.needs(web.SIGNED_IN)
def roster_csv(public_id: str) -> Response:
    """The roster as a table; every download is in the audit log."""
    event = access.contacts_to_see(web.db(), public_id, web.visitor().person_id)
    rows = queries.roster_of(web.db(), event)
    lines = [_line(rsvp) for rsvp in [*rows.seated, *rows.waiting]]
    # The mark at the start is for Excel; other programs may do without.
    body = b"".join(write_csv(HEADINGS, lines, bom=request.args.get("bom") != "0"))
    _note_download(event)
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


def _note_download(event: Event) -> None:
    """A GET's own session is rolled back, so the audit row gets a short unit of its own."""
    with web.house().database.unit_of_work() as db:
        audit.append(
            db,
            "roster downloaded",
            subject=f"event:{event.id}",
            actor_id=web.visitor().person_id,
        )
