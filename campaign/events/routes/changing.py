"""Changing an event, and calling it off."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, forms, operations
from campaign.events.models import Event
from campaign.events.routes import filling
from campaign.events.routes.mailing import mail
from campaign.events.routes.offering import form_page, offer
from campaign.events.rules.repeating import Scope
from campaign.events.rules.states import UNSEEN
from campaign.foundation import web
from campaign.places.rules import Spot


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/<public_id>/edit", methods=["GET", "POST"])(edit)
    blueprint.post("/events/<public_id>/cancel")(cancel)


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def edit(public_id: str) -> Response:
    """Change an event."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    form, telling = forms.AnnounceForm(**filling.typed_before(event)), forms.TellingForm()
    offer(form, [])
    spots: list[Spot] = []
    if form.validate_on_submit() and telling.validate() and filling.complete(form, event):
        with form.refusals():
            spots = filling.spots_for(form, event)
            if len(spots) <= 1:
                _change(event, form, spots, telling)
                flash("Saved.", "success")
                return web.see_other("events.show", public_id=event.public_id)
    return form_page(
        "events/edit.html",
        form,
        event=event,
        spots=spots,
        telling=telling,
        cancel_form=forms.CancelForm(formdata=None),
    )


def _change(
    event: Event, form: forms.AnnounceForm, spots: list[Spot], telling: forms.TellingForm
) -> None:
    given = filling.filled(form, spots, event)
    operations.edit_together(
        web.db(),
        event=event,
        scope=_scope(),
        actor_id=web.visitor().person_id,
        title=given.title,
        about=given.about,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        capacity=given.capacity,
        needed=given.needed,
        place=None if filling.place_unchanged(form, event) else given.place,
        access=form.access,
        access_contact=form.access_contact.data or "",
        mail=mail(),
        note=telling.change_note.data or "",
        quiet=telling.quiet.data,
    )


def _scope() -> Scope:
    """How far a change of one event of a series goes; it alone where nobody said."""
    given = request.form.get("scope", "")
    return Scope(given) if given in list(Scope) else Scope.ONE


@web.needs(web.SIGNED_IN)
def cancel(public_id: str) -> Response:
    """Call an event off; everybody who would have come hears of it."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    form = forms.CancelForm()
    if form.validate():
        with form.refusals():
            return _cancelled(event, form)
    before = forms.AnnounceForm(formdata=None, **filling.typed_before(event))
    offer(before, [])
    return form_page("events/edit.html", before, code=422, event=event, spots=[], cancel_form=form)


def _cancelled(event: Event, form: forms.CancelForm) -> Response:
    unseen = event.state in UNSEEN
    operations.cancel_together(
        web.db(),
        event=event,
        scope=_scope(),
        actor_id=web.visitor().person_id,
        note=form.note.data or "",
    )
    if unseen:
        flash("The draft is deleted.", "success")
        return web.see_other("events.index")
    flash("The event is off. Everybody who signed up gets a mail.", "success")
    return web.see_other("events.show", public_id=event.public_id)
