"""The geometry of plots: numbers in, places in a picture out. Nothing here knows what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# In the units of each picture, which grows and shrinks with the page.
WIDE = 400
ROW = 66
BAR = 28
GAP = 6
# A bar that is longer has its number on it.
LONG = 330
# With more columns than these their numbers are written smaller.
DENSE = 11
TALL = 150
TOP = 26
LONGEST_LABEL = 34


@dataclass(frozen=True, slots=True)
class Row:
    """A bar that lies, with its words above it; ``part`` is the width of what is inside it."""

    label: str
    y: int
    width: int
    part: int
    value: str
    sub: str
    # Beside the bar, or on it where there is no room beside it.
    text_x: int
    hot: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A bar that stands: all, and the part of it that is filled."""

    label: str
    x: int
    y: int
    width: int
    height: int
    part_y: int
    part_height: int
    value: str
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot with its size."""

    width: int
    height: int
    bars: tuple[Row | Column, ...]
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A number with words for a row: ``part`` is a number within it, None where it is hidden."""

    label: str
    number: int
    part: int | None = 0
    sub: str = ""
    hot: bool = False
    empty: bool = False


def short(label: str) -> str:
    """A label that fits into a picture; the table beside it has it whole."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def rows(lines: Sequence[Line], *, room: int = 110) -> Picture:
    """Bars one below the other, as long as their numbers; ``room`` is kept for the words beside."""
    most = max((line.number for line in lines), default=0) or 1
    full = WIDE - room
    bars = []
    for place, line in enumerate(lines):
        width = max(round(full * line.number / most), 2) if line.number else 0
        part = min(width, max(round(full * (line.part or 0) / most), 2)) if line.part else 0
        bars.append(
            Row(
                label=short(line.label),
                y=place * ROW,
                width=width,
                part=part,
                value=f"{line.number:,}",
                sub=line.sub,
                text_x=10 if width > LONG else width + 10,
                hot=line.hot,
                empty=line.empty,
            )
        )
    return Picture(WIDE, max(len(lines) * ROW - 8, 1), tuple(bars))


@dataclass(frozen=True, slots=True)
class Stack:
    """What a column shows: how many, the part of them, and the words above."""

    label: str
    number: int
    part: int
    value: str = ""
    hot: bool = False


def columns(stacks: Sequence[Stack]) -> Picture:
    """Bars side by side, as high as their numbers."""
    most = max((one.number for one in stacks), default=0) or 1
    floor = TOP + TALL
    slot = WIDE / max(len(stacks), 1)
    bars = []
    for place, one in enumerate(stacks):
        height = max(round(TALL * one.number / most), 2) if one.number else 0
        part = min(height, round(TALL * one.part / most))
        bars.append(
            Column(
                label=one.label,
                x=round(place * slot),
                y=floor - height,
                width=round(slot) - GAP,
                height=height,
                part_y=floor - part,
                part_height=part,
                value=one.value,
                hot=one.hot,
            )
        )
    return Picture(WIDE, floor + 26, tuple(bars), dense=len(stacks) > DENSE)


@dataclass(frozen=True, slots=True)
class Track:
    """A line of days with a stretch on it: from where to where, its middle, and the end."""

    start: int
    low: int
    middle: int
    high: int
    end: int | None
    open_ended: bool


def track(
    today: date,
    low: date,
    middle: date | None,
    high: date | None,
    closes: date | None,
    *,
    wide: int = WIDE,
) -> Track:
    """Where the days of a forecast lie on a line that begins today."""
    known = [day for day in (low, middle, high, closes) if day is not None]
    last = max(*known, today)
    span = max((last - today).days, 1)
    inner = wide - 20

    def at(day: date) -> int:
        return 10 + round(inner * (day - today).days / span)

    return Track(
        start=10,
        low=at(low),
        middle=at(middle or high or last),
        high=at(high or last),
        end=at(closes) if closes and closes >= today else None,
        open_ended=high is None,
    )
