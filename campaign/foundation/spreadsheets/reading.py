"""Reading tables from bytes as people's spreadsheets and other systems write them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from campaign.foundation.spreadsheets.kinds import Encoding, find_encoding, refuse_other_kinds
from campaign.foundation.spreadsheets.refusal import FileRefused, place
from campaign.foundation.spreadsheets.writing import unguarded

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MOST_COLUMNS = 100
LONGEST_CELL = 2_000
PIECE = 64 * 1024
DELIMITERS = ",;\t|"
EXCEL_HINT = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
# What somebody may say the encoding is, where it had to be guessed.
CHOICES = ("utf-8", "cp1252", "iso8859-15", "mac-roman")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
LOOKS_LIKE_DATA = re.compile(r"\+?[\d ()-]{7,}|[^@\s]+@[^@\s]+\.[^@\s]+")


class Row(NamedTuple):
    """One row. ``number`` counts as a spreadsheet does (the headings are row 1)."""

    number: int
    cells: list[str]
    trouble: str | None = None


@dataclass(slots=True)
class Stats:
    """What was read so far: rows handed out, blank ones left out, short ones filled up."""

    rows: int = 0
    blank: int = 0
    short: int = 0
    long: int = 0


@dataclass(slots=True)
class Table:
    """A table being read. ``rows`` runs once; ``sure`` is False if the encoding was guessed."""

    headings: list[str]
    rows: Iterator[Row]
    encoding: str
    sure: bool
    delimiter: str
    stats: Stats = field(default_factory=Stats)


def read_table(data: bytes | BinaryIO, *, encoding: str | None = None) -> Table:
    """Open a table in ``data``, or in an open file: headings at once, rows one by one.

    A file is read in pieces and stays the caller's; how far it stands tells how much was read.

    Reads UTF-8 (with or without a mark), UTF-16 with its mark and Windows-1252, separated by
    comma, semicolon, tab or bar, with any line ends and with quoted line breaks. ``encoding``
    overrules the guess once somebody has said. Refuses other kinds of file, damaged text,
    duplicate headings, over 100 columns, a cell over 2,000 characters and a quotation mark that
    is never closed; some of that only when the row is reached. A row with more cells than
    headings is handed out with its ``trouble``.
    """
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    refuse_other_kinds(file)
    found = find_encoding(file)
    if encoding and not found.skip:
        found = _chosen(encoding)
    text = io.TextIOWrapper(io.BufferedReader(_Lent(file), PIECE), found.name, newline="")
    delimiter, first = _find_delimiter(text, bool(found.skip))
    records = _records(csv.reader(text, delimiter=delimiter, strict=True), first)
    cells = next((cells for _, cells in records if any(cells)), [])
    headings = _headings(cells)
    table = Table(headings, iter(()), found.name, found.sure, delimiter)
    table.rows = _rows(records, headings, table.stats)
    return table


class _Lent(io.RawIOBase):
    """Somebody else's file: whoever reads it does not close it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        return len(piece)


def _chosen(encoding: str) -> Encoding:
    if encoding not in CHOICES:
        raise FileRefused("encoding", "Choose one of the encodings in the list.")
    return Encoding(encoding)


def _find_delimiter(text: io.TextIOWrapper, marked: bool) -> tuple[str, int]:
    """Count the separators of the first record outside its quotation marks.

    Answers with the separator and the number of the first row; stands before it afterwards.
    """
    text.seek(0)
    text.read(1 if marked else 0)
    try:
        first = text.readline()
        if hint := EXCEL_HINT.fullmatch(first.strip()):
            return hint[1], 2
        while first.count('"') % 2 and len(first) < LONGEST_CELL * MOST_COLUMNS:
            more = text.readline()
            if not more:
                break
            first += more
    except UnicodeError as error:
        raise _bad_text(1) from error
    text.seek(0)
    text.read(1 if marked else 0)
    counts = Counter(re.sub(r'"[^"]*"?', "", first))
    return max(DELIMITERS, key=lambda sign: counts[sign]), 1


