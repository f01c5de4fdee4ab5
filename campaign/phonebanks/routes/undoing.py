"""Taking back the report just sent: a button on the next page, and the key U."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict
from campaign.phonebanks import access
from campaign.phonebanks.operations import undoing
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.routes.claims import admitted, answer, back
from campaign.phonebanks.routes.screen import claim_json
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.trust import HELD_BACK


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/claims/<claim_id>/undo")(undo)


@web.needs(web.SIGNED_IN)
def undo(claim_id: str) -> Response:
    """My report was wrong: give me this call again."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    first = admitted(phonebank).first
    if first == HELD_BACK:
        # The call would be open again with its number.
        return answer(Nothing(first), phonebank)
    try:
        again = undoing.undo(
            web.db(),
            call=call,
            phonebank=phonebank,
            report=request.form.get("report", "")[:64],
            now=clock.now(),
        )
    except Conflict as refusal:
        # Nothing of it stands, such as the next person given back.
        web.undo()
        return back(refusal, access.claim_of(web.db(), claim_id, web.visitor().person_id)[1])
    if web.wants_json():
        return jsonify(claim=claim_json(Held(again.call, again.contact, again.number)))
    flash(f"This call with {again.contact.first_name or 'them'} is open again.", "success")
    return web.see_other("phonebanks.call", public_id=phonebank.public_id)
