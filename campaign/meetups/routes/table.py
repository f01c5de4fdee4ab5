"""A table's own page: its card, filled with taps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from campaign.events.rules.kinds import KINDS
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound, Refused
from campaign.meetups import access, forms
from campaign.meetups.models import Participant
from campaign.meetups.operations import cohosting, committing, filling
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.queries import people, rooms, tables
from campaign.meetups.queries.cohosts import offers_in
from campaign.meetups.queries.seeds import keeps_going
from campaign.meetups.queries.tables import CardView
from campaign.meetups.routes.here import Here, anew, count_yes, here, mail, page
from campaign.meetups.routes.spots import in_full
from campaign.meetups.rules import cards as rules

# The fields one types in; a refusal of a chip stands above the card.
FIELDS = ("venue", "postcode", "start_own", "note")
TYPED = ("kind", "day", "start", "minutes", "capacity", "needed", "step_free")


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/table")(table)
    blueprint.post("/m/<code>/table/hold")(hold)
    blueprint.post("/m/<code>/cards")(begin)
    blueprint.post("/m/<code>/cards/<card>")(fill)
    blueprint.post("/m/<code>/cards/<card>/host")(ask)
    blueprint.post("/m/<code>/cards/<card>/cohost")(cohost)
    blueprint.post("/m/<code>/cards/<card>/coming")(coming)


@web.public
def table(code: str) -> Response:
    """The table's cards; the one that is chosen, otherwise the one that is being filled."""
    at = here(code)
    if at.table is None or at.is_over:
        return web.see_other("meetups.show", code=at.code)
    return table_page(at, request.args.get("card"))


def table_page(
    at: Here,
    chosen: str | None,
    code: int = 200,
    *,
    form: forms.CardForm | None = None,
    sentence: str = "",
) -> Response:
    """The table with one card open, and a sentence where something was refused."""
    sat_at = at.table
    assert sat_at is not None  # both who call have looked
    held = tables.cards_of_table(web.db(), sat_at.id)
    view = next((one for one in held if one.card.public_id == chosen), None)
    view = view or next((one for one in held if not one.facts.published), None) or held[-1]
    now = clock.now()
    known: dict[str, Any] = {
        "view": view,
        "cards": held,
        "members": tables.members(web.db(), sat_at.id),
        "form": form or forms.CardForm(formdata=None),
        "kinds": [(kind, KINDS[kind]) for kind in rules.CARD_KINDS],
        "days": rules.days(now),
        "starts": rules.FIRST_STARTS,
        "lengths": rules.LENGTHS,
        "rooms": rules.ROOMS,
        "needs": rules.NEEDS,
        "places": tables.known_places(web.db(), lat=sat_at.lat, lng=sat_at.lng, now=now),
        "shown_name": tables.shown_name,
        "called": lambda one: people.name_for(at.person, one) if one else None,
        "counts": rooms.counts(web.db(), at.meetup, at.batch),
        "sentence": sentence,
        "offers": offers_in(web.db(), at.batch.id).get(view.card.id, []),
        "keeps": keeps_going(web.db(), at.person.id),
        "helper_called": sat_at.id in tables.helps_wanted(web.db(), at.batch.id),
    }
    return page("meetups/table.html", code, at, **known)


@web.public
def fill(code: str, card: str) -> Response:
    """Write down what was tapped."""
    at = here(code)
    view = access.card_to_fill(web.db(), at.batch, at.person, card)
    form = forms.CardForm()
    if form.validate():
        try:
            _fill(at, view, form)
            return _back(at, card)
        except Refused as refusal:
            refusal.field = refusal.field if refusal.field in FIELDS else None
            form.refuse(refusal)
            at = anew(code)
    if at.table is None:
        return web.see_other("meetups.show", code=at.code)
    return table_page(at, card, form.code, form=form)


def _fill(at: Here, view: CardView, form: forms.CardForm) -> None:
    filling.fill(
        web.db(),
        batch=at.batch,
        card=view.card,
        typed=_typed(form),
        place=_place(form, at),
        now=clock.now(),
    )


def _typed(form: forms.CardForm) -> dict[str, str]:
    """What was given; an own start wins over the one that was tapped."""
    given = {name: form[name].data for name in TYPED if form[name].data}
    if "note" in request.form:
        given["note"] = form.note.data or ""
    if form.start_own.data:
        given["start"] = f"{form.start_own.data:%H:%M}"
    return given