def _records(reader: Iterator[list[str]], number: int) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _bad_quotes(error, number) from error
        except UnicodeError as error:
            raise _bad_text(number) from error
        yield number, cells
        number += 1


def _bad_text(number: int) -> FileRefused:
    sentence = f"Row {number} or near it is not written in that encoding. Choose another."
    return FileRefused("encoding", sentence, row=number)


def _bad_quotes(error: csv.Error, number: int) -> FileRefused:
    if "field larger" in str(error):
        sentence = (
            f"Row {number} holds a cell that does not end: look for a quotation mark there that is "
            "never closed."
        )
        return FileRefused("unclosed_quote", sentence, row=number)
    if "unexpected end" in str(error):
        sentence = f"A quotation mark opens in row {number} and is never closed."
        return FileRefused("unclosed_quote", sentence, row=number)
    sentence = (
        f"In row {number} a quotation mark stands inside a cell. "
        "Write it twice or take it out; it may also be one that is never closed."
    )
    return FileRefused("stray_quote", sentence, row=number)


def _headings(cells: list[str]) -> list[str]:
    headings = [INVISIBLE.sub("", cell).strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise FileRefused("no_headings", "The first row must hold the headings.", row=1)
    if len(headings) > MOST_COLUMNS:
        sentence = f"This file has {len(headings)} columns; {MOST_COLUMNS} is the most."
        raise FileRefused("too_many_columns", sentence, row=1)
    _refuse_long(cells, headings, 1)
    for column, heading in enumerate(headings, 1):
        if LOOKS_LIKE_DATA.fullmatch(heading):
            sentence = f"{place(1, column)} looks like data: the first row must hold the headings."
            raise FileRefused("no_headings", sentence, row=1, column=column)
    _refuse_duplicates(headings)
    return headings


def _refuse_duplicates(headings: list[str]) -> None:
    seen: dict[str, int] = {}
    for column, heading in enumerate(headings, 1):
        key = " ".join(heading.casefold().split())
        if key and key in seen:
            sentence = (
                f"Columns {seen[key]} and {column} are both called “{heading}”. Rename one of them."
            )
            raise FileRefused("duplicate_heading", sentence, row=1, column=column)
        seen[key] = column


def _rows(
    records: Iterator[tuple[int, list[str]]], headings: list[str], stats: Stats
) -> Iterator[Row]:
    width = len(headings)
    for number, cells in records:
        whole = "".join(cells)
        if not whole.strip():
            stats.blank += 1
            continue
        # Asked of the whole row first: no cell is longer, and few rows hold a mark.
        if len(whole) > LONGEST_CELL:
            _refuse_long(cells, headings, number)
        stats.rows += 1
        trouble = None
        if len(cells) < width:
            stats.short += 1
            cells.extend([""] * (width - len(cells)))
        elif len(cells) > width:
            trouble = _overhang(cells, width, number)
            stats.long += trouble is not None
            del cells[width:]
        plain = cells
        if "'" in whole:
            plain = [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]
        yield Row(number, plain, trouble)


def _refuse_long(cells: list[str], headings: list[str], number: int) -> None:
    if max(map(len, cells)) <= LONGEST_CELL:
        return
    column = next(at for at, cell in enumerate(cells, 1) if len(cell) > LONGEST_CELL)
    heading = headings[column - 1] if number > 1 and column <= len(headings) else ""
    sentence = (
        f"{place(number, column, heading)} has more than {LONGEST_CELL:,} characters. "
        "Shorten it; perhaps a quotation mark is never closed."
    )
    raise FileRefused("long_cell", sentence, row=number, column=column)


def _overhang(cells: list[str], width: int, number: int) -> str | None:
    for column, cell in enumerate(cells[width:], width + 1):
        if cell.strip():
            return f"{place(number, column)} has no heading: is there a separator too many?"
    return None
