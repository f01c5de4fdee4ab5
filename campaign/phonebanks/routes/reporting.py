"""What happened on a call: the report, and the next person with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, request

from campaign.events.messages import Mail as EventsMail
from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict, DomainError, Refused
from campaign.foundation.letters import LetterWriter
from campaign.phonebanks import access, adapters, forms
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations import (
    at_once,
    promising,
    reporting,
    suspending,
    switching,
    undoing,
)
from campaign.phonebanks.operations.at_once import Kept, Next, Taken
from campaign.phonebanks.operations.dispensing import Claim
from campaign.phonebanks.operations.enrolling import Wish
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.at_hand import AtHand
from campaign.phonebanks.routes.claims import (
    admitted,
    answer,
    back,
    found_json,
    next_for,
    pace,
)
from campaign.phonebanks.routes.coaching import wants_quiz
from campaign.phonebanks.routes.exporting import mail
from campaign.phonebanks.routes.nobody import to_nobody
from campaign.phonebanks.routes.screen import late_report, screen, with_offered
from campaign.phonebanks.rules.claims import USUAL_PACE, Nothing

# After these the next page is not the calling screen.
AWAY = ("stopped", "session_over")


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/claims/<claim_id>/outcome")(outcome)


@web.needs(web.SIGNED_IN)
@web.keeps_typing
def outcome(claim_id: str) -> Response:
    """What happened; then the next person, if asked for."""
    person_id = web.visitor().person_id
    found = access.call_at_hand(
        web.db(), claim_id, person_id, now=clock.now(), pace=pace() or USUAL_PACE
    )
    kept = _at_once(found)
    if kept is None:
        return _the_long_way(claim_id)
    following = kept.taken or _after(access.phonebank_of(web.db(), found))
    return _saved(kept.saved, following, found.terms.public_id)


def _at_once(found: AtHand) -> Kept | None:
    """The everyday report in one statement; None sends every other the long way."""
    try:
        report = forms.read_report(request.form)
        chosen, now = adapters.outcomes()[report.outcome], clock.now()
        more: object = report.answers or report.callback_at or report.language or report.switch
        more = more or report.sign_ups or report.spoken is not None
        if more or not report.client_uuid or not at_once.is_everyday(found, chosen, now=now):
            return None
        return at_once.report_at_once(
            web.db(),
            found=found,
            outcome=chosen,
            client_uuid=report.client_uuid,
            note=report.note,
            following=_wanted(found, report.then),
            now=now,
            script=report.script,
        )
    except Refused:
        return None


def _wanted(found: AtHand, then: str) -> Next | None:
    """The next person, where the caller asks for one and is still admitted."""
    if then != "next":
        return None
    if access.is_simply_admitted(found, web.visitor().roles):
        return Next(pace=pace())
    try:
        admission = admitted(access.phonebank_of(web.db(), found))
    except DomainError:
        return None
    return None if admission.first else Next(admission.session_id, pace=pace())


def _the_long_way(claim_id: str) -> Response:
    web.undo()
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    try:
        report = forms.read_report(request.form)
        if report.switch and _may_go_on(phonebank):
            return _switched(call, phonebank, report)
        if suspending.waits_for_a_lead(web.db(), call.caller_id, report.outcome):
            return _kept_aside(call, phonebank, report)
        saved = _record(call, phonebank, report)
    except Conflict as refusal:
        return back(refusal, phonebank)
    except Refused as refusal:
        return _mend(refusal, call, phonebank)
    return _saved(saved, _after(phonebank), phonebank.public_id, coached=phonebank.is_practice)


def _kept_aside(call: Call, phonebank: Phonebank, report: forms.Report) -> Response:
    """Somebody whose calling was stopped reports: it is kept, and a lead looks at it."""
    saved = suspending.keep_aside(web.db(), call=call, now=clock.now(), said=_said(report))
    if web.wants_json():
        return _saved(saved, Nothing("session_over"), phonebank.public_id)
    flash("Your report is kept, and a lead looks at it.", "success")
    return web.see_other("phonebanks.show", public_id=phonebank.public_id)


def _said(report: forms.Report) -> dict[str, Any]:
    return {
        "outcome": report.outcome,
        "client_uuid": report.client_uuid,
        "answers": report.answers,
        "note": report.note,
        "callback_at": report.callback_at,
        "language": report.language,
        "anyone": report.anyone,
        "spoken_to": report.spoken,
        "script_number": report.script,
    }


def _record(call: Call, phonebank: Phonebank, report: forms.Report) -> reporting.Saved:
    saved = reporting.record_outcome(
        web.db(),
        call=call,
        phonebank=phonebank,
        now=clock.now(),
        **_said(report),
        wish=Wish(report.sign_ups, report.by_mail, _events_mail()),
    )
    if report.callback_at and not saved.repeated:
        promising.write_promise(web.db(), call=call, mail=mail(), now=clock.now())
    return saved


def _events_mail() -> EventsMail:
    settings = web.settings()
    return EventsMail(LetterWriter(settings), settings.base_url)


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
        pace=pace(),
    )
    if not web.wants_json():
        words = adapters.outcomes()[switching.SOMEBODY_ELSE].label
        flash(f"Saved: {words}. {switching.says(found)}", "success")
    return answer(found, phonebank)


def _may_go_on(phonebank: Phonebank) -> bool:
    """Whether the caller is still admitted: a session may end in the middle of a call."""
    try:
        return not admitted(phonebank).first
    except DomainError:
        return False


def _after(phonebank: Phonebank) -> Claim | Nothing:
    """The next person in the same transaction, where the caller is still admitted."""
    if request.form.get("then", "stop") != "next":
        return Nothing("training" if phonebank.is_practice else "stopped")
    try:
        admission = admitted(phonebank)
    except DomainError:
        return Nothing("session_over")
    if phonebank.is_practice and wants_quiz(web.visitor().person_id):
        return Nothing("quiz")
    return Nothing(admission.first) if admission.first else next_for(admission)


def _saved(
    saved: reporting.Saved,
    following: Claim | Taken | Nothing,
    bank: str,
    *,
    coached: bool = False,
) -> Response:
    if web.wants_json():
        told = {"outcome": saved.outcome, "at": saved.at.isoformat(), "late": saved.late}
        return jsonify(saved=told, **found_json(following))
    # In practice the coach says whether it was right: "Saved" would say that it was.
    if not coached:
        _say_saved(saved, following)
    return _saved_page(following, bank)


def _say_saved(saved: reporting.Saved, following: Claim | Taken | Nothing) -> None:
    # Where it can be undone, the calling screen says so by itself, with the button.
    away = isinstance(following, Nothing) and following.reason in AWAY
    toast = undoing.can_be_undone(saved.outcome) and not (away or saved.late or saved.repeated)
    words = () if toast else (f"Saved: {adapters.outcomes()[saved.outcome].label}",)
    if words or saved.signed_up:
        flash(". ".join((*words, *saved.signed_up)), "success")
    if saved.care:
        flash("If that was a hard call, stop for as long as you like. Thank you.", "warning")


def _saved_page(following: Claim | Taken | Nothing, bank: str) -> Response:
    if not isinstance(following, Nothing) or following.reason == "session_over":
        return web.see_other("phonebanks.call", public_id=bank)
    if following.reason == "stopped":
        return web.see_other("phonebanks.show", public_id=bank)
    return to_nobody(bank, following)


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
