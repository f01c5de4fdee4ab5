"""Files of numbers nobody may ring, as the TPS and its bureaus write them, line by line."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from campaign.foundation import phone
from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.columns import map_headings, normalise

SEPARATORS = ",;\t|"
FLAG_WORDS = """flag, tps, ctps, tpsflag, ctpsflag, tpsstatus, tpsresult, tpsmatch, listed,
registered, status, result, match, suppress, donotcall, dnc"""
FLAG_HEADINGS = frozenset(word.strip() for word in FLAG_WORDS.split(","))
LISTED_WORDS = "y, yes, 1, t, true, tps, ctps, tps/ctps, m, match, matched, listed, registered, x"
LISTED = frozenset(LISTED_WORDS.split(", "))
CLEAR_WORDS = "n, no, 0, f, false, none, clear, ok, unmatched, nomatch, no match, -"
CLEAR = frozenset(CLEAR_WORDS.split(", ")) | {""}
# A file that has lost a tenth is more likely cut off than right.
LEAST_SHARE = 0.9
MOST_UNREADABLE = 0.01
NAMED = 3
NO_FLAGS = "No column says which numbers are on the TPS. Call its heading “TPS”, with yes or no."
# What a bureau writes. No plan is asked whose number it is: never ringing a wrong one harms nobody.
USUAL = re.compile(r"(?:\+44|0044|44|0)?([1-9]\d{9})", re.ASCII)


@dataclass(slots=True)
class Loaded:
    """What a file came to: lines in all, numbers never rung, lines that are clear or unreadable."""

    lines: int = 0
    never: int = 0
    clear: int = 0
    unreadable: int = 0
    places: list[str] = field(default_factory=list)


class Line(NamedTuple):
    """A line of a file: its number as written, or the flag that says it may be rung.

    A tuple, for there are millions of them.
    """

    place: int
    text: str
    clear: bool = False
    # What a table calls the cell that counts: the flag where it is unclear, else the number.
    column: str = ""

    @property
    def named(self) -> str:
        """Where the line stands, for who has to look at it."""
        return f"{self.place} (column “{self.column}”)" if self.column else f"{self.place}"


def encoding_of(start: bytes) -> str:
    """How a file is written, by its first bytes; refuses one that is packed, or a workbook.

    Only its digits count, so that all alphabets that begin with ASCII are one to us.
    """
    if start.startswith(b"\x1f\x8b"):
        raise Refused("This file is packed with gzip. Unpack it, and load what is in it.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(
            "This is a zip file or a workbook. Unpack it, or save it as CSV, and load that."
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if start[:1] == b"\0" else "utf-8-sig"


def lines_of(written: Iterable[str], *, flagged: bool = False) -> Iterator[Line]:
    """Read one number a line, of a fixed width or not, or a table with a column of flags.

    Refuses a table of which nobody can tell where the numbers are, and with ``flagged`` whatever
    has no flags. A flag that says neither yes nor no makes its line unreadable: it comes without
    a number.
    """
    numbered = ((place, line) for place, line in enumerate(written, 1) if line.strip())
    first = next(numbered, None)
    if first is None:
        return iter(())
    separator = next((sign for sign in SEPARATORS if sign in first[1].strip()), None)
    every = chain([first], numbered)
    if separator is None:
        if flagged:
            raise Refused(NO_FLAGS)
        return (Line(place, line.strip(' "\t\r\n')) for place, line in every)
    return _rows(every, separator, flagged)


def listed_in(
    written: Iterable[str], loaded: Loaded, *, key: bytes, allow_unassigned: bool
) -> Iterator[bytes]:
    """The keyed hashes of a file's numbers, one after the other; counts its lines on the way."""
    for line in lines_of(written):
        loaded.lines += 1
        if line.clear:
            loaded.clear += 1
            continue
        digest = _digest(line.text, key, allow_unassigned)
        if digest is not None:
            yield digest
        else:
            _note_unreadable(loaded, line)


