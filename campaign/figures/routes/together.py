"""What callers did together: the list's own goal first, then who wants to be named."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.events.rules.signups import initials
from campaign.figures import access
from campaign.figures.rules import pace
from campaign.foundation import clock, web
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import thanks as wishes
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import thanks
from campaign.phonebanks.queries.remembered import progress_lately, reasons_lately


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/together")(together)
    blueprint.post("/phonebanks/<public_id>/together")(choose)


@web.needs(web.SIGNED_IN)
def together(public_id: str) -> Response:
    """How far everybody has come, and who talked with many."""
    person_id = web.visitor().person_id
    phonebank = access.phonebank_called_for(web.db(), public_id, person_id)
    shows_name, sees_list = thanks.wish_of(web.db(), person_id)
    named = thanks.thanked(web.db(), phonebank.id) if sees_list else []
    return web.page(
        "figures/together.html",
        phonebank=phonebank,
        shows_name=shows_name,
        sees_list=sees_list,
        named=[(initials(one.name), one.talks, one.person_id == person_id) for one in named],
        progress=progress_lately(web.db(), phonebank.id),
        **_goal(phonebank),
    )


@web.needs(web.SIGNED_IN)
def choose(public_id: str) -> Response:
    """A caller says whether they are named, and whether they want to see such a list."""
    person_id = web.visitor().person_id
    access.phonebank_called_for(web.db(), public_id, person_id)
    wishes.choose(
        web.db(),
        person_id=person_id,
        shows_name=bool(request.form.get("shows_name")),
        sees_list=not request.form.get("hides_list"),
        now=clock.now(),
    )
    flash("Noted. It holds for every phonebank.", "success")
    return web.see_other("figures.together", public_id=public_id)


def _goal(phonebank: Phonebank) -> dict[str, Any]:
    """How many of the list we are through with, of all who could be rung."""
    moment = moment_of(phonebank, now=clock.now())
    why = reasons_lately(web.db(), phonebank, moment)
    through = sum(why.get(name, 0) for name in pace.THROUGH)
    return {"through": through, "everybody": through + sum(why.get(one, 0) for one in pace.LEFT)}
