"""Whether a caller is named among those who talked with many, and whether they see such lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.phonebanks.models import ShownCaller


def choose(
    db: Session, *, person_id: int, shows_name: bool, sees_list: bool, now: datetime
) -> None:
    """Keep a caller's wish, for all phonebanks. Nobody else can make it for them."""
    db.merge(ShownCaller(person_id=person_id, shows_name=shows_name, sees_list=sees_list, at=now))
    db.flush()


def forget_wish(db: Session, *, person_id: int) -> None:
    """Somebody is erased: they are named nowhere."""
    db.execute(delete(ShownCaller).where(ShownCaller.person_id == person_id))


def export_wish(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """What is kept of a caller's wish, for their own eyes."""
    wish = db.get(ShownCaller, person_id)
    if wish is not None:
        into["On lists of callers"] = [
            {
                "named": wish.shows_name,
                "sees such lists": wish.sees_list,
                "since": wish.at.isoformat(timespec="minutes"),
            }
        ]
