"""A table goes on as a group: the tick, the answer by letter, and the look before it stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.events.rules.signups import initials
from campaign.foundation import clock, web
from campaign.meetups import access, forms
from campaign.meetups.operations import seeds
from campaign.meetups.queries.seeds import Seed, seeds_of
from campaign.meetups.routes.here import here, mail
from campaign.places import lookup

THANKS = {
    "convene": "Thank you. Somebody looks at it, then the group stands and we write to the others.",
    "join": "Thank you. You are in as soon as the group stands.",
    "no": "Thank you for saying so. Nothing more comes about this.",
}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/m/<code>/table/keep")(keep)
    blueprint.route("/keep-going/<key>", methods=["GET", "POST"])(keep_going)
    blueprint.get("/events/<public_id>/seeds")(look)
    blueprint.post("/events/<public_id>/seeds/<seed>")(decide)


@web.public
def keep(code: str) -> Response:
    """Tick that one's table goes on, or take it back."""
    at = here(code)
    yes = request.form.get("answer", "yes") == "yes"
    seeds.keep_going(web.db(), batch=at.batch, person=at.person, yes=yes, now=clock.now())
    return web.see_other("meetups.table", code=at.code)


@web.public
def keep_going(key: str) -> Response:
    """Will you join, or convene it? By the link of the letter."""
    invite = access.seed_invite(web.db(), key)
    if request.method == "POST":
        answer = request.form.get("answer", "")
        seeds.answer_seed(web.db(), invite=invite, answer=answer, mail=mail(), now=clock.now())
        flash(THANKS[invite.answer or "no"], "success")
        return web.see_other("meetups.keep_going", key=key)
    page = web.page(
        "meetups/keep_going.html", seed=invite.seed, meetup=invite.seed.meeting, said=invite.answer
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@web.needs(web.SIGNED_IN)
def look(public_id: str) -> Response:
    """The groups that tables want, for who may let them stand."""
    event = access.seeds_to_look_at(web.db(), public_id, web.visitor().person_id)
    return _page(event, forms.SeedForm(formdata=None))


def _page(event: Any, form: forms.SeedForm, chosen: str = "") -> Response:
    return web.page(
        "meetups/seeds.html",
        form.code,
        event=event,
        form=form,
        chosen=chosen,
        seeds=[_line(one) for one in seeds_of(web.db(), event.id)],
    )


def _line(one: Seed) -> dict[str, Any]:
    return {
        "public_id": one.seed.public_id,
        "name": one.seed.name,
        "asked": one.asked,
        "joining": one.joining,
        "convenor": initials(one.seed.convenor.name) if one.seed.convenor else None,
        "slug": one.group.slug if one.group else None,
        "closed": one.seed.closed_at is not None,
    }


@web.needs(web.SIGNED_IN)
def decide(public_id: str, seed: str) -> Response:
    """Let it stand under a name, or say no."""
    person_id = web.visitor().person_id
    event = access.seeds_to_look_at(web.db(), public_id, person_id)
    held = access.seed_to_decide(web.db(), event, seed)
    if request.form.get("answer") == "no":
        seeds.close_seed(web.db(), seed=held, now=clock.now(), actor_id=person_id)
        flash("It does not come about.", "success")
        return web.see_other("meetups.look", public_id=public_id)
    form = forms.SeedForm()
    if form.validate():
        with form.refusals():
            near = lookup.nearest_town(web.settings().data_dir, held.lat, held.lng)
            group = seeds.found_seed(
                web.db(),
                seed=held,
                name=form.name.data or "",
                place=near.name if near else held.name,
                actor_id=person_id,
            )
            flash("The group stands. Who said yes is in it.", "success")
            return web.see_other("events.group_page", slug=group.slug)
    return _page(access.seeds_to_look_at(web.db(), public_id, person_id), form, seed)
