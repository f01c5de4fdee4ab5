"""The steps of the door that the roster and the host's page by link have in common.

Every button is a plain form. A script sends the same forms with a nonce and the age of the tap,
and asks for JSON.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, jsonify, make_response, request

from campaign.events import adapters, forms, operations, queries
from campaign.events.models import Event, Rsvp
from campaign.events.queries import Roster
from campaign.events.queries import door as doors
from campaign.events.routes.sheets import Sheet, sheets_of
from campaign.events.rules.allocation import POLICY_WORDS, Policy
from campaign.events.rules.door import By, Counted, Tap, TapKind, derived, fresh_nonce, tapped_at
from campaign.events.rules.features import moment_of, shift_time, when_of
from campaign.events.rules.needs import need_of, places_left
from campaign.events.rules.offers import offer_until
from campaign.events.rules.signups import Attendance
from campaign.events.rules.templates import Template
from campaign.foundation import clock, phone, web
from campaign.foundation.errors import DomainError, Refused
from campaign.foundation.words import plural

PRESS_ONE = "Press one of the buttons of the page."


@dataclass(frozen=True)
class Door:
    """Whose door it is, who stands at it, and the address of its page."""

    event: Event
    by: By
    page: str
    # What they may do beside reading names: see how to reach people, tick, answer who waits.
    contacts: bool = False
    ticks: bool = True
    answers: bool = False

    @property
    def template(self) -> str:
        """Who comes by a link sees names, and no way to reach them."""
        return "events/host.html" if self.by.link_id else "events/roster.html"


def page(door: Door, form: forms.WalkInForm) -> Response:
    """Who is here, who is due, who waits; how many are in the room."""
    db, event = web.db(), door.event
    roster, now = queries.roster_of(db, event), clock.now()
    count = doors.count_of(db, event.id)
    answer = web.page(
        door.template,
        form.code,
        event=event,
        door=door,
        roster=roster,
        sheets=sheets_of(event, roster, came_at=doors.came_at(db, event.id)),
        count=count,
        most=event.capacity,
        is_full=event.capacity is not None and count.inside >= event.capacity,
        last_count=_shown_tap(event, doors.to_take_back(db, event.id, *doors.COUNTED)),
        last_rest=_shown_tap(event, doors.to_take_back(db, event.id, TapKind.REST)),
        is_over=event.ends_at <= now,
        when=when_of(event, now=now),
        need=need_of(event),
        left=places_left(event),
        form=form,
        page_nonce=fresh_nonce(),
        version=version_of(doors.facts_of(db, event.public_id)),
        shape=_shape(roster),
        display=phone.display,
        shift_time=shift_time,
        policies=[(policy, POLICY_WORDS[policy]) for policy in Policy],
        held_until=lambda rsvp: _held_until(event, rsvp),
        briefing=_briefing(event),
    )
    return kept_nowhere(answer)


def _briefing(event: Event) -> Template:
    """What who runs it brings, and what is safe."""
    return queries.template_for(web.db(), event.kind, adapters.default_templates())


def kept_nowhere(answer: Response) -> Response:
    """No cache keeps a page with names."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _held_until(event: Event, held: Rsvp) -> str:
    """Until when a place is on offer, in words."""
    until = offer_until(held, event)
    return moment_of(until, zone=event.zone, now=clock.now()) if until else ""


def _shown_tap(event: Event, tap: Any) -> dict[str, Any] | None:
    if tap is None:
        return None
    at = tap.tapped_at.astimezone(ZoneInfo(event.zone))
    return {"nonce": tap.nonce, "kind": tap.kind, "at": f"{at:%H:%M}", "people": tap.people}


@contextmanager
def back_to_page(path: str) -> Iterator[None]:
    """Who is refused without a script finds the way back to where they stood."""
    try:
        yield
    except DomainError as refusal:
        refusal.steps = ((path, "Go back and go on"),)
        raise


def mark(door: Door, rsvp_id: str) -> Response:
    """Here, did not come, or nobody knows: one tap each."""
    wanted = request.form.get("mark", "")
    if wanted not in list(Attendance):
        raise Refused(PRESS_ONE)
    with back_to_page(door.page):
        rsvp = operations.mark_attendance(
            web.db(),
            event=door.event,
            rsvp_id=rsvp_id,
            attendance=Attendance(wanted),
            tap=_tap(door),
        )
    return _done(door, anchor=f"r-{rsvp_id}", rsvp=rsvp.public_id, attendance=rsvp.attendance)


def _tap(door: Door, what: str = "") -> Tap:
    """The tap of this request. A browser without a script has one name for its whole page."""
    form = forms.TapForm()
    if not form.validate():
        raise Refused(next(iter(form.errors.values()))[0])
    nonce = form.nonce.data or (derived(form.page.data, what) if form.page.data else None)
    at = tapped_at(now=clock.now(), age_ms=form.age.data)
    return Tap(door.by, at, nonce or fresh_nonce(), after=form.after.data)


