"""A list in the hands of one worker, and how it says how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations.leasing import say

# So often, in seconds, the row says how far the work is.
EVERY = 0.4
Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Shop:
    """What work on lists needs of an installation."""

    database: Database
    folder: Path
    key: bytes
    allow_unassigned: bool = False
    # How whoever had a list brought in is written to; without it nobody is.
    mail: Mail | None = None


@dataclass(slots=True)
class Job:
    """A list in the hands of one worker. ``watch`` hears the step, how far it is and the rows."""

    shop: Shop
    batch: ImportBatch
    phonebank: Phonebank
    token: str
    watch: Watch
    said: float = field(default=0.0)

    @property
    def kept(self) -> Kept:
        """Where the file is, and what is made of it."""
        return Kept(self.shop.folder, self.batch.public_id)

    def tell(self, step: str, done: int, rows: int, *, at_once: bool = False) -> None:
        """Say that we are there and how far; Stopped where the list is not ours any more."""
        self.watch(step, done, rows)
        if not at_once and time.monotonic() - self.said < EVERY:
            return
        self.said = time.monotonic()
        with self.shop.database.unit_of_work() as db:
            values = {"seen_at": clock.now(), "step": step, "done": done, "rows": rows}
            say(db, self.batch.id, self.token, self.batch.state, **values)
