"""Tapping for who has no phone: their dots, their answer to the ask, and what they take."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from campaign.foundation import clock, web
from campaign.foundation.errors import NotAllowed, NotFound, Refused
from campaign.meetups import access
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.operations import committing, joining
from campaign.meetups.operations import sheets as writing
from campaign.meetups.queries import sheets, tables, wall
from campaign.meetups.routes.here import count_yes, known_here, mail
from campaign.meetups.rules.phases import Phase
from campaign.meetups.rules.sheets import shuffled


@dataclass(frozen=True)
class For:
    """Somebody without a phone, and the room they are in."""

    meetup: Meetup
    batch: Batch
    person: Participant


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/for/<person>")(tap_for)
    blueprint.post("/m/<code>/for/<person>")(tap)


@web.public
def tap_for(code: str, person: str) -> Response:
    """What the moment asks of somebody who has no phone, on a neighbour's or at the door."""
    at = _whose(code, person)
    phase = Phase(at.batch.phase)
    told: dict[str, object] = {"ideas": [], "mine": [], "entries": []}
    if phase is Phase.REPORT_BACK:
        ideas = sheets.proposals_of(web.db(), at.batch.id)
        told["ideas"] = shuffled(ideas, seed=at.meetup.seed, number=at.person.number)
        told["mine"] = sheets.dotted_by(web.db(), batch_id=at.batch.id, participant_id=at.person.id)
    if phase in (Phase.LOCAL, Phase.COMMIT, Phase.CLOSE):
        told["entries"] = wall.wall_for(web.db(), at.batch.id, at.person, now=clock.now())
    answer = web.page(
        "meetups/for.html",
        meetup=at.meetup,
        batch=at.batch,
        person=at.person,
        phase=phase,
        called=tables.shown_name(at.person),
        **told,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.public
def tap(code: str, person: str) -> Response:
    """Do what they say."""
    count_yes()
    at = _whose(code, person)
    if request.form.get("willing"):
        _raise_hand(at, request.form["willing"])
    elif request.form.get("card"):
        _take(at, request.form["card"])
    else:
        writing.give_dots(
            web.db(),
            batch=at.batch,
            person=at.person,
            chosen=request.form.getlist("dot"),
            now=clock.now(),
        )
    return web.see_other("meetups.tap_for", code=at.meetup.code, person=person)


def _whose(code: str, person: str) -> For:
    """Of one's own table, by one's phone; of the whole room, for who lets people in."""
    meetup, batch = access.meetup_by_code(web.db(), code)
    me, visitor = known_here(batch), web.visitor()
    if me is not None:
        try:
            return For(meetup, batch, access.person_to_tap_for(web.db(), batch, me, person))
        except NotFound:
            if not visitor.is_authenticated:
                raise
    if not visitor.is_authenticated:
        raise NotAllowed(access.JOIN_FIRST)
    access.meetup_at_door(web.db(), code, visitor.person_id)
    return For(meetup, batch, access.person_without_phone(web.db(), batch, person))


def _raise_hand(at: For, answer: str) -> None:
    if answer == "host":
        raise Refused("A host says yes on their own phone, or on paper. They can be the co-host.")
    joining.raise_hand(web.db(), batch=at.batch, person=at.person, willing=answer)


def _take(at: For, card: str) -> None:
    view = access.card_to_take(web.db(), at.batch, card)
    if request.form.get("answer", "yes") == "yes":
        committing.take(
            web.db(), batch=at.batch, view=view, person=at.person, now=clock.now(), mail=mail()
        )
    else:
        committing.drop(web.db(), batch=at.batch, view=view, person=at.person, mail=mail())
