"""The team of an event: asking somebody onto it, their own answer, and going again.

Nobody is put on a team by somebody else: an invitation goes to an address, and only the yes of
whoever reads that mailbox, or is signed in with it, makes a part of it.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import addresses_kept_out
from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, EventInvite, EventTeam
from campaign.events.operations.signing_up import check_open, lock, refuse_kept_out
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries import team as teams
from campaign.events.rules.signups import initials
from campaign.events.rules.team import MOST_ON_TEAM, PARTS, AlreadyAsked, TeamFull, TeamRole
from campaign.foundation import audit, clock, signals, tokens
from campaign.foundation.database import refusing
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import post
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave, meet


def invite(
    db: Session, *, event: Event, email: str, role: TeamRole, actor: Person, mail: Mail | None
) -> EventInvite:
    """Ask an address onto the team; its owner gets a letter with their yes and no.

    The same answer whether the address is known, unknown, or kept out of everything. Refuses what
    is over or cancelled, who has the part already, and more than twenty; AlreadyAsked who was
    asked before.
    """
    event = lock(db, event.id)
    check_open(event)
    email = email.lower()
    if teams.team_size(db, event.id) >= MOST_ON_TEAM:
        raise TeamFull
    if _has(db, event=event, email=email, role=role):
        raise Refused("They are on the team with this part already.", field="email")
    key = tokens.secret()
    asked = EventInvite(
        event_id=event.id,
        email=email,
        role=role.value,
        fingerprint=tokens.fingerprint(key),
        invited_by=actor.id,
        made_at=clock.now(),
    )
    with refusing(db, {"uq_event_invite_event_id_email_role": AlreadyAsked}):
        db.add(asked)
    if mail is not None and not addresses_kept_out(db, [email]):
        letter = messages.team_invite(
            mail,
            to=email,
            event=facts_for_letter(event, now=clock.now()),
            asker=initials(actor.name),
            part=PARTS[role].label,
            may=PARTS[role].may,
            key=key,
        )
        post(db, letter, key=f"team-invite:{asked.public_id}")
    _note(db, "asked onto team", event.id, actor.id, role.value)
    return asked


def accept_invite(db: Session, *, invite: EventInvite, name: str | None = None) -> EventTeam:
    """The owner of the address says yes: the part is theirs from the next request on.

    Saying yes again changes nothing. ``name`` is for who has no account yet. KeptOut for who is
    kept out of everything.
    """
    event = lock(db, invite.event_id)
    check_open(event)
    refuse_kept_out(db, email=invite.email, name=name or "")
    person = meet(db, email=invite.email, name=name or invite.email.partition("@")[0])
    if person.disabled_at is not None:
        raise Refused("This account is closed. Ask the host to ask another address of yours.")
    if person.email_confirmed_at is None:
        person.email_confirmed_at = clock.now()  # the link came to that mailbox
    held = join_team(db, event=event, person=person, role=TeamRole(invite.role))
    db.delete(invite)
    db.flush()
    return held


def decline_invite(db: Session, *, invite: EventInvite, actor_id: int | None = None) -> None:
    """The owner of the address says no, or who asked takes it back."""
    _note(db, "team invitation ended", invite.event_id, actor_id, invite.role)
    db.delete(invite)
    db.flush()


def join_team(db: Session, *, event: Event, person: Person, role: TeamRole) -> EventTeam:
    """Somebody has a part by their own yes; having it already changes nothing."""
    insert_or_leave(
        db,
        EventTeam,
        public_id=tokens.public_id(),
        event_id=event.id,
        person_id=person.id,
        role=role.value,
        since=clock.now(),
    )
    _note(db, "joined team", event.id, person.id, role.value)
    return db.scalars(
        select(EventTeam).where(
            EventTeam.event_id == event.id,
            EventTeam.person_id == person.id,
            EventTeam.role == role.value,
        )
    ).one()


def leave_team(db: Session, *, event: Event, held: EventTeam, actor_id: int) -> None:
    """Take a part away: one's own, or as who looks after the team. It ends with this request."""
    person_id = held.person_id
    _note(db, "left team", event.id, actor_id, f"person:{person_id}", held.role)
    db.delete(held)
    db.flush()
    signals.standing_changed.send(db, person_id=person_id)


def leave_team_as(db: Session, *, event_id: int, person_id: int, role: TeamRole) -> None:
    """Somebody takes one part of theirs back; without it nothing changes."""
    held = db.scalar(
        select(EventTeam).where(
            EventTeam.event_id == event_id,
            EventTeam.person_id == person_id,
            EventTeam.role == role.value,
        )
    )
    if held is not None:
        db.delete(held)
        _note(db, "left team", event_id, person_id, role.value)
        db.flush()
        signals.standing_changed.send(db, person_id=person_id)


def _has(db: Session, *, event: Event, email: str, role: TeamRole) -> bool:
    held = (
        select(EventTeam.id)
        .join(EventTeam.person)
        .where(EventTeam.event_id == event.id, EventTeam.role == role.value, Person.email == email)
    )
    return db.scalar(held) is not None


def _note(db: Session, action: str, event_id: int, actor_id: int | None, *details: str) -> None:
    audit.append(db, action, subject=f"event:{event_id}", actor_id=actor_id, details=details)
