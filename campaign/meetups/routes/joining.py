"""Coming in with six letters, and the page that fits the moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request

from campaign.conduct.queries import reports
from campaign.foundation import clock, phone, tokens, web
from campaign.foundation.addresses import email_address
from campaign.foundation.errors import Refused, at_field
from campaign.foundation.limits import Limit
from campaign.meetups import access, forms, operations
from campaign.meetups.models import Batch, Breakout, Meetup, Participant, Recap, SentOut
from campaign.meetups.operations import joining, telling
from campaign.meetups.operations.sending_out import hashed_mark
from campaign.meetups.queries import incidents, people, rooms, sheets, tables, wall
from campaign.meetups.routes.here import (
    COOKIE,
    Here,
    forget,
    here,
    known_here,
    mail,
    page,
    remember,
)
from campaign.meetups.routes.looking import at_version
from campaign.meetups.routes.spots import found
from campaign.meetups.rules.cards import target_hosts
from campaign.meetups.rules.floor import area_of, areas_of
from campaign.meetups.rules.incidents import REASONS, TURNED_AWAY, marks_of
from campaign.meetups.rules.joining import Whereabouts
from campaign.meetups.rules.phases import NAMES, Phase, has_strategy, plan
from campaign.meetups.rules.sheets import grouped, question_of, shuffled
from campaign.meetups.rules.words import words_of
from campaign.people.rules import Role
from campaign.places.rules import Precision, Spot, outcode_of

USUAL_ROOM = 250
TEMPLATES = {
    Phase.DOORS: "meetups/doors.html",
    Phase.PLENARY: "meetups/plenary.html",
    Phase.STRATEGY: "meetups/strategy_sign.html",
    Phase.REPORT_BACK: "meetups/report_back.html",
    Phase.ASK: "meetups/ask.html",
    Phase.LOCAL: "meetups/table_sign.html",
    Phase.COMMIT: "meetups/wall.html",
    Phase.CLOSE: "meetups/thanks.html",
    Phase.OVER: "meetups/thanks.html",
}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m")(enter)
    blueprint.get("/m/<code>")(show)
    blueprint.post("/m/<code>/join")(join)
    blueprint.post("/m/<code>/willing")(willing)
    blueprint.get("/m/<code>/talk")(talk)
    blueprint.post("/m/<code>/leave")(leave)


@web.public
def enter() -> Response:
    """Type the six letters; with them in the address it goes on."""
    typed = "".join(sign for sign in request.args.get("code", "") if sign.isalpha()).upper()
    if "code" not in request.args:
        return web.page("meetups/enter.html", code="", sentence="")
    if len(typed) == 6 and rooms.meetup_by_code(web.db(), typed) is not None:
        return web.see_other("meetups.show", code=typed)
    return web.page("meetups/enter.html", 404, code=typed[:12], sentence=access.NO_MEETUP)


@web.public
def show(code: str) -> Response:
    """The phone's page: join, or what the moment asks of you."""
    meetup, batch = access.meetup_by_code(web.db(), code)
    if code != meetup.code:
        return web.see_other("meetups.show", code=meetup.code)
    person = known_here(batch)
    if person is None:
        return out_or_unknown(meetup, batch)
    return moment(Here(meetup, batch, person, person.breakout))


def moment(at: Here, code: int = 200, /, **values: Any) -> Response:
    """What this phone shows now."""
    open_to_ask = code == 200 and not at.is_over
    asked = tables.asked_to_host(web.db(), at.person.id) if open_to_ask else None
    if asked is not None:
        return web.see_other("meetups.host", code=at.code, card=asked.card.public_id)
    phase = Phase(at.batch.phase)
    template = TEMPLATES[phase]
    seatless = phase is Phase.STRATEGY and at.person.strategy is None
    if seatless or (phase is Phase.LOCAL and at.table is None):
        template = "meetups/doors.html"
    return page(template, code, at, **_told(at, phase), **values)


def _told(at: Here, phase: Phase) -> dict[str, Any]:
    """What each page is filled with: nothing it does not show."""
    room = at_version(at.code, at.batch.version)
    counts = room.counts if room else rooms.counts(web.db(), at.meetup, at.batch)
    told: dict[str, Any] = {"counts": counts, "target": target_hosts(counts.here), "agenda": ()}
    told["mixes"] = phase is Phase.DOORS and has_strategy(at.meetup.preset)
    if phase is Phase.DOORS:
        told["choosing"] = at.meetup.topics
        told["words"] = words_of(request.cookies.get(COOKIE, ""))
    if phase is Phase.PLENARY:
        told["choosing"] = at.meetup.topics
        told["agenda"] = [
            (NAMES[step.phase], step.minutes) for step in plan(at.meetup.preset)[1:-1]
        ]
    if phase in (Phase.REPORT_BACK, Phase.ASK, Phase.COMMIT):
        told["beside"] = people.without_phone_beside(web.db(), at.batch, at.person)
    return told | _at_tables(at, phase)


