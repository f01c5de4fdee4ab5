"""How was it? The report of an event, by who looks after it."""

from __future__ import annotations

from flask import Blueprint, Response, flash

from campaign.events import access, forms, operations, queries
from campaign.events.models import Event
from campaign.events.rules.features import when_of
from campaign.events.rules.reports import NUMBERS, asked_first
from campaign.foundation import clock, web


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/events/<public_id>/report", methods=["GET", "POST"])(report)


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def report(public_id: str) -> Response:
    """Write what came of it, or change it."""
    person_id = web.visitor().person_id
    event = access.event_to_manage(web.db(), public_id, person_id)
    form = forms.ReportForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.write_report(
                web.db(),
                event=event,
                numbers=form.numbers,
                story=form.story.data or "",
                actor_id=person_id,
            )
            flash("Thank you. The report stands on the event’s page.", "success")
            return web.see_other("events.show", public_id=public_id, _anchor="what-happened")
    return _page(access.event_to_manage(web.db(), public_id, person_id), form)


def _page(event: Event, form: forms.ReportForm) -> Response:
    db = web.db()
    before, came = queries.report_of(db, event.id), queries.people_who_came(db, event.id)
    if not form.is_submitted():
        if before is not None:
            form.show(before)
        elif came:
            form.people.data = str(came)
    first = asked_first(event.kind)
    others = [name for name in NUMBERS if name not in first]
    return web.page(
        "events/report.html",
        form.code,
        event=event,
        when=when_of(event, now=clock.now()),
        form=form,
        first=first,
        others=others,
        other_given=any(form[name].data or form[name].errors for name in others),
        came=came,
        before=before,
        begun=event.starts_at <= clock.now() and event.state != "cancelled",
    )
