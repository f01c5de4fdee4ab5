"""Cards that plan the same thing twice: the same place, or the same host, at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from campaign.places.rules import distance_km

# Nearer than this is the same door.
SAME_PLACE_KM = 0.3
# Every town has a Town Hall: of one name is the same only what lies about as near as postcodes are.
SAME_NAME_KM = 1.0
# So long apart two starts in one place are still one evening's.
CLOSE_MINUTES = 90


@dataclass(frozen=True)
class Plan:
    """What a card says of its when, where and who; ``key`` names it."""

    key: int
    day: date | None
    start: time | None
    minutes: int
    venue: str = ""
    lat: float | None = None
    lng: float | None = None
    host: int | None = None


@dataclass(frozen=True)
class Twin:
    """Two cards that clash, and in what; of two in one place one can go into the other."""

    first: int
    second: int
    same_place: bool


def twins(plans: Iterable[Plan]) -> list[Twin]:
    """Every pair that plans the same place, or the same host, at about the same time."""
    known = [plan for plan in plans if plan.day and plan.start]
    found = []
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            place, host = _same_place(one, other), _same_host(one, other)
            if (place and _close(one, other)) or (host and _overlap(one, other)):
                found.append(Twin(one.key, other.key, place))
    return found


def _same_place(one: Plan, other: Plan) -> bool:
    named = bool(one.venue) and one.venue.casefold() == other.venue.casefold()
    points = (one.lat, one.lng, other.lat, other.lng)
    if any(value is None for value in points):
        return named
    apart = distance_km(*(value or 0.0 for value in points))
    return apart <= (SAME_NAME_KM if named else SAME_PLACE_KM)


def _same_host(one: Plan, other: Plan) -> bool:
    return one.host is not None and one.host == other.host


def _close(one: Plan, other: Plan) -> bool:
    return one.day == other.day and abs(_minute(one) - _minute(other)) <= CLOSE_MINUTES


def _overlap(one: Plan, other: Plan) -> bool:
    first, second = sorted((one, other), key=_minute)
    return one.day == other.day and _minute(first) + first.minutes > _minute(second)


def _minute(plan: Plan) -> int:
    assert plan.start  # asked for so
    return plan.start.hour * 60 + plan.start.minute
