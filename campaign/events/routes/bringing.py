"""Bringing people into an event from a file: look at what would happen, then do it or not."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.events import access, forms
from campaign.events.models import Event, RsvpFile
from campaign.events.operations import bringing
from campaign.events.routes.mailing import mail
from campaign.foundation import web
from campaign.foundation.spreadsheets import write_csv


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    address = "/events/<public_id>/roster/import"
    blueprint.route(address, methods=["GET", "POST"])(bring)
    blueprint.route(f"{address}/<file_id>", methods=["GET", "POST"])(look)
    blueprint.get(f"{address}/<file_id>/rejects.csv")(file_rejects)


@web.takes_files(3)
@web.lately
@web.needs(web.SIGNED_IN)
def bring(public_id: str) -> Response:
    """Choose a file; it is read and counted, and nobody is brought in."""
    event = access.event_to_manage(web.db(), public_id, web.visitor().person_id)
    form = forms.BringForm()
    if form.validate_on_submit():
        with form.refusals():
            made = bringing.preview(
                web.db(),
                form.file.data.read(),
                event=event,
                file_name=form.file.data.filename or "",
                actor_id=web.visitor().person_id,
                allow_unassigned=web.settings().is_development,
            )
            return web.see_other("events.look", public_id=public_id, file_id=made.public_id)
    return web.page("events/bring.html", form.code, event=event, form=form)


@web.needs(web.SIGNED_IN)
def look(public_id: str, file_id: str) -> Response:
    """What the file holds; then bring its people in, or throw it away."""
    event, file = _file(public_id, file_id)
    if request.method == "POST":
        return _drop(event, file) if "drop" in request.form else _bring_in(event, file)
    coming = sum(file.counts.get(name, 0) for name in ("new", "fixed", "updated"))
    return web.page("events/brought.html", event=event, file=file, coming=coming)


def _file(public_id: str, file_id: str) -> tuple[Event, RsvpFile]:
    return access.file_to_manage(web.db(), public_id, file_id, web.visitor().person_id)


def _drop(event: Event, file: RsvpFile) -> Response:
    public_id = event.public_id
    bringing.drop_file(web.db(), file=file, actor_id=web.visitor().person_id)
    flash("The file is gone. Nobody was brought in.", "success")
    return web.see_other("events.roster", public_id=public_id)


def _bring_in(event: Event, file: RsvpFile) -> Response:
    public_id, file_id = event.public_id, file.public_id
    bringing.bring_in(
        web.db(),
        file=file,
        event=event,
        by=web.visitor().name,
        actor_id=web.visitor().person_id,
        mail=mail(),
        allow_unassigned=web.settings().is_development,
    )
    flash("They are on the roster, and each gets a mail that says so.", "success")
    return web.see_other("events.look", public_id=public_id, file_id=file_id)


@web.needs(web.SIGNED_IN)
def file_rejects(public_id: str, file_id: str) -> Response:
    """The rows that stay out, with reasons, without what stood in them."""
    _, file = _file(public_id, file_id)
    rows = sorted(file.rejects, key=lambda row: int(row[0]))
    answer = Response(write_csv(["Row", "Column", "Why"], rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="rows-that-stay-out.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
