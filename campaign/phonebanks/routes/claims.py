"""The steps of a call: claim, reveal, report, give back. Forms for people, JSON for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict, DomainError, Refused
from campaign.phonebanks import access, adapters, forms
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations import dispensing, reporting, revealing, switching
from campaign.phonebanks.operations.dispensing import Claim
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.routes.screen import (
    claim_json,
    kept_until,
    late_report,
    nothing_json,
    or_its_page,
    screen,
    to_nobody,
    why_gone,
    with_offered,
)
from campaign.phonebanks.rules.claims import Nothing


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/phonebanks/<public_id>/claims")(claim)
    blueprint.get("/claims/<claim_id>")(still_mine)
    blueprint.post("/claims/<claim_id>/extend")(extend)
    blueprint.post("/claims/<claim_id>/reveal")(reveal)
    blueprint.post("/claims/<claim_id>/outcome")(outcome)
    blueprint.post("/claims/<claim_id>/release")(release)


@web.needs(web.SIGNED_IN)
def claim(public_id: str) -> Response:
    """Hand me the next person; the one I have, if I have one."""
    person_id = web.visitor().person_id
    with or_its_page(public_id):
        admission = access.phonebank_to_call(web.db(), public_id, person_id, now=clock.now())
    if admission.first:
        return _answer(Nothing(admission.first), admission.phonebank)
    return _answer(_next(admission), admission.phonebank)


@web.needs(web.SIGNED_IN)
def still_mine(claim_id: str) -> Response:
    """Whether the person is still in my hands: the screen asks, and flips when they are not."""
    person_id = web.visitor().person_id
    call, phonebank = access.claim_of(web.db(), claim_id, person_id)
    held = board.held_claim(web.db(), person_id, now=clock.now())
    return _life(call, phonebank, live=held is not None and held.call.id == call.id)


@web.needs(web.SIGNED_IN)
def extend(claim_id: str) -> Response:
    """My screen is open: keep the person for me a while longer, if you will."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    until = revealing.extend(web.db(), call=call, phonebank=phonebank, now=clock.now())
    if until is None:
        return _life(call, phonebank, live=False)
    return jsonify(live=True, never=False, kept_until=kept_until(until))


def _life(call: Call, phonebank: Phonebank, *, live: bool) -> Response:
    if live:
        return jsonify(live=True, never=False)
    if board.is_suppressed(web.db(), call):
        return jsonify(live=False, never=True)
    said = why_gone(call, board.first_name_of(web.db(), call), phonebank)
    return jsonify(live=False, never=False, said=said)


@web.needs(web.SIGNED_IN)
def reveal(claim_id: str) -> Response:
    """Show me the number: counted, and checked once more."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    _admitted(phonebank)
    try:
        shown = revealing.reveal(
            web.db(), call=call, phonebank=phonebank, now=clock.now(), pace=_pace()
        )
    except Conflict as refusal:
        return _back(refusal, phonebank)
    return _answer(shown, phonebank)


@web.needs(web.SIGNED_IN)
def outcome(claim_id: str) -> Response:
    """What happened; then the next person, if asked for."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    try:
        report = forms.read_report(request.form)
        if report.switch and _may_go_on(phonebank):
            return _switched(call, phonebank, report)
        saved = _record(call, phonebank, report)
    except Conflict as refusal:
        return _back(refusal, phonebank)
    except Refused as refusal:
        return _mend(refusal, call, phonebank)
    following = _after(phonebank, then=report.then)
    if web.wants_json():
        return _saved_json(saved, following)
    return _saved_page(saved, following, phonebank)


