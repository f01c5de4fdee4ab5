"""Telling the safeguarding officers who is kept apart and sits at one table all the same."""

from __future__ import annotations

from campaign.conduct.queries.reports import officers
from campaign.events.messages import Mail
from campaign.foundation import tokens
from campaign.foundation.database import Database
from campaign.foundation.outbox import post
from campaign.meetups import messages
from campaign.meetups.queries.apart import Sharing, sharing
from campaign.people.rules import Role

PAGE = "/meetups/apart"


def warn_officers(database: Database, *, mail: Mail) -> int:
    """Write each officer one letter for each pair and each deal; answers how many pairs there are.

    An officer who is one of the two is told nothing.
    """
    with database.reading() as db:
        if not sharing(db):
            return 0
    with database.unit_of_work() as db:
        found = sharing(db)
        for pair in found:
            for officer in officers(db, Role.SAFEGUARDING):
                if officer.email and not pair.concerns(officer):
                    letter = messages.at_one_table(
                        mail, to=officer.email, meetup=pair.batch.meetup.event.title, path=PAGE
                    )
                    post(db, letter, key=f"apart:{_mark(pair)}:{officer.public_id}")
    return len(found)


def _mark(pair: Sharing) -> str:
    """The same for the same two at the same tables; it names nobody."""
    return tokens.fingerprint(f"{pair.kind}:{pair.one.public_id}:{pair.other.public_id}")
