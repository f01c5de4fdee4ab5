"""A call goes over to the caller's phone: a code on the desk's screen, one button on the phone."""

from __future__ import annotations

from io import BytesIO
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, url_for

from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict
from campaign.phonebanks import access
from campaign.phonebanks.operations import revealing
from campaign.phonebanks.queries.sharing import who_is_asked_for
from campaign.phonebanks.routes.claims import admitted, back, pace
from campaign.phonebanks.routes.nobody import to_nobody
from campaign.phonebanks.routes.screen import frame, number_shown
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.hand_over import key_for


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/claims/<claim_id>/phone.svg")(phone_code)
    blueprint.get("/ring/<handed>")(on_phone)
    blueprint.post("/ring/<handed>")(ring)


@web.needs(web.SIGNED_IN)
def phone_code(claim_id: str) -> Response:
    """The code that opens this call on the caller's phone; a new one each time it is fetched."""
    held, _ = access.claim_in_hand(web.db(), claim_id, web.visitor().person_id, now=clock.now())
    key = key_for(
        claim_id,
        held.call.caller_id,
        now=clock.now(),
        expires_at=held.call.expires_at,
        secret=str(web.settings().secret_key),
    )
    address = web.settings().base_url + url_for("phonebanks.on_phone", handed=key)
    out = BytesIO()
    made = segno.make(address, error="m", micro=False)
    made.save(out, kind="svg", border=2, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    response = Response(out.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@web.needs(web.SIGNED_IN)
def on_phone(handed: str) -> Response:
    """One button. The number is not here before it was asked for, whatever the desk shows."""
    return _page(_handed(handed), handed, ringing=False)


@web.needs(web.SIGNED_IN)
def ring(handed: str) -> Response:
    """The number, counted and checked as on the desk's screen, and the phone's own dialler."""
    found = _handed(handed)
    admitted(found.phonebank)
    try:
        shown = revealing.reveal(
            web.db(),
            call=found.held.call,
            phonebank=found.phonebank,
            now=clock.now(),
            pace=pace(),
            dialling=True,
        )
    except Conflict as refusal:
        return back(refusal, found.phonebank)
    if isinstance(shown, Nothing):
        return to_nobody(found.phonebank.public_id, shown)
    return _page(found, handed, ringing=True)


def _handed(key: str) -> access.Handed:
    return access.call_handed_over(
        web.db(),
        key,
        web.visitor().person_id,
        now=clock.now(),
        secret=str(web.settings().secret_key),
    )


def _page(handed: access.Handed, key: str, *, ringing: bool) -> Response:
    now, held = clock.now(), handed.held
    admission = access.Admission(handed.phonebank, "")
    page = web.page(
        "phonebanks/on_phone.html",
        key=key,
        name=who_is_asked_for(web.db(), held.contact),
        town=held.contact.town,
        there=f"{now.astimezone(ZoneInfo(held.number.time_zone)):%H:%M}",
        number=number_shown(held) if ringing else None,
        left=int((handed.until - now).total_seconds()),
        state="is-on-phone",
        **frame(admission, now),
    )
    page.headers["Cache-Control"] = "no-store"
    return page
