"""The lead's board: who is calling, who is left and why; taking a caller off at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash

from campaign.foundation import clock, web
from campaign.foundation.words import human_day
from campaign.phonebanks import access, adapters
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import removing, taking_back
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import board, queue, screening
from campaign.phonebanks.routes import reviews
from campaign.phonebanks.routes.nobody import LONDON
from campaign.phonebanks.rules.claims import is_over
from campaign.phonebanks.rules.wording import REASONS

TAKEN = "Taken back. What they said on the phone can still be noted."
NOT_HELD = "Nobody holds this person any more: the call is over. Nothing was changed."


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/lead")(lead)
    blueprint.post("/phonebanks/<public_id>/callers/<caller_id>/remove")(remove)
    blueprint.post("/phonebanks/<public_id>/callers/<caller_id>/let-back")(let_back)
    blueprint.post("/phonebanks/<public_id>/claims/<claim_id>/take-back")(take_back)


@web.needs(web.SIGNED_IN)
def lead(public_id: str) -> Response:
    """The board; htmx asks for its moving part every few seconds."""
    phonebank = access.phonebank_to_manage(web.db(), public_id, web.visitor().person_id)
    template = "phonebanks/_board.html" if web.is_fragment() else "phonebanks/lead.html"
    may_export = access.may_export(web.db(), phonebank, web.visitor().person_id)
    quality = reviews.on_the_board(phonebank)
    return web.page(template, **_counts(phonebank), may_export=may_export, quality=quality)


@web.needs(web.SIGNED_IN)
def remove(public_id: str, caller_id: str) -> Response:
    """This person calls no more, from this moment on."""
    actor_id = web.visitor().person_id
    phonebank, caller = access.caller_to_manage(web.db(), public_id, caller_id, actor_id)
    removing.remove(
        web.db(), phonebank=phonebank, person=caller, actor_id=actor_id, now=clock.now()
    )
    flash(f"{caller.name} is off: nobody is shown to them any more.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def let_back(public_id: str, caller_id: str) -> Response:
    """This person may call again."""
    actor_id = web.visitor().person_id
    phonebank, caller = access.caller_to_manage(web.db(), public_id, caller_id, actor_id)
    removing.let_back(web.db(), phonebank=phonebank, person=caller, actor_id=actor_id)
    flash(f"{caller.name} may call again.", "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


@web.needs(web.SIGNED_IN)
def take_back(public_id: str, claim_id: str) -> Response:
    """Whoever holds this person holds them no more."""
    actor_id = web.visitor().person_id
    phonebank, call = access.claim_to_take_back(web.db(), public_id, claim_id, actor_id)
    taken = taking_back.take_back(
        web.db(), phonebank=phonebank, call=call, actor_id=actor_id, now=clock.now()
    )
    flash(TAKEN if taken else NOT_HELD, "success")
    return web.see_other("phonebanks.lead", public_id=public_id)


def _counts(phonebank: Phonebank) -> dict[str, Any]:
    now = clock.now()
    found = queue.reasons(web.db(), phonebank, moment_of(phonebank, now=now))
    reasons = [
        (words, css, found[name]) for name, (words, css) in REASONS.items() if found.get(name)
    ]
    bars, start = [], 0
    for words, css, count in reasons:
        bars.append((words, css.replace("k", "r"), start, count))
        start += count
    return {
        "phonebank": phonebank,
        "progress": board.progress(web.db(), phonebank.id),
        "callers": board.callers(web.db(), phonebank.id, now=now),
        "managers": board.managers(web.db(), phonebank),
        "removed": board.removed(web.db(), phonebank.id),
        "reasons": reasons,
        "bars": bars,
        "total": start,
        "ready": found.get("ready", 0),
        "tps": screening.tps_warning(web.db(), phonebank.id, now=now),
        "day": lambda at: human_day(at.astimezone(LONDON).date()),
        "languages": board.languages_needed(web.db(), phonebank.id),
        "ended": [
            (adapters.outcomes()[code].label, count)
            for code, count in board.outcomes_of(web.db(), phonebank.id)
        ],
        "now": now,
        "over": is_over(phonebank.status, closes_at=phonebank.closes_at, now=now),
    }
