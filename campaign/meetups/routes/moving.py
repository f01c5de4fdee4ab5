"""Sitting elsewhere: asked for on the phone, and the desk's list of people to move."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.limits import Limit
from campaign.meetups.models import Batch, MoveRequest, Participant
from campaign.meetups.operations import moving, seating
from campaign.meetups.operations.moving import kind_now, seat_of
from campaign.meetups.operations.seating import Chairs
from campaign.meetups.queries import marks, moves, people
from campaign.meetups.routes.at_desk import Desk, at_desk, desk_door
from campaign.meetups.routes.here import here, page
from campaign.meetups.rules.moving import NOT_POSSIBLE, NeedLost, offers
from campaign.meetups.rules.needs import NOTHING, Unmet, marks_in_words
from campaign.meetups.rules.phases import Phase

SEATED = (Phase.STRATEGY, Phase.LOCAL)
# Whoever tried table after table for one person could learn who sits where. Both of two who are to
# change places are counted, each by their number as it is read, however it was typed.
TRIES = Limit("meetup move tries", 8, 3600)


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/move", methods=["GET", "POST"])(move)
    blueprint.get("/m/<code>/desk/moves")(people_to_move)
    blueprint.post("/m/<code>/desk/moves")(move_somebody)


@web.public
def move(code: str) -> Response:
    """Ask for another table, or take that back."""
    at = here(code)
    if request.method == "POST":
        given = {"batch": at.batch, "person": at.person, "now": clock.now()}
        if request.form.get("answer") == "no":
            moving.stay(web.db(), by="taken", **given)  # type: ignore[arg-type]
        else:
            number = _number(request.form.get("number", ""))
            moving.ask_to_move(web.db(), swap_with=number, **given)  # type: ignore[arg-type]
        return web.see_other("meetups.move", code=at.code)
    if at.batch.phase not in SEATED:
        return web.see_other("meetups.show", code=at.code)
    return page(
        "meetups/move.html",
        200,
        at,
        asked=moves.own(web.db(), at.person.id),
        sits_at=seat_of(at.person, kind_now(at.batch)),
    )


@desk_door
def people_to_move(code: str) -> Response:
    """Who asks, where they sit, and up to three tables for each."""
    at = at_desk(code)
    batch = at.batch
    kind = kind_now(batch)
    asked = moves.waiting(web.db(), batch.id)
    held = seating.chairs(web.db(), batch, kind)
    unmet = [(line, _such_tables(held, line)) for line in _unmet(at, kind)]
    answer = web.page(
        "meetups/moves.html",
        meetup=at.meetup,
        batch=batch,
        asked=[(one, seat_of(one.participant, kind), _offers(at, held, one)) for one in asked],
        wanted={(one.participant.number, one.swap_with) for one in asked},
        unmet=unmet,
        is_full=any(line.elsewhere and not tables for line, tables in unmet),
        is_unmarked=any(not line.elsewhere for line, _ in unmet),
        marks=marks.marks_of(web.db(), at.meetup.id),
        device=at.device,
        marks_in_words=marks_in_words,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _unmet(at: Desk, kind: str) -> list[Unmet]:
    """Whose table is not what they need; on a device that others look at, nobody's."""
    if at.device or at.batch.phase not in SEATED:
        return []
    return marks.unmet(web.db(), at.batch, kind)


def _such_tables(held: Chairs, line: Unmet) -> list[int]:
    """Up to three tables that are marked for what somebody has not got, and have a chair."""
    return offers(
        [one for one in held.tables if one.number in line.elsewhere],
        now_at=line.at,
        shunned=held.shunned_by(line.number),
    )


def _offers(at: Desk, held: Chairs, asked: MoveRequest) -> list[int]:
    person = asked.participant
    seat = seat_of(person, kind_now(at.batch))
    return offers(
        held.tables,
        now_at=seat.number if seat else None,
        shunned=held.shunned_by(person.number),
        lat=person.lat,
        lng=person.lng,
        needs=NOTHING if at.device else person.needs,
    )


@desk_door
def move_somebody(code: str) -> Response:
    """Move one, let two change places, or leave somebody where they are."""
    for number in {_number(request.form.get(name, "")) for name in ("number", "with")} - {None}:
        web.limit(TRIES, f"{code.upper()}:{number}")
    at = at_desk(code)
    person = _somebody(at.batch, request.form.get("number", ""))
    try:
        told = _act(at, person)
    except NeedLost:
        if at.device:
            raise Refused(NOT_POSSIBLE) from None
        raise
    flash(told, "success")
    return web.see_other("meetups.people_to_move", code=at.meetup.code)


def _act(at: Desk, person: Participant) -> str:
    batch, actor_id, now = at.batch, at.actor_id, clock.now()
    if request.form.get("stay"):
        moving.stay(web.db(), batch=batch, person=person, now=now, by="stayed")
        return f"Number {person.number} stays."
    if request.form.get("with"):
        other = _somebody(batch, request.form["with"])
        moving.swap(web.db(), batch=batch, one=person, other=other, now=now, actor_id=actor_id)
        return f"Numbers {person.number} and {other.number} have changed places."
    to = _number(request.form.get("table", ""))
    if to is None:
        raise Refused("Give the number of a table.")
    moving.move(
        web.db(),
        batch=batch,
        person=person,
        to=to,
        now=now,
        actor_id=actor_id,
        anyway=bool(request.form.get("anyway")) and at.device is None,
    )
    return f"Number {person.number} sits at table {to} now."


def _somebody(batch: Batch, text: str) -> Participant:
    number = _number(text)
    found = people.by_number(web.db(), batch_id=batch.id, number=number) if number else None
    if found is None:
        raise Refused("Nobody here has this number.")
    return found


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Refused(NOT_POSSIBLE)
    return int(text)
