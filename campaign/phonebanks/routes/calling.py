"""The calling screen's own page, and what comes before the first call."""

from __future__ import annotations

from flask import Blueprint, Response

from campaign.foundation import clock, web
from campaign.foundation.errors import NotAllowed
from campaign.phonebanks import access
from campaign.phonebanks.routes.coaching import hub, wants_quiz
from campaign.phonebanks.routes.screen import late_report, late_step, or_its_page, screen
from campaign.phonebanks.rules.trust import FEEDBACK


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/call")(call)
    blueprint.get("/phonebanks/<public_id>/call/late")(late)


@web.needs(web.SIGNED_IN)
def call(public_id: str) -> Response:
    """The person in one's hands, or why there is nobody."""
    person_id = web.visitor().person_id
    try:
        with or_its_page(public_id):
            admission = access.phonebank_to_call(web.db(), public_id, person_id, now=clock.now())
    except access.NotYet as early:
        if early.first not in ("practise", "agree"):
            raise
        return hub(early.phonebank, opens=early.message)
    except NotAllowed as refusal:
        # A session that ended in the middle of a call: what was said can still be noted.
        held = access.call_in_hand(web.db(), public_id, person_id, now=clock.now())
        if held is None:
            refusal.steps += late_step(public_id)
            raise
        return screen(held)
    return _before(admission) or screen(admission)


def _before(admission: access.Admission) -> Response | None:
    """What is to be done before the next person comes."""
    public_id = admission.phonebank.public_id
    if admission.first == "agree":
        return web.see_other("phonebanks.agree", public_id=public_id)
    if admission.first == FEEDBACK:
        return web.see_other("phonebanks.feedback", **{"from": public_id})
    if admission.first == "practise":
        return hub(admission.phonebank)
    if admission.phonebank.is_practice and wants_quiz(web.visitor().person_id):
        return web.see_other("phonebanks.quiz")
    return None


@web.needs(web.SIGNED_IN)
def late(public_id: str) -> Response:
    """How my last call went, which ended before I could say so."""
    person_id = web.visitor().person_id
    found = access.call_to_report_late(web.db(), public_id, person_id, now=clock.now())
    return late_report(*found)
