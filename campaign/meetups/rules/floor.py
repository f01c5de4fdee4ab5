"""Where the tables stand: which numbers are in which part of the hall."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.foundation.errors import Refused
from campaign.meetups.rules.needs import MOST_TABLES

LONGEST_FLOOR = 300
FEWEST_SHOWN = 6
_LINE = re.compile(r"\s*(\d{1,3})\s*(?:[-–to]+\s*(\d{1,3}))?\s*[:,]?\s+(\S.{0,38})")


@dataclass(frozen=True)
class Area:
    """A part of the hall with its tables, first and last."""

    name: str
    first: int
    last: int


def areas_of(text: str) -> list[Area]:
    """The parts of a hall as the organiser wrote them: "1-8 By the stage; 9-16 At the windows".

    Refuses what is written otherwise, and a table in two parts.
    """
    found: list[Area] = []
    for line in filter(str.strip, re.split(r"[;\n]", text)):
        held = _LINE.fullmatch(line.rstrip())
        if held is None:
            raise Refused(
                "Write it like this: 1-8 By the stage; 9-16 At the windows.", field="floor"
            )
        first, last = int(held[1]), int(held[2] or held[1])
        if last < first or any(first <= one.last and one.first <= last for one in found):
            raise Refused("A table stands in one part of the hall only.", field="floor")
        found.append(Area(held[3].strip(), first, last))
    return found


def area_of(areas: Sequence[Area], table: int) -> str:
    """In which part a table stands; nothing where nobody said."""
    return next((one.name for one in areas if one.first <= table <= one.last), "")


def highest_of(areas: Sequence[Area], known: Sequence[int]) -> int:
    """The highest number of a hall, as far as its tables are marked; never fewer than six."""
    return min(MOST_TABLES, max([FEWEST_SHOWN, *known, *(area.last for area in areas)]))


def rows_of(areas: Sequence[Area], highest: int) -> list[tuple[str, list[int]]]:
    """The tables of a hall by their parts, in the order of their numbers."""
    rows: list[tuple[str, list[int]]] = []
    for number in range(1, highest + 1):
        name = area_of(areas, number)
        if not rows or rows[-1][0] != name:
            rows.append((name, []))
        rows[-1][1].append(number)
    return rows
