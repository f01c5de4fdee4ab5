"""One event's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request, session
from markupsafe import Markup

from campaign.events import access, adapters, forms, queries
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.queries import planned
from campaign.events.rules.accessibility import told_of
from campaign.events.rules.features import Card, shift_time
from campaign.events.rules.finding import Filters
from campaign.events.rules.in_line import words_of_line
from campaign.events.rules.linked import linked_of
from campaign.events.rules.needs import places_left
from campaign.events.rules.openness import (
    address_of,
    explained,
    host_says_yes,
    is_exact,
    told_at_sign_up,
)
from campaign.events.rules.reports import figures
from campaign.events.rules.shifts import first_choice, need_of_shift
from campaign.events.rules.signups import LIVE, SEATED
from campaign.events.rules.states import TO_LOOK_AT
from campaign.events.rules.team import PARTS, TeamRole
from campaign.events.rules.templates import Template
from campaign.events.rules.venues import address_open, link_open
from campaign.foundation import clock, web
from campaign.people.rules import MAY, Action, Standing, may
from campaign.places.maps import map_markup

# The safeguarding contact is named to who comes and to the team, not to the street.
SEES_SAFEGUARDING = MAY[Action.SEE_TEAM] | {Standing.ATTENDEE}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/events/<public_id>")(show)


@web.public
def show(public_id: str) -> Response:
    """One event, and the form to sign up."""
    visitor = web.visitor()
    event = access.event_to_see(web.db(), public_id, visitor.person_id)
    form = forms.SignUpForm(formdata=None)
    if visitor.is_authenticated and "another" not in request.args:
        form.name.data, form.email.data = visitor.name, visitor.email
    return event_page(event, form)


def event_page(event: Event, form: forms.SignUpForm, code: int = 200) -> Response:
    """The page of an event with a sign-up form in some state."""
    now, person_id = clock.now(), web.visitor().person_id
    standings = queries.standings_for(web.db(), event=event, person_id=person_id)
    rsvp = queries.rsvp_of(web.db(), event_id=event.id, person_id=person_id)
    another = "another" in request.args
    faces = queries.faces_of(web.db(), event)
    report = queries.report_of(web.db(), event.id) if event.starts_at <= now else None
    just_now = None if another else session.get("signed_up", {}).get(event.public_id)
    mine = rsvp if rsvp and rsvp.status in LIVE and not another else None
    page = web.page(
        "events/show.html",
        code,
        event=event,
        card=queries.card_for(event, now=now),
        form=form,
        rsvp=mine,
        my_shift=own_shift(event, mine),
        just_now=just_now,
        **words_of_line(event, now=now, mailed=not (just_now or {}).get("phone_only")),
        nearby=_nearby(event, now) if mine or just_now else [],
        base_url=web.settings().base_url,
        kept_days=web.settings().rsvp_kept_days,
        shift_time=shift_time,
        shifts=[
            (shift, shift_words(event, shift), has_place(event, shift)) for shift in event.shifts
        ],
        faces=faces,
        host=faces.host or "The host",
        report=report,
        photos=queries.photos_of(web.db(), event.id) if report else [],
        figures=figures(report) if report else [],
        **_planned(event, now),
        **_of_the_team(event, standings),
        briefing=_briefing(event, standings),
        needs=[need_of_shift(shift) for shift in event.shifts],
        proposed=first_choice(event.shifts),
        is_over=event.ends_at <= now,
        may_manage=may(Action.MANAGE_EVENT, standings),
        may_see_roster=may(Action.SEE_ROSTER, standings),
        may_list=may(Action.LIST_EVENT, standings)
        and event.state in TO_LOOK_AT
        and event.hidden_at is None,
        may_hide=may(Action.HIDE_EVENT, standings),
        taken_down=access.hiding_of(web.db(), event),
        appeal=forms.AppealForm(formdata=None) if event.hidden_at else None,
        may_open_roster=bool(standings & {Standing.ATTENDEE, Standing.HOST}) and event.roster_path,
        secret=secret_place(event, rsvp, person_id),
        map=_map(event),
        access=told_of(event),
        exact=is_exact(event),
        how_told=explained(event),
        linked=_linked(event),
        repeats=queries.repeats(web.db(), event=event, now=now),
    )
    if just_now and just_now.get("key"):
        page.headers["Cache-Control"] = "no-store"  # it shows the link to somebody's place
    return page


def _planned(event: Event, now: datetime) -> dict[str, Any]:
    """Where one reads what was planned at this event, and how much of it took place."""
    recap = planned.recap_of(web.db(), event.id)
    return {
        "recap": recap,
        "promise": planned.promise_at(web.db(), event.id, now=now) if recap else None,
    }


def _nearby(event: Event, now: datetime) -> list[Card]:
    """The next two events near this one, for who has just signed up; none where it is online."""
    if event.shown_lat is None or event.shown_lng is None:
        return []
    near = Filters(lat=event.shown_lat, lng=event.shown_lng, open_only=True, sort="time", most=3)
    found = queries.upcoming(web.db(), filters=near, now=now)
    return queries.cards([row for row in found.rows if row.event.id != event.id][:2], now=now)


def _linked(event: Event) -> Markup:
    """The event for machines; ``linked_of`` has made it harmless inside its element."""
    told = linked_of(event, group=event.group, base_url=web.settings().base_url)
    return Markup(told)  # noqa: S704


def _of_the_team(event: Event, standings: set[Standing]) -> dict[str, Any]:
    """What a page says to who is, or may be, of the event's team."""
    visitor, is_open = web.visitor(), event.state != "cancelled" and event.ends_at > clock.now()
    asked: list[Any] = []
    if visitor.is_authenticated and is_open:
        asked = queries.invites_for(web.db(), email=visitor.email, event_id=event.id)
    takes = bool(event.hostless_at) and is_open
    return {
        "asked_to_help": [(one, PARTS[TeamRole(one.role)]) for one in asked],
        "may_see_team": may(Action.SEE_TEAM, standings),
        "is_host": Standing.HOST in standings and is_open,
        "needs_host": takes,
        "may_take_over": takes
        and access.may_take_over(web.db(), event=event, person_id=visitor.person_id),
        "sees_safeguarding": bool(standings & SEES_SAFEGUARDING),
    }


