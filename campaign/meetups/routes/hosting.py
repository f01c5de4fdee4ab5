"""The host's own phone: will you host this?"""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.events.rules.venues import PlaceChoice, PlaceKind, checked_link
from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound, Refused, at_field
from campaign.meetups import access, forms
from campaign.meetups.operations import publishing
from campaign.meetups.queries import people, rooms
from campaign.meetups.queries.cohosts import offers_in
from campaign.meetups.queries.tables import CardView, shown_name
from campaign.meetups.routes.here import Here, anew, here, mail, page
from campaign.meetups.routes.spots import in_full
from campaign.meetups.rules.cards import can_be_hosted
from campaign.places import lookup


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/cards/<card>/accept", methods=["GET", "POST"])(host)


@web.public
def host(code: str, card: str) -> Response:
    """Say yes or no to hosting; nothing but this phone can."""
    at = here(code)
    view = _asked(at, card)
    if at.is_over and request.method == "GET" and view.card.host_accepted_at is None:
        return web.see_other("meetups.show", code=at.code)
    if view.card.host_accepted_at is not None:
        return _hosting(at, view)
    form = forms.AcceptForm()
    if request.method == "POST" and request.form.get("answer") == "no":
        publishing.decline(web.db(), batch=at.batch, view=view, host=at.person)
        return web.see_other("meetups.show", code=at.code)
    if form.validate_on_submit():
        try:
            _accept(at, view, form)
            return web.see_other("meetups.host", code=at.code, card=card)
        except Refused as refusal:
            form.refuse(refusal)
            at = anew(code)
            view = _asked(at, card)
    return _question(at, view, form)


def _hosting(at: Here, view: CardView) -> Response:
    return page(
        "meetups/hosting.html",
        200,
        at,
        view=view,
        event=view.card.event,
        offers=offers_in(web.db(), at.batch.id).get(view.card.id, []),
        called=lambda one: people.name_for(at.person, one) if one else None,
    )


def _question(at: Here, view: CardView, form: forms.AcceptForm) -> Response:
    return page(
        "meetups/accept.html",
        form.code,
        at,
        view=view,
        form=form,
        complete=can_be_hosted(view.facts),
        called=shown_name(at.person),
        counts=rooms.counts(web.db(), at.meetup, at.batch),
    )


def _asked(at: Here, card: str) -> CardView:
    view = access.card_to_publish(web.db(), at.batch, card)
    if view.card.host_id != at.person.id:
        raise NotFound("You are not asked to host this, or not any more.")
    return view


def _accept(at: Here, view: CardView, form: forms.AcceptForm) -> None:
    publishing.accept(
        web.db(),
        batch=at.batch,
        view=view,
        host=at.person,
        place=_place(view, form),
        email=form.email.data or None,
        signed_in_as=web.visitor().person_id,
        now=clock.now(),
        mail=mail(),
    )


def _place(view: CardView, form: forms.AcceptForm) -> PlaceChoice:
    """The card's place, with what only its host may give."""
    card = view.card
    kind = PlaceKind(card.place_kind or "venue")
    if kind is PlaceKind.ONLINE:
        return PlaceChoice(kind=kind, online_link=_link(form))
    if kind is PlaceKind.HOME:
        return _home(form)
    town = lookup.nearest_town(web.settings().data_dir, card.lat or 0.0, card.lng or 0.0)
    return PlaceChoice(
        kind=kind,
        venue=card.venue,
        postcode=card.postcode,
        lat=card.lat,
        lng=card.lng,
        town=town.name if town else "",
    )


def _link(form: forms.AcceptForm) -> str:
    with at_field("link"):
        return checked_link(form.link.data or "")


def _home(form: forms.AcceptForm) -> PlaceChoice:
    if not form.address.data:
        raise Refused("Give the street and the number: only who comes gets it.", field="address")
    if not form.postcode.data:
        raise Refused("Give the postcode: the map shows only its square.", field="postcode")
    spot = in_full(form.postcode.data, field="postcode")
    town = lookup.nearest_town(web.settings().data_dir, spot.lat, spot.lng)
    return PlaceChoice(
        kind=PlaceKind.HOME,
        venue=form.address.data,
        postcode=spot.name,
        lat=spot.lat,
        lng=spot.lng,
        town=town.name if town else (spot.council or "Nearby"),
    )
