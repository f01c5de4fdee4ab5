"""What a file is, by its content: its name is only what somebody called it."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from campaign.foundation.spreadsheets.refusal import FileRefused

CURE = "Save the sheet as “CSV UTF-8” and bring that file."

# The first bytes that tell (each format's own specification).
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a word processor’s file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"PAR1", "a data file of another kind"),
)
MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|\?xml|svg|!--)", re.IGNORECASE)
JSON = re.compile(rb"\s*(?:\{\s*\"|\[\s*[\[{])")
CARD = re.compile(rb"\s*BEGIN:V(?:CARD|CALENDAR)", re.IGNORECASE)
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes become text. ``sure`` is False where somebody should look and say."""

    name: str
    skip: int = 0
    sure: bool = True


def refuse_other_kinds(file: BinaryIO) -> None:
    """Refuse an empty file and whatever is plainly not comma-separated text."""
    if not any(piece.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe") for piece in _pieces(file)):
        raise FileRefused("empty", "This file is empty.")
    file.seek(0)
    start = file.read(512)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise FileRefused("other_kind", f"This is {_zip_kind(file)}, not a CSV file. {CURE}")
    for magic, name in MAGIC:
        if start.startswith(magic):
            raise FileRefused("other_kind", f"This is {name}, not a CSV file. {CURE}")
    head = start.removeprefix(codecs.BOM_UTF8)
    for pattern, name in ((MARKUP, "a web page or XML"), (JSON, "JSON"), (CARD, "an address card")):
        if pattern.match(head):
            raise FileRefused("other_kind", f"This is {name}, not a CSV file. {CURE}")


def _pieces(file: BinaryIO, skip: int = 0) -> Iterator[bytes]:
    """A file from its start (or so many bytes on), in pieces, so that memory stays flat."""
    file.seek(skip)
    while piece := file.read(CHUNK):
        yield piece


def _zip_kind(file: BinaryIO) -> str:
    if any(b"xl/" in piece for piece in _pieces(file)):
        return "an Excel workbook"
    file.seek(0)
    if b"opendocument.spreadsheet" in file.read(200):
        return "an OpenDocument spreadsheet"
    return "a compressed file"


def find_encoding(file: BinaryIO) -> Encoding:
    """Tell the encoding: a mark at the start, else UTF-8, else Windows-1252 with a question.

    Refuses UTF-16 without its mark, UTF-32, NUL, and bytes that no encoding here has.
    """
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileRefused("encoding", f"This file is written in UTF-32. {CURE}")
    if start.startswith(codecs.BOM_UTF16_LE):
        return _must_decode(file, Encoding("utf-16-le", 2))
    if start.startswith(codecs.BOM_UTF16_BE):
        return _must_decode(file, Encoding("utf-16-be", 2))
    _refuse_nul(file)
    if start.startswith(codecs.BOM_UTF8):
        return _must_decode(file, Encoding("utf-8", 3))
    if _fault(file, "utf-8", 0) is None:
        return Encoding("utf-8")
    return _must_decode(file, Encoding("cp1252", sure=False))


def _refuse_nul(file: BinaryIO) -> None:
    start = 0
    for piece in _pieces(file):
        at = piece.find(b"\x00")
        if at >= 0:
            break
        start += len(piece)
    else:
        return
    file.seek(0)
    first = file.read(2000)
    if first.count(b"\x00") * 3 > len(first):
        raise FileRefused("encoding", f"This file is written in UTF-16 without its mark. {CURE}")
    raise _nul(_row_of(file, start + at))


def _nul(row: int) -> FileRefused:
    return FileRefused("nul", f"Row {row} holds a NUL character: the file is damaged.", row=row)


def _must_decode(file: BinaryIO, encoding: Encoding) -> Encoding:
    at = _fault(file, encoding.name, encoding.skip)
    if at is None:
        return encoding
    row = _row_of(file, at)
    file.seek(at)
    if file.read(2) == b"\x00\x00":
        raise _nul(row)
    sentence = f"Row {row} or near it holds bytes that are not text. {CURE}"
    raise FileRefused("encoding", sentence, row=row)


def _fault(file: BinaryIO, encoding: str, skip: int) -> int | None:
    """Find the first byte (about) that is not text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    start = skip
    for raw in chain(_pieces(file, skip), [b""]):
        try:
            piece = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            return start + error.start
        if skip == 2 and (nul := piece.find("\x00")) >= 0:
            return start + len(piece[:nul].encode("utf-16-le"))
        start += len(raw)
    return None


def _row_of(file: BinaryIO, at: int) -> int:
    feeds = returns = 0
    for piece in _pieces(file):
        before, at = piece[:at], at - len(piece)
        feeds, returns = feeds + before.count(b"\n"), returns + before.count(b"\r")
        if at <= 0:
            break
    return max(feeds, returns) + 1
