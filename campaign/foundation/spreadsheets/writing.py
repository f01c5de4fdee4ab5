"""Writing tables that no spreadsheet takes for a program."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

# A cell that begins so is run as a formula by Excel, LibreOffice and Google Sheets (OWASP, "CSV
# injection"); full-width signs count there too. A leading ' makes it text.
DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
CHUNK = 64 * 1024

Value = str | int | float | None


def guarded(cell: str) -> str:
    """Make a cell harmless. ``unguarded`` gives back exactly what went in."""
    return "'" + cell if DANGEROUS.match(cell) else cell


def unguarded(cell: str) -> str:
    """Take off the mark that ``guarded`` put before a cell, and only that."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell


def write_csv(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], *, bom: bool = True
) -> Iterator[bytes]:
    """Write a table as UTF-8 CSV, in pieces. ``b"".join(…)`` makes one file of them.

    Texts that a spreadsheet would run are guarded; numbers are numbers and stay so. The mark at
    the start (``bom``) tells Excel that this is UTF-8. A row of another width raises ValueError.
    """
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    if bom:
        page.write("\ufeff")
    writer.writerow([guarded(heading) for heading in headings])
    for row in rows:
        if len(row) != len(headings):
            raise ValueError(f"a row of {len(row)} cells under {len(headings)} headings")
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
        if page.tell() > CHUNK:
            yield _drain(page)
    yield _drain(page)


def _drain(page: io.StringIO) -> bytes:
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode("utf-8", errors="replace")
