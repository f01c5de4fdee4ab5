"""What somebody on a list was before a call changed them, as plain values that a call can keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from campaign.phonebanks.rules.settling import Waiting


@dataclass(slots=True)
class Picture:
    """All of a person on a list that calls change; the names are those of the contact's columns."""

    state: str = "ready"
    hold_reason: str | None = None
    not_before: datetime | None = None
    promised_at: datetime | None = None
    callback_owner_id: int | None = None
    attempts: int = 0
    voicemails: int = 0
    busy_day: date | None = None
    busy_count: int = 0
    note: str = ""
    language: str | None = None
    last_result: str | None = None
    last_call_at: datetime | None = None
    reached_at: datetime | None = None


class Pictured(Waiting, Protocol):
    """Somebody of whom a picture can be made; ``state`` is asked for apart."""

    @property
    def hold_reason(self) -> str | None: ...
    @property
    def not_before(self) -> datetime | None: ...
    @property
    def promised_at(self) -> datetime | None: ...
    @property
    def callback_owner_id(self) -> int | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def last_result(self) -> str | None: ...
    @property
    def last_call_at(self) -> datetime | None: ...


NAMES = tuple(Picture.__slots__)
FRESH = Picture()
INSTANTS = ("not_before", "promised_at", "last_call_at", "reached_at")
# Beside the picture: what was known of the number before the report.
NUMBER = "number"


def picture_of(person: Pictured, state: str) -> dict[str, Any]:
    """The picture as JSON; what is as with somebody who was never rung is left out.

    Somebody in a caller's hands was waiting before, or was promised a call.
    """
    if state == "claimed":
        state = "callback" if person.promised_at else "ready"
    found: dict[str, Any] = {} if state == FRESH.state else {"state": state}
    for name in NAMES[1:]:
        value = getattr(person, name)
        if value != getattr(FRESH, name):
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def picture_from(kept: Mapping[str, Any]) -> Picture:
    """The picture that was kept."""
    values = {name: kept[name] for name in NAMES if name in kept}
    for name in INSTANTS:
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    if "busy_day" in values:
        values["busy_day"] = date.fromisoformat(values["busy_day"])
    return Picture(**values)
