"""Making a phonebank ready: founding, hours, script, sessions, opening and closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Event
from campaign.foundation import audit, clock
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused
from campaign.groups.models import Group
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.people.queries import person_by_email
from campaign.phonebanks import adapters
from campaign.phonebanks.models import (
    CallingSession,
    Contact,
    Phonebank,
    PhonebankRole,
    ScriptVersion,
)
from campaign.phonebanks.operations import training
from campaign.phonebanks.operations.exporting import withdraw_all
from campaign.phonebanks.operations.locking import let_go, lock_claims
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.scripts import NO_BEGINNING, check_steps, says_who_rings, whats_wrong
from campaign.phonebanks.rules.week import read_week

ROSTER_LABEL = "Open the calling screen"


def found(
    db: Session,
    *,
    group: Group,
    title: str,
    reason: str,
    actor_id: int,
    now: datetime,
    closes_at: datetime | None = None,
    access: str = "rostered",
    is_practice: bool = False,
    public_id: str | None = None,
) -> Phonebank:
    """Start a phonebank as a draft; who starts it leads it."""
    phonebank = Phonebank(
        group_id=group.id,
        title=title,
        reason=reason,
        closes_at=closes_at,
        access=access,
        is_practice=is_practice,
        made_at=now,
        made_by=actor_id,
    )
    if public_id:
        phonebank.public_id = public_id
    db.add(phonebank)
    db.flush()
    make_lead(db, phonebank=phonebank, person_id=actor_id, actor_id=actor_id)
    _note(db, phonebank, "phonebank started", actor_id)
    return phonebank


def make_lead(db: Session, *, phonebank: Phonebank, person_id: int, actor_id: int) -> None:
    """Make somebody a lead: they see the board and look after the calling."""
    people.insert_or_leave(
        db, PhonebankRole, phonebank_id=phonebank.id, person_id=person_id, role="lead"
    )
    people.entrust(db, person_id=person_id)
    _note(db, phonebank, "phonebank lead made", actor_id)


def describe(
    db: Session,
    *,
    phonebank: Phonebank,
    title: str,
    reason: str,
    access: str,
    closes_at: datetime | None,
    actor_id: int,
) -> None:
    """Change what a phonebank is called, why it rings, who may call and when it is over.

    No claim outlives its end, also where that is moved nearer.
    """
    phonebank.title, phonebank.reason, phonebank.access = title, reason, access
    phonebank.closes_at = closes_at
    if closes_at is not None:
        for line in lock_claims(db, phonebank, clock.now()):
            line.call.expires_at = min(line.call.expires_at, closes_at)
            line.contact.claimed_until = line.call.expires_at
    details = ["title", "reason", "access", "closes_at"]
    _note(db, phonebank, "phonebank changed", actor_id, details=details)


def set_hours(
    db: Session, *, phonebank: Phonebank, hours: Mapping[str, Sequence[str]], actor_id: int
) -> None:
    """Set the phonebank's own hours. Refuses hours outside the outer bounds."""
    plain = {day: list(pair) for day, pair in hours.items() if pair}
    read_week(plain, adapters.calling_rules())
    phonebank.hours = plain
    _note(db, phonebank, "calling hours set", actor_id, details=["hours"])


def write_script(
    db: Session, *, phonebank: Phonebank, steps: list[dict[str, Any]], actor_id: int, now: datetime
) -> ScriptVersion:
    """Keep a new version of what callers say. Refuses a script that leads nowhere or in circles."""
    check_steps(steps)
    last = board.script_of(db, phonebank.id)
    made = ScriptVersion(
        phonebank_id=phonebank.id,
        number=last.number + 1 if last else 1,
        steps=steps,
        made_at=now,
        made_by=actor_id,
    )
    with refusing(db, {"uq_script_version_phonebank_id_number": _written_by_another}):
        db.add(made)
    _note(db, phonebank, "script written", actor_id)
    return made


def attach_session(db: Session, *, phonebank: Phonebank, event: Event, actor_id: int) -> None:
    """Let the roster of one of the group's phonebank events call. Refuses other events."""
    if event.group_id != phonebank.group_id or event.kind != "phonebank":
        raise Refused("Choose one of the group’s own phonebank events.", field="event")
    if event.state == "cancelled" or event.ends_at <= clock.now():
        raise Refused("This event is over or off. Choose one that is to come.", field="event")
    with refusing(db, {"uq_calling_session_event_id": _attached_already}):
        db.add(CallingSession(event_id=event.id, phonebank_id=phonebank.id))
    path = f"/phonebanks/{phonebank.public_id}/call"
    events.attach_roster(db, event=event, path=path, label=ROSTER_LABEL)
    _note(db, phonebank, "session attached", actor_id, details=[f"event:{event.id}"])


