"""Since when, and where, a lead takes back what a caller did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaign.foundation.errors import Refused

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A moment, or None where none was said; and whether all phonebanks are meant."""

    since: datetime | None
    everywhere: bool

    @property
    def typed(self) -> str:
        """The moment as a field of a form holds it."""
        return f"{self.since.astimezone(LONDON):%Y-%m-%dT%H:%M}" if self.since else ""


def read_wanted(sent: Mapping[str, str]) -> Wanted:
    """Read what was sent; a moment is on London's clock. Refuses what is none."""
    text = sent.get("since", "").strip()
    if not text:
        return Wanted(None, bool(sent.get("everywhere")))
    try:
        since = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("Write the day and the time since when.", field="since") from None
    if not 2000 < since.year < 2100:
        raise Refused("Choose a moment of the last four weeks.", field="since")
    if since.tzinfo is None:
        since = since.replace(tzinfo=LONDON)
    return Wanted(since, bool(sent.get("everywhere")))
