"""What the desk does with cards beside publishing one: many at once, one of two, send a helper."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.words import plural
from campaign.meetups import access
from campaign.meetups.operations import desking
from campaign.meetups.queries.tables import CardView
from campaign.meetups.routes.here import here, mail
from campaign.meetups.rules.duplicates import Plan, twins


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/m/<code>/desk/solid")(publish_solid)
    blueprint.post("/m/<code>/desk/cards/<card>/merge")(merge)
    blueprint.post("/m/<code>/desk/helped")(helped)
    blueprint.post("/m/<code>/table/help")(helper)


def clashes_of(cards: Sequence[CardView]) -> dict[int, list[tuple[CardView, bool]]]:
    """By card: the others at the same time in the same place (True), or with the same host."""
    by_id = {view.card.id: view for view in cards}
    found: dict[int, list[tuple[CardView, bool]]] = {}
    for twin in twins(_plan(view) for view in cards if not _is_off(view)):
        found.setdefault(twin.first, []).append((by_id[twin.second], twin.same_place))
        found.setdefault(twin.second, []).append((by_id[twin.first], twin.same_place))
    return found


def _is_off(view: CardView) -> bool:
    return view.card.event is not None and view.card.event.state == "cancelled"


def _plan(view: CardView) -> Plan:
    card = view.card
    return Plan(
        key=card.id,
        day=card.day,
        start=card.start,
        minutes=card.minutes,
        venue=card.venue if card.place_kind == "venue" else "",
        lat=card.lat,
        lng=card.lng,
        host=card.host_id,
    )


@web.needs(web.SIGNED_IN)
def publish_solid(code: str) -> Response:
    """All solid cards of trusted hosts, with one tap."""
    _, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    many = desking.publish_solid(
        web.db(), batch=batch, now=clock.now(), actor_id=web.visitor().person_id, mail=mail()
    )
    flash(f"{plural(many, 'card')} put on the map.", "success")
    return web.see_other("meetups.desk", code=code)


@web.needs(web.SIGNED_IN)
def merge(code: str, card: str) -> Response:
    """Make one of two cards that plan the same."""
    _, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    desking.merge(
        web.db(),
        batch=batch,
        view=access.card_to_publish(web.db(), batch, card),
        into=access.card_to_publish(web.db(), batch, request.form.get("into", "")),
        now=clock.now(),
        actor_id=web.visitor().person_id,
        mail=mail(),
    )
    flash("They are one now. Who said yes to the one is down for the other.", "success")
    return web.see_other("meetups.desk", code=code)


@web.needs(web.SIGNED_IN)
def helped(code: str) -> Response:
    """Somebody is on the way to a table that called."""
    _, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    number = request.form.get("table", "")
    desking.need_no_helper(
        web.db(), batch=batch, number=int(number) if number.isascii() and number.isdigit() else 0
    )
    return web.see_other("meetups.desk", code=code)


@web.public
def helper(code: str) -> Response:
    """A table calls for somebody from the desk, or needs nobody any more."""
    at = here(code)
    if request.form.get("answer", "yes") == "yes":
        desking.call_helper(web.db(), batch=at.batch, person=at.person, now=clock.now())
    elif at.table is not None:
        desking.need_no_helper(web.db(), batch=at.batch, number=at.table.number)
    return web.see_other("meetups.table", code=at.code)
