"""Where an event is, what of it everybody may see, and what must not be in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from campaign.events.rules.giveaways import gives_home_away
from campaign.foundation.errors import Refused
from campaign.places.rules import cell_centre, normalise_postcode

ADDRESS_BEFORE = timedelta(hours=24)
ADDRESS_AFTER = timedelta(hours=24)
LINK_BEFORE = timedelta(minutes=30)


class PlaceKind(StrEnum):
    """Where an event is held."""

    VENUE = "venue"
    HOME = "home"
    ONLINE = "online"


@dataclass(frozen=True)
class PlaceChoice:
    """A place that was resolved already: degrees are decimal; ``town`` is what a home shows."""

    kind: PlaceKind
    venue: str = ""
    postcode: str | None = None
    lat: float | None = None
    lng: float | None = None
    town: str = ""
    online_link: str | None = None

    @property
    def shown_place(self) -> str:
        """What everybody reads."""
        if self.kind is PlaceKind.ONLINE:
            return "Online: the link is on your page 30 minutes before"
        if self.kind is PlaceKind.HOME:
            return f"{self.town}, a home: address sent once you are in"[:160]
        if self.postcode and self.postcode not in self.venue:
            return f"{self.venue}, {self.postcode}"[:160].lstrip(", ")
        return self.venue[:160]

    @property
    def shown_point(self) -> tuple[float, float] | None:
        """The point on the map: a home shows the middle of its square, online has none."""
        if self.kind is PlaceKind.ONLINE or self.lat is None or self.lng is None:
            return None
        if self.kind is PlaceKind.HOME:
            return tuple(cell_centre(self.lat, self.lng))[:2]  # type: ignore[return-value]
        return self.lat, self.lng

    @property
    def in_title(self) -> str:
        """How a proposed title says the place."""
        if self.kind is PlaceKind.ONLINE:
            return "online"
        if self.kind is PlaceKind.HOME:
            return f"in {self.town.partition(',')[0]}"
        return f"at {self.venue}" if self.venue else f"in {self.postcode or self.town}"


def check_home_text(choice: PlaceChoice, *, title: str, about: str) -> None:
    """Refuse a home event whose public text gives the home away."""
    if choice.kind is not PlaceKind.HOME:
        return
    for field, text in (("title", title), ("about", about)):
        if gives_home_away(text) or _holds(text, choice.venue) or _holds(text, choice.postcode):
            raise Refused(
                "This text gives the home away: take the postcode and the house number out. "
                "Guests get the address by mail, the day before.",
                field=field,
            )


def _holds(text: str, secret: str | None) -> bool:
    flat = re.sub(r"[\W_]+", "", secret or "").casefold()
    return len(flat) > 4 and flat in re.sub(r"[\W_]+", "", text).casefold()


def checked_link(text: str) -> str:
    """An https link without credentials and without a bare address; Refused otherwise."""
    parts = urlsplit(text.strip())
    host = parts.hostname or ""
    plain = parts.scheme == "https" and "." in host and "@" not in parts.netloc
    if not plain or re.fullmatch(r"[0-9.]+", host) or ":" in host:
        raise Refused("Give a link that begins with https://, as you would send it.", field="where")
    return text.strip()


def checked_postcode(text: str | None) -> str | None:
    """A postcode as it is written, None for nothing; Refused where it is not one."""
    if not text or not text.strip():
        return None
    found = normalise_postcode(text)
    if found is None:
        raise Refused("Write the postcode in full, such as BN1 1AA.", field="postcode")
    return found


def address_open(*, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether approved people may see a home's address now: from 24 h before to 24 h after."""
    return starts_at - ADDRESS_BEFORE <= now <= ends_at + ADDRESS_AFTER


def link_open(*, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether approved people may see an online event's link now: from 30 min before."""
    return starts_at - LINK_BEFORE <= now <= ends_at
