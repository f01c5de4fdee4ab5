"""What a group's address is, and what a role in it makes of somebody."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Any

from campaign.foundation.errors import Conflict, Refused
from campaign.people.rules import Standing

NEAR_KM = 25
# How much an area counts just now: what is short of people there comes first.
PRIORITIES = ((0, "As any other"), (3, "More"), (6, "Much more"), (9, "Most of all"))
# What else stands under /groups.
_RESERVED = frozenset({"new", "near", "find"})


class GroupRole(StrEnum):
    """What somebody is in a group."""

    FOLLOWER = "follower"
    MEMBER = "member"
    ORGANISER = "organiser"
    CONVENOR = "convenor"


LABELS = {
    GroupRole.FOLLOWER: "Follower",
    GroupRole.MEMBER: "Member",
    GroupRole.ORGANISER: "Organiser",
    GroupRole.CONVENOR: "Convenor",
}
RUNS_IT = frozenset({GroupRole.ORGANISER, GroupRole.CONVENOR})

_STANDINGS: dict[GroupRole, frozenset[Standing]] = {
    GroupRole.FOLLOWER: frozenset(),
    GroupRole.MEMBER: frozenset({Standing.MEMBER}),
    GroupRole.ORGANISER: frozenset({Standing.MEMBER, Standing.ORGANISER}),
    GroupRole.CONVENOR: frozenset({Standing.MEMBER, Standing.ORGANISER, Standing.CONVENOR}),
}


def standings_of(role: str | None) -> frozenset[Standing]:
    """What a role in a group makes of somebody there; nothing without a role."""
    return _STANDINGS[GroupRole(role)] if role else frozenset()


def slug_of(name: str) -> str:
    """The group's name as its address: "Brighton Pavilion" → "brighton-pavilion".

    Refuses a name without any Latin letter or digit, and the few addresses that are taken by us.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’.]", "", kept)).strip("-")[:80].strip("-")
    if not slug or slug in _RESERVED:
        raise Refused("Give the group a name with the place in it.", field="name")
    return slug


def feature_of(group: Any) -> dict[str, Any]:
    """The group as GeoJSON: its public page, its name, its place."""
    kind = getattr(group, "kind", "local")
    return {
        "type": "Feature",
        "id": group.public_id,
        "geometry": {"type": "Point", "coordinates": [round(group.lng, 5), round(group.lat, 5)]},
        "properties": {
            "id": group.public_id,
            "name": group.name,
            "type": kind,
            "kind": "Hub" if kind == "hub" else "Local group",
            "place": group.place,
            "area": group.council,
            "url": f"/groups/{group.slug}",
        },
    }


class NameTaken(Conflict):
    """Another group has this name, or one that gives the same address."""

    def __init__(self) -> None:
        super().__init__(
            "Another group already has this name. Add the town or the quarter to yours.",
            field="name",
        )


class LastConvenor(Conflict):
    """A group keeps at least one convenor."""

    def __init__(self) -> None:
        super().__init__("You are the only convenor. Make somebody else convenor first, then go.")