def count(door: Door) -> Response:
    """In, out, or that was a mistake."""
    wanted = request.form.get("count", "")
    tap = _tap(door, wanted)
    with back_to_page(door.page):
        if wanted == TapKind.BACK:
            operations.take_count_back(web.db(), event=door.event, nonce=_of(), tap=tap)
        elif wanted in list(Counted):
            operations.count(web.db(), event=door.event, key=Counted(wanted), tap=tap)
        else:
            raise Refused(PRESS_ONE)
    return _done(door, anchor="count")


def _of() -> str:
    form = forms.TapForm()
    form.validate()
    if not form.of.data:
        raise Refused(PRESS_ONE)
    return str(form.of.data)


def the_rest(door: Door) -> Response:
    """Everybody else did not come; and back."""
    tap = _tap(door, "rest")
    if request.form.get("back"):
        moved = operations.unmark_the_rest(web.db(), event=door.event, nonce=_of(), tap=tap)
        flash(f"Taken back: {plural(moved, 'sign-up')}.", "success")
    else:
        moved = operations.mark_the_rest(web.db(), event=door.event, tap=tap)
        flash(f"{plural(moved, 'sign-up')} marked as “did not come”.", "success")
    return _done(door, moved=moved)


def walk_in(find: Callable[[], Door]) -> Response:
    """Somebody at the door. The lock reads the event anew, so the page finds the whole of it."""
    form = forms.WalkInForm()
    if form.validate():
        with form.refusals():
            return _add(find(), form)
    if web.wants_json():
        said = [*form.errors.values(), form.form_errors]
        sentence = next((str(given[0]) for given in said if given), PRESS_ONE)
        return make_response(jsonify(error=sentence), 422)
    return page(find(), form)


def _add(door: Door, form: forms.WalkInForm) -> Response:
    tap = _tap(door)
    nonce = forms.TapForm().nonce.data or form.once
    added = operations.add_walk_in(
        web.db(),
        event=door.event,
        name=form.name.data,
        email=form.email.data,
        shift=form.shift.data or None,
        client_uuid=nonce,
        tap=Tap(door.by, tap.at, nonce or tap.nonce),
    )
    if not web.wants_json():
        flash(f"{added.name} is here.", "success")
    return _done(door, rsvp=added.public_id, attendance=added.attendance)


def _done(door: Door, *, anchor: str | None = None, **told: Any) -> Response:
    if web.wants_json():
        return kept_nowhere(make_response(jsonify(tap=told)))
    return web.go(door.page + (f"#{anchor}" if anchor else ""))


def version_of(facts: doors.Facts | None) -> str:
    """One word for all that the page shows: who does not know the house's key cannot guess it."""
    key = str(web.settings().secret_key).encode()
    return hmac.new(key, repr(facts).encode(), hashlib.sha256).hexdigest()[:16]


def unchanged(facts: doors.Facts | None) -> Response | None:
    """304 where the other device shows everything already."""
    seen = request.args.get("v", "")
    if facts is None or not hmac.compare_digest(seen.encode(), version_of(facts).encode()):
        return None
    return kept_nowhere(make_response("", 304))


def state(door: Door) -> Response:
    """What every device at the door shows: marks by sign-up, and the count. No names."""
    event = door.event
    roster = queries.roster_of(web.db(), event)
    counted = doors.count_of(web.db(), event.id)
    return kept_nowhere(
        jsonify(
            version=version_of(doors.facts_of(web.db(), event.public_id)),
            shape=_shape(roster),
            marks={one.public_id: one.attendance for one in roster.seated},
            here=roster.here,
            signed_up=roster.signed_up,
            inside=counted.inside,
            came_in=counted.came_in,
            went_out=counted.went_out,
            most=event.capacity,
        )
    )


def _shape(roster: Roster) -> str:
    """Changes when there are other people on the page, not when somebody is ticked."""
    rows = [_row(one) for one in (*roster.seated, *roster.waiting)]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:12]


def _row(one: Rsvp) -> tuple[object, ...]:
    return one.public_id, one.name, one.guests, one.status, one.shift_id


def sheet(door: Door) -> Response:
    """The roster on paper: names, numbers, boxes to tick."""
    order = "surname" if request.args.get("by") == "surname" else "first"
    roster = queries.roster_of(web.db(), door.event)
    sheets: list[Sheet] = sheets_of(door.event, roster, came_at={}, order=order)
    return kept_nowhere(
        web.page(
            "events/sheet.html",
            event=door.event,
            door=door,
            sheets=sheets,
            order=order,
            when=when_of(door.event, now=clock.now()),
            shift_time=shift_time,
            briefing=_briefing(door.event),
        )
    )
