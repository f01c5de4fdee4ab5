"""Asking for a second look at what was taken down."""

from __future__ import annotations

from flask import Blueprint, Response, flash

from campaign.conduct.messages import Mail
from campaign.conduct.operations.reporting import appeal as ask_again
from campaign.events import access, forms
from campaign.events.queries.behind import behind_event
from campaign.events.routes.mailing import mail
from campaign.foundation import web
from campaign.foundation.errors import Conflict


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/events/<public_id>/appeal")(appeal)


@web.needs(web.SIGNED_IN)
def appeal(public_id: str) -> Response:
    """The host asks for a second look."""
    person_id = web.visitor().person_id
    event = access.event_to_manage(web.db(), public_id, person_id)
    hiding = access.hiding_of(web.db(), event)
    if hiding is None:
        raise Conflict("This event is not taken down, so there is nothing to look at again.")
    form = forms.AppealForm()
    if not form.validate():
        flash(str((form.text.errors or ["Write a line or two."])[0]), "error")
        return web.see_other("events.show", public_id=public_id)
    letters = mail()
    ask_again(
        web.db(),
        decision=hiding,
        text=form.text.data,
        actor_id=person_id,
        behind=behind_event(web.db(), public_id),
        mail=Mail(letters.write, letters.base_url),
    )
    flash("Thank you. Somebody looks again, and you get a mail.", "success")
    return web.see_other("events.show", public_id=public_id)
