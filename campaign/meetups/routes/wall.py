"""The wall: everybody takes one."""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.foundation import clock, web
from campaign.meetups import access
from campaign.meetups.operations import committing
from campaign.meetups.routes.here import count_yes, here, mail


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/m/<code>/wall/<card>")(take)


@web.public
def take(code: str, card: str) -> Response:
    """ "I'm in", or "I can't"."""
    count_yes()
    at = here(code)
    view = access.card_to_take(web.db(), at.batch, card)
    if request.form.get("answer", "yes") == "yes":
        committing.take(
            web.db(), batch=at.batch, view=view, person=at.person, now=clock.now(), mail=mail()
        )
    else:
        committing.drop(web.db(), batch=at.batch, view=view, person=at.person, mail=mail())
    return web.see_other("meetups.show", code=at.code)
