"""Exports: asking, deciding, fetching."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.spreadsheets import write_csv
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.forms.exporting import ExportForm
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ContactExport, Phonebank
from campaign.phonebanks.operations import exporting
from campaign.phonebanks.queries import exporting as queries
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.rules.exports import SHAPES

WORDS = {
    "asked": "Waits for a second person",
    "approved": "Approved",
    "refused": "Refused",
    "withdrawn": "Withdrawn: the standing of one of you changed, or the phonebank was closed",
    "over": "Over: ask again if you still need it",
}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/exports", methods=["GET", "POST"])(exports)
    blueprint.post("/phonebanks/<public_id>/exports/<export_id>")(fetch)
    blueprint.get("/exports")(to_decide)
    blueprint.post("/exports/<export_id>")(decide)


def mail() -> Mail:
    """How this installation writes letters."""
    settings = web.settings()
    return Mail(LetterWriter(settings), settings.base_url)


@web.needs(web.SIGNED_IN)
def exports(public_id: str) -> Response:
    """What was asked for, and asking for more."""
    phonebank = access.phonebank_to_export(web.db(), public_id, web.visitor().person_id)
    form = ExportForm()
    if form.validate_on_submit():
        with form.refusals():
            exporting.ask(
                web.db(),
                phonebank=phonebank,
                shape=form.shape.data,
                reason=form.reason.data,
                actor_id=web.visitor().person_id,
                now=clock.now(),
                mail=mail(),
            )
            flash("Asked. A second person decides; you get a letter.", "success")
            return web.see_other("phonebanks.exports", public_id=public_id)
    return _page(phonebank, form)


def _page(phonebank: Phonebank, form: ExportForm) -> Response:
    asked = queries.exports_of(web.db(), phonebank.id)
    return web.page(
        "phonebanks/exports.html",
        form.code,
        phonebank=phonebank,
        form=form,
        shapes=SHAPES,
        asked=[_line(export, phonebank.closes_at) for export in asked],
        deciders=bool(queries.deciders(web.db(), but=web.visitor().person_id)),
    )


def _line(export: ContactExport, closes_at: datetime | None) -> dict[str, Any]:
    now = clock.now()
    standing = exporting.standing_of(export, closes_at, now=now)
    until = standing.until
    return {
        "id": export.public_id,
        "label": SHAPES[export.shape].label,
        "reason": export.reason,
        "asker": export.asker.name,
        "when": human_when(export.asked_at, None, LONDON),
        "state": standing.state,
        "words": WORDS[standing.state],
        "until": human_when(until, None, LONDON) if until else "",
        "own": export.asked_by == web.visitor().person_id,
    }


@web.lately
@web.needs(web.SIGNED_IN)
def fetch(public_id: str, export_id: str) -> Response:
    """The table, while the yes lasts."""
    person_id = web.visitor().person_id
    phonebank, export = access.export_to_fetch(web.db(), public_id, export_id, person_id)
    headings, rows = exporting.fetch(web.db(), export=export, actor_id=person_id, now=clock.now())
    # Joined here: the rows are read by the session of this request, which ends with it.
    response = Response(b"".join(write_csv(headings, rows)), mimetype="text/csv")
    name = f"{export.shape}-{phonebank.public_id}-{clock.now():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@web.needs(web.SIGNED_IN)
def to_decide() -> Response:
    """What waits for a second person."""
    person_id = web.visitor().person_id
    access.check_decides_on_exports(web.db(), person_id)
    waiting = queries.exports_to_decide(web.db(), person_id)
    lines = [
        {
            **_line(export, export.phonebank.closes_at),
            "title": export.phonebank.title,
            "group": export.phonebank.group.name,
            "about": SHAPES[export.shape].about,
            "rows": queries.size_of(web.db(), export),
        }
        for export in waiting
    ]
    return web.page(
        "phonebanks/exports_to_decide.html",
        waiting=[line for line in lines if line["state"] == "asked"],
    )


@web.lately
@web.needs(web.SIGNED_IN)
def decide(export_id: str) -> Response:
    """Yes or no to somebody else's export."""
    person_id = web.visitor().person_id
    export = access.export_to_decide(web.db(), export_id, person_id)
    said = request.form.get("decision")
    if said not in ("yes", "no"):
        raise Refused("Press one of the two buttons.")
    exporting.decide(
        web.db(),
        export=export,
        yes=said == "yes",
        actor_id=person_id,
        now=clock.now(),
        mail=mail(),
    )
    flash("Approved. They have a day to fetch it." if said == "yes" else "Refused.", "success")
    return web.see_other("phonebanks.to_decide")
