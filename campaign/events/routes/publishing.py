"""Publishing a draft, putting an event on the map, keeping it off."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from campaign.events import access, operations
from campaign.events.routes.mailing import mail
from campaign.events.rules.states import Policy, State
from campaign.foundation import security, web


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/events/<public_id>/publish")(publish)
    blueprint.post("/events/<public_id>/list")(list_it)
    blueprint.post("/events/<public_id>/keep-off")(keep_off)


SAID = {
    State.DRAFT: "Your draft is kept. Only you and who runs the group see it.",
    State.WAITING: "Thank you. Somebody looks at it first; you get a mail when it is on the map.",
    State.UNLISTED: "Your event is live by its link. A convenor puts it on the map.",
    State.LISTED: "Your event is on the map. Send people the address of this page.",
    State.CANCELLED: "This event is off.",
}


@web.needs(web.SIGNED_IN)
def publish(public_id: str) -> Response:
    """Publish a draft."""
    person_id = web.visitor().person_id
    event = access.event_to_manage(web.db(), public_id, person_id)
    policy = Policy(web.settings().event_policy)
    event = operations.publish(web.db(), event=event, policy=policy, actor_id=person_id)
    flash(SAID[State(event.state)], "success")
    return web.see_other("events.show", public_id=public_id)


@web.needs(web.SIGNED_IN)
def list_it(public_id: str) -> Response:
    """Put an event that was live by its link onto the map."""
    person_id = web.visitor().person_id
    event = access.event_to_list(web.db(), public_id, person_id)
    operations.list_event(web.db(), event=event, actor_id=person_id, mail=mail())
    flash("It is on the map.", "success")
    return _back(public_id)


@web.needs(web.SIGNED_IN)
def keep_off(public_id: str) -> Response:
    """Say no: the event stays live by its link alone."""
    person_id = web.visitor().person_id
    event = access.event_to_list(web.db(), public_id, person_id)
    operations.keep_off_map(web.db(), event=event, actor_id=person_id, mail=mail())
    flash("It stays off the map. Its host gets a mail.", "success")
    return _back(public_id)


def _back(public_id: str) -> Response:
    """To the list in which the button stood, or to the event."""
    return web.go(
        security.own_path(request.form.get("back")) or url_for("events.show", public_id=public_id)
    )