def invite_lead(db: Session, *, phonebank: Phonebank, email: str, actor_id: int) -> Person:
    """Make the person with this address a lead. Refuses an address that nobody here has."""
    person = person_by_email(db, email)
    if person is None:
        raise Refused(
            "Nobody here has this address. Ask them to sign in once, then add them.", field="email"
        )
    if board.is_removed(db, phonebank.id, person.id):
        raise Refused("They were taken off. Let them back in on the board first.", field="email")
    make_lead(db, phonebank=phonebank, person_id=person.id, actor_id=actor_id)
    return person


def detach_session(db: Session, *, phonebank: Phonebank, event: Event, actor_id: int) -> None:
    """The roster of an event no longer calls; again is harmless. A call in hand can be reported."""
    gone = delete(CallingSession).where(
        CallingSession.event_id == event.id, CallingSession.phonebank_id == phonebank.id
    )
    if db.execute(gone).rowcount:  # type: ignore[attr-defined]
        events.attach_roster(db, event=event, path="", label="")
        _note(db, phonebank, "session detached", actor_id, details=[f"event:{event.id}"])


def open_up(db: Session, *, phonebank: Phonebank, actor_id: int, movement: str = "") -> None:
    """Begin or go on calling. Refuses while something is missing, and says what.

    ``movement`` is our name, for a script that has it written out.
    """
    if phonebank.status == "closed":
        raise Refused("This phonebank is closed for good. Start a new one.")
    missing = whats_missing(db, phonebank, movement=movement)
    if missing:
        raise Refused(f"Not yet: {missing[0]}")
    phonebank.status = "open"
    _note(db, phonebank, "phonebank opened", actor_id)


def pause(db: Session, *, phonebank: Phonebank, actor_id: int, now: datetime) -> None:
    """Stop handing people out; calls that are going on can still be reported."""
    if phonebank.status == "open":
        phonebank.status = "paused"
        for line in lock_claims(db, phonebank, now):
            if line.call.revealed_at is None:
                let_go(line.contact, line.call, phonebank, now=now, status="revoked")
        _note(db, phonebank, "phonebank paused", actor_id)


def close(db: Session, *, phonebank: Phonebank, actor_id: int, now: datetime) -> None:
    """End the phonebank for good: every claim is over, late reports are still taken.

    The pages of its sessions lead to no calling screen any more, and tables that somebody had
    asked for have to be asked for anew.
    """
    phonebank.status = "closed"
    if phonebank.closes_at is None or phonebank.closes_at > now:
        phonebank.closes_at = now
    for line in lock_claims(db, phonebank, now):
        let_go(line.contact, line.call, phonebank, now=now, status="revoked")
    for event in board.events_of(db, phonebank.id):
        events.attach_roster(db, event=event, path="", label="")
    withdraw_all(db, phonebank_id=phonebank.id)
    _note(db, phonebank, "phonebank closed", actor_id)


def agree(db: Session, *, person_id: int, now: datetime) -> None:
    """Keep a caller's promises, for demonstrations; whoever calls does it on a page."""
    training.agree(db, person_id=person_id, now=now)


def pass_practice(db: Session, *, person_id: int, now: datetime) -> None:
    """Note that somebody has practised and passed the quiz, for demonstrations."""
    training.pass_at_once(db, person_id=person_id, now=now)


def whats_missing(db: Session, phonebank: Phonebank, *, movement: str = "") -> list[str]:
    """What has to be there before the first call, in sentences; empty when ready."""
    missing = []
    if not phonebank.reason:
        missing.append("say in one line why we ring.")
    if not db.scalar(select(Contact.id).where(Contact.phonebank_id == phonebank.id).limit(1)):
        missing.append("bring in a list of people.")
    script = board.script_of(db, phonebank.id)
    wrong = whats_wrong(script.steps) if script else ""
    if script is None or wrong == NO_BEGINNING:
        missing.append("write what callers say, from how the call begins.")
    elif wrong:
        missing.append(f"mend the script. {wrong}")
    elif not says_who_rings(script.steps, movement):
        missing.append("have the script say who rings: write {movement} where our name belongs.")
    return missing


def _written_by_another() -> Conflict:
    return Conflict("Somebody else has just saved the script. Look at theirs first.")


def _attached_already() -> Conflict:
    return Conflict("This event is a session already.", field="event")


def _note(
    db: Session, phonebank: Phonebank, action: str, actor_id: int, details: Sequence[str] = ()
) -> None:
    db.flush()
    audit.append(
        db, action, subject=f"phonebank:{phonebank.id}", actor_id=actor_id, details=details
    )
