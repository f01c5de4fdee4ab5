"""Coming in: the code of a room, and what somebody agrees to at the door."""

from __future__ import annotations

import random
from dataclasses import dataclass

from campaign.foundation.errors import NotAllowed

CONSENT = "room-2"
CONSENT_WORDS = (
    "Keep these details for tonight. They show that I came, so they say something about my "
    "politics. After 30 days only what I sign up to stays."
)
CONTACT_WORDS = (
    "The host and co-host of what I sign up to may see my number and address, to run that event."
)
AREA_WORDS = "Write to me about what is on near me. One letter first, to make sure it is me."
NAMES_WORDS = "My first name may stand on the phones of my table, for those who tick this too."
LONGEST_NEED = 200
_FIRST, _VOWELS = "BCDFGHKLMNPRSTVW", "AEIOU"
PRACTICE_AT_ONCE, MOST_PRACTICE = 10, 40
PRACTICE_NAMES = (
    "Ada", "Bilal", "Cleo", "Dev", "Esme", "Femi", "Greta", "Hari", "Ines", "Jonas",
    "Kemi", "Leila", "Mo", "Nadia", "Otis", "Petra", "Quin", "Rafi", "Suki", "Tariq",
)  # fmt: skip


class NotHere(NotAllowed):
    """They left, or were sent out, before it could be done."""

    def __init__(self) -> None:
        super().__init__("They are not in the room any more. Whoever left can join again.")


@dataclass(frozen=True)
class Consents:
    """What somebody agreed to besides that we keep their details tonight; each on its own.

    Without ``contact`` a roster shows their name alone, and no letter is sent.
    """

    contact: bool = False
    area: bool = False
    names: bool = False


@dataclass(frozen=True)
class Whereabouts:
    """Where somebody lives, as near as seating needs it: a branch and a point in degrees."""

    branch: str = ""
    lat: float | None = None
    lng: float | None = None


def a_code(dice: random.Random) -> str:
    """Six letters that can be called across a hall: two syllables, such as MAPLES or TUNDER."""
    syllable = (_FIRST, _VOWELS, _FIRST)
    return "".join(dice.choice(letters) for letters in syllable + syllable)


def practice_name(already: int) -> str:
    """What the next practice person is called."""
    return PRACTICE_NAMES[already % len(PRACTICE_NAMES)]
