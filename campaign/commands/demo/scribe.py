"""Writes many rows: in batches, without an object each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from campaign.foundation.database import Base

BATCH = 5000
Row = dict[str, Any]
Tell = Callable[[int], object]


class Scribe:
    """Writes rows into the present transaction and tells how many."""

    def __init__(self, db: Session, tell: Tell = bool) -> None:
        self.db = db
        self._tell = tell

    def write(self, model: type[Base], rows: Iterable[Row], *, told: bool = False) -> None:
        """Insert rows that all have the same keys; ``told`` ones move the progress bar."""
        table = Base.metadata.tables[model.__tablename__]
        rest = iter(rows)
        while batch := list(islice(rest, BATCH)):
            self.db.execute(insert(table), batch)
            if told:
                self._tell(len(batch))
