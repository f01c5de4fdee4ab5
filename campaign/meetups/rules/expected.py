"""Who signed up to the evening, as the door reads them: a first name and an initial, no more."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.events.rules.door import by_first_name
from campaign.events.rules.signups import SOMEBODY, initials
from campaign.foundation.errors import Conflict, Refused

# What stands as the wording of whom the door brought in: what they said yes to when they signed
# up. No tick of the room is among that; each of those they give themselves.
SIGNED_UP = "sign-up"
LONGEST_NAME = 60
LONGEST_SEARCH = 40
# Of a surname no more is ever shown, and only where namesakes could not be told apart by less.
LETTERS = range(1, 5)


class BroughtIn(Conflict):
    """Two doors tapped at once, or the door and a phone: somebody sits for this sign-up."""

    def __init__(self) -> None:
        super().__init__("They are here already: another door, or their own phone, was first.")


class InAnotherSitting(Conflict):
    """Who sits for this sign-up came to another sitting of the meetup."""

    def __init__(self) -> None:
        super().__init__("They came to another sitting of this meetup, and have a number there.")


class OnTheirPhone(Refused):
    """The door takes back what it brought in, and no phone of somebody else."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Number {number} is on a phone of their own by now. Whoever holds it can leave there."
        )


@dataclass(frozen=True)
class Line:
    """A sign-up on the list. ``number`` is the one they have in the room, also when they left;
    ``is_back`` is who had left, and is here again because the door says so.
    """

    public_id: str
    called: str
    ticket: int
    guests: int
    waits: bool
    number: int | None = None
    is_here: bool = False
    has_phone: bool = False
    is_back: bool = False

    @property
    def may_undo(self) -> bool:
        """Whether the tap that brought them in can be taken back."""
        return self.is_here and (self.is_back or not self.has_phone)


def called(name: str) -> str:
    """ "Tom Adeyemi" -> "Tom A."; whoever typed an address or a number as their name is nobody."""
    short = initials(name)[:LONGEST_NAME]
    reaches = "@" in short or any(sign.isdigit() for sign in short)
    return SOMEBODY if reaches or not short.strip() else short


def told_apart(names: Sequence[str]) -> list[str]:
    """All the names of a list, each as the door reads it.

    Who stands in the cold does not know their ticket. Where names would read alike, each has as
    many letters of the surname as tell it from the others, four at most, and never one that tells
    nothing: "Fern Ba.", "Fern Bo.". The ticket tells apart whom those letters do not.
    """
    shown = [called(name) for name in names]
    often = Counter(map(_plain, shown))
    namesakes = [at for at, short in enumerate(shown) if often[_plain(short)] > 1]
    ways = [[_shown(names[at], letters) for letters in LETTERS] for at in namesakes]
    plain = [[_plain(one) for one in way] for way in ways]
    alike = [Counter(column) for column in zip(*plain, strict=True)]
    for at, way, said in zip(namesakes, ways, plain, strict=True):
        # The shortest that as few others have as have the longest.
        counts = [of[one] for of, one in zip(alike, said, strict=True)]
        shown[at] = way[counts.index(counts[-1])]
    return shown


def _shown(name: str, letters: int) -> str:
    """A name with so many letters of the surname; of what is no plain name there are none more."""
    short, surname = called(name), unicodedata.normalize("NFC", (name.split() or [""])[-1])
    reaches = "@" in surname or any(sign.isdigit() for sign in surname)
    ends = [place for place, sign in enumerate(surname, 1) if sign.isalpha()][:letters]
    if letters == 1 or reaches or not ends or short == SOMEBODY or len(name.split()) < 2:
        return short
    begun = surname[: ends[-1]]
    return f"{name.split(maxsplit=1)[0]} {begun[:1].upper()}{begun[1:]}."[:LONGEST_NAME]


def parts_of(name: str) -> tuple[str, str]:
    """The first name and the initial under which somebody sits in the room."""
    first, *more = called(name).split() or [SOMEBODY]
    return first[:LONGEST_NAME], more[-1][:1] if more else ""


def same_first_name(one: str, other: str) -> bool:
    """Whether two names begin alike, accents and case apart."""
    return _first(one) == _first(other) != ""


def in_order(lines: list[Line]) -> list[Line]:
    """A to Z, as people say names; of the same name the first ticket first."""
    return sorted(lines, key=lambda line: (*by_first_name(line.called), line.ticket))


def found(lines: list[Line], asked: str) -> list[Line]:
    """Those in whose name each word begins a word, or whose ticket it is."""
    words = _plain(asked[:LONGEST_SEARCH]).split()
    return [line for line in lines if all(_fits(line, word) for word in words)]


def _fits(line: Line, word: str) -> bool:
    if word.isdigit():
        return word == str(line.ticket)
    return any(part.startswith(word) for part in _plain(line.called).replace("-", " ").split())


def _first(name: str) -> str:
    return (_plain(name).split() or [""])[0]


def _plain(text: str) -> str:
    return by_first_name(text)[0]