def _briefing(event: Event, standings: set[Standing]) -> Template | None:
    """What who runs the event is told; nothing for everybody else."""
    if not may(Action.SEE_TEAM, standings):
        return None
    return queries.template_for(web.db(), event.kind, adapters.default_templates())


def _map(event: Event) -> Any:
    if event.shown_lat is None or event.shown_lng is None:
        return None
    return map_markup(
        "event", label="Map of the place", lat=event.shown_lat, lng=event.shown_lng, zoom=11
    )


def own_shift(event: Event, rsvp: Rsvp | None) -> str | None:
    """When the shift of a sign-up is; None without one."""
    if rsvp is None or rsvp.shift_id is None:
        return None
    return shift_time(event, web.db().get_one(Shift, rsvp.shift_id))


def has_place(event: Event, shift: Any) -> bool:
    """Whether somebody who asks now would find a place in this shift."""
    free = shift.capacity is None or shift.capacity > shift.taken
    return free and places_left(event) != 0 and shift.ends_at > clock.now()


def shift_words(event: Event, shift: Any) -> str:
    """ "3 of 6 places left", "Full: join the waiting list"."""
    if shift.ends_at <= clock.now():
        return "Over"
    if shift.capacity is None:
        return "Room for you"
    left = shift.capacity - shift.taken
    return f"{left} of {shift.capacity} places left" if left > 0 else "Full: join the waiting list"


def secret_place(event: Event, rsvp: Rsvp | None, person_id: int | None) -> dict[str, str] | None:
    """A hidden address or an online link, for who has a place or hosts, and only in its time."""
    has_place = rsvp is not None and rsvp.status in SEATED
    hosts = person_id is not None and event.host_id == person_id and not event.hostless_at
    if not has_place and not hosts:
        return None
    times = {"starts_at": event.starts_at, "ends_at": event.ends_at, "now": clock.now()}
    if told_at_sign_up(event) or (host_says_yes(event) and address_open(**times)):
        return {"address": address_of(event)}
    if event.place_kind == "online" and event.online_link and link_open(**times):
        return {"link": event.online_link}
    return None
