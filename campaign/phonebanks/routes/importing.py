"""Bringing in a list: give a file, see how far it is, look at what it holds, bring in or stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, flash, request, url_for

from campaign.foundation import clock, web
from campaign.foundation.errors import NotFound
from campaign.phonebanks import access
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.forms import managing as forms
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import importing
from campaign.phonebanks.routes.exporting import mail
from campaign.phonebanks.routes.managing import to_manage
from campaign.phonebanks.rules.imports import came_in, seconds_left
from campaign.phonebanks.rules.lists import lacks_consent_column

LARGEST = 50
PIECE = 1 << 16


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/import", methods=["GET", "POST"])(bring)
    address = "/phonebanks/<public_id>/import/<batch_id>"
    blueprint.route(address, methods=["GET", "POST"])(look)
    blueprint.get(f"{address}/rejects.csv")(rejects)


def _folder() -> Path:
    return web.settings().data_dir / "imports"


@web.lately
@web.takes_files(LARGEST)
@web.needs(web.SIGNED_IN)
def bring(public_id: str) -> Response:
    """Choose a file; it is read and counted, and nobody is brought in."""
    phonebank = to_manage(public_id)
    form = forms.ImportForm()
    if form.validate_on_submit():
        with form.refusals():
            made = _take(phonebank, form)
            return web.see_other("phonebanks.look", public_id=public_id, batch_id=made.public_id)
    return web.page("phonebanks/import.html", form.code, form=form, phonebank=phonebank)


def _take(phonebank: Phonebank, form: forms.ImportForm) -> ImportBatch:
    return importing.take_file(
        web.db(),
        form.file.data.stream,
        folder=_folder(),
        phonebank=phonebank,
        file_name=form.file.data.filename or "",
        source=form.source.data,
        basis=form.basis.data,
        collected_on=form.collected_on.data,
        now=clock.now(),
        actor_id=web.visitor().person_id,
        encoding=form.encoding.data or "",
    )


def _batch_to_manage(public_id: str, batch_id: str) -> tuple[Phonebank, ImportBatch]:
    return access.batch_to_manage(web.db(), public_id, batch_id, web.visitor().person_id)


@web.needs(web.SIGNED_IN)
def look(public_id: str, batch_id: str) -> Response:
    """How far a file is, then what it holds; bring its people in, or stop and throw it away."""
    phonebank, batch = _batch_to_manage(public_id, batch_id)
    if request.method == "POST":
        return _stop(batch, public_id) if request.form.get("drop") else _bring_in(phonebank, batch)
    if web.is_fragment() and batch.state not in ("reading", "bringing"):
        # What was waited for is there: the page shows it afresh.
        answer = web.page("phonebanks/_batch_progress.html", batch=batch, left=None)
        answer.headers["HX-Redirect"] = url_for(
            "phonebanks.look", public_id=public_id, batch_id=batch_id
        )
        return answer
    if web.is_fragment():
        return web.page("phonebanks/_batch_progress.html", **_shown(phonebank, batch))
    return web.page("phonebanks/batch.html", **_shown(phonebank, batch))


def _shown(phonebank: Phonebank, batch: ImportBatch) -> dict[str, object]:
    counts = batch.counts
    since = batch.brought_at or batch.made_at
    return {
        "phonebank": phonebank,
        "batch": batch,
        "total": sum(counts.values()),
        "coming": came_in(counts),
        "out": sum(many for _, many, *_ in batch.reasons),
        "lacks_column": lacks_consent_column(batch.basis, batch.columns),
        "left": seconds_left(batch.done, since=since, now=clock.now()),
        "has_rejects": Kept(_folder(), batch.public_id).rejects.exists(),
    }


def _stop(batch: ImportBatch, public_id: str) -> Response:
    importing.stop(web.db(), batch=batch, actor_id=web.visitor().person_id, mail=mail())
    flash("The file is gone. Nobody was brought in.", "success")
    return web.see_other("phonebanks.bring", public_id=public_id)


def _bring_in(phonebank: Phonebank, batch: ImportBatch) -> Response:
    # Pressed twice, or in two windows: it comes in once, and both see how far it is.
    if batch.state != "bringing":
        importing.bring_in(web.db(), batch=batch, now=clock.now(), actor_id=web.visitor().person_id)
    return web.see_other("phonebanks.look", public_id=phonebank.public_id, batch_id=batch.public_id)


@web.needs(web.SIGNED_IN)
def rejects(public_id: str, batch_id: str) -> Response:
    """The rows that stay out, with reasons, as a file; without what stood in them."""
    _, batch = _batch_to_manage(public_id, batch_id)
    path = Kept(_folder(), batch.public_id).rejects
    if not path.exists():
        raise NotFound("This file is no longer here: it is kept for a week.")
    answer = Response(_pieces(path), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="rows-that-stay-out.csv"'
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