def _at_tables(at: Here, phase: Phase) -> dict[str, Any]:
    """Who sits with one, what the tables wrote, and what one can take."""
    db, now = web.db(), clock.now()
    if phase is Phase.STRATEGY and at.person.strategy is not None:
        return {
            "sits_at": at.person.strategy,
            "question": question_of(at.meetup.question, at.person.strategy.topic),
            **_sits(at, at.person.strategy, sheets.at_table(db, at.person.strategy.id)),
        }
    if phase is Phase.REPORT_BACK:
        return _ideas(at)
    if phase is Phase.LOCAL and at.table is not None:
        return _sits(at, at.table, tables.members(db, at.table.id))
    if phase is Phase.COMMIT:
        return {"entries": wall.wall_for(db, at.batch.id, at.person, now=now)}
    if phase in (Phase.CLOSE, Phase.OVER):
        everything = wall.wall_for(db, at.batch.id, at.person, now=now)
        return {
            "recap": db.get(Recap, at.batch.id),
            "entries": [entry for entry in everything if entry.mine or entry.hosting],
            "near": wall.three_near(everything),
        }
    return {}


def _sits(at: Here, table: Breakout, members: Sequence[Participant]) -> dict[str, Any]:
    """Who sits at a table and where it stands; by name where both agreed to that."""
    me = at.person
    return {
        "members": members,
        "stands": area_of(areas_of(at.meetup.floor), table.number),
        "named": [
            people.name_for(me, one)
            for one in members
            if one.id != me.id and me.shows_name and one.shows_name
        ],
    }


def _ideas(at: Here) -> dict[str, Any]:
    """The room's ideas in this phone's own order, and those that have its dots."""
    ideas = sheets.proposals_of(web.db(), at.batch.id)
    by_table = sorted(ideas, key=lambda view: (view.table, view.proposal.position))
    ideas = shuffled(by_table, seed=at.meetup.seed, number=at.person.number)
    return {
        "ideas": ideas,
        "groups": grouped(ideas, key=lambda view: view.topic),
        "mine": sheets.dotted_by(web.db(), batch_id=at.batch.id, participant_id=at.person.id),
    }


def out_or_unknown(meetup: Meetup, batch: Batch) -> Response:
    """The way in; or, on a phone that was sent out, why, and how to appeal."""
    held = _case_of(batch)
    if held is None:
        return unknown(meetup, batch)
    if held.lifted_at is not None:
        return unknown(meetup, batch, sentence=f"You may come in again. {held.answer}".strip())
    return out_page(meetup, held)


def held_out(batch: Batch) -> SentOut | None:
    """Whether this phone was sent out of the room, and is not let in again."""
    held = _case_of(batch)
    return held if held is not None and held.lifted_at is None else None


def _case_of(batch: Batch) -> SentOut | None:
    key = request.cookies.get(COOKIE)
    if not key:
        return None
    mark = tokens.fingerprint(key)
    return incidents.sent_out_by_phone(web.db(), batch_id=batch.id, fingerprint=mark)


