"""The steps of a call: claim, reveal, report, give back. Forms for people, JSON for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict
from campaign.people.operations import note_ringing
from campaign.phonebanks import access
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations import dialling, dispensing, reporting, revealing
from campaign.phonebanks.operations.at_once import Taken
from campaign.phonebanks.operations.dispensing import Claim
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.queries.helping import word_for
from campaign.phonebanks.routes.nobody import to_nobody, why_gone
from campaign.phonebanks.routes.screen import (
    claim_json,
    kept_until,
    nothing_json,
    or_its_page,
    taken_json,
)
from campaign.phonebanks.rules.claims import Nothing, Pace
from campaign.phonebanks.rules.trust import HELD_BACK


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/phonebanks/<public_id>/claims")(claim)
    blueprint.get("/claims/<claim_id>")(still_mine)
    blueprint.post("/claims/<claim_id>/extend")(extend)
    blueprint.post("/claims/<claim_id>/reveal")(reveal)
    blueprint.post("/claims/<claim_id>/dial")(dial)
    blueprint.post("/claims/<claim_id>/release")(release)


@web.needs(web.SIGNED_IN)
def claim(public_id: str) -> Response:
    """Hand me the next person; the one I have, if I have one."""
    person_id = web.visitor().person_id
    with or_its_page(public_id):
        admission = access.phonebank_to_call(web.db(), public_id, person_id, now=clock.now())
    if admission.first:
        return answer(Nothing(admission.first), admission.phonebank)
    return answer(next_for(admission), admission.phonebank)


@web.needs(web.SIGNED_IN)
def still_mine(claim_id: str) -> Response:
    """Whether the person is still in my hands: the screen asks, and flips when they are not."""
    person_id = web.visitor().person_id
    call, phonebank = access.claim_of(web.db(), claim_id, person_id)
    held = board.held_claim(web.db(), person_id, now=clock.now())
    if held is not None and held.call.id == call.id:
        word = word_for(web.db(), phonebank.id, person_id, now=clock.now()).version
        return jsonify(live=True, never=False, shown=call.revealed_at is not None, word=word)
    return _life(call, phonebank)


@web.needs(web.SIGNED_IN)
def extend(claim_id: str) -> Response:
    """My screen is open: keep the person for me a while longer, if you will."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    until = revealing.extend(web.db(), call=call, phonebank=phonebank, now=clock.now())
    if until is None:
        return _life(call, phonebank)
    return jsonify(live=True, never=False, kept_until=kept_until(until))


def _life(call: Call, phonebank: Phonebank) -> Response:
    if board.is_suppressed(web.db(), call):
        return jsonify(live=False, never=True)
    said = why_gone(call, board.first_name_of(web.db(), call), phonebank)
    return jsonify(live=False, never=False, said=said)


@web.needs(web.SIGNED_IN)
def reveal(claim_id: str) -> Response:
    """Show me the number: counted, and checked once more."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    first = admitted(phonebank).first
    if first == HELD_BACK:
        return answer(Nothing(first), phonebank)
    try:
        shown = revealing.reveal(
            web.db(),
            call=call,
            phonebank=phonebank,
            now=clock.now(),
            pace=pace(),
            dialling=request.form.get("dialling") == "yes",
        )
    except Conflict as refusal:
        return back(refusal, phonebank)
    if not phonebank.is_practice:
        note_ringing(web.db(), token=web.visitor().token, now=clock.now())
    return answer(shown, phonebank)


@web.needs(web.SIGNED_IN)
def dial(claim_id: str) -> Response:
    """I go on to ring: the link was tapped, or the number copied. The screen tells it unseen."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    told = dialling.note_dialled(web.db(), call=call, phonebank=phonebank, now=clock.now())
    return jsonify(dialled=told)


@web.needs(web.SIGNED_IN)
def release(claim_id: str) -> Response:
    """Not this person: give them back."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    reason = request.form.get("reason", "")
    revealing.release(
        web.db(), call=call, phonebank=phonebank, reason=reason, now=clock.now(), pace=pace()
    )
    if web.wants_json():
        return jsonify(released=True)
    if reason == revealing.STOP and phonebank.is_practice:
        return web.see_other("phonebanks.train")
    if reason == revealing.STOP:
        flash("Thank you for calling. Nobody is kept for you any more.", "success")
        return web.see_other("phonebanks.show", public_id=phonebank.public_id)
    return web.see_other("phonebanks.call", public_id=phonebank.public_id)


def admitted(phonebank: Phonebank) -> access.Admission:
    """Whether I may still call there; NotAllowed with what to do about it."""
    person_id = web.visitor().person_id
    with or_its_page(phonebank.public_id):
        return access.admission_to(web.db(), phonebank, person_id, now=clock.now())


def pace() -> Pace | None:
    """How fast a caller may go; None in load tests alone."""
    settings = web.settings()
    if not settings.calling_pace:
        return None
    return Pace(settings.newcomer_calls, settings.newcomer_reveals_an_hour)


def next_for(admission: access.Admission) -> Claim | Nothing:
    """The next person for me."""
    return dispensing.claim_next(
        web.db(),
        phonebank=admission.phonebank,
        caller_id=web.visitor().person_id,
        now=clock.now(),
        pace=pace(),
        session_id=admission.session_id,
    )


def answer(found: Claim | Nothing, phonebank: Phonebank) -> Response:
    """The person in my hands, or why there is nobody."""
    if web.wants_json():
        return jsonify(found_json(found))
    if isinstance(found, Claim):
        return web.see_other("phonebanks.call", public_id=phonebank.public_id)
    return to_nobody(phonebank.public_id, found)


def found_json(found: Claim | Taken | Nothing) -> dict[str, Any]:
    """Who comes next, or why there is nobody, for programs."""
    if isinstance(found, Nothing):
        return nothing_json(found)
    if isinstance(found, Taken):
        return {"claim": taken_json(found)}
    return {"claim": claim_json(Held(found.call, found.contact, found.number))}


def back(refusal: Conflict, phonebank: Phonebank) -> Response:
    """Somebody or something was first: say so, and show what is so now."""
    if not web.wants_json():
        flash(refusal.message, "warning")
        return web.see_other("phonebanks.call", public_id=phonebank.public_id)
    told: dict[str, Any] = {"error": refusal.message}
    if isinstance(refusal, reporting.AlreadyReported):
        stored = refusal.saved
        told["saved"] = {"outcome": stored.outcome, "at": stored.at.isoformat()}
    return make_response(jsonify(told), refusal.status)
