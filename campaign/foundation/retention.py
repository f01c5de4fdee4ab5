"""What is kept for how long: each room names its own, one command and one nightly job do them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings

log = logging.getLogger("campaign.work")


@dataclass(frozen=True)
class Kept:
    """A class of what we hold: how many days, how many are due, and how they go.

    ``forget`` works in portions of its own, may be stopped at any moment and goes on the next
    time; it answers how many went.
    """

    what: str
    days: Callable[[Settings], int]
    due: Callable[[Session, datetime], int]
    forget: Callable[[Database, datetime], int]

    def before(self, settings: Settings, now: datetime) -> datetime:
        """What is older than this goes."""
        return now - timedelta(days=self.days(settings))


def forget_all(classes: Sequence[Kept], database: Database, settings: Settings) -> None:
    """Each class in turn; the error of one does not stop the next, and is told at the end."""
    failed = []
    for kept in classes:
        try:
            gone = kept.forget(database, kept.before(settings, clock.now()))
            log.info("%s: %d forgotten", kept.what, gone)
        except Exception as error:
            failed.append(f"{kept.what} ({type(error).__name__})")
    if failed:
        raise RuntimeError(f"not everything that is due was forgotten: {', '.join(failed)}")
