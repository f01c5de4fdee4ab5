"""Bringing people in: the file, its counts, its rows that stay out."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.spreadsheets import write_csv
from campaign.people.rules import Action, require
from campaign.phonebanks import access, forms
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import importing
from campaign.phonebanks.queries import board


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    both = ["GET", "POST"]
    blueprint.route("/phonebanks/<public_id>/import", methods=both)(bring)
    blueprint.route("/phonebanks/<public_id>/import/<batch_id>", methods=both)(look)
    blueprint.get("/phonebanks/<public_id>/import/<batch_id>/rejects.csv")(rejects)


@web.needs(web.SIGNED_IN)
@web.takes_files(50)
def bring(public_id: str) -> Response:
    """Choose a file and say where it is from; it is read and counted, nothing more."""
    person_id = web.visitor().person_id
    phonebank = access.phonebank_to_manage(web.db(), public_id, person_id)
    require(Action.IMPORT_CONTACTS, board.standings(web.db(), phonebank, person_id))
    form = forms.ImportForm()
    if form.validate_on_submit():
        with form.refusals():
            batch = _read(phonebank, form)
            return web.see_other("phonebanks.look", public_id=public_id, batch_id=batch.public_id)
    return web.page("phonebanks/import.html", form.code, form=form, phonebank=phonebank)


def _read(phonebank: Phonebank, form: forms.ImportForm) -> ImportBatch:
    settings = web.settings()
    return importing.preview(
        web.db(),
        form.file.data.read(),
        phonebank=phonebank,
        file_name=form.file.data.filename or "list.csv",
        source=form.source.data,
        basis=form.basis.data,
        collected_on=form.collected_on.data,
        key=settings.suppression_key.encode(),
        now=clock.now(),
        actor_id=web.visitor().person_id,
        allow_unassigned=settings.is_development,
    )


@web.needs(web.SIGNED_IN)
def look(public_id: str, batch_id: str) -> Response:
    """The counts; then bring them in, or throw the file away."""
    person_id, settings = web.visitor().person_id, web.settings()
    phonebank, batch = access.batch_to_manage(web.db(), public_id, batch_id, person_id)
    if request.method == "GET":
        return web.page("phonebanks/batch.html", phonebank=phonebank, batch=batch)
    if request.form.get("drop"):
        importing.drop(web.db(), batch=batch, actor_id=person_id)
        flash("The file is thrown away. Nothing has changed.", "success")
    else:
        importing.bring_in(
            web.db(),
            batch=batch,
            phonebank=phonebank,
            key=settings.suppression_key.encode(),
            now=clock.now(),
            actor_id=person_id,
            allow_unassigned=settings.is_development,
        )
        flash("They are on the list now.", "success")
    return web.see_other("phonebanks.set_up", public_id=public_id)


@web.needs(web.SIGNED_IN)
def rejects(public_id: str, batch_id: str) -> Response:
    """The rows that stay out, with reasons."""
    person_id = web.visitor().person_id
    _, batch = access.batch_to_manage(web.db(), public_id, batch_id, person_id)
    body = b"".join(write_csv(["Row", "Column", "Reason"], batch.rejects))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-that-stay-out.csv"'
    return response
