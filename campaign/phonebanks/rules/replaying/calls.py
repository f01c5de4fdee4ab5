"""Calls as they are played: what a report said, and the moments at which a call changed people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

CLAIM, OVER, REPORT = 0, 1, 2


class Rung(Protocol):
    """A call that was made; as its row has it."""

    @property
    def id(self) -> int: ...
    @property
    def contact_id(self) -> int: ...
    @property
    def number_id(self) -> int: ...
    @property
    def caller_id(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def claimed_at(self) -> datetime: ...
    @property
    def revealed_at(self) -> datetime | None: ...
    @property
    def attempted_at(self) -> datetime | None: ...
    @property
    def dialled_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def reported_at(self) -> datetime | None: ...
    @property
    def result_code(self) -> str | None: ...
    @property
    def note(self) -> str: ...
    @property
    def late(self) -> bool: ...
    @property
    def inbound(self) -> bool: ...
    @property
    def before(self) -> dict[str, Any] | None: ...
    @property
    def said(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What decided on a report beside the outcome: kept only where there was something."""

    callback_at: datetime | None = None
    language: str | None = None
    anyone: bool = False
    # The word of a newcomer was weighed.
    new: bool = False
    # The claim had ended without a report before this one came.
    over: bool = False

    def as_json(self) -> dict[str, Any] | None:
        """For the call's row; None where nothing was said."""
        found = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        if self.callback_at:
            found["callback_at"] = self.callback_at.isoformat()
        return found or None


def said_of(call: Rung) -> Said:
    """What decided on a call's report."""
    kept = call.said or {}
    values = {name: kept[name] for name in Said.__slots__ if name in kept}
    if "callback_at" in values:
        values["callback_at"] = datetime.fromisoformat(values["callback_at"])
    return Said(**values)


Moment = tuple[datetime, int, int]


def moments_of(call: Rung) -> list[Moment]:
    """When a call took somebody, let go of them, and was reported; in an order with all others."""
    found = [] if call.inbound else [(call.claimed_at, call.id, CLAIM)]
    if call.status in ("reported", "reversed") and call.reported_at:
        if call.late and said_of(call).over and call.ended_at:
            found.append((call.ended_at, call.id, OVER))
        return [*found, (call.reported_at, call.id, REPORT)]
    return [*found, (call.ended_at, call.id, OVER)] if call.ended_at else found
