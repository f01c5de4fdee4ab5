"""Why a file cannot be read as a table."""

from campaign.foundation.errors import Refused


class FileRefused(Refused):
    """A file that is not a table we can read. ``code`` is stable; the sentence says where."""

    def __init__(
        self, code: str, message: str, *, row: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message, field="file")
        self.code = code
        self.row = row
        self.column = column


def place(row: int, column: int, heading: str = "") -> str:
    """Say where, as a spreadsheet counts: ``Row 7, column 3 (“Phone”)``."""
    named = f" (“{heading}”)" if heading else ""
    return f"Row {row}, column {column}{named}"
