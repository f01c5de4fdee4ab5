"""The rows that stay out of a list: counted, with their reasons, and as a file to take away."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from campaign.foundation.spreadsheets import write_csv
from campaign.foundation.staging import rows_of
from campaign.phonebanks.rules.judging import HELD

HEADINGS = ("Row", "Column", "Why")
BY_REASON = """SELECT why, count(*) AS many, min(place) AS first, heading FROM rejects
GROUP BY why ORDER BY many DESC, first"""
# Some reasons name their row, so there may be as many as rows; a page shows a few.
MOST_REASONS = 40
OTHER = "Other reasons, which stand in the file."


def count_kinds(rows: Path) -> dict[str, int]:
    """How many rows of a file stay out, by kind, as far as the file itself says."""
    return dict(rows_of(rows, "SELECT kind, count(*) FROM rejects GROUP BY kind"))


def reasons(rows: Path, held: int, first_held: int | None) -> list[list[Any]]:
    """Why rows stay out, the commonest first: reason, how many, the first row, its column.

    ``held`` more rows are held than the file itself says, the first of them ``first_held``.
    """
    lines = islice(rows_of(rows, BY_REASON), MOST_REASONS)
    found = {line[0]: list(line) for line in lines}
    more = sum(count_kinds(rows).values()) - sum(line[1] for line in found.values())
    if more:
        found[OTHER] = [OTHER, more, 0, ""]
    if held and first_held is not None:
        line = found.setdefault(HELD, [HELD, 0, first_held, ""])
        line[1], line[2] = line[1] + held, min(line[2], first_held)
    return sorted(found.values(), key=lambda line: (-line[1], line[2]))


def write_rejects(path: Path, rows: Path, held: Iterable[int]) -> None:
    """Write the file of rows that stay out; nothing of what stood in them is in it."""
    lines = merge(_from_the_file(rows), ((place, "", HELD) for place in held))
    making = path.with_suffix(".new")
    with making.open("wb") as file:
        for piece in write_csv(HEADINGS, lines):
            file.write(piece)
    os.replace(making, path)


def _from_the_file(rows: Path) -> Iterator[tuple[Any, ...]]:
    return rows_of(rows, "SELECT place, heading, why FROM rejects ORDER BY place")
