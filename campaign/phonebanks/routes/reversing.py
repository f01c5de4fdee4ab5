"""A caller as a lead sees them: what they did is taken back, and reports that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.people.models import Person
from campaign.phonebanks import access, adapters
from campaign.phonebanks.access.held import report_to_decide
from campaign.phonebanks.forms.reversing import LONDON, Wanted, read_wanted
from campaign.phonebanks.models import Phonebank, Reversal
from campaign.phonebanks.operations import reversing, suspending
from campaign.phonebanks.queries import board, callers, quarantine
from campaign.phonebanks.queries import taking_out as queries
from campaign.phonebanks.routes.exporting import mail
from campaign.phonebanks.rules.trust import Trust

CALLER = "/phonebanks/<public_id>/callers/<caller_id>"


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get(CALLER)(caller)
    blueprint.post(f"{CALLER}/reverse")(reverse)
    blueprint.post(f"{CALLER}/reports/<claim_id>")(decide_on_report)


@web.needs(web.SIGNED_IN)
def caller(public_id: str, caller_id: str) -> Response:
    """What taking back would do, whether they may call, and reports that wait."""
    phonebank, person = _found(public_id, caller_id)
    try:
        wanted = read_wanted(request.args)
    except Refused as refusal:
        return _page(phonebank, person, Wanted(None, False), refusal)
    return _page(phonebank, person, wanted)


@web.needs(web.SIGNED_IN)
def reverse(public_id: str, caller_id: str) -> Response:
    """Take it back: all of it, in one action."""
    phonebank, person = _found(public_id, caller_id)
    wanted = Wanted(None, False)
    try:
        wanted = read_wanted(request.form)
        made = reversing.reverse(
            web.db(),
            caller=person,
            phonebanks=_banks(phonebank, person, wanted),
            since=wanted.since or _today(),
            actor_id=web.visitor().person_id,
            mail=mail(),
            now=clock.now(),
        )
    except Refused as refusal:
        web.undo()
        return _page(*_found(public_id, caller_id), wanted, refusal)
    done = "Taken back" if made.finished_at else "It has begun"
    flash(f"{done}: {made.calls:,} {'call' if made.calls == 1 else 'calls'}.", "success")
    return _back(public_id, caller_id)


@web.needs(web.SIGNED_IN)
def decide_on_report(public_id: str, caller_id: str, claim_id: str) -> Response:
    """A report that waits counts, or does not."""
    phonebank, _ = _found(public_id, caller_id)
    person_id = web.visitor().person_id
    report = report_to_decide(web.db(), public_id, claim_id, person_id)
    applied = request.form.get("decision") == "apply"
    suspending.decide(
        web.db(),
        report=report,
        phonebank=phonebank,
        apply=applied,
        actor_id=person_id,
        now=clock.now(),
    )
    flash("It counts now." if applied else "It does not count.", "success")
    return _back(public_id, caller_id)


def _found(public_id: str, caller_id: str) -> tuple[Phonebank, Person]:
    return access.caller_to_manage(web.db(), public_id, caller_id, web.visitor().person_id)


def _back(public_id: str, caller_id: str) -> Response:
    return web.see_other("phonebanks.caller", public_id=public_id, caller_id=caller_id)


def _today() -> datetime:
    return clock.now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)


def _banks(phonebank: Phonebank, person: Person, wanted: Wanted) -> list[Phonebank]:
    """This phonebank first; with it the others they called for that the visitor manages."""
    others = _others(phonebank, person, wanted.since or _today()) if wanted.everywhere else []
    return [phonebank, *others]


def _others(phonebank: Phonebank, person: Person, since: datetime) -> list[Phonebank]:
    db, person_id = web.db(), web.visitor().person_id
    found = queries.called_for(db, person.id, since=since)
    return [
        bank for bank in found if bank.id != phonebank.id and access.may_manage(db, bank, person_id)
    ]


def _page(
    phonebank: Phonebank, person: Person, wanted: Wanted, refusal: Refused | None = None
) -> Response:
    db, since = web.db(), wanted.since or _today()
    profile = callers.profile_of(db, person.id)
    return web.page(
        "phonebanks/caller.html",
        refusal.status if refusal else 200,
        phonebank=phonebank,
        person=person,
        problem=refusal.message if refusal else "",
        wanted=Wanted(since, wanted.everywhere),
        since_words=human_when(since, None, LONDON),
        others=_others(phonebank, person, since),
        found=reversing.preview(
            db,
            caller_id=person.id,
            phonebanks=_banks(phonebank, person, wanted),
            since=since,
        ),
        suspended=profile is not None and profile.trust == Trust.SUSPENDED,
        manages=person.id in board.managers(db, phonebank),
        reports=[_report(*one) for one in quarantine.waiting(db, phonebank.id, person.id)],
        reversals=[_reversal(one) for one in queries.reversals_of(db, phonebank.id, person.id)],
    )


def _report(claim_id: str, outcome: str, first_name: str, at: datetime) -> dict[str, Any]:
    return {
        "claim_id": claim_id,
        "label": adapters.outcomes()[outcome].label,
        "name": first_name or "Somebody",
        "when": human_when(at, None, LONDON),
    }


def _reversal(one: Reversal) -> dict[str, Any]:
    return {
        "when": human_when(one.made_at, None, LONDON),
        "since": human_when(one.since, None, LONDON),
        "calls": one.calls,
        "done": one.done,
        "finished": one.finished_at is not None,
    }