def _place(form: forms.CardForm, at: Here) -> CardPlace | None:
    """The place that was chosen: one that is known, a home, online, or one that is typed.

    One that is typed in full wins over the chip, which was tapped before it.
    """
    chosen, venue, postcode = form.place.data, form.venue.data, form.postcode.data
    if venue and postcode:
        return _looked_up(venue, postcode)
    if chosen in ("home", "online"):
        return CardPlace(chosen)
    if chosen:
        return _known_place(chosen, at)
    if venue:
        raise Refused("Give its postcode, so that the map can show it.", field="postcode")
    return None


def _known_place(public_id: str, at: Here) -> CardPlace:
    sat_at = at.table
    near = tables.known_places(
        web.db(),
        lat=sat_at.lat if sat_at else None,
        lng=sat_at.lng if sat_at else None,
        now=clock.now(),
    )
    for event in near:
        if event.public_id == public_id:
            return CardPlace("venue", event.venue, event.postcode, event.shown_lat, event.shown_lng)
    raise Refused("This place is not on the list any more. Type it below.", field="place")


def _looked_up(venue: str, text: str) -> CardPlace:
    spot = in_full(text, field="postcode")
    return CardPlace("venue", venue, spot.name, spot.lat, spot.lng)


@web.public
def begin(code: str) -> Response:
    """Take another card."""
    at = here(code)
    if at.person.breakout_id is None:
        raise NotFound("You have no table yet.")
    made = filling.begin_card(
        web.db(), batch=at.batch, breakout_id=at.person.breakout_id, now=clock.now()
    )
    return _back(at, made.public_id)


@web.public
def hold(code: str) -> Response:
    """Hold the table: the first tap wins."""
    at = here(code)
    filling.hold_table(web.db(), batch=at.batch, person=at.person)
    return web.see_other("meetups.table", code=at.code)


@web.public
def ask(code: str, card: str) -> Response:
    """Ask somebody of the table to host; asking oneself leads to one's own yes."""
    at = here(code)
    view = access.card_to_fill(web.db(), at.batch, at.person, card)
    wanted = request.form.get("who", "")
    host = _member(at, wanted) if wanted else None
    filling.ask_host(web.db(), batch=at.batch, card=view.card, host=host)
    if host is not None and host.id == at.person.id:
        return web.see_other("meetups.host", code=at.code, card=card)
    return _back(at, card)


@web.public
def cohost(code: str, card: str) -> Response:
    """Be the co-host, or stop being it. Once the host has said yes: offer it, or answer that."""
    count_yes()
    at = here(code)
    view = access.card_to_fill(web.db(), at.batch, at.person, card)
    given: dict[str, Any] = {"batch": at.batch, "yes": _said_yes(), "now": clock.now()}
    if view.card.event_id is None:
        helper = _answering(at, view)
        filling.help_host(web.db(), card=view.card, cohost=helper, **given)
    elif view.card.host_id == at.person.id:
        offered = _offering(at, view)
        cohosting.answer_offer(web.db(), view=view, person=offered, mail=mail(), **given)
    else:
        cohosting.offer(web.db(), view=view, person=_answering(at, view), **given)
    return _back(at, card)


@web.public
def coming(code: str, card: str) -> Response:
    """Come to what one's table plans, or not after all."""
    count_yes()
    at = here(code)
    view = access.card_to_fill(web.db(), at.batch, at.person, card)
    person = _answering(at, view)
    if _said_yes():
        committing.take(
            web.db(), batch=at.batch, view=view, person=person, now=clock.now(), mail=mail()
        )
    else:
        committing.drop(web.db(), batch=at.batch, view=view, person=person, mail=mail())
    return _back(at, card)


def _said_yes() -> bool:
    return request.form.get("answer", "yes") == "yes"


def _answering(at: Here, view: CardView) -> Participant:
    """Whose answer it is: one's own, or that of somebody who has no phone to tap."""
    wanted = request.form.get("who")
    if not wanted or wanted in ("me", at.person.public_id):
        return at.person
    member = _member(at, wanted)
    if not member.is_without_phone:
        raise Refused("They say so on their own phone.")
    return member


def _offering(at: Here, view: CardView) -> Participant:
    """Who offers to co-host, also from another table by now; or who sits here."""
    wanted = request.form.get("who", "")
    offering = offers_in(web.db(), at.batch.id).get(view.card.id, [])
    return next((one for one in offering if one.public_id == wanted), None) or _member(at, wanted)


def _member(at: Here, public_id: str) -> Participant:
    if public_id in ("me", at.person.public_id):
        return at.person
    for member in tables.members(web.db(), at.person.breakout_id or 0):
        if member.public_id == public_id:
            return member
    raise NotFound("They do not sit at your table.")


def _back(at: Here, card: str) -> Response:
    return web.see_other("meetups.table", code=at.code, card=card)