def out_page(meetup: Meetup, held: SentOut, code: int = 200, sentence: str = "") -> Response:
    """What somebody reads who was sent out."""
    answer = web.page(
        "meetups/out.html",
        code,
        meetup=meetup,
        out=held,
        reason=REASONS[held.reason],
        sentence=sentence,
        contact_email=web.settings().contact_email,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def unknown(meetup: Meetup, batch: Batch, code: int = 200, sentence: str = "") -> Response:
    """What a phone sees that has not joined: the way in."""
    form = forms.JoinForm(formdata=None)
    form.client_uuid.data = str(uuid4())
    return _join_page(meetup, batch, form, code=code, sentence=sentence)


def _join_page(
    meetup: Meetup,
    batch: Batch,
    form: forms.JoinForm,
    spots: list[Spot] | None = None,
    *,
    code: int | None = None,
    sentence: str = "",
) -> Response:
    answer = web.page(
        "meetups/join.html",
        code or form.code,
        sentence=sentence,
        meetup=meetup,
        batch=batch,
        form=form,
        spots=spots or [],
        is_over=batch.phase == Phase.OVER,
        recap=web.db().get(Recap, batch.id) if batch.phase == Phase.OVER else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.public
def join(code: str) -> Response:
    """Come in: a number, and a cookie for this phone."""
    form = forms.JoinForm()
    if not form.validate():
        return _join_page(*access.meetup_by_code(web.db(), code), form)
    _count_join(code)
    meetup, batch = access.meetup_by_code(web.db(), code)
    if known_here(batch) is not None or held_out(batch) is not None:
        return web.see_other("meetups.show", code=meetup.code)
    spots: list[Spot] = []
    with form.refusals():
        spots = _spots(form)
        if len(spots) <= 1:
            joined = _join(batch, form, spots)
            response = web.see_other("meetups.show", code=meetup.code)
            return remember(response, meetup.code, joined.key)
    return _join_page(meetup, batch, form, spots)


def _count_join(code: str) -> None:
    """Four times the hall in all, never by network address: a hall shares one."""
    with web.house().database.reading() as db:
        meetup, _ = access.meetup_by_code(db, code)
        most, room = 4 * (meetup.event.capacity or USUAL_ROOM), meetup.code
    web.limit(Limit("meetup join", most, 6 * 3600), room)


def _join(batch: Batch, form: forms.JoinForm, spots: list[Spot]) -> joining.Joined:
    email, number = reach_of(form.reach.data)
    let_nobody_back(batch, email, number)
    visitor = web.visitor()
    joined = operations.joining.join(
        web.db(),
        batch=batch,
        name=form.name.data,
        initial=(form.initial.data or "").upper()[:1],
        email=email,
        phone=number,
        where=whereabouts(spots),
        consents=form.consents,
        client_uuid=form.client_uuid.data,
        person_id=visitor.person_id
        if visitor.is_authenticated and email == visitor.email
        else None,
        now=clock.now(),
    )
    if form.area.data:
        telling.ask_about_area(web.db(), person=joined.participant, mail=mail())
    return joined


def reach_of(text: str) -> tuple[str | None, str | None]:
    """The address and the number in what was typed: either, or both."""
    parts = text.replace(",", " ").replace(";", " ").split()
    address = next((part for part in parts if "@" in part), None)
    rest = " ".join(part for part in parts if part != address)
    with at_field("reach"):
        email = email_address(address) if address else None
        if not rest:
            return email, None
        number = phone.parse(rest, allow_unassigned=web.settings().is_development)
    return email, number.e164


def let_nobody_back(batch: Batch, email: str | None, number: str | None) -> None:
    """Refused, without a reason, for who was sent out of this room or is kept out of all."""
    key = web.settings().suppression_key
    hashes = [hashed_mark(mark, key) for mark in marks_of(email, number)]
    if incidents.is_shut_out(web.db(), batch_id=batch.id, hashes=hashes, now=clock.now()):
        raise Refused(TURNED_AWAY)


def _spots(form: forms.JoinForm) -> list[Spot]:
    """What the postcode or town means; several, and the person must choose."""
    asked = form.where.data and (form.where_chosen.data or form.where.data)
    spots = found(asked, field="where")
    if len(spots) > 1:
        form.where.errors = ["There are several. Choose one below, or give your postcode."]
    return spots


def whereabouts(spots: list[Spot]) -> Whereabouts:
    """Where somebody lives, as near as seating needs it."""
    if not spots:
        return Whereabouts()
    spot = spots[0]
    branch = outcode_of(spot.name) if spot.precision is Precision.POSTCODE else spot.name
    return Whereabouts(branch[:20], spot.lat, spot.lng)


@web.public
def willing(code: str) -> Response:
    """Say whether one would host, help, or come."""
    at = here(code)
    answer = request.form.get("answer", "")
    operations.joining.raise_hand(web.db(), batch=at.batch, person=at.person, willing=answer)
    return web.see_other("meetups.show", code=at.code)


@web.public
def talk(code: str) -> Response:
    """Whom to talk to when something is wrong."""
    meetup, batch = access.meetup_by_code(web.db(), code)
    return web.page(
        "meetups/talk.html",
        meetup=meetup,
        batch=batch,
        contact_email=web.settings().contact_email,
        officers=[one.name for one in reports.officers(web.db(), Role.SAFEGUARDING)],
        me=known_here(batch),
    )


@web.public
def leave(code: str) -> Response:
    """Go home: the chair is free, what one signed up to stays."""
    at = here(code)
    operations.joining.leave(web.db(), batch=at.batch, person=at.person, now=clock.now())
    return forget(web.see_other("meetups.show", code=at.code), at.code)
