"""The journal: what must never come back, kept outside the database.

Whoever objects to being rung, or has everything about them deleted, must not come back because
an older copy of the database is restored. So each objection and each erasure also stands in a
file of the data folder, as a keyed hash. A row of the same transaction comes first
(``entries``); once that is committed it is carried into the file (``carrying``), at once by
whoever committed, and by the worker's next tick where that was killed in between. A transaction
that is rolled back leaves no row, and so no line.
"""

from campaign.foundation.journal.carrying import carry, keep_journal
from campaign.foundation.journal.entries import (
    JournalEntry,
    know_erased,
    note_erased,
    note_suppressed,
    unknown,
)
from campaign.foundation.journal.pages import NAME, SUPPRESSED, Entry, Journal, Pages

__all__ = [
    "NAME",
    "SUPPRESSED",
    "Entry",
    "Journal",
    "JournalEntry",
    "Pages",
    "carry",
    "keep_journal",
    "know_erased",
    "note_erased",
    "note_suppressed",
    "unknown",
]
