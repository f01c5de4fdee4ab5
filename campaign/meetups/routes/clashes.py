"""What the desk does with cards beside publishing one: many at once, one of two, send a helper."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.words import plural
from campaign.meetups import access
from campaign.meetups.operations import desking
from campaign.meetups.queries.tables import CardView
from campaign.meetups.routes.at_desk import at_desk, desk_door
from campaign.meetups.routes.here import here, mail
from campaign.meetups.rules.duplicates import Plan, twins


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/m/<code>/desk/solid")(publish_solid)
    blueprint.post("/m/<code>/desk/cards/<card>/merge")(merge)
    blueprint.post("/m/<code>/desk/help")(send_helper)
    blueprint.post("/m/<code>/desk/helped")(helped)
    blueprint.post("/m/<code>/table/help")(helper)


def clashes_of(cards: Sequence[CardView]) -> dict[int, list[tuple[CardView, bool]]]:
    """By card: the others at the same time in the same place (True), or with the same host."""
    by_id = {view.card.id: view for view in cards}
    found: dict[int, list[tuple[CardView, bool]]] = {}
    for twin in twins(_plan(view) for view in cards if not view.is_off):
        found.setdefault(twin.first, []).append((by_id[twin.second], twin.same_place))
        found.setdefault(twin.second, []).append((by_id[twin.first], twin.same_place))
    return found


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


@desk_door
def publish_solid(code: str) -> Response:
    """All solid cards of trusted hosts, with one tap."""
    at = at_desk(code)
    many = desking.publish_solid(
        web.db(), batch=at.batch, now=clock.now(), actor_id=at.actor_id, mail=mail()
    )
    flash(f"{plural(many, 'card')} put on the map.", "success")
    return web.see_other("meetups.desk", code=code)


@desk_door
def merge(code: str, card: str) -> Response:
    """Make one of two cards that plan the same."""
    at = at_desk(code)
    desking.merge(
        web.db(),
        batch=at.batch,
        view=access.card_to_publish(web.db(), at.batch, card),
        into=access.card_to_publish(web.db(), at.batch, request.form.get("into", "")),
        now=clock.now(),
        actor_id=at.actor_id,
        mail=mail(),
    )
    flash("They are one now. Who said yes to the one is down for the other.", "success")
    return web.see_other("meetups.desk", code=code)


@desk_door
def send_helper(code: str) -> Response:
    """Somebody should go to a table whose card waits."""
    at = at_desk(code)
    desking.send_helper(web.db(), batch=at.batch, number=_table(), now=clock.now())
    return web.see_other("meetups.desk", code=code)


@desk_door
def helped(code: str) -> Response:
    """Somebody is on the way to a table that called."""
    at = at_desk(code)
    desking.need_no_helper(web.db(), batch=at.batch, number=_table())
    return web.see_other("meetups.desk", code=code)


def _table() -> int:
    number = request.form.get("table", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0


@web.public
def helper(code: str) -> Response:
    """A table calls for somebody from the desk, or needs nobody any more."""
    at = here(code)
    if request.form.get("answer", "yes") == "yes":
        desking.call_helper(web.db(), batch=at.batch, person=at.person, now=clock.now())
    elif at.table is not None:
        desking.need_no_helper(web.db(), batch=at.batch, number=at.table.number)
    return web.see_other("meetups.table", code=at.code)
