"""Coming in with six letters."""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.conduct.queries import reports
from campaign.foundation import clock, phone, web
from campaign.foundation.addresses import email_address
from campaign.foundation.errors import at_field
from campaign.foundation.limits import Limit
from campaign.meetups import access, forms, operations
from campaign.meetups.models import Batch
from campaign.meetups.operations import joining, telling
from campaign.meetups.queries import rooms
from campaign.meetups.routes.here import (
    Here,
    forget,
    here,
    known_here,
    mail,
    remember,
)
from campaign.meetups.routes.moment import moment
from campaign.meetups.routes.outside import held_out, join_page, out_or_unknown
from campaign.meetups.routes.spots import found
from campaign.meetups.rules.joining import Whereabouts
from campaign.people.rules import Role
from campaign.places.rules import Precision, Spot, outcode_of

USUAL_ROOM = 250


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


@web.public
def join(code: str) -> Response:
    """Come in: a number, and a cookie for this phone."""
    form = forms.JoinForm()
    if not form.validate():
        return join_page(*access.meetup_by_code(web.db(), code), form)
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
    return join_page(meetup, batch, form, spots)


def _count_join(code: str) -> None:
    """Four times the hall in all, never by network address: a hall shares one."""
    with web.house().database.reading() as db:
        meetup, _ = access.meetup_by_code(db, code)
        most, room = 4 * (meetup.event.capacity or USUAL_ROOM), meetup.code
    web.limit(Limit("meetup join", most, 6 * 3600), room)


def _join(batch: Batch, form: forms.JoinForm, spots: list[Spot]) -> joining.Joined:
    email, number = reach_of(form.reach.data)
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
        access_needs=form.access_needs.data or "",
        needs=form.needs,
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
