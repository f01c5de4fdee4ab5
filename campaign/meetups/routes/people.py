"""The desk's list of who is here: where they sit, what they need, a way back for a lost phone."""

from __future__ import annotations

from flask import Blueprint, Response, flash

from campaign.conduct.rules.kept_out import REASONS
from campaign.foundation import web
from campaign.meetups import access
from campaign.meetups.operations import returning
from campaign.meetups.queries import incidents, people, tables
from campaign.meetups.rules.needs import asks_in_words


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/desk/people")(everybody)
    blueprint.post("/m/<code>/desk/people/<person>/words")(words)


@web.needs(web.SIGNED_IN)
def everybody(code: str) -> Response:
    """Who is here, by number. Only who runs the meetup reads what somebody needs."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    there = people.everybody(web.db(), batch.id)
    answer = web.page(
        "meetups/people.html",
        meetup=meetup,
        batch=batch,
        people=there,
        needs=[one for one in there if one.access_needs or one.needs],
        asks_in_words=asks_in_words,
        shown_name=tables.shown_name,
        out=incidents.sent_out_of(web.db(), batch.id),
        reasons=REASONS,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@web.needs(web.SIGNED_IN)
def words(code: str, person: str) -> Response:
    """Four new words for who has lost their phone."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    held = access.person_in_room(web.db(), batch, person)
    given = returning.give_words(
        web.db(), batch=batch, person=held, actor_id=web.visitor().person_id or 0
    )
    flash(f"Number {held.number}, on another phone: {given}. Say it to them alone.", "success")
    return web.see_other("meetups.everybody", code=meetup.code)
