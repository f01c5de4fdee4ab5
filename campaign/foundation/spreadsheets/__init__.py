"""Tables that people bring and take away: reading nasty CSV, writing harmless CSV.

Glossary. *Table*: headings and rows. *Row number*: as a spreadsheet counts, headings are row 1.
*Guard*: the ' before a cell that a spreadsheet would otherwise run as a formula.
"""

from campaign.foundation.spreadsheets.reading import Row, Stats, Table, read_table
from campaign.foundation.spreadsheets.refusal import FileRefused
from campaign.foundation.spreadsheets.writing import Value, guarded, unguarded, write_csv

__all__ = [
    "FileRefused",
    "Row",
    "Stats",
    "Table",
    "Value",
    "guarded",
    "read_table",
    "unguarded",
    "write_csv",
]
