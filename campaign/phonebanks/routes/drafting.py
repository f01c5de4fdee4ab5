"""What stands in the form of a call before it is sent off; and the key for what waits sealed."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from campaign.foundation import clock, tokens, web
from campaign.phonebanks import access, forms
from campaign.phonebanks.operations import drafting


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.post("/claims/<claim_id>/draft")(draft)
    blueprint.get("/claims/<claim_id>/seal")(seal)


@web.needs(web.SIGNED_IN)
def draft(claim_id: str) -> Response:
    """Keep what is chosen and written so far; asked for by the page itself, now and then."""
    call, phonebank = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    sent, note = forms.read_draft(request.form)
    drafting.keep_draft(
        web.db(), call=call, phonebank=phonebank, sent=sent, note=note, now=clock.now()
    )
    return jsonify(kept=True)


@web.needs(web.SIGNED_IN)
def seal(claim_id: str) -> Response:
    """The key for what this caller's browser has sealed of this call, and for nobody else."""
    call, _ = access.claim_of(web.db(), claim_id, web.visitor().person_id)
    return jsonify(seal=seal_of(call.public_id))


def seal_of(claim_id: str) -> str:
    """A key that is the same for the same call of the same caller; the browser never stores it."""
    what = f"seal:{claim_id}:{web.visitor().public_id}"
    return tokens.derived(what, secret=web.settings().secret_key)
