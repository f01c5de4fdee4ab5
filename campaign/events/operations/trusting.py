"""Trusting a host, and no longer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import TrustedHost
from campaign.events.queries.trust import approved_count, trust_row
from campaign.foundation import audit, clock
from campaign.foundation.outbox import post
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave


def note_approval(
    db: Session, *, host: Person, decision: Decision, after: int, mail: Mail | None, hold: Any
) -> None:
    """After so many approved events a host is trusted, once, and hears of it.

    Not who lost it before, and not by listing one's own.
    """
    if decision.actor_id == host.id or trust_row(db, host.id) is not None:
        return
    if approved_count(db, host.id) < after:
        return
    insert_or_leave(
        db,
        TrustedHost,
        person_id=host.id,
        made_at=clock.now(),
        note="",
        decision_id=decision.id,
        revoked_because="",
    )
    audit.append(db, "host trusted", subject=f"person:{host.id}", details=["approved events"])
    if mail is not None and host.email:
        letter = messages.trusted(mail, to=host.email)
        post(db, letter, key=f"moderation:{decision.public_id}:trusted", not_before=hold)


def trust_host(
    db: Session, *, host: Person, actor_id: int, note: str, mail: Mail | None = None
) -> None:
    """A moderator trusts a host, with a note that says why; the host hears of it."""
    now = clock.now()
    insert_or_leave(db, TrustedHost, person_id=host.id, made_at=now, note="", revoked_because="")
    held = trust_row(db, host.id)
    assert held is not None
    held.made_at, held.made_by, held.note = now, actor_id, note
    held.revoked_at, held.revoked_because, held.decision_id = None, "", None
    db.flush()
    audit.append(db, "host trusted", subject=f"person:{host.id}", actor_id=actor_id)
    if mail is not None and host.email:
        post(
            db,
            messages.trusted(mail, to=host.email),
            key=f"trusted:{host.public_id}:{int(now.timestamp())}",
        )


def revoke_trust(db: Session, *, person_id: int, because: str, actor_id: int | None) -> None:
    """A host is trusted no longer, until a moderator says so again."""
    now = clock.now()
    insert_or_leave(db, TrustedHost, person_id=person_id, made_at=now, note="", revoked_because="")
    held = trust_row(db, person_id)
    assert held is not None
    if held.revoked_at is not None:
        return
    held.revoked_at, held.revoked_because = now, because[:200]
    db.flush()
    audit.append(db, "host trusted no longer", subject=f"person:{person_id}", actor_id=actor_id)
