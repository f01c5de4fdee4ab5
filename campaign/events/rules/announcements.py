"""The answers to the six questions, as an event wants them, and as text to keep until confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation.errors import DomainError, Refused

KEPT = timedelta(days=14)
SAME_WITHIN = timedelta(minutes=90)
SAME_KM = 0.3


@dataclass(frozen=True)
class Answers:
    """What was answered and proposed; instants are aware."""

    kind: str
    place: PlaceChoice
    title: str
    about: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    needed: int | None
    access: Mapping[str, bool | None] = field(default_factory=dict)
    access_contact: str | None = None


def written(answers: Answers) -> str:
    """The answers as text."""
    return json.dumps(asdict(answers), default=lambda value: value.isoformat())


def read(text: str) -> Answers:
    """The answers of a text that ``written`` wrote."""
    held = json.loads(text)
    place = held.pop("place")
    return Answers(
        **held
        | {
            "place": PlaceChoice(**place | {"kind": PlaceKind(place["kind"])}),
            "starts_at": datetime.fromisoformat(held["starts_at"]),
            "ends_at": datetime.fromisoformat(held["ends_at"]),
        }
    )


class NoGroupNear(Refused):
    """An event belongs to a group, and there is none near its place."""

    def __init__(self) -> None:
        super().__init__(
            "There is no group within 25 km of there yet. Start one: it takes three answers.",
            field="postcode",
        )


class AnnouncementGone(DomainError):
    """The mailed link was never ours, or its fourteen days are over."""

    status = 410
    steps = (("/events/new", "Announce it again"), ("/events", "Look at the list"))

    def __init__(self) -> None:
        super().__init__("This link does not open anything any more. It works for fourteen days.")
