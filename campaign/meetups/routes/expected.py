"""The list at the door: who signed up, who of them is here, and one tap that brings them in."""

from __future__ import annotations

import re
from contextlib import suppress

from flask import Blueprint, Response, make_response, request

from campaign.events.rules.door import By, Tap, derived, fresh_nonce, letter_of
from campaign.foundation import clock, web
from campaign.foundation.errors import DomainError, Refused
from campaign.meetups.operations import expecting
from campaign.meetups.queries import expected as expecteds
from campaign.meetups.queries import people, rooms
from campaign.meetups.routes.at_desk import Desk, at_door, desk_door
from campaign.meetups.routes.here import MARK
from campaign.meetups.routes.joining import whereabouts
from campaign.meetups.routes.spots import found as spots_of
from campaign.meetups.rules.changes import HEADER, changes_since, holds_of, in_changed
from campaign.meetups.rules.expected import LONGEST_SEARCH, Line, found
from campaign.meetups.rules.joining import Whereabouts
from campaign.meetups.rules.phases import Phase

PRESS_ONE = "Press one of the buttons of the list."
PUBLIC_ID = re.compile(r"[0-9A-Za-z]{1,12}")
# From so many names on, letters lead to them.
MANY = 24


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/door/list")(expected)
    blueprint.post("/m/<code>/door/list")(bring_expected)


@desk_door
def expected(code: str) -> Response:
    """Who signed up, A to Z, by first name and initial; what is asked for narrows it.

    A page that says what it holds hears only what has changed, and 304 where nothing has.
    """
    at = at_door(code)
    told = _told(at, request.args.get("q", "").strip()[:LONGEST_SEARCH])
    changed = changes_since(request.headers.get(HEADER, ""), str(told["holds"]))
    if changed is None:
        answer = web.page("meetups/expected.html", **told)
    elif not changed:
        answer = make_response("", 304)
    else:
        answer = web.page("meetups/_expected_changes.html", changed=changed, **told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(at: Desk, asked: str) -> dict[str, object]:
    """All that the page shows, and in what words it says that it holds it."""
    everybody = expecteds.list_of(web.db(), event_id=at.meetup.event_id, batch_id=at.batch.id)
    shown = found(everybody, asked)
    seated, waiting = ([line for line in shown if line.waits is waits] for waits in (False, True))
    letters, is_over = _letters(seated), at.batch.phase == Phase.OVER
    count = {
        "in_hall": rooms.counts(web.db(), at.meetup, at.batch).real,
        "places": at.meetup.event.capacity,
        "signed_up": sum(not line.waits for line in everybody),
        "here_of_them": sum(line.is_here and not line.waits for line in everybody),
    }
    last = _last(at, everybody)
    frame = (is_over, bool(seated), bool(waiting), bool(letters))
    parts = {"frame": frame, "count": count, "last": last, "letters": letters}
    return {
        "meetup": at.meetup,
        "batch": at.batch,
        "is_over": is_over,
        "page_nonce": fresh_nonce(),
        "asked": asked,
        "count": count,
        "last": last,
        "letters": letters,
        "seated": seated,
        "waiting": waiting,
        "holds": "" if asked else holds_of(parts, shown),
        "lines_in": in_changed,
    }


def _letters(lines: list[Line]) -> dict[str, str]:
    """The first of each letter."""
    if len(lines) < MANY:
        return {}
    return {letter_of(line.called): line.public_id for line in reversed(lines)}


def _last(at: Desk, lines: list[Line]) -> dict[str, object]:
    """Whom this page has just brought in, or taken back."""
    line = next((one for one in lines if one.public_id == request.args.get("last")), None)
    if line is None:
        return {}
    number = line.number if line.is_here else None
    sits = people.by_number(web.db(), batch_id=at.batch.id, number=number) if number else None
    table = (sits.breakout or sits.strategy) if sits else None
    return {"line": line, "table": (table.number, table.colour) if table else None}


@desk_door
def bring_expected(code: str) -> Response:
    """They are here; or that was a mistake."""
    at = at_door(code)
    came, back = request.form.get("came", ""), request.form.get("back", "")
    who = came or back
    if not PUBLIC_ID.fullmatch(who):
        raise Refused(PRESS_ONE)
    try:
        _do(at, who, came=bool(came))
    except DomainError as refusal:
        refusal.steps = ((f"/m/{at.meetup.code}/door/list", "Back to the list"),)
        raise
    return web.see_other("meetups.expected", code=at.meetup.code, last=who)


def _do(at: Desk, who: str, *, came: bool) -> None:
    if came:
        tap = _tap(at, f"came:{who}")
        expecting.bring_in_expected(web.db(), batch=at.batch, public_id=who, lives=_lives, tap=tap)
    else:
        tap = _tap(at, f"back:{who}")
        expecting.take_back_expected(web.db(), batch=at.batch, public_id=who, tap=tap)


def _tap(at: Desk, what: str) -> Tap:
    """The tap of this request. A browser without a script has one name for its whole page."""
    by, now = By(person_id=at.actor_id), clock.now()
    mark, of_page = request.form.get("tap_mark", ""), request.form.get("page", "")
    if MARK.fullmatch(mark):
        return Tap(by, now, mark)
    return Tap(by, now, derived(of_page, what)) if MARK.fullmatch(of_page) else Tap(by, now)


def _lives(postcode: str | None) -> Whereabouts:
    """Where that is, as near as seating needs it; a door waits for no postcode."""
    with suppress(DomainError):
        return whereabouts(spots_of(postcode, field="where")[:1])
    return Whereabouts()
