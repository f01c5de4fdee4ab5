"""The outbox: letters are rows written with the change they tell of, delivered after it.

A letter is taken by one worker, marked *sending* in a transaction of its own, sent, and marked
*sent*. A worker that dies in between leaves it *sending*; after a while it is reported as
*unknown* rather than sent a second time: nobody is mailed twice, nobody is silently lost.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaign.foundation import clock
from campaign.foundation.audit import BigKey
from campaign.foundation.carriers import Carrier, Letter, NotAccepted, NotNow
from campaign.foundation.database import Base, Database, is_postgresql

MOST_ATTEMPTS = 8
UNKNOWN_AFTER = timedelta(minutes=15)
log = logging.getLogger("campaign.outbox")


class OutboxLetter(Base):
    """One letter to one address; ``key`` says what it is for, so it is written once."""

    __tablename__ = "outbox_letter"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    # Where a mail program ends such mail with one click; empty for what somebody asked for.
    unsubscribe: Mapped[str] = mapped_column(String(500), default="", server_default="")
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    written_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unknown')", name="state"
        ),
        Index("ix_outbox_letter_due", "state", "not_before"),
    )


@dataclass(frozen=True)
class Delivered:
    """What one round of delivery did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0


def post(db: Session, letter: Letter, *, key: str, not_before: datetime | None = None) -> None:
    """Write a letter into the present transaction; the same key again writes nothing.

    It waits until ``not_before``, so long can ``take_back`` undo it.
    """
    now = clock.now()
    values = {
        "key": key,
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "calendar": letter.calendar,
        "unsubscribe": letter.unsubscribe,
        "state": "queued",
        "attempts": 0,
        "not_before": not_before or now,
        "written_at": now,
    }
    dialect = postgresql if is_postgresql(db) else sqlite
    db.execute(dialect.insert(OutboxLetter).values(**values).on_conflict_do_nothing())


def forget_letters(db: Session, *, to: str) -> None:
    """Delete every letter to an address; one that is being sent this moment goes out."""
    db.execute(delete(OutboxLetter).where(OutboxLetter.to == to, OutboxLetter.state != "sending"))


def take_back(db: Session, *, key: str) -> None:
    """Take back the letters whose keys begin so and that nobody has begun to send."""
    db.execute(
        delete(OutboxLetter).where(
            OutboxLetter.key.startswith(key, autoescape=True), OutboxLetter.state == "queued"
        )
    )


def deliver_due(database: Database, carrier: Carrier, *, most: int = 200) -> Delivered:
    """Send what is due, one letter at a time, each in transactions of its own."""
    sent = put_off = failed = 0
    _report_unknown(database)
    if not _any_due(database):  # an idle house does not take the write lock each second
        return Delivered()
    for _ in range(most):
        taken = _take(database)
        if taken is None:
            break
        state = _carry(carrier, taken[1], attempts=taken[2])
        _settle(database, taken[0], state, attempts=taken[2])
        sent += state == "sent"
        put_off += state == "queued"
        failed += state == "failed"
    return Delivered(sent, put_off, failed)


def _any_due(database: Database) -> bool:
    due = select(OutboxLetter.id).where(
        OutboxLetter.state == "queued", OutboxLetter.not_before <= clock.now()
    )
    with database.reading() as db:
        return db.scalar(due.limit(1)) is not None


def _take(database: Database) -> tuple[int, Letter, int] | None:
    now = clock.now()
    with database.unit_of_work() as db:
        due = (
            select(OutboxLetter)
            .where(OutboxLetter.state == "queued", OutboxLetter.not_before <= now)
            .order_by(OutboxLetter.not_before, OutboxLetter.id)
            .limit(1)
            .with_for_update(skip_locked=True)  # left out by SQLite, where we write alone
        )
        row = db.scalar(due)
        if row is None:
            return None
        row.state, row.taken_at, row.attempts = "sending", now, row.attempts + 1
        letter = Letter(row.to, row.subject, row.text, row.html, row.calendar, row.unsubscribe)
        return row.id, letter, row.attempts


def _carry(carrier: Carrier, letter: Letter, *, attempts: int) -> str:
    try:
        carrier.carry(letter)
    except NotNow as reason:
        log.warning("letter put off: %s", type(reason.__cause__ or reason).__name__)
        return "queued" if attempts < MOST_ATTEMPTS else "failed"
    except NotAccepted as reason:
        log.warning("letter refused: %s", type(reason.__cause__ or reason).__name__)
        return "failed"
    return "sent"


def _settle(database: Database, letter_id: int, state: str, *, attempts: int) -> None:
    now = clock.now()
    wait = timedelta(seconds=min(30 * 2**attempts, 3600))
    values: dict[str, Any] = {"state": state, "not_before": now + wait}
    if state != "queued":
        # Nobody reads it here again, and it may hold a key or where a home is.
        values |= {"done_at": now, "text": "", "html": "", "calendar": None, "unsubscribe": ""}
    with database.unit_of_work() as db:
        db.execute(update(OutboxLetter).where(OutboxLetter.id == letter_id).values(**values))


def _report_unknown(database: Database) -> None:
    with database.reading() as db:
        stale = OutboxLetter.taken_at < clock.now() - UNKNOWN_AFTER
        found = select(OutboxLetter.id).where(OutboxLetter.state == "sending", stale).limit(1)
        if db.scalar(found) is None:
            return
    with database.unit_of_work() as db:
        db.execute(
            update(OutboxLetter)
            .where(OutboxLetter.state == "sending", stale)
            .values(state="unknown", done_at=clock.now())
        )
