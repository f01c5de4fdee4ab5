"""What a group's address is, and what a role in it makes of somebody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from campaign.foundation.errors import Conflict, Refused
from campaign.people.rules import Standing
from campaign.places.rules import normalise_outcode

NEAR_KM = 25
# How much an area counts just now: what is short of people there comes first.
PRIORITIES = ((0, "As any other"), (3, "More"), (6, "Much more"), (9, "Most of all"))
AREA_KM = (1, 2, 5, 10, 25, 60)
WIDEST_KM = AREA_KM[-1]
MOST_OUTCODES = 60
DEEPEST = 10
# What else stands under /groups.
_RESERVED = frozenset({"new", "near", "find"})


class GroupKind(StrEnum):
    """What holds the people of a group together."""

    LOCAL = "local"
    BRANCH = "branch"
    THEMATIC = "thematic"
    WORKPLACE = "workplace"
    HUB = "hub"


KIND_LABELS = {
    GroupKind.LOCAL: "Local group",
    GroupKind.BRANCH: "Branch",
    GroupKind.THEMATIC: "Group around a theme",
    GroupKind.WORKPLACE: "Workplace group",
    GroupKind.HUB: "Hub",
}


class Contact(StrEnum):
    """Who may write to a group."""

    EVERYBODY = "everybody"
    MEMBERS = "members"
    NOBODY = "nobody"


CONTACT_LABELS = {
    Contact.EVERYBODY: "Everybody may write to us",
    Contact.MEMBERS: "Our members may write to us",
    Contact.NOBODY: "We take no letters here: come to an event",
}


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


def outcodes_of(text: str | None) -> str:
    """The outcodes that somebody typed, as they are kept: "bn1, bn2 " → "BN1 BN2".

    Refuses what is no outcode, and more than 60 of them.
    """
    found: list[str] = []
    for part in re.split(r"[\s,;]+", (text or "").strip()):
        outcode = normalise_outcode(part) if part else None
        if part and outcode is None:
            raise Refused(
                f"“{part[:12]}” is not the first half of a postcode. Write them like BN1, BN2.",
                field="outcodes",
            )
        if outcode and outcode not in found:
            found.append(outcode)
    if len(found) > MOST_OUTCODES:
        raise Refused(
            f"Name at most {MOST_OUTCODES}. A circle in kilometres says more with less.",
            field="outcodes",
        )
    return " ".join(found)


def holds(
    *, outcodes: str, radius_km: float | None, outcode: str | None, away_km: float | None
) -> bool:
    """Whether a group's area holds a place, by its outcode or by how far away it is."""
    if outcode is not None and outcode in outcodes.split():
        return True
    return radius_km is not None and away_km is not None and away_km <= radius_km


def area_in_words(outcodes: str, radius_km: float | None) -> str:
    """The area as the page says it: "BN1, BN2 and up to 5 km around"; empty where none is said."""
    names = outcodes.split()
    said = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    around = f"up to {radius_km:g} km around this point" if radius_km else ""
    return " and ".join(part for part in (said, around) if part)


def check_parents(group_id: int, above: Sequence[int]) -> None:
    """Refuse a parent that belongs, itself or further up, to the group: ``above`` are its keys."""
    if group_id in above or len(above) > DEEPEST:
        raise Refused("This group is part of yours already. Choose another.", field="parent")


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
    return {
        "type": "Feature",
        "id": group.public_id,
        "geometry": {"type": "Point", "coordinates": [round(group.lng, 5), round(group.lat, 5)]},
        "properties": {
            "id": group.public_id,
            "name": group.name,
            "type": group.kind,
            "kind": KIND_LABELS[GroupKind(group.kind)],
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
        super().__init__("You are the only convenor. Hand the group over first, then go.")
