"""Doing in this database what its journal says, and what of it is missing here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy.orm import Session

from campaign import registry
from campaign.foundation import audit
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.journal import SUPPRESSED, Entry, Journal, know_erased, unknown
from campaign.foundation.web import House
from campaign.foundation.words import plural
from campaign.people import queries
from campaign.phonebanks.operations.never import suppress_many

MEND = "run `campaign restore --replay-only`"


@dataclass
class Missing:
    """What stands in a journal and is not so in a database, or not yet."""

    suppressed: list[Entry] = field(default_factory=list)
    erased: list[Entry] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.suppressed or self.erased)

    def in_words(self) -> str:
        """Both in a few words."""
        suppressed = plural(len(self.suppressed), "do-not-call")
        return f"{suppressed} and {plural(len(self.erased), 'erasure')}"


def missing(db: Session, entries: Sequence[Entry]) -> Missing:
    """What of a journal this database does not know."""
    wanted = [entry for entry in entries if entry.kind == SUPPRESSED]
    without = queries.unknown_suppressions(db, [entry.of for entry in wanted])
    erased = [entry for entry in entries if entry.kind != SUPPRESSED]
    return Missing([entry for entry in wanted if entry.of in without], unknown(db, erased))


def replay(db: Session, entries: Sequence[Entry], journal: Journal) -> tuple[Missing, int]:
    """Do what is missing here; answers what that was, and how many erased things were here.

    The session must belong to a database that keeps no journal: what is replayed stands in it
    already. Refuses kinds that a newer release wrote, for nobody here knows how to do them.
    """
    found = missing(db, entries)
    strange = {entry.kind for entry in found.erased} - set(registry.ERASED_AGAIN)
    if strange:
        raise Refused(
            f"The journal holds what this release does not know ({', '.join(sorted(strange))}): "
            "install the release that wrote it."
        )
    for said, hmacs in _together(found.suppressed):
        suppress_many(db, hmacs, reason=said.reason, source=said.source, now=said.moment)
    erased = 0
    for kind, again in registry.ERASED_AGAIN.items():
        these = [entry for entry in found.erased if entry.kind == kind]
        if these:
            erased += again(db, these, journal)
    know_erased(db, found.erased)
    if found:
        counts = [f"{len(found.suppressed)}", f"{len(found.erased)}"]
        audit.append(db, "journal replayed", subject="journal", details=counts)
    return found, erased


def _together(entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[str]]]:
    """Those of one list, which came at one moment, in one go."""

    def alike(entry: Entry) -> tuple[str, str, str]:
        return entry.at, entry.reason, entry.source

    for _, run in groupby(sorted(entries, key=alike), key=alike):
        these = list(run)
        yield these[0], [entry.of for entry in these]


def replay_here(house: House) -> tuple[Missing, int]:
    """Do in the present database what its journal holds and it does not."""
    if not house.journal.exists:
        return Missing(), 0
    entries = house.journal.read().entries
    with house.database.reading() as db:
        if not missing(db, entries):
            return Missing(), 0
    # One that keeps no journal: see replay.
    alone = Database(house.database.url.render_as_string(hide_password=False))
    try:
        with alone.unit_of_work() as db:
            return replay(db, entries, house.journal)
    finally:
        alone.dispose()


def trouble(house: House) -> str | None:
    """A sentence where the database lacks what its journal holds."""
    if not house.journal.exists:
        return None
    with house.database.reading() as db:
        found = missing(db, house.journal.read().entries)
    if not found:
        return None
    return f"the journal holds {found.in_words()} that the database does not: {MEND}"


def refuse_unreplayed(house: House) -> None:
    """Nobody is served from a database that was put back without what they asked for since."""
    found = trouble(house)
    if found is not None:
        raise Refused(f"Not started: {found}.")
