"""What callers type of a call: what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.hours import zone_named
from campaign.phonebanks.rules.scripts import AGREED

# "Never call" is never refused: what is wrong about the rest of the report is left out.
NEVER = "dnc"
# In place of a time: the one that was typed.
PICKED = "pick"
BY_MAIL = "signup-mail"
PLACES = tuple(str(place) for place in range(20))


@dataclass(frozen=True, slots=True)
class Report:
    """What a caller says about a call."""

    outcome: str
    client_uuid: str | None
    note: str
    language: str | None
    callback_at: datetime | None
    anyone: bool
    then: str
    # Who of the household came to the telephone, as the screen names them.
    switch: str = ""
    # Who of several at one number was spoken to, by their place on the screen.
    spoken: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    # The version of the script that was on the screen, and events to sign them up to.
    script: int | None = None
    sign_ups: Mapping[str, str] = field(default_factory=dict)
    by_mail: bool = False


def read_report(sent: Any) -> Report:
    """Read a report. Refuses a time that is none and an id that is too long."""
    # A button that saves at once outranks what was chosen before.
    codes = [code for code in (*sent.getlist("outcome"), sent.get("now", "")) if code]
    never = bool(codes) and codes[-1] == NEVER
    callback_at = None if never else _wanted(sent)
    outcome = codes[-1] if codes else "call_later" if callback_at else ""
    client_uuid = sent.get("client_uuid", "").strip()[: 64 if never else None]
    if len(client_uuid) > 64:
        raise Refused("The report’s id is too long.", field="client_uuid")
    answers = {
        name.removeprefix("answer-")[:40]: value[:40]
        for name, value in list(sent.items())[:100]
        if name.startswith("answer-") and value
    }
    answers |= {
        AGREED + name.removeprefix("agreed-")[:40]: "yes"
        for name in list(sent)[:100]
        if name.startswith("agreed-")
    }
    return Report(
        outcome=outcome,
        client_uuid=client_uuid or None,
        note=sent.get("note", "")[: 400 if never else None],
        language=sent.get("language", "").strip()[:40] or None,
        callback_at=callback_at,
        anyone=sent.get("who") == "anyone",
        then=sent.get("then", "stop"),
        spoken=int(sent["spoken"]) if sent.get("spoken", "") in PLACES else None,
        switch="" if never else sent.get("switch", "")[:20],
        answers=answers,
        script=_number(sent.get("script", "")),
        sign_ups={
            name.removeprefix("signup-")[:40]: value[:24]
            for name, value in list(sent.items())[:100]
            if name.startswith("signup-") and name != BY_MAIL and value
        },
        by_mail=bool(sent.get(BY_MAIL)),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _wanted(sent: Any) -> datetime | None:
    """The chip that was tapped, or the time that was typed, on the clock of who is rung."""
    zone = zone_named(sent.get("callback_zone", "")[:40]) or ZoneInfo("Europe/London")
    # A time that was typed is not dropped without a word because another button was pressed.
    typed = PICKED if sent.get("callback_pick", "").strip() else ""
    chip = sent.get("callback_at", typed)
    if chip != PICKED:
        return _moment(chip, zone)
    if not sent.get("callback_pick", "").strip():
        raise Refused("Choose the day and the time to call again.", field="callback_at")
    return _moment(sent.get("callback_pick", ""), zone)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("Choose a time from the list.", field="callback_at") from None


def read_draft(sent: Any) -> tuple[dict[str, str], str]:
    """The fields of a form that is not sent off yet, cut to what a field can hold, and the note."""
    said = {name[:60]: value[:40] for name, value in list(sent.items())[:100] if value}
    return {name: value for name, value in said.items() if name != "note"}, sent.get("note", "")