@web.needs(web.SIGNED_IN)
def release(claim_id: str) -> Response:
    """Not this person: give them back."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    reason = request.form.get("reason", "")
    revealing.release(
        web.db(), call=call, phonebank=phonebank, reason=reason, now=clock.now(), pace=_pace()
    )
    if web.wants_json():
        return jsonify(released=True)
    if reason == revealing.STOP:
        flash("Thank you for calling. Nobody is kept for you any more.", "success")
        return web.see_other("phonebanks.show", public_id=phonebank.public_id)
    return web.see_other("phonebanks.call", public_id=phonebank.public_id)


def _record(call: Call, phonebank: Phonebank, report: forms.Report) -> reporting.Saved:
    return reporting.record_outcome(
        web.db(),
        call=call,
        phonebank=phonebank,
        now=clock.now(),
        outcome=report.outcome,
        client_uuid=report.client_uuid,
        answers=report.answers,
        note=report.note,
        callback_at=report.callback_at,
        language=report.language,
        anyone=report.anyone,
        spoken_to=report.spoken,
    )


def _switched(call: Call, phonebank: Phonebank, report: forms.Report) -> Response:
    """Somebody else of the household came to the telephone: the call goes on with them."""
    found = switching.switch(
        web.db(),
        call=call,
        phonebank=phonebank,
        to=report.switch,
        now=clock.now(),
        client_uuid=report.client_uuid,
        note=report.note,
        callback_at=report.callback_at,
        pace=_pace(),
    )
    if not web.wants_json():
        words = adapters.outcomes()[switching.SOMEBODY_ELSE].label
        flash(f"Saved: {words}. {switching.says(found)}", "success")
    return _answer(found, phonebank)


def _may_go_on(phonebank: Phonebank) -> bool:
    """Whether the caller is still admitted: a session may end in the middle of a call."""
    try:
        return not _admitted(phonebank).first
    except DomainError:
        return False


def _admitted(phonebank: Phonebank) -> access.Admission:
    person_id = web.visitor().person_id
    with or_its_page(phonebank.public_id):
        return access.admission_to(web.db(), phonebank, person_id, now=clock.now())


def _pace() -> bool:
    return web.settings().calling_pace


def _next(admission: access.Admission) -> Claim | Nothing:
    return dispensing.claim_next(
        web.db(),
        phonebank=admission.phonebank,
        caller_id=web.visitor().person_id,
        now=clock.now(),
        pace=_pace(),
        session_id=admission.session_id,
    )


def _answer(found: Claim | Nothing, phonebank: Phonebank) -> Response:
    if web.wants_json():
        return jsonify(_found_json(found))
    if isinstance(found, Claim):
        return web.see_other("phonebanks.call", public_id=phonebank.public_id)
    return to_nobody(phonebank.public_id, found)


def _found_json(found: Claim | Nothing) -> dict[str, Any]:
    if isinstance(found, Nothing):
        return nothing_json(found)
    return {"claim": claim_json(Held(found.call, found.contact, found.number))}


def _after(phonebank: Phonebank, *, then: str) -> Claim | Nothing:
    """The next person in the same transaction, where the caller is still admitted."""
    if then != "next":
        return Nothing("stopped")
    try:
        admission = _admitted(phonebank)
    except DomainError:
        return Nothing("session_over")
    return Nothing(admission.first) if admission.first else _next(admission)


def _saved_json(saved: reporting.Saved, following: Claim | Nothing) -> Response:
    told = {"outcome": saved.outcome, "at": saved.at.isoformat(), "late": saved.late}
    return jsonify(saved=told, **_found_json(following))


def _saved_page(
    saved: reporting.Saved, following: Claim | Nothing, phonebank: Phonebank
) -> Response:
    flash(f"Saved: {adapters.outcomes()[saved.outcome].label}", "success")
    if saved.care:
        flash("If that was a hard call, stop for as long as you like. Thank you.", "warning")
    if isinstance(following, Claim) or following.reason == "session_over":
        return web.see_other("phonebanks.call", public_id=phonebank.public_id)
    if following.reason == "stopped":
        return web.see_other("phonebanks.show", public_id=phonebank.public_id)
    return to_nobody(phonebank.public_id, following)


def _back(refusal: Conflict, phonebank: Phonebank) -> Response:
    """Somebody or something was first: say so, and show what is so now."""
    if not web.wants_json():
        flash(refusal.message, "warning")
        return web.see_other("phonebanks.call", public_id=phonebank.public_id)
    told: dict[str, Any] = {"error": refusal.message}
    if isinstance(refusal, reporting.AlreadyReported):
        stored = refusal.saved
        told["saved"] = {"outcome": stored.outcome, "at": stored.at.isoformat()}
    return make_response(jsonify(told), refusal.status)


def _mend(refusal: Refused, call: Call, phonebank: Phonebank) -> Response:
    """The same screen with what is to mend, and everything that was typed."""
    if web.wants_json():
        return make_response(jsonify(error=refusal.message, field=refusal.field), refusal.status)
    now, person_id = clock.now(), web.visitor().person_id
    sent = with_offered(request.form, refusal)
    held = board.held_claim(web.db(), person_id, now=now)
    if held is None or held.call.id != call.id:
        late = access.call_to_report_late(web.db(), phonebank.public_id, person_id, now=now)
        return late_report(*late, refusal.status, problem=refusal.message, sent=sent)
    admission = access.Admission(phonebank, "")
    return screen(admission, refusal.status, problem=refusal.message, sent=sent)
