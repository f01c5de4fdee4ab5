"""Opening the desk on another device, and closing it there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from campaign.foundation import audit, tokens
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, DeskDevice
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.queries.devices import many_devices
from campaign.meetups.rules.devices import LASTS, LINK_LASTS, MOST, LinkSpent, marks_of


def link_key(public_id: str, *, secret: str) -> str:
    """The key of a link. Whoever gave it sees it again while it lasts; the row knows it not."""
    return tokens.derived(f"desk link:{public_id}", secret=secret)


def give_desk(
    db: Session, *, batch: Batch, now: datetime, actor_id: int, secret: str
) -> DeskDevice:
    """Make a link that opens the desk on one other device, within five minutes.

    The one that they made before, if nobody has opened it, is dead with this. Refuses once the
    meetup is over, and more devices than a desk has helpers.
    """
    batch = lock_open(db, batch.id)
    if many_devices(db, batch.meetup_id, now=now) >= MOST:
        raise Refused(f"{MOST} devices hold this desk already. Take one of them back first.")
    mine = [DeskDevice.meetup_id == batch.meetup_id, DeskDevice.given_by == actor_id]
    _end(db, [*mine, DeskDevice.opened_at.is_(None)], now)
    public_id = tokens.public_id()
    made = DeskDevice(
        public_id=public_id,
        meetup_id=batch.meetup_id,
        given_by=actor_id,
        given_at=now,
        link=tokens.fingerprint(link_key(public_id, secret=secret)),
        link_ends_at=now + LINK_LASTS,
    )
    db.add(made)
    db.flush()
    _log(db, "desk link given", batch, device_id=made.id, actor_id=actor_id)
    return made


def open_desk(db: Session, *, batch: Batch, link: DeskDevice, name: str, now: datetime) -> str:
    """Let the device that has the link hold the desk; answers the token of its cookie.

    A link opens the desk once: LinkSpent where it was opened meanwhile, also at this very moment.
    """
    batch = lock_open(db, batch.id)
    token = tokens.secret()
    opened = db.execute(
        update(DeskDevice)
        .where(
            DeskDevice.id == link.id,
            DeskDevice.opened_at.is_(None),
            DeskDevice.ended_at.is_(None),
            DeskDevice.link_ends_at > now,
        )
        .values(
            name=name,
            fingerprint=tokens.fingerprint(token),
            opened_at=now,
            ends_at=now + LASTS,
        )
        .execution_options(synchronize_session=False)
    )
    if opened.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkSpent
    audit.append(
        db,
        "desk opened on a device",
        subject=f"batch:{batch.id}",
        actor_id=link.given_by,
        details=marks_of(link.id, name),
    )
    return token


def close_device(
    db: Session, *, batch: Batch, device_id: int, now: datetime, actor_id: int
) -> None:
    """Take the desk back from a device; it opens nothing from now on. Done twice, it is done."""
    lock(db, batch.id)
    if _end(db, [DeskDevice.id == device_id], now):
        _log(db, "desk closed on a device", batch, device_id=device_id, actor_id=actor_id)


def close_all(db: Session, *, batch: Batch, now: datetime) -> None:
    """The meetup has ended: no device holds its desk any more, no link opens it."""
    _end(db, [DeskDevice.meetup_id == batch.meetup_id], now)


def _end(db: Session, which: Sequence[ColumnElement[bool]], now: datetime) -> int:
    ended = db.execute(
        update(DeskDevice)
        .where(*which, DeskDevice.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def _log(db: Session, what: str, batch: Batch, *, device_id: int, actor_id: int) -> None:
    subject, about = f"batch:{batch.id}", [f"device:{device_id}"]
    audit.append(db, what, subject=subject, actor_id=actor_id, details=about)
