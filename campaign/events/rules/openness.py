"""Who learns an event’s address: everybody, nobody from us, who signed up, or who was let in.

All doors ask here. What everybody may see stands in the event’s ``shown_`` columns; the address
itself leaves only through ``address_told``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class AddressFor(StrEnum):
    """Who learns the address of an event."""

    EVERYBODY = "everybody"
    AREA = "area"
    SIGNED_UP = "signed_up"
    APPROVED = "approved"


CHOICES: Mapping[AddressFor, str] = {
    AddressFor.EVERYBODY: "Everybody",
    AddressFor.SIGNED_UP: "Who signed up",
    AddressFor.APPROVED: "Who I say yes to",
    AddressFor.AREA: "I tell people myself",
}
EXPLAINED: Mapping[AddressFor, str] = {
    AddressFor.AREA: "The host tells people where to meet.",
    AddressFor.SIGNED_UP: "Who signs up gets the address by mail.",
    AddressFor.APPROVED: (
        "The address goes only to people the host says yes to, the day before, by mail."
    ),
}


def usual_for(place_kind: str) -> AddressFor:
    """What holds where nobody chose: a home is for who was let in, an online link for who signed
    up, a venue for everybody."""
    return {"home": AddressFor.APPROVED, "online": AddressFor.SIGNED_UP}.get(
        place_kind, AddressFor.EVERYBODY
    )


def checked(place_kind: str, chosen: str | None) -> AddressFor:
    """The choice as it may be: only a venue has one."""
    if place_kind != "venue" or chosen not in list(AddressFor):
        return usual_for(place_kind)
    return AddressFor(chosen)


def is_exact(event: Any) -> bool:
    """Whether what everybody sees of the event is its very place, and not the area around it."""
    return bool(event.place_kind == "venue" and event.address_for == AddressFor.EVERYBODY.value)


def host_says_yes(event: Any) -> bool:
    """Whether everybody waits until the host has said yes."""
    return bool(event.address_for == AddressFor.APPROVED.value)


def told_at_sign_up(event: Any) -> bool:
    """Whether a place at the event comes with its address."""
    return bool(event.place_kind == "venue" and event.address_for == AddressFor.SIGNED_UP.value)


def address_of(event: Any) -> str:
    """The address as a guest needs it: never for everybody’s eyes unless ``is_exact``."""
    return ", ".join(part for part in (event.venue, event.postcode) if part)


def explained(event: Any) -> str:
    """How one comes by the address; empty where it stands there."""
    if event.place_kind == "online":
        return ""
    return EXPLAINED.get(AddressFor(event.address_for), "")
