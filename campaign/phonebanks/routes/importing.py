"""Bringing in a list: choose a file, look at what would happen, bring it in or throw it away."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.spreadsheets import write_csv
from campaign.phonebanks import access
from campaign.phonebanks.forms import managing as forms
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import importing
from campaign.phonebanks.queries import board, preparing
from campaign.phonebanks.routes.managing import to_manage
from campaign.phonebanks.rules.lists import lacks_consent_column

LARGEST = 50


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/import", methods=["GET", "POST"])(bring)
    address = "/phonebanks/<public_id>/import/<batch_id>"
    blueprint.route(address, methods=["GET", "POST"])(look)
    blueprint.get(f"{address}/rejects.csv")(rejects)


@web.takes_files(LARGEST)
@web.needs(web.SIGNED_IN)
def bring(public_id: str) -> Response:
    """Choose a file; it is read and counted, and nobody is brought in."""
    phonebank = to_manage(public_id)
    form = forms.ImportForm()
    if form.validate_on_submit():
        with form.refusals():
            made = _preview(phonebank, form)
            return web.see_other("phonebanks.look", public_id=public_id, batch_id=made.public_id)
    return web.page(
        "phonebanks/import.html",
        form.code,
        form=form,
        phonebank=phonebank,
        batches=board.batches(web.db(), phonebank.id),
    )


def _preview(phonebank: Phonebank, form: forms.ImportForm) -> ImportBatch:
    settings = web.settings()
    return importing.preview(
        web.db(),
        form.file.data.read(),
        phonebank=phonebank,
        file_name=form.file.data.filename or "",
        source=form.source.data,
        basis=form.basis.data,
        collected_on=form.collected_on.data,
        key=settings.suppression_key.encode(),
        now=clock.now(),
        actor_id=web.visitor().person_id,
        allow_unassigned=settings.is_development,
        encoding=form.encoding.data or None,
    )


def _batch_to_manage(public_id: str, batch_id: str) -> tuple[Phonebank, ImportBatch]:
    return access.batch_to_manage(web.db(), public_id, batch_id, web.visitor().person_id)


@web.needs(web.SIGNED_IN)
def look(public_id: str, batch_id: str) -> Response:
    """What a file holds; then bring its people in, or throw it away."""
    phonebank, batch = _batch_to_manage(public_id, batch_id)
    if request.method == "POST":
        return _drop(batch, public_id) if request.form.get("drop") else _bring_in(phonebank, batch)
    return web.page(
        "phonebanks/batch.html",
        phonebank=phonebank,
        batch=batch,
        total=sum(batch.counts.values()),
        coming=sum(batch.counts.get(name, 0) for name in ("new", "updated", "fixed")),
        reasons=preparing.rejects(batch),
        lacks_column=lacks_consent_column(batch.basis, batch.columns),
    )


def _drop(batch: ImportBatch, public_id: str) -> Response:
    importing.drop(web.db(), batch=batch, actor_id=web.visitor().person_id)
    flash("The file is gone. Nobody was brought in.", "success")
    return web.see_other("phonebanks.bring", public_id=public_id)


def _bring_in(phonebank: Phonebank, batch: ImportBatch) -> Response:
    settings = web.settings()
    importing.bring_in(
        web.db(),
        batch=batch,
        phonebank=phonebank,
        key=settings.suppression_key.encode(),
        now=clock.now(),
        actor_id=web.visitor().person_id,
        allow_unassigned=settings.is_development,
    )
    flash("The people are on the list.", "success")
    return web.see_other("phonebanks.look", public_id=phonebank.public_id, batch_id=batch.public_id)


@web.needs(web.SIGNED_IN)
def rejects(public_id: str, batch_id: str) -> Response:
    """The rows that stay out, with reasons, as a file; without what stood in them."""
    _, held = _batch_to_manage(public_id, batch_id)
    rows = sorted(held.rejects, key=lambda row: row[0])
    answer = Response(write_csv(["Row", "Column", "Why"], rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="rows-that-stay-out.csv"'
    return answer