def verdicts_in(
    written: Iterable[str], loaded: Loaded, *, key: bytes, allow_unassigned: bool
) -> Iterator[tuple[bytes, bool]]:
    """The same of a table for all its numbers, each with whether it is listed."""
    for line in lines_of(written, flagged=True):
        loaded.lines += 1
        loaded.clear += line.clear
        digest = _digest(line.text, key, allow_unassigned)
        if digest is not None:
            yield digest, not line.clear
        else:
            _note_unreadable(loaded, line)


def _note_unreadable(loaded: Loaded, line: Line) -> None:
    loaded.unreadable += 1
    if len(loaded.places) < NAMED:
        loaded.places.append(line.named)


def _digest(text: str, key: bytes, allow_unassigned: bool) -> bytes | None:
    """The hash of a line's number; a line with more than a number is not guessed at."""
    if usual := USUAL.fullmatch(text.replace(" ", "")):
        return phone.hmac_digest("+44" + usual[1], key)
    try:
        number = phone.parse(text, allow_unassigned=allow_unassigned, allow_abroad=True)
    except phone.NumberRefused:
        return None
    return phone.hmac_digest(number.e164, key)


def refuse_empty(total: int) -> None:
    """Refuse a file without a line that holds something."""
    if not total:
        raise Refused("This file is empty.")


def refuse_unreadable(total: int, unreadable: int, places: Iterable[str]) -> None:
    """Refuse a file with more than one bad line in a hundred, and say where the first stand."""
    if unreadable > total * MOST_UNREADABLE:
        named = ", ".join(places)
        what = "telephone number, or no plain yes or no" if "(" in named else "telephone number"
        many = f"{unreadable:,} of {total:,} lines hold no {what}"
        raise Refused(f"{many} (first in line {named}). Nothing was loaded: look at the file.")


def refuse_smaller(total: int, before: int | None) -> None:
    """Refuse a file that is much smaller than the last of its source."""
    if before is not None and total < before * LEAST_SHARE:
        raise Refused(
            f"This file has {total:,} lines, the last one had {before:,}. Nothing was loaded. "
            "If that is right, load it with --smaller-is-right."
        )


def _rows(every: Iterator[tuple[int, str]], separator: str, flagged: bool) -> Iterator[Line]:
    place, line = next(every)
    headings = _cells(line, separator)
    number_at, flag_at = _columns(headings)
    if flagged and flag_at is None:
        raise Refused(NO_FLAGS)
    if not any(character.isdigit() for character in headings[number_at]):
        return _flagged(every, separator, number_at, flag_at, headings)
    return _flagged(chain([(place, line)], every), separator, number_at, flag_at, [])


def _columns(headings: list[str]) -> tuple[int, int | None]:
    """Where the numbers and the flags stand; without headings, a number and its flag."""
    numbers = dict(map_headings(headings)).get("phone", [])
    flags = [at for at, text in enumerate(headings) if normalise(text) in FLAG_HEADINGS]
    if numbers:
        return numbers[0], flags[0] if flags else None
    if len(headings) == 2 and sum(sign.isdigit() for sign in headings[0]) > 6:
        return 0, 1
    raise Refused("No column holds telephone numbers. Call its heading “Phone”.")


def _flagged(
    every: Iterator[tuple[int, str]],
    separator: str,
    number_at: int,
    flag_at: int | None,
    headings: list[str],
) -> Iterator[Line]:
    names = dict(enumerate(headings))
    column = names.get(number_at, f"{number_at + 1}")
    unclear = names.get(flag_at or 0, f"{(flag_at or 0) + 1}")
    for place, line in every:
        cells = _cells(line, separator)
        text = cells[number_at].strip() if number_at < len(cells) else ""
        # A row without the cell of the flag was cut off, and says nothing.
        flag = "y" if flag_at is None else " ".join(cells[flag_at:][:1] or "?").strip().casefold()
        known = flag in LISTED or flag in CLEAR
        yield Line(place, text if known else "", flag in CLEAR, column if known else unclear)


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [""])
