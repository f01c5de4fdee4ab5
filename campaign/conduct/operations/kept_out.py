"""Keeping somebody out of everything until a day, knowing them again, letting them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.conduct import messages
from campaign.conduct.messages import Mail
from campaign.conduct.models import KeptOut, KeptOutMark, KeptOutPerson
from campaign.conduct.queries import kept_out as looking
from campaign.conduct.rules.kept_out import REASONS, until_when
from campaign.foundation import audit, signals
from campaign.foundation.database import lock_after_all, lock_among
from campaign.foundation.outbox import post
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave

# Who signs somebody up works among others; who keeps somebody out comes after all of them.
DOOR = "kept out"


def stand_at_door(db: Session) -> None:
    """Whoever lets people in, or knows them again, says so first: who keeps somebody out waits.

    To be called before any lock of an event, so that the two never wait for each other.
    """
    lock_among(db, DOOR)


def keep_out(
    db: Session,
    *,
    case_id: str,
    hashes: Sequence[str],
    reason: str,
    now: datetime,
    actor_id: int,
    email: str | None = None,
    mail: Mail | None = None,
) -> KeptOut:
    """Whoever has these marks comes to nothing, hosts nothing and calls nobody for a year.

    It ends by itself, or with ``let_back``. Their coming places are free and whoever they have on
    their calling screen goes back, in this transaction. ``email`` is where they hear of it.
    """
    lock_after_all(db, DOOR)
    db.execute(delete(KeptOut).where(KeptOut.case_id == case_id))
    held = KeptOut(
        case_id=case_id, reason=reason, until=until_when(now), made_at=now, made_by=actor_id
    )
    db.add(held)
    db.flush()
    db.add_all(KeptOutMark(kept_out_id=held.id, hashed=mark) for mark in set(hashes))
    db.flush()
    accounts = looking.accounts_with(db, hashes)
    for person in accounts:
        _link(db, held.id, person.id)
    audit.append(db, "kept out of everything", subject=f"kept_out:{held.id}", actor_id=actor_id)
    signals.kept_out.send(db, hashes=list(hashes), mail=mail)
    told = {email.lower()} if email else set()
    _tell(db, held, told | {person.email for person in accounts if person.email}, mail)
    return held


def know_again(db: Session, *, person_id: int, **_: Any) -> None:
    """Somebody signs in: where they have the marks of who is kept out, so is their account."""
    stand_at_door(db)
    person = db.get_one(Person, person_id)
    hashes = looking.hashes_of(db, email=person.email, phone=person.phone, name=person.name)
    for kept_out_id in looking.held_with(db, hashes) if hashes else []:
        _link(db, kept_out_id, person.id)


def let_back(db: Session, *, case_id: str, actor_id: int) -> None:
    """From now on they may come again, and nothing of it is kept here. Again is harmless."""
    lock_after_all(db, DOOR)  # nobody signs in meanwhile and is linked to what is gone
    held = looking.of_case(db, case_id)
    if held is None:
        return
    audit.append(db, "kept out no longer", subject=f"kept_out:{held.id}", actor_id=actor_id)
    db.delete(held)
    db.flush()


def export_person(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """Why and until when a person is kept out, for their own eyes."""
    person = db.get_one(Person, person_id)
    held = looking.kept_out(db, email=person.email, phone=person.phone, name=person.name)
    _show(held, into)


def export_address(db: Session, *, email: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """The same for who is known by an address alone."""
    _show(looking.kept_out(db, email=email), into)


def export_number(db: Session, *, e164: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """The same for a number that is one person's."""
    _show(looking.kept_out(db, phone=e164), into)


def _show(held: looking.Held | None, into: dict[str, list[dict[str, Any]]]) -> None:
    if held is not None:
        why, until = REASONS[held.reason], held.until.isoformat(timespec="minutes")
        into["Kept out of everything"] = [{"why": why, "until": until}]


def over_due(db: Session, before: datetime) -> int:
    """How many were kept out until then at the latest."""
    return db.scalar(select(func.count()).select_from(KeptOut).where(KeptOut.until <= before)) or 0


def forget_over(db: Session, before: datetime) -> int:
    """Delete the marks of whose time was over then; answers how many people."""
    gone = db.execute(delete(KeptOut).where(KeptOut.until <= before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _link(db: Session, kept_out_id: int, person_id: int) -> None:
    insert_or_leave(db, KeptOutPerson, kept_out_id=kept_out_id, person_id=person_id)
    signals.standing_changed.send(db, person_id=person_id)


def _tell(db: Session, held: KeptOut, addresses: set[str], mail: Mail | None) -> None:
    if mail is None:
        return
    for place, address in enumerate(sorted(addresses)):
        letter = messages.kept_out(mail, to=address, reason=held.reason, until=held.until)
        post(db, letter, key=f"kept-out:{held.case_id}:{held.made_at.isoformat()}:{place}")
