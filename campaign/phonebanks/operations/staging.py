"""Reading somebody's file row by row into a file of judged rows: no database is asked or held."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign.foundation import phone
from campaign.foundation.spreadsheets import Table, read_table
from campaign.foundation.staging import StageFile
from campaign.phonebanks.models.imports import REJECTS, SHARED, STAGED
from campaign.phonebanks.rules.households import is_house, key_of
from campaign.phonebanks.rules.lists import Listed, RowReader, RowRefused, find_columns
from campaign.phonebanks.rules.sharing import is_nobody_of

PORTION = 5_000
SLOTS = 16
# Without a word on why or whose: a reason would tell who asked never to be rung.
HELD = "Held back."
HELD_CODES = ("held_abroad",)
AT_NUMBER = """SELECT first_name, last_name FROM staged WHERE e164 = ?
UNION SELECT first_name, last_name FROM shared WHERE e164 = ?"""
OF_ID = """SELECT 1 FROM staged WHERE external_id = ? UNION
SELECT 1 FROM shared WHERE external_id = ?"""
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

    The first row of a number or of an id counts. ``tell`` hears how many bytes and rows are
    behind us, and may raise to stop. FileRefused where the file is no table after all.
    """
    stage = StageFile(path, STAGED, SHARED, REJECTS)
    try:
        with file.open("rb") as opened:
            table = read_table(opened, encoding=terms.encoding or None)
            _Reading(stage, table, terms).run(lambda rows: tell(opened.tell(), rows))
        stage.finish()
    except BaseException:
        stage.abandon()
        raise


@dataclass(slots=True)
class _Reading:
    stage: StageFile
    table: Table
    terms: Terms
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    dice: random.Random = field(default_factory=random.Random)

    def run(self, tell: Callable[[int], None]) -> None:
        columns = find_columns(self.table.headings)
        terms = self.terms
        reader = RowReader(
            self.table.headings,
            columns,
            basis=terms.basis,
            allow_unassigned=terms.allow_unassigned,
        )
        for done, row in enumerate(self.table.rows, 1):
            if row.trouble:
                self._refuse(row.number, "", row.trouble)
            else:
                self._take(reader, row.number, row.cells)
            if done % PORTION == 0:
                self._write()
                tell(done)
        self._write()

    def _take(self, reader: RowReader, place: int, cells: list[str]) -> None:
        try:
            listed = reader.read(cells, place)
        except RowRefused as refusal:
            if refusal.code in HELD_CODES:
                self.rejects.append((place, "held", "", HELD))
            else:
                self._refuse(place, refusal.column, refusal.message)
            return
        if self.terms.practice and not listed.number.fictitious:
            self._refuse(place, "", "A practice list holds fictitious numbers only.")
            return
        self.rows.append(self._staged(listed))

    def _refuse(self, place: int, heading: str, why: str) -> None:
        self.rejects.append((place, "refused", heading, why))

    def _staged(self, listed: Listed) -> tuple[Any, ...]:
        """A row as its columns stand in STAGED."""
        number = listed.number
        return (
            listed.row,
            number.e164,
            phone.hmac_key(number.e164, self.terms.key),
            number.kind,
            number.fictitious,
            number.fixed,
            listed.first_name,
            listed.last_name,
            listed.town,
            listed.postcode,
            listed.email,
            listed.external_id,
            listed.consent,
            listed.screened,
            listed.said_no,
            listed.asked_never,
            # Everybody practises on the same people, who live with nobody.
            None if self.terms.practice else key_of(listed.home, self.terms.key),
            is_house(listed.home),
            self.dice.getrandbits(31),
            self.dice.randrange(SLOTS),
        )

    def _write(self) -> None:
        """Hand a portion over; what stands in the file twice is left out, and named."""
        rows, self.rows = self.rows, []
        if rows and self.stage.add("staged", rows) < len(rows):
            self._name_twins(rows)
        self.stage.add("rejects", self.rejects)
        self.rejects = []

    def _is_known_id(self, row: tuple[Any, ...]) -> bool:
        return row[11] is not None and bool(self.stage.ask(OF_ID, row[11], row[11]))

    def _name_twins(self, rows: list[tuple[Any, ...]]) -> None:
        between = "SELECT place FROM staged WHERE place BETWEEN ? AND ?"
        kept = {place for (place,) in self.stage.ask(between, rows[0][0], rows[-1][0])}
        for row in rows:
            if row[0] in kept:
                continue
            same = self.stage.ask(AT_NUMBER, row[1], row[1])
            if same and not self._is_known_id(row) and is_nobody_of(row[6:8], same):
                self.stage.add("shared", [(*row[:3], *row[6:8], *row[10:16])])
                continue
            what = "number" if same else "person"
            why = f"This {what} stands in the file twice."
            self.rejects.append((row[0], "duplicate", "", why))
