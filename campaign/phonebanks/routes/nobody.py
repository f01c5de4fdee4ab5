"""The calling screen without anybody on it: why, until when, and what to do meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request

from campaign.foundation import clock, web
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.dispensing import outlook
from campaign.phonebanks.operations.reporting import LATEST_REPORT
from campaign.phonebanks.operations.taking_back import BY_LEAD
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Held
from campaign.phonebanks.rules.claims import BETWEEN_CLAIMS, Nothing, is_over
from campaign.phonebanks.rules.hours import HOME
from campaign.phonebanks.rules.trust import HELD_BACK
from campaign.phonebanks.rules.wording import gone, state_of

LONDON = ZoneInfo("Europe/London")


def to_nobody(public_id: str, nothing: Nothing) -> Response:
    """After a form: the calling screen, which says why there is nobody."""
    if nothing.reason in ("quiz", "training"):
        return web.see_other("phonebanks.quiz" if nothing.reason == "quiz" else "phonebanks.train")
    return web.see_other(
        "phonebanks.call",
        public_id=public_id,
        why=nothing.reason,
        until=nothing.until.isoformat() if nothing.until else None,
    )


def why_gone(call: Call, first_name: str, phonebank: Phonebank) -> str:
    """What a caller reads whose person is no longer kept for them."""
    return gone(
        first_name or "This person",
        by_lead=call.skip_reason == BY_LEAD,
        ended=is_over(phonebank.status, closes_at=phonebank.closes_at, now=clock.now()),
        shown=call.revealed_at is not None,
    )


def nobody_page(
    admission: access.Admission, now: datetime, around: dict[str, Any], *, held: Held | None
) -> Response:
    """Why there is nobody now, when that changes, and what to do meanwhile.

    ``held`` is whom the caller has in hand in another phonebank.
    """
    phonebank = admission.phonebank
    reason, until = request.args.get("why", "ready"), instant(request.args.get("until", ""))
    if admission.first == HELD_BACK:
        reason = HELD_BACK
    elif held is not None:
        reason, until = "elsewhere", held.contact.claimed_until
    elif reason == "elsewhere":
        # They have nobody any more: an address that was kept.
        reason, until = "ready", None
    if reason == "ready":
        person_id = web.visitor().person_id
        found = outlook(web.db(), phonebank=phonebank, caller_id=person_id, now=now)
        reason, until = (found.reason, found.until) if found else (reason, until)
    waits = reason == "pace" and until is not None and now < until <= now + BETWEEN_CLAIMS
    zone, ahead = _zone_of(phonebank, reason), until if until and until > now else None
    return web.page(
        "phonebanks/nobody.html",
        reason=reason,
        nothing=state_of(reason, rang=bool(around["calls"])),
        until_at=ahead,
        until_zone=str(zone),
        until_words=_until(ahead, now, zone),
        # A page one comes back to does not go on by itself.
        seconds=ceil((until - now).total_seconds()) if waits and until else 0,
        elsewhere=_other_bank(held) if reason == "elsewhere" else "",
        practice=board.practice_phonebank(web.db()),
        state="is-waiting",
        **_late(phonebank, now),
        **around,
    )


def _other_bank(held: Held | None) -> str:
    found = board.call_with_phonebank(web.db(), held.call.public_id) if held else None
    return found[1].public_id if found else ""


def _until(ahead: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """The hour alone where that is still today, there."""
    if ahead is None:
        return ""
    there = ahead.astimezone(zone)
    today = there.date() == now.astimezone(zone).date()
    return f"{there:%H:%M}" if today else human_when(ahead, None, zone)


def _zone_of(phonebank: Phonebank, reason: str) -> ZoneInfo:
    """In whose time a caller reads when it goes on: theirs who are rung, where hours are meant."""
    elsewhere = reason == "closed" and HOME not in phonebank.zones and phonebank.zones
    return ZoneInfo(phonebank.zones[0]) if elsewhere else LONDON


def _late(phonebank: Phonebank, now: datetime) -> dict[str, Any]:
    """What became of the caller's last person, if they were not the one who ended it."""
    late = board.late_call(
        web.db(), phonebank.id, web.visitor().person_id, since=now - LATEST_REPORT
    )
    if late is None or phonebank.is_practice:
        return {"gone": "", "late": None}
    shown = late.call.revealed_at is not None
    recent = now - late.call.expires_at < timedelta(minutes=30) or late.call.skip_reason == BY_LEAD
    said = why_gone(late.call, late.contact.first_name, phonebank)
    return {"gone": said if shown or recent else "", "late": late if shown else None}


def instant(text: str) -> datetime | None:
    """A moment out of an address; None where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and 2000 < moment.year < 2100 else None
