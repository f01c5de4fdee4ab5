"""Reading somebody's file row by row into a file of judged rows: no database is asked or held."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from campaign.foundation.apart import Apart, Here, has_cores
from campaign.foundation.spreadsheets import Table, read_table
from campaign.foundation.staging import StageFile
from campaign.phonebanks.models.imports import REJECTS, SHARED, STAGED
from campaign.phonebanks.rules.judging import Judge, Reject, Row
from campaign.phonebanks.rules.lists import find_columns
from campaign.phonebanks.rules.sharing import is_nobody_of

PORTION = 5_000
# So many portions are on their way from being read to being written.
UNDER_WAY = 2
# A file of so many bytes is worth a process of its own: to begin one takes a third of a second.
LONG = 4_000_000
AT_NUMBER = """SELECT first_name, last_name, external_id, place FROM staged WHERE e164 = ?
UNION ALL SELECT first_name, last_name, external_id, place FROM shared WHERE e164 = ? LIMIT 20"""
OF_ID = """SELECT place, asked_never FROM staged WHERE external_id = ? UNION
SELECT place, asked_never FROM shared WHERE external_id = ?"""
# What outlasts all else that a file says of a person, and where it stands in a staged row.
SAYS_NO, ASKED_NEVER = 14, 15
MARKS = {
    SAYS_NO: ("said_no", "said_no = 1, consent = 0, screened = 0"),
    ASKED_NEVER: ("asked_never", "asked_never = 1"),
}
# So many others may share a number: a screen names no more, and each is held against all of them.
MOST_AT_NUMBER = 19
TOO_MANY = "Twenty people of the file have this number already. Is it an office’s, or made up?"
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms the rows of a file are read."""

    basis: str
    encoding: str
    key: bytes
    practice: bool
    allow_unassigned: bool


def read_into(path: Path, file: Path, terms: Terms, tell: Tell) -> None:
    """Read ``file`` and write what can come in, and what cannot with its reason, to ``path``.

    The first row of a number or of an id counts, save that a no and a wish never to be rung
    count wherever they stand. ``tell`` hears how many bytes and rows are behind us, and may raise
    to stop. FileRefused where the file is no table after all.
    """
    stage = StageFile(path, STAGED, SHARED, REJECTS)
    try:
        with file.open("rb") as opened:
            table = read_table(opened, encoding=terms.encoding or None)
            # Refuses a file without numbers before anybody is to judge its rows.
            find_columns(table.headings)
            with _judging(file, table.headings, terms) as judging:
                _Reading(stage, judging).run(table, lambda rows: tell(opened.tell(), rows))
        stage.finish()
    except BaseException:
        stage.abandon()
        raise


def _judging(file: Path, headings: list[str], terms: Terms) -> Apart | Here:
    """Who judges the rows: in a process beside this one, where there are many."""
    kind = Apart if file.stat().st_size >= LONG and has_cores() else Here
    return kind(Judge, headings, terms.basis, terms.key, terms.practice, terms.allow_unassigned)


@dataclass(slots=True)
class _Reading:
    """A portion is read while the one before is judged, and the one before that is written."""

    stage: StageFile
    judging: Apart | Here
    under_way: deque[Future[None]] = field(default_factory=deque)

    def run(self, table: Table, tell: Callable[[int], None]) -> None:
        done = 0
        with ThreadPoolExecutor(1) as writer:
            try:
                for rows in _portions(table):
                    self._hand_over(writer, rows)
                    done += len(rows)
                    if len(rows) == PORTION:
                        tell(done)
                self._wait(for_most=0)
                self._share_marks()
            except BaseException:
                # Nobody waits for what it would still say.
                self.judging.stop()
                raise

    def _hand_over(self, writer: Executor, rows: list[Row]) -> None:
        self._wait(for_most=UNDER_WAY - 1)
        self.judging.ask(rows)
        self.under_way.append(writer.submit(self._write))

    def _wait(self, *, for_most: int) -> None:
        """Until no more than so many portions are under way."""
        while len(self.under_way) > for_most:
            self.under_way.popleft().result()

    def _write(self) -> None:
        """Write a portion; what stands in the file twice is left out, and named."""
        rows, rejects = self.judging.answer()
        if self.stage.add("staged", rows) < len(rows):
            rejects += self._name_twins(rows)
        self.stage.add("rejects", rejects)

    def _name_twins(self, rows: list[tuple[Any, ...]]) -> Iterator[Reject]:
        between = "SELECT place FROM staged WHERE place BETWEEN ? AND ?"
        kept = {place for (place,) in self.stage.ask(between, rows[0][0], rows[-1][0])}
        for row in rows:
            if row[0] in kept:
                continue
            same = self.stage.ask(AT_NUMBER, row[1], row[1])
            said = (*row[6:8], row[11])
            of_id = self.stage.ask(OF_ID, row[11], row[11]) if row[11] is not None else []
            another = same and not of_id and is_nobody_of(said, same)
            if not another and (row[SAYS_NO] or row[ASKED_NEVER]):
                theirs = [one[3] for one in same if not is_nobody_of(said, [one])]
                self._mark(row, [*theirs, *(place for place, _ in of_id)])
            asked = row[ASKED_NEVER] or any(asked for _, asked in of_id)
            if asked or (another and len(same) <= MOST_AT_NUMBER):
                # A wish is kept whoever it is of, and holds for everybody at the number.
                self.stage.add("shared", [(*row[:3], *row[6:8], *row[10:16])])
                continue
            if another:
                yield row[0], "refused", "", TOO_MANY
                continue
            what = "number" if same else "person"
            why = f"This {what} stands in the file twice."
            yield row[0], "duplicate", "", why

    def _mark(self, row: tuple[Any, ...], places: list[int]) -> None:
        """What somebody says in one of their rows outlasts a yes in these others of theirs."""
        for change in (change for at, (_, change) in MARKS.items() if row[at]):
            for place in places:
                for table in ("staged", "shared"):
                    self.stage.change(f"UPDATE {table} SET {change} WHERE place = ?", place)  # noqa: S608

    def _share_marks(self) -> None:
        """What one row of an id says holds for all of that id, in whichever order they stood.

        Only who shares a number may have an id twice: they are few, and nobody else is looked at.
        """
        for mark, change in MARKS.values():
            for statement in (
                f"""UPDATE shared SET {change} WHERE NOT {mark} AND external_id IN (
                SELECT external_id FROM shared WHERE {mark} UNION ALL
                SELECT shared.external_id FROM shared CROSS JOIN staged
                ON staged.external_id = shared.external_id WHERE staged.{mark})""",  # noqa: S608
                f"""UPDATE staged SET {change} WHERE external_id IN (
                SELECT external_id FROM shared WHERE {mark})""",  # noqa: S608
            ):
                self.stage.change(statement)


def _portions(table: Table) -> Iterator[list[Row]]:
    rows = ((row.number, row.cells, row.trouble) for row in table.rows)
    while some := list(islice(rows, PORTION)):
        yield some
