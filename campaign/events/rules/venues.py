"""Where an event is, what of it everybody may see, and what must not be in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from campaign.events.rules.giveaways import gives_home_away
from campaign.events.rules.openness import AddressFor, checked
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


_LATER = {
    AddressFor.AREA: "Tell your guests yourself.",
    AddressFor.SIGNED_UP: "Who signs up gets the address by mail.",
    AddressFor.APPROVED: "Guests get the address by mail, the day before.",
}
_HOW = {
    AddressFor.AREA: "the host says where exactly",
    AddressFor.SIGNED_UP: "address sent when you sign up",
    AddressFor.APPROVED: "address sent once you are in",
}


@dataclass(frozen=True)
class PlaceChoice:
    """A place that was resolved already: degrees are decimal; ``town`` is what a home shows.

    ``address_for`` says who learns the address; nothing said is what its kind has as a rule.
    """

    kind: PlaceKind
    venue: str = ""
    postcode: str | None = None
    lat: float | None = None
    lng: float | None = None
    town: str = ""
    online_link: str | None = None
    address_for: str | None = None

    @property
    def told_to(self) -> AddressFor:
        """Who learns the address; of a home only who was let in, whatever was chosen."""
        return checked(self.kind.value, self.address_for)

    @property
    def is_hidden(self) -> bool:
        """Whether everybody sees only the area."""
        return self.kind is not PlaceKind.ONLINE and self.told_to is not AddressFor.EVERYBODY

    @property
    def shown_place(self) -> str:
        """What everybody reads."""
        if self.kind is PlaceKind.ONLINE:
            return "Online: the link is on your page 30 minutes before"
        if self.kind is PlaceKind.HOME:
            return f"{self.town}, a home: address sent once you are in"[:160]
        if self.is_hidden:
            return f"{self.town}: {_HOW[self.told_to]}"[:160]
        if self.postcode and self.postcode not in self.venue:
            return f"{self.venue}, {self.postcode}"[:160].lstrip(", ")
        return self.venue[:160]

    @property
    def shown_point(self) -> tuple[float, float] | None:
        """The point on the map: what is hidden shows the middle of its square, online has none."""
        if self.kind is PlaceKind.ONLINE or self.lat is None or self.lng is None:
            return None
        if self.is_hidden:
            return tuple(cell_centre(self.lat, self.lng))[:2]  # type: ignore[return-value]
        return self.lat, self.lng

    @property
    def in_title(self) -> str:
        """How a proposed title says the place."""
        if self.kind is PlaceKind.ONLINE:
            return "online"
        if self.is_hidden:
            return f"in {self.town.partition(',')[0]}"
        return f"at {self.venue}" if self.venue else f"in {self.postcode or self.town}"


def check_home_text(choice: PlaceChoice, **texts: str) -> None:
    """Refuse public texts, by the names of their fields, that give a hidden place away."""
    if not choice.is_hidden:
        return
    for field, text in texts.items():
        if gives_home_away(text) or _holds(text, choice.venue) or _holds(text, choice.postcode):
            home = choice.kind is PlaceKind.HOME
            raise Refused(
                f"This text gives the {'home' if home else 'address'} away: take the postcode and "
                f"the {'house' if home else 'street'} number out. {_LATER[choice.told_to]}",
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
