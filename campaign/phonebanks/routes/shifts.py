"""A shift for who comes to it: before it, at its door, and after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request, url_for

from campaign.events import access as event_access
from campaign.events import queries as event_queries
from campaign.events.messages import Mail as EventMail
from campaign.events.models import Event, Rsvp
from campaign.events.rules.features import when_of
from campaign.events.rules.needs import need_of
from campaign.events.rules.signups import SEATED, initials
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.words import human_day, human_time
from campaign.people.models import Person
from campaign.phonebanks.access import shifts as access
from campaign.phonebanks.access.shifts import Shift
from campaign.phonebanks.forms.helping import LanguagesForm
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import shifts
from campaign.phonebanks.queries import board, helping
from campaign.phonebanks.queries import shifts as queries
from campaign.phonebanks.queries.caller import entry_of
from campaign.phonebanks.rules.claims import EARLY, LATE, is_session_open
from campaign.phonebanks.rules.ways import flow_of
from campaign.phonebanks.rules.zones import where_we_ring


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    path = "/phonebanks/<public_id>/shifts/<event_id>"
    blueprint.get(path)(shift)
    blueprint.post(f"{path}/here")(here)
    blueprint.post(f"{path}/knock")(knock)
    blueprint.post(f"{path}/again")(again_from_page)
    blueprint.post(f"{path}/arrived/<rsvp_id>")(arrived)
    blueprint.post(f"{path}/languages")(languages)
    blueprint.post(f"{path}/places")(places)
    blueprint.get("/again/<key>")(again)
    blueprint.post("/again/<key>")(come_again)


def _mine(public_id: str, event_id: str) -> Shift:
    person_id = web.visitor().person_id
    return access.shift_to_see(web.db(), public_id, event_id, person_id, now=clock.now())


@web.needs(web.SIGNED_IN)
def shift(public_id: str, event_id: str) -> Response:
    """Before my shift, at its door, and after it: one page for all three."""
    mine, now = _mine(public_id, event_id), clock.now()
    values = {
        "shift": mine,
        "phonebank": mine.phonebank,
        "event": mine.event,
        "when": when_of(mine.event, now=now, shift=mine.rsvp.shift if mine.rsvp else None),
        "there": where_we_ring(mine.event, mine.phonebank.zones),
    }
    if mine.event.ends_at + LATE < now:
        return web.page("phonebanks/shift_after.html", **values, **_after(mine, now))
    if mine.knocks and not mine.leads:
        asked = helping.open_request(web.db(), mine.phonebank.id, web.visitor().person_id)
        return web.page("phonebanks/shift_door.html", **values, asked=asked)
    return web.page("phonebanks/shift.html", **values, **_before(mine, now))


def _before(mine: Shift, now: datetime) -> dict[str, Any]:
    event, person_id = mine.event, web.visitor().person_id
    zone = ZoneInfo(event.zone)
    slot = mine.rsvp.shift if mine.rsvp and mine.rsvp.shift else event
    own_start = slot.starts_at
    entry = entry_of(web.db(), mine.phonebank.id, person_id, now=now)
    script = board.script_of(web.db(), mine.phonebank.id)
    faces = event_queries.faces_of(web.db(), event)
    return {
        "crew": [_face(one, person_id) for one in queries.crew(web.db(), event.id)],
        "leads": [initials(one.name) for one in board.leads(web.db(), mine.phonebank.id)],
        "host": faces.host,
        "is_open": is_session_open(event.starts_at, event.ends_at, now=now),
        "opens_at": human_time(own_start - EARLY, zone),
        "day": human_day(own_start.astimezone(zone).date()),
        "times": f"{human_time(own_start, zone)}–{human_time(slot.ends_at, zone)}",
        "wait": _wait(own_start - EARLY, now),
        "seated": mine.hosts or bool(mine.rsvp and mine.rsvp.status in SEATED),
        "entry": entry,
        "script": script,
        "spoken": flow_of(script.steps) if script else [],
        "practice": board.practice_phonebank(web.db()),
        "left": event.capacity - event.taken if event.capacity is not None else None,
        "zone": event.zone,
        "starts_at": own_start,
    }


def _face(one: Rsvp, person_id: int) -> tuple[str, str, bool]:
    words = "Is here" if one.attendance == "came" else ""
    words = words or ("Will be there" if one.status == "confirmed" else "")
    return initials(one.name), words, one.person_id == person_id


def _wait(until: datetime, now: datetime) -> str:
    """ "1 h 12", "3 days"; empty once it is so far."""
    minutes = int((until - now).total_seconds() // 60)
    if minutes < 0:
        return ""
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} days"
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes + 1} min"


def _after(mine: Shift, now: datetime) -> dict[str, Any]:
    person_id = web.visitor().person_id
    numbers = queries.numbers_of(web.db(), mine.session, mine.event)
    following = queries.next_shifts(web.db(), mine.phonebank.id, person_id=person_id, now=now)
    return {
        "first_name": (web.visitor().name or "").split(" ")[0],
        "own": numbers.get(person_id),
        "together": queries.in_all(numbers),
        "following": _offered(following, now),
    }


def _offered(events: list[Event], now: datetime) -> list[tuple[Event, str, Any]]:
    return [(event, when_of(event, now=now), need_of(event)) for event in events]


@web.needs(web.SIGNED_IN)
def here(public_id: str, event_id: str) -> Response:
    """I am here: the calling screen opens."""
    mine = _mine(public_id, event_id)
    if mine.rsvp is not None:
        shifts.arrive(
            web.db(),
            event=mine.event,
            rsvp=mine.rsvp,
            actor_id=web.visitor().person_id,
            now=clock.now(),
        )
    return web.see_other("phonebanks.call", public_id=public_id)


@web.needs(web.SIGNED_IN)
def knock(public_id: str, event_id: str) -> Response:
    """I have no place and stand at the door: a lead lets me in with one tap."""
    mine = _mine(public_id, event_id)
    shifts.knock(
        web.db(),
        phonebank=mine.phonebank,
        event=mine.event,
        person_id=web.visitor().person_id,
        now=clock.now(),
    )
    return web.see_other("phonebanks.shift", public_id=public_id, event_id=event_id)


@web.needs(web.SIGNED_IN)
def arrived(public_id: str, event_id: str, rsvp_id: str) -> Response:
    """A lead sees that somebody is here."""
    actor_id = web.visitor().person_id
    _, session = access.session_to_manage(web.db(), public_id, event_id, actor_id)
    rsvp = shifts.due_by_id(web.db(), event=session.event, rsvp_id=rsvp_id)
    shifts.arrive(web.db(), event=session.event, rsvp=rsvp, actor_id=actor_id, now=clock.now())
    flash(f"{rsvp.name} is here.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def languages(public_id: str, event_id: str) -> Response:
    """In which languages a session rings."""
    actor_id = web.visitor().person_id
    phonebank, session = access.session_to_manage(web.db(), public_id, event_id, actor_id)
    form = LanguagesForm()
    if not form.validate():
        raise Refused(next(iter(form.errors.values()))[0])
    shifts.say_languages(
        web.db(),
        phonebank=phonebank,
        session=session,
        languages=form.languages.data or "",
        actor_id=actor_id,
    )
    flash("Saved.", "success")
    return web.see_other("phonebanks.sessions", public_id=public_id)


@web.needs(web.SIGNED_IN)
def places(public_id: str, event_id: str) -> Response:
    """As many places more as usually stay empty: for who manages the event, too."""
    actor_id = web.visitor().person_id
    phonebank, _ = access.session_to_manage(web.db(), public_id, event_id, actor_id)
    event = event_access.event_to_manage(web.db(), event_id, actor_id)
    wanted = shifts.raise_places(
        web.db(), phonebank=phonebank, event=event, actor_id=actor_id, mail=_mail(), now=clock.now()
    )
    flash(f"It has {wanted} places now. Who waited moves up.", "success")
    return web.see_other("phonebanks.sessions", public_id=public_id)


def _mail() -> EventMail:
    settings = web.settings()
    return EventMail(LetterWriter(settings), settings.base_url)


@web.needs(web.SIGNED_IN)
def again_from_page(public_id: str, event_id: str) -> Response:
    """The next shift, from the page of the last one."""
    mine = _mine(public_id, event_id)
    chosen = _chosen(mine.phonebank)
    person = web.db().get_one(Person, web.visitor().person_id)
    _say(shifts.come_again(web.db(), event=chosen, person=person, mail=_mail()), chosen)
    return web.see_other("phonebanks.shift", public_id=public_id, event_id=chosen.public_id)


def _chosen(phonebank: Phonebank) -> Event:
    """The session that was picked: one of this phonebank to come."""
    wanted = request.form.get("shift", "")
    for event in board.sessions(web.db(), phonebank.id, now=clock.now()):
        if event.public_id == wanted and event.starts_at > clock.now():
            return event
    raise Refused("Choose one of the shifts on the page.")


def _say(status: str, event: Event) -> None:
    when = when_of(event, now=clock.now())
    placed = status in SEATED
    flash(
        f"You are down for {when}." if placed else f"You are in line for {when}. We mail you.",
        "success",
    )


def _by_key(key: str) -> tuple[Rsvp, Phonebank]:
    rsvp = event_access.rsvp_to_change(web.db(), key)
    found = queries.session_of_event(web.db(), rsvp.event_id)
    if found is None:
        raise NotFound("This link does not open anything. Look at the phonebank’s page.")
    return rsvp, found[1]


@web.public
def again(key: str) -> Response:
    """Behind the mailed link of a thank-you: the next shift is ticked; looking changes nothing."""
    rsvp, phonebank = _by_key(key)
    now = clock.now()
    following = queries.next_shifts(web.db(), phonebank.id, person_id=rsvp.person_id, now=now)
    answer = web.page(
        "phonebanks/again.html",
        phonebank=phonebank,
        key=key,
        first_name=rsvp.name.split(" ")[0],
        following=_offered(following, now),
        wanted=request.args.get("shift", ""),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.public
def come_again(key: str) -> Response:
    """Yes, put me down; or no such letters any more."""
    rsvp, phonebank = _by_key(key)
    if "no_more" in request.form:
        shifts.want_thanks(web.db(), person_id=rsvp.person_id, wanted=False, now=clock.now())
        flash("No more letters of thanks. Thank you for calling.", "success")
        return web.go(url_for("phonebanks.again", key=key))
    chosen = _chosen(phonebank)
    _say(shifts.come_again(web.db(), event=chosen, person=rsvp.person, mail=_mail()), chosen)
    return web.go(url_for("phonebanks.again", key=key))
