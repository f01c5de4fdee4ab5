"""The log of what happens in the hall, and a steward's call for help that nobody hears."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import audit, clock, web
from campaign.foundation.spreadsheets import write_csv
from campaign.meetups import access, forms
from campaign.meetups.models import Batch
from campaign.meetups.operations import incidents
from campaign.meetups.queries import incidents as looking
from campaign.meetups.routes.at_desk import at_desk, desk_door
from campaign.meetups.rules.incidents import HELP


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/m/<code>/incidents", methods=["GET", "POST"])(incident_log)
    blueprint.post("/m/<code>/incidents/help")(call_for_help)
    blueprint.post("/m/<code>/incidents/download")(download_log)
    blueprint.post("/m/<code>/incidents/<incident>/going")(going)


@web.needs(web.SIGNED_IN)
def incident_log(code: str) -> Response:
    """Note what happened. Who runs the meetup sees every line, a steward their own."""
    meetup, batch = access.meetup_at_door(web.db(), code, web.visitor().person_id)
    form = forms.IncidentForm()
    if form.validate_on_submit():
        with form.refusals():
            _note(batch, form)
            flash("Noted.", "success")
            return web.see_other("meetups.incident_log", code=meetup.code)
    me = web.visitor().person_id
    runs = access.runs(web.db(), meetup.event, me)
    answer = web.page(
        "meetups/incidents.html",
        form.code,
        meetup=meetup,
        batch=batch,
        form=form,
        runs=runs,
        lines=looking.log_of(web.db(), batch.id, made_by=None if runs else me),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _note(batch: Batch, form: forms.IncidentForm) -> None:
    incidents.note_incident(
        web.db(),
        batch=batch,
        category=form.category.data,
        place=form.place.data or "",
        action=form.action.data or "",
        now=clock.now(),
        actor_id=web.visitor().person_id or 0,
    )


@web.needs(web.SIGNED_IN)
def call_for_help(code: str) -> Response:
    """Somebody come to me: it stands at the top of the desk, and on no screen."""
    person_id = web.visitor().person_id or 0
    meetup, batch = access.meetup_at_door(web.db(), code, person_id)
    form = forms.HelpForm()
    if not form.validate():
        flash("Say where you are in fewer words.", "warning")
        return web.see_other("meetups.incident_log", code=meetup.code)
    incidents.note_incident(
        web.db(),
        batch=batch,
        category=HELP,
        place=form.where.data or "",
        now=clock.now(),
        actor_id=person_id,
    )
    flash("The desk knows. Stay where you are if that is safe. In danger, ring 999.", "success")
    return web.see_other("meetups.incident_log", code=meetup.code)


@desk_door
def going(code: str, incident: str) -> Response:
    """I am on the way to who called. On a shared device nobody knows who that is: somebody is."""
    at = at_desk(code)
    held = access.incident_here(web.db(), at.batch, incident)
    incidents.go_there(
        web.db(),
        batch=at.batch,
        incident=held,
        now=clock.now(),
        actor_id=at.actor_id,
        goes=None if at.device else at.actor_id,
    )
    flash("They see on their phone that you are coming.", "success")
    where = "incident_log" if request.form.get("from") == "log" else "desk"
    return web.see_other(f"meetups.{where}", code=at.meetup.code)


@web.lately
@web.needs(web.SIGNED_IN)
def download_log(code: str) -> Response:
    """The log as a table. The audit log keeps its seal, so that it can be shown to be whole."""
    person_id = web.visitor().person_id or 0
    meetup, batch = access.meetup_to_run(web.db(), code, person_id)
    rows = looking.rows_of(looking.log_of(web.db(), batch.id))
    seal = looking.seal_of(rows)
    audit.append(
        web.db(),
        "incident log downloaded",
        subject=f"batch:{batch.id}",
        actor_id=person_id,
        details=[f"{len(rows)} lines", f"sha256:{seal}"],
    )
    sealed = [*rows, ["", "", "Seal (SHA-256)", seal, "", "", "", ""]]
    body = b"".join(write_csv(looking.HEADINGS, sealed))
    answer = Response(body, mimetype="text/csv")
    name = f"incidents-{meetup.event.public_id}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
