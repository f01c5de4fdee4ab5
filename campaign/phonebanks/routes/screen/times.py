"""Lawful times to call again, as they are offered and as they were chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations.dispensing import week_of
from campaign.phonebanks.routes.nobody import instant
from campaign.phonebanks.rules.callbacks import CallbackRefused, offers
from campaign.phonebanks.rules.nations import nation_of_postcode


def with_offered(sent: Any, refusal: Refused) -> Any:
    """What was sent, with the lawful time in the place of one that was refused."""
    if not isinstance(refusal, CallbackRefused) or refusal.offered is None:
        return sent
    mended = MultiDict(sent)
    mended["callback_at"] = refusal.offered.isoformat()
    return mended


def callbacks_of(
    phonebank: Phonebank, zone: ZoneInfo, now: datetime, postcode: str | None, *, sent: Any
) -> list[tuple[str, str]]:
    """The offers, with the time that was chosen or offered before a mend."""
    wanted = (sent or {}).get("callback_at", "")
    return with_chosen(callbacks_for(phonebank, zone, now, postcode), wanted, zone)


def with_chosen(
    offered: list[tuple[str, str]], wanted: str, zone: ZoneInfo
) -> list[tuple[str, str]]:
    """The offers with the time that was chosen before a mend, which a minute may have moved on."""
    chosen = instant(wanted)
    if chosen is None or any(value == wanted for value, _ in offered):
        return offered
    return [*offered, (wanted, human_when(chosen, None, zone))]


def callbacks_for(
    phonebank: Phonebank, zone: ZoneInfo, now: datetime, postcode: str | None
) -> list[tuple[str, str]]:
    """A few lawful times to offer, in the time of the person who is rung."""
    rules, week = adapters.calling_rules(), week_of(phonebank)
    found = offers(
        now,
        str(zone),
        rules,
        week,
        closes_at=phonebank.closes_at,
        nation=nation_of_postcode(postcode),
        always=phonebank.is_practice,
    )
    return [(at.isoformat(), f"{label}: {human_when(at, None, zone)}") for label, at in found]
