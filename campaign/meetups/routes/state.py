"""What phones, the screen and the desk ask every few seconds: has anything changed?"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request

from campaign.foundation import clock, web
from campaign.meetups.queries.glances import Glance
from campaign.meetups.queries.parts import Seen
from campaign.meetups.routes.here import COOKIE
from campaign.meetups.routes.looking import is_same, look, phone_of


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/m/<code>/state")(state)


@web.public
def state(code: str) -> Response:
    """304 while nothing has changed since version ``v``, otherwise what the room is.

    A phone says with ``p`` what its page looks like, and hears nothing of what it does not show.
    """
    seen, shows = request.args.get("v", ""), request.args.get("p", "")
    newest = seen if seen.isascii() and seen.isdigit() and len(seen) < 10 else "0"
    room = look(code.upper(), int(newest))
    phone = phone_of(room, request.cookies.get(COOKIE))
    if is_same(room, phone, newest=newest, shows=shows):
        return make_response("", 304)
    answer = jsonify(_told(room, phone))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(room: Glance, phone: Seen | None) -> dict[str, object]:
    table = room.table_of(phone) if phone else None
    return {
        "version": str(room.version),
        "phase": room.phase.value,
        "ends_at": room.ends_at,
        "now": clock.now().isoformat(),
        "page": room.page_key(phone),
        # Where a page is other only in what all show, phones load it within so many seconds.
        "spread": room.spread_s,
        "you": {
            "number": phone.number,
            "table": table[0] if table else None,
            "colour": table[1] if table else None,
        }
        if phone
        else None,
        "counts": {
            "here": room.counts.here,
            "expected": room.counts.expected,
            "hands": room.counts.hands,
            "committed": room.counts.committed,
            "published": room.counts.published,
        },
    }
