"""Following a group or an area by mail: what one can follow, and what of the news is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from campaign.events.rules.kinds import facts_of
from campaign.foundation.errors import Refused
from campaign.places.rules import Precision, Spot, distance_km, outcode_of

# At most one mail a day: the clock asks hourly, from seven to nine in the evening.
MAIL_EVERY = timedelta(hours=23)
UNCONFIRMED_FOR = timedelta(days=14)
NEWS_FOR = timedelta(days=14)
KEYS_FOR = timedelta(days=400)
MOST_FOLLOWS = 20
MOST_IN_A_MAIL = 12
# The words under the forms, by the name that is kept with every yes.
WORDING = "follow-2026-11"
WORDS = (
    "We keep your email address and what you follow, for these mails and nothing else. "
    "Every mail has a link that ends them at once."
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an address wants to hear of, or which group somebody wants to join by mail."""

    group_id: int | None = None
    wants: str = "hear"
    name: str = ""
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    radius_km: float | None = None
    kinds: tuple[str, ...] = ()
    step_free: bool = False


def area_around(
    spot: Spot, *, radius_km: float, kinds: Iterable[str] = (), step_free: bool = False
) -> Wanted:
    """The area around a place. What is kept is no nearer than a kilometre: nobody's house."""
    postcode = spot.precision in (Precision.POSTCODE, Precision.SECTOR)
    return Wanted(
        place=(outcode_of(spot.name) if postcode else spot.name)[:120],
        lat=round(spot.lat, 2),
        lng=round(spot.lng, 2),
        radius_km=radius_km,
        kinds=tuple(sorted(kinds)),
        step_free=step_free,
    )


class Followed(Protocol):
    """A follow as it is kept."""

    group_id: int | None
    place: str
    lat: float | None
    lng: float | None
    radius_km: float | None
    kinds: str
    step_free: bool


class Happening(Protocol):
    """An event as far as following goes."""

    group_id: int
    kind: str
    shown_lat: float | None
    shown_lng: float | None
    step_free: bool | None


def is_theirs(follow: Followed, event: Happening) -> bool:
    """Whether an event is what somebody follows. It is measured to the point that all see."""
    if follow.group_id is not None:
        return event.group_id == follow.group_id
    if follow.kinds and event.kind not in follow.kinds.split():
        return False
    if follow.step_free and not event.step_free:
        return False
    points = (follow.lat, follow.lng, event.shown_lat, event.shown_lng)
    given = [number for number in points if number is not None]
    return len(given) == 4 and distance_km(*given) <= (follow.radius_km or 0)


def in_words(follow: Followed, group_name: str = "") -> str:
    """What somebody follows: "Fair Rents Brighton", "Phonebank within 10 km of BN1"."""
    if follow.group_id is not None:
        return group_name
    what = " and ".join(facts_of(kind).label for kind in follow.kinds.split()) or "Events"
    free = ", step-free" if follow.step_free else ""
    return f"{what} within {follow.radius_km:g} km of {follow.place}{free}"


class TooMany(Refused):
    """Somebody follows as many things as one may."""

    def __init__(self) -> None:
        super().__init__("You follow twenty things already. Stop one of them first.")
