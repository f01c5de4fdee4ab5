"""Knowing somebody again without keeping who they are: by a keyed hash.

The key lives outside the database, and every session of an open house carries it along.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.foundation.database import Database

KEY = "key of hashes"


def know_key(database: Database, key: str) -> None:
    """From now on the sessions of this database can make keyed hashes."""
    database.info[KEY] = key


def hashed(db: Session, what: str) -> str | None:
    """The keyed hash of something; None in a session that carries no key: it knows nobody."""
    key = db.info.get(KEY)
    return tokens.derived(what, secret=key) if key else None
