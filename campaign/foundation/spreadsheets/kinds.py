"""What a file is, by its content: its name is only what somebody called it."""

import codecs
import re
from dataclasses import dataclass

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


def refuse_other_kinds(data: bytes) -> None:
    """Refuse an empty file and whatever is plainly not comma-separated text."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise FileRefused("empty", "This file is empty.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise FileRefused("other_kind", f"This is {_zip_kind(data)}, not a CSV file. {CURE}")
    for start, name in MAGIC:
        if data.startswith(start):
            raise FileRefused("other_kind", f"This is {name}, not a CSV file. {CURE}")
    head = data[:512].removeprefix(codecs.BOM_UTF8)
    for pattern, name in ((MARKUP, "a web page or XML"), (JSON, "JSON"), (CARD, "an address card")):
        if pattern.match(head):
            raise FileRefused("other_kind", f"This is {name}, not a CSV file. {CURE}")


def _zip_kind(data: bytes) -> str:
    if b"xl/" in data:
        return "an Excel workbook"
    if b"opendocument.spreadsheet" in data[:200]:
        return "an OpenDocument spreadsheet"
    return "a compressed file"


def find_encoding(data: bytes) -> Encoding:
    """Tell the encoding: a mark at the start, else UTF-8, else Windows-1252 with a question.

    Refuses UTF-16 without its mark, UTF-32, NUL, and bytes that no encoding here has.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileRefused("encoding", f"This file is written in UTF-32. {CURE}")
    if data.startswith(codecs.BOM_UTF16_LE):
        return _must_decode(data, Encoding("utf-16-le", 2))
    if data.startswith(codecs.BOM_UTF16_BE):
        return _must_decode(data, Encoding("utf-16-be", 2))
    _refuse_nul(data)
    if data.startswith(codecs.BOM_UTF8):
        return _must_decode(data, Encoding("utf-8", 3))
    if _fault(data, "utf-8", 0) is None:
        return Encoding("utf-8")
    return _must_decode(data, Encoding("cp1252", sure=False))


def _refuse_nul(data: bytes) -> None:
    at = data.find(b"\x00")
    if at < 0:
        return
    if data[:2000].count(b"\x00") * 3 > len(data[:2000]):
        raise FileRefused("encoding", f"This file is written in UTF-16 without its mark. {CURE}")
    raise _nul(_row_of(data, at))


def _nul(row: int) -> FileRefused:
    return FileRefused("nul", f"Row {row} holds a NUL character: the file is damaged.", row=row)


def _must_decode(data: bytes, encoding: Encoding) -> Encoding:
    at = _fault(data, encoding.name, encoding.skip)
    if at is None:
        return encoding
    row = _row_of(data, at)
    if data[at : at + 2] == b"\x00\x00":
        raise _nul(row)
    sentence = f"Row {row} or near it holds bytes that are not text. {CURE}"
    raise FileRefused("encoding", sentence, row=row)


def _fault(data: bytes, encoding: str, skip: int) -> int | None:
    """Find the first byte (about) that is not text; in pieces, so that memory stays flat."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for start in range(skip, len(data), CHUNK):
        end = start + CHUNK
        try:
            piece = decoder.decode(view[start:end], final=end >= len(data))
        except UnicodeDecodeError as error:
            return start + error.start
        if skip == 2 and (nul := piece.find("\x00")) >= 0:
            return start + len(piece[:nul].encode("utf-16-le"))
    return None


def _row_of(data: bytes, at: int) -> int:
    before = data[:at]
    return max(before.count(b"\n"), before.count(b"\r")) + 1
