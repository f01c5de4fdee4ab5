"""Somebody rings back: found by first name among those one rang, and noted."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.phonebanks import access, adapters, forms
from campaign.phonebanks.operations.promising import write_promise
from campaign.phonebanks.operations.ringing_back import log_ring_back
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Rung
from campaign.phonebanks.routes.exporting import mail
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.routes.screen import callbacks_of, frame, with_offered
from campaign.phonebanks.rules.ringing_back import fitting


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/phonebanks/<public_id>/rang-back", methods=["GET", "POST"])(rang_back)
    blueprint.get("/phonebanks/<public_id>/rang-back/<claim_id>")(who_rang_back)
    blueprint.post("/phonebanks/<public_id>/rang-back/<claim_id>")(note_rang_back)


@web.needs(web.SIGNED_IN)
def rang_back(public_id: str) -> Response:
    """Ask for the first name, and show who of one's own last fifty may be meant."""
    now, person_id = clock.now(), web.visitor().person_id
    admission = access.phonebank_rung_back(web.db(), public_id, person_id, now=now)
    form, found = forms.RangBackForm(), None
    if form.validate_on_submit():
        rung = board.rung_by(web.db(), admission.phonebank.id, person_id, now=now)
        found = [_line(one) for one in board.called(rung, form.first_name.data)]
    return web.page(
        "phonebanks/rang_back.html",
        form.code,
        form=form,
        found=found,
        state="is-waiting",
        **frame(admission, now),
    )


def _line(one: Rung) -> dict[str, str]:
    outcome = one.call.result_code
    label = adapters.outcomes()[outcome].label if outcome else "no outcome noted"
    return {
        "claim_id": one.call.public_id,
        "name": one.contact.first_name,
        "town": one.contact.town,
        "when": human_when(one.call.claimed_at, None, LONDON),
        "last": label,
    }


@web.needs(web.SIGNED_IN)
def who_rang_back(public_id: str, claim_id: str) -> Response:
    """What they said."""
    return _page(public_id, claim_id)


def _page(
    public_id: str, claim_id: str, code: int = 200, *, problem: str = "", sent: Any = None
) -> Response:
    now, person_id = clock.now(), web.visitor().person_id
    admission, rung = access.call_rung_back(web.db(), public_id, claim_id, person_id, now=now)
    rows = fitting(adapters.outcomes())
    return web.page(
        "phonebanks/rang_back_note.html",
        code,
        problem=problem,
        sent=sent or {},
        who=_line(rung),
        usual=[row for row in rows if not row.confirm],
        final=[row for row in rows if row.confirm],
        callbacks=callbacks_of(
            admission.phonebank, _zone(rung), now, rung.contact.postcode, sent=sent
        ),
        callback_zone=str(_zone(rung)),
        client_uuid=str(uuid4()),
        state="is-waiting",
        **frame(admission, now),
    )


def _zone(rung: Rung) -> ZoneInfo:
    return ZoneInfo(rung.contact.number.time_zone)


@web.needs(web.SIGNED_IN)
def note_rang_back(public_id: str, claim_id: str) -> Response:
    """Note what they said; sent twice, it is noted once."""
    now, person_id = clock.now(), web.visitor().person_id
    admission, rung = access.call_rung_back(web.db(), public_id, claim_id, person_id, now=now)
    try:
        report = forms.read_report(request.form)
        key = report.client_uuid or str(uuid4())
        saved = log_ring_back(
            web.db(),
            earlier=rung.call,
            phonebank=admission.phonebank,
            outcome=report.outcome,
            now=now,
            client_uuid=key,
            note=report.note,
            callback_at=report.callback_at,
            language=report.language,
        )
    except Refused as refusal:
        sent = with_offered(request.form, refusal)
        return _page(public_id, claim_id, refusal.status, problem=refusal.message, sent=sent)
    if report.callback_at and not saved.repeated:
        _write_promise(key)
    flash(f"Saved: {adapters.outcomes()[saved.outcome].label}", "success")
    return web.see_other("phonebanks.call", public_id=public_id)


def _write_promise(client_uuid: str) -> None:
    call = board.call_by_uuid(web.db(), client_uuid)
    if call is not None:
        write_promise(web.db(), call=call, mail=mail(), now=clock.now())
