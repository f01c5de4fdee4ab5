"""The calling screen's own page, and what comes before the first call."""

from __future__ import annotations

from flask import Blueprint, Response

from campaign.foundation import clock, web
from campaign.foundation.errors import NotAllowed
from campaign.phonebanks import access, forms
from campaign.phonebanks.operations import setup
from campaign.phonebanks.queries import board
from campaign.phonebanks.routes.screen import late_report, late_step, or_its_page, screen
from campaign.phonebanks.rules.trust import FEEDBACK


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/<public_id>/call")(call)
    blueprint.get("/phonebanks/<public_id>/call/late")(late)
    blueprint.route("/phonebanks/<public_id>/agree", methods=["GET", "POST"])(agree)


@web.needs(web.SIGNED_IN)
def call(public_id: str) -> Response:
    """The person in one's hands, or why there is nobody."""
    person_id = web.visitor().person_id
    try:
        with or_its_page(public_id):
            admission = access.phonebank_to_call(web.db(), public_id, person_id, now=clock.now())
    except NotAllowed as refusal:
        # A session that ended in the middle of a call: what was said can still be noted.
        held = access.call_in_hand(web.db(), public_id, person_id, now=clock.now())
        if held is None:
            refusal.steps += late_step(public_id)
            raise
        return screen(held)
    if admission.first == "agree":
        return web.see_other("phonebanks.agree", public_id=public_id)
    if admission.first == FEEDBACK:
        return web.see_other("phonebanks.feedback", **{"from": public_id})
    if admission.first == "practise":
        practice = board.practice_phonebank(web.db())
        return web.page(
            "phonebanks/practise.html", phonebank=admission.phonebank, practice=practice
        )
    return screen(admission)


@web.needs(web.SIGNED_IN)
def late(public_id: str) -> Response:
    """How my last call went, which ended before I could say so."""
    person_id = web.visitor().person_id
    found = access.call_to_report_late(web.db(), public_id, person_id, now=clock.now())
    return late_report(*found)


@web.needs(web.SIGNED_IN)
def agree(public_id: str) -> Response:
    """What a caller promises, once."""
    person_id = web.visitor().person_id
    with or_its_page(public_id):
        admission = access.phonebank_to_call(web.db(), public_id, person_id, now=clock.now())
    form = forms.AgreeForm()
    if form.validate_on_submit():
        setup.agree(web.db(), person_id=person_id, now=clock.now())
        return web.see_other("phonebanks.call", public_id=public_id)
    return web.page("phonebanks/agree.html", form.code, form=form, phonebank=admission.phonebank)
