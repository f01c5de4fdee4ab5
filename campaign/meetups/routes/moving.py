"""Sitting elsewhere: asked for on the phone, and the desk's list of people to move."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.limits import Limit
from campaign.meetups import access
from campaign.meetups.models import Batch, MoveRequest, Participant
from campaign.meetups.operations import moving, seating
from campaign.meetups.operations.moving import kind_now, seat_of
from campaign.meetups.queries import moves, people
from campaign.meetups.routes.here import here, page
from campaign.meetups.rules.moving import NOT_POSSIBLE, offers
from campaign.meetups.rules.phases import Phase

SEATED = (Phase.STRATEGY, Phase.LOCAL)
# Whoever tried table after table for one person could learn who sits where.
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


@web.needs(web.SIGNED_IN)
def people_to_move(code: str) -> Response:
    """Who asks, where they sit, and up to three tables for each."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    kind = kind_now(batch)
    asked = moves.waiting(web.db(), batch.id)
    answer = web.page(
        "meetups/moves.html",
        meetup=meetup,
        batch=batch,
        asked=[(one, seat_of(one.participant, kind), _offers(batch, one)) for one in asked],
        wanted={(one.participant.number, one.swap_with) for one in asked},
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offers(batch: Batch, asked: MoveRequest) -> list[int]:
    kind, person = kind_now(batch), asked.participant
    seat = seat_of(person, kind)
    return offers(
        [one for _, one in seating.standing(web.db(), batch, kind)],
        now_at=seat.number if seat else None,
        shunned=seating.shunned_tables(web.db(), batch, kind, number=person.number),
        lat=person.lat,
        lng=person.lng,
    )


@web.needs(web.SIGNED_IN)
def move_somebody(code: str) -> Response:
    """Move one, let two change places, or leave somebody where they are."""
    web.limit(TRIES, f"{code.upper()}:{request.form.get('number', '')[:6]}")
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    person = _somebody(batch, request.form.get("number", ""))
    told = _act(batch, person)
    flash(told, "success")
    return web.see_other("meetups.people_to_move", code=meetup.code)


def _act(batch: Batch, person: Participant) -> str:
    now, actor_id = clock.now(), web.visitor().person_id or 0
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
    moving.move(web.db(), batch=batch, person=person, to=to, now=now, actor_id=actor_id)
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
