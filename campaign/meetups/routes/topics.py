"""The topics of the strategy tables: voted on phones, set at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.meetups import access, forms
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import topics as choosing
from campaign.meetups.queries import rooms
from campaign.meetups.queries.topics import ballot_of, topics_of
from campaign.meetups.routes.here import here, page
from campaign.meetups.rules.phases import Phase
from campaign.meetups.rules.sheets import shuffled


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/topics")(topics)
    blueprint.post("/m/<code>/topics")(vote)
    blueprint.post("/m/<code>/topics/new")(propose)
    blueprint.route("/m/<code>/desk/topics", methods=["GET", "POST"])(desk_topics)
    blueprint.post("/m/<code>/desk/topics/<topic>")(take_topic_away)


@web.public
def topics(code: str) -> Response:
    """What one's table may talk about, in an order of this phone's own."""
    at = here(code)
    early = at.batch.phase in (Phase.DOORS, Phase.PLENARY)
    if not early or at.meetup.topics == "none":
        return web.see_other("meetups.show", code=at.code)
    return page(
        "meetups/topics.html",
        200,
        at,
        topics=shuffled(
            topics_of(web.db(), at.batch.id), seed=at.meetup.seed, number=at.person.number
        ),
        ballot=ballot_of(web.db(), at.person.id),
        proposes=at.meetup.topics == "propose",
    )


@web.public
def vote(code: str) -> Response:
    """Give one’s votes. The button says the whole ballot, so one that is sent twice counts once."""
    at = here(code)
    chosen = request.form.get("ballot", "").split()
    choosing.vote(web.db(), batch=at.batch, person=at.person, chosen=chosen)
    return web.see_other("meetups.topics", code=at.code)


@web.public
def propose(code: str) -> Response:
    """Propose a topic, once."""
    at = here(code)
    text = request.form.get("topic", "")
    choosing.propose(web.db(), batch=at.batch, person=at.person, text=text, now=clock.now())
    return web.see_other("meetups.topics", code=at.code)


@web.needs(web.SIGNED_IN)
def desk_topics(code: str) -> Response:
    """Set topics, and whether the room proposes some too."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    form = forms.TopicsForm(data={"kind": meetup.topics})
    if form.validate_on_submit():
        with form.refusals():
            _set(batch, form)
            return web.see_other("meetups.desk_topics", code=meetup.code)
    return _desk(meetup, batch, form)


def _desk(meetup: Meetup, batch: Batch, form: forms.TopicsForm) -> Response:
    return web.page(
        "meetups/desk_topics.html",
        form.code,
        meetup=meetup,
        batch=batch,
        form=form,
        topics=topics_of(web.db(), batch.id),
        dealt=bool(rooms.tables(web.db(), batch.id, "strategy")),
    )


def _set(batch: Batch, form: forms.TopicsForm) -> None:
    if form.kind.data == "none" and form.topic.data:
        raise Refused("Choose topics first, then add one.", field="kind")
    choosing.choose_topics(
        web.db(), batch=batch, kind=form.kind.data, actor_id=web.visitor().person_id or 0
    )
    if form.topic.data:
        choosing.set_topic(web.db(), batch=batch, text=form.topic.data, now=clock.now())


@web.needs(web.SIGNED_IN)
def take_topic_away(code: str, topic: str) -> Response:
    """Take a topic away."""
    meetup, batch = access.meetup_to_run(web.db(), code, web.visitor().person_id)
    choosing.take_away(
        web.db(), batch=batch, public_id=topic, actor_id=web.visitor().person_id or 0
    )
    return web.see_other("meetups.desk_topics", code=meetup.code)
