"""Photos of an event: kept, taken down, forgotten with who gave them; files go after their rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.events.adapters import photos as adapters
from campaign.events.adapters.photos import Picture
from campaign.events.models import Event, EventPhoto, EventReport
from campaign.events.operations.putting import place_of
from campaign.events.operations.signing_up import lock
from campaign.events.rules.photos import MOST
from campaign.events.rules.venues import check_home_text
from campaign.foundation import audit, clock
from campaign.foundation.database import Database
from campaign.foundation.errors import NotFound, Refused

# A file is written before its row: so long it may stand without one.
GRACE = 600.0


def add_photos(
    db: Session,
    *,
    event: Event,
    pictures: list[tuple[Picture, str]],
    folder: Path,
    actor_id: int,
) -> None:
    """Keep photos that were drawn anew, each with its caption, for the report of an event.

    Refuses before there is a report, more than six, and a caption that gives a home away.
    """
    event = lock(db, event.id)
    if db.get(EventReport, event.id) is None:
        raise Refused("Write the report first: the photos stand with it.")
    there = select(func.count()).select_from(EventPhoto).where(EventPhoto.event_id == event.id)
    if (db.scalar(there) or 0) + len(pictures) > MOST:
        raise Refused("Six photos at most. Take one down first.", field="photo1")
    for _, caption in pictures:
        check_home_text(place_of(event), caption=caption)
    for picture, caption in pictures:
        db.add(
            EventPhoto(
                name=adapters.keep(folder, picture),
                event_id=event.id,
                caption=caption,
                width=picture.width,
                height=picture.height,
                small_width=picture.small_width,
                small_height=picture.small_height,
                given_by=actor_id,
                made_at=clock.now(),
            )
        )
    db.flush()
    audit.append(db, "photos added", subject=f"event:{event.id}", actor_id=actor_id)


def take_down_photo(db: Session, *, event: Event, name: str, actor_id: int) -> None:
    """Take one photo of an event down: it is shown to nobody from now on."""
    gone = db.execute(
        delete(EventPhoto)
        .where(EventPhoto.event_id == event.id, EventPhoto.name == name)
        .returning(EventPhoto.id)
    ).all()
    if not gone:
        raise NotFound("That photo is gone already.")
    audit.append(db, "photo taken down", subject=f"event:{event.id}", actor_id=actor_id)


def forget_photos(db: Session, *, person_id: int) -> None:
    """Somebody is erased: the photos they gave go with them."""
    db.execute(delete(EventPhoto).where(EventPhoto.given_by == person_id))


def export_photos(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """The photos somebody gave, for their own eyes."""
    query = (
        select(EventPhoto.caption, EventPhoto.made_at, Event.title)
        .join(Event, Event.id == EventPhoto.event_id)
        .where(EventPhoto.given_by == person_id)
        .order_by(EventPhoto.id)
    )
    into["Photos you gave"] = [
        {"event": title, "caption": caption, "given": made_at.isoformat(timespec="minutes")}
        for caption, made_at, title in db.execute(query)
    ]


def sweep_photos(database: Database, *, folder: Path, older_than: float = GRACE) -> int:
    """Delete the files of photos that no row knows (any more); answers how many."""
    names = adapters.names_kept(folder, older_than=older_than)
    with database.reading() as db:
        known = set(db.scalars(select(EventPhoto.name)))
    for name in names - known:
        adapters.throw_away(folder, name)
    return len(names - known)
