"""What a report is about, and who stands behind it: said by the room that owns it."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {
    "event": "Event",
    "group": "Group",
    "meetup": "Meetup",
    "message": "Message or note",
    "other": "Something else",
}


@dataclass(frozen=True)
class Behind:
    """A subject in words, where it is, who made it, and who runs the group it belongs to."""

    label: str
    url: str
    makers: frozenset[int] = frozenset()
    close: frozenset[int] = frozenset()
    group_slug: str | None = None

    @property
    def never_see(self) -> frozenset[int]:
        """Who never sees a report about it."""
        return self.makers | self.close


def names_person(text: str, *, name: str, email: str | None) -> bool:
    """Whether a text names somebody: by full name, first name or address. Rather once too often."""
    said = f" {' '.join(text.casefold().replace(',', ' ').replace(';', ' ').split())} "
    known = [name, name.split(maxsplit=1)[0] if name.split() else "", email or ""]
    return any(f" {one.casefold()} " in said for one in known if one)
