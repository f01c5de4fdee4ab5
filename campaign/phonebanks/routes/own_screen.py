"""How a caller likes their own screen: kept with the browser's session, and nowhere else."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, session

from campaign.foundation import phone, web
from campaign.people.models import Person
from campaign.phonebanks import access
from campaign.phonebanks.rules.own_screen import OwnScreen, changed, read_screen

KEPT = "calling"


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/phonebanks/<public_id>/my-screen")(my_screen)


@web.needs(web.SIGNED_IN)
def my_screen(public_id: str) -> Response:
    """Letters larger or wider apart, keys on or off, the country I ring from."""
    access.phonebank_to_see(web.db(), public_id, web.visitor().person_id)
    session[KEPT] = changed(session.get(KEPT, {}), request.form)
    if web.wants_json():
        return jsonify(session[KEPT])
    return web.see_other("phonebanks.call", public_id=public_id)


def own_screen() -> OwnScreen:
    """What this browser keeps; before anything was chosen, the country of one's own phone."""
    kept = session.get(KEPT, {})
    if "region" in kept:
        return read_screen(kept)
    person = web.db().get(Person, web.visitor().person_id)
    own = phone.region_of(person.phone) if person and person.phone else None
    return read_screen(kept, at_home=own)
