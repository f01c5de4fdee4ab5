"""A sheet on paper: how many are printed, its id, and what is read in from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from campaign.foundation.errors import Refused
from campaign.foundation.tokens import ALPHABET
from campaign.meetups.rules.joining import Consents
from campaign.places.rules import fold_name

LINES = 10
MOST_AT_ONCE, MOST_SHEETS = 40, 120
CODE_LENGTH = 6


@dataclass(frozen=True)
class Named:
    """Somebody on a sheet: by their number in the room, or by name and how to reach them."""

    number: int | None = None
    name: str = ""
    initial: str = ""
    email: str | None = None
    phone: str | None = None
    contact: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the line was left empty."""
        return self.number is None and not self.name

    @property
    def consents(self) -> Consents:
        """What the line's tick says."""
        return Consents(contact=self.contact)


@dataclass(frozen=True)
class Entry:
    """What stands on a sheet, in its order."""

    kind: str
    day: date
    start: time
    minutes: int
    host: Named
    table: int | None = None
    cohost: Named = field(default_factory=Named)
    coming: tuple[Named, ...] = ()


def checked_many(text: str) -> int:
    """How many sheets to print; Refused for none and for more than a copier holds."""
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_AT_ONCE:
        return int(text)
    raise Refused(f"Print between 1 and {MOST_AT_ONCE} at a time.", field="many")


def is_called(name: str, written: str) -> bool:
    """Whether somebody of that first name may stand on the paper like this: "Tom", "TOM A",
    "Tommy", but not "Petra". One figure that is misread names a stranger as the host.
    """
    known, read = ((fold_name(text).split() or [""])[0] for text in (name, written))
    return not read or known.startswith(read) or read.startswith(known)


def typed_code(text: str) -> str:
    """The id as somebody typed it from a page: capitals, blanks and dashes do not matter."""
    return "".join(sign for sign in text.lower() if sign in ALPHABET)[:CODE_LENGTH]


def shown_code(code: str) -> str:
    """The id as it stands on paper: two groups of three."""
    return f"{code[:3]}-{code[3:]}".upper()
