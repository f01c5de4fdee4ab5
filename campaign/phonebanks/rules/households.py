"""Who lives with whom, as far as a list tells; what it tells is kept as a keyed hash alone."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable

FLAT = re.compile(r"\b(?:flat|apartment|apt|unit|room)[ .]*(\w+)")
NUMBER = re.compile(r"\b\d+[a-z]?\b")
WORD = re.compile(r"\w+")


def home_of(
    *, postcode: str | None, address: Iterable[str], last_name: str, landline: str | None
) -> str:
    """What all of one household have in common; empty where a list does not tell.

    A house (or flat) of a postcode; without an address, a surname in a postcode of some fifteen
    homes; without a postcode, a surname at a landline. Two lists may tell differently of the
    same home: then they are two, and each of them keeps its own people apart.
    """
    name = " ".join(WORD.findall(_plain(last_name)))
    house = _house(address) if postcode else ""
    if house:
        return f"house|{postcode}|{house}"
    if postcode and name:
        return f"name|{postcode}|{name}"
    return f"line|{landline}|{name}" if landline and name else ""


def is_house(home: str) -> bool:
    """Whether an address told it, which is surer than a name."""
    return home.startswith("house|")


def key_of(home: str, key: bytes) -> str | None:
    """The keyed hash of a home; None where there is none to tell of."""
    if not home:
        return None
    # Apart from the hashes of numbers, which have the same key.
    return hmac.digest(key, f"household|{home}".encode(), "sha256").hex()


def ref_of(claim_id: str, contact_id: int) -> str:
    """How a screen names one of a household: it says nothing, and holds for this call alone."""
    return hashlib.sha256(f"{claim_id}|{contact_id}".encode()).hexdigest()[:12]


def _house(address: Iterable[str]) -> str:
    """The numbers of an address line or, without any, its words up to the first comma.

    A full postcode is a street or less, so that its spelling does not matter.
    """
    line = _plain(", ".join(part for part in address if part.strip()))
    flats = [f"flat {name}" for name in FLAT.findall(line)]
    numbers = NUMBER.findall(FLAT.sub("", line))
    if flats or numbers:
        return " ".join((*flats, *numbers))
    return " ".join(WORD.findall(line.partition(",")[0]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
