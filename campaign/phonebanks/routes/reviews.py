"""Leads look at calls, callers read what was found; and callers whom a lead is to talk to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.words import human_when
from campaign.phonebanks import access, adapters
from campaign.phonebanks.access import looking
from campaign.phonebanks.forms.reviewing import VerdictForm
from campaign.phonebanks.models import CallReview, Phonebank
from campaign.phonebanks.operations import reviewing
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries import reviews as queries
from campaign.phonebanks.queries.reviews import Looked
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.rules.sampling import VERDICTS

SAID = {
    "ok": "All right. Here is the next.",
    "minor": "Kept. They read it on their page.",
    "serious": "Kept. They read it before their next call.",
}


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/reviews")(reviews)
    blueprint.post("/phonebanks/<public_id>/reviews/<claim_id>")(review)
    blueprint.get("/phonebanks/feedback")(feedback)
    blueprint.post("/phonebanks/feedback/<claim_id>")(feedback_read)


@web.needs(web.SIGNED_IN)
def reviews(public_id: str) -> Response:
    """The calls that were chosen to be looked at: the oldest in full, and those after it."""
    phonebank = access.phonebank_to_manage(web.db(), public_id, web.visitor().person_id)
    return _queue(phonebank, VerdictForm(formdata=None))


@web.needs(web.SIGNED_IN)
def review(public_id: str, claim_id: str) -> Response:
    """How a call was; then the next."""
    person_id = web.visitor().person_id
    phonebank, found = looking.review_to_give(web.db(), public_id, claim_id, person_id)
    form, verdict = VerdictForm(), request.form.get("verdict", "")
    if form.validate_on_submit():
        try:
            _give(found, verdict, form.feedback.data or "", person_id)
            flash(SAID[verdict], "success")
            return web.see_other("phonebanks.reviews", public_id=public_id)
        except Conflict as conflict:
            flash(conflict.message, "warning")
            return web.see_other("phonebanks.reviews", public_id=public_id)
        except Refused as refusal:
            form.refuse(refusal)
    return _queue(phonebank, form, first=found)


def _give(found: CallReview, verdict: str, said: str, actor_id: int) -> None:
    reviewing.give_verdict(
        web.db(), review=found, verdict=verdict, feedback=said, actor_id=actor_id, now=clock.now()
    )


def on_the_board(phonebank: Phonebank) -> dict[str, Any]:
    """Who was paused, who shows signs, and how many calls wait for the visitor's look."""
    db, viewer_id = web.db(), web.visitor().person_id
    watched = queries.watched(db, phonebank.id, labels=adapters.outcome_label, now=clock.now())
    return {
        "paused": [one for one in watched if one.paused_at],
        "signs": [one for one in watched if not one.paused_at],
        "waiting": queries.waiting(db, phonebank.id, viewer_id=viewer_id),
        "viewer": viewer_id,
        "clock": lambda at: f"{at.astimezone(LONDON):%H:%M}",
    }


def _queue(phonebank: Phonebank, form: VerdictForm, first: CallReview | None = None) -> Response:
    db, person_id = web.db(), web.visitor().person_id
    listed = queries.queue_of(db, phonebank.id, viewer_id=person_id)
    if first is not None:
        # What was typed belongs to this call, also where an older one has come in meanwhile.
        listed.sort(key=lambda one: one.review.call_id != first.call_id)
    opinions = access.may_export(db, phonebank, person_id)
    return web.page(
        "phonebanks/reviews.html",
        form.code,
        phonebank=phonebank,
        form=form,
        waiting=queries.waiting(db, phonebank.id, viewer_id=person_id),
        first=_in_full(listed[0], opinions=opinions) if listed else None,
        others=[_line(one) for one in listed[1:]],
    )


def _line(one: Looked) -> dict[str, Any]:
    call = one.call
    assert call.reported_at is not None
    return {
        "id": call.public_id,
        "name": one.first_name or "Somebody",
        "town": one.town,
        "caller": one.caller,
        "outcome": adapters.outcomes()[str(call.result_code)].label,
        "when": human_when(call.reported_at, None, LONDON),
        "took": _took(one.seconds),
    }


def _took(seconds: int) -> str:
    minutes, rest = divmod(max(seconds, 0), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _in_full(one: Looked, *, opinions: bool) -> dict[str, Any]:
    answers = []
    for step in queries.script_steps(web.db(), one.call):
        chosen = one.call.answers.get(step["key"])
        if chosen is None:
            continue
        labels = {option["key"]: option["label"] for option in step.get("options") or []}
        hidden = step.get("opinion") and not opinions
        said = "An opinion: organisers read it" if hidden else labels.get(chosen, chosen)
        answers.append((step["say"], said))
    return {
        **_line(one),
        "shown": one.call.revealed_at is not None,
        "late": one.call.late,
        "inbound": one.call.inbound,
        "note": one.call.note,
        "answers": answers,
    }


@web.needs(web.SIGNED_IN)
def feedback() -> Response:
    """What leads said of my calls."""
    db, person_id = web.db(), web.visitor().person_id
    said = [
        {
            **_line(one),
            "title": title,
            "verdict": one.review.verdict,
            "words": VERDICTS[str(one.review.verdict)],
            "feedback": one.review.feedback,
            "read": one.review.read_at is not None or one.review.verdict == "ok",
        }
        for one, title in queries.said_of(db, person_id)
    ]
    back = request.args.get("from", "")
    return web.page(
        "phonebanks/feedback.html",
        said=said,
        found_right=queries.found_right(db, person_id),
        must_read=any(one["verdict"] == "serious" and not one["read"] for one in said),
        bank=board.phonebank_by_public_id(db, back) if back else None,
    )


@web.needs(web.SIGNED_IN)
def feedback_read(claim_id: str) -> Response:
    """I have read it."""
    found = looking.review_of_mine(web.db(), claim_id, web.visitor().person_id)
    reviewing.note_read(web.db(), review=found, now=clock.now())
    flash("Thank you for reading it.", "success")
    return web.see_other("phonebanks.feedback", **_from())


def _from() -> dict[str, str]:
    back = request.form.get("from", "")
    return {"from": back} if back.replace("-", "").isalnum() else {}
