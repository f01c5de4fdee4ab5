"""The secret link that opens the host's page of an event without an account."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, HostLink
from campaign.events.operations.signing_up import lock
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries import door as doors
from campaign.events.queries import standings_for
from campaign.events.rules.door import HOST_LINK_LASTS, MOST_HOST_LINKS, TooManyLinks
from campaign.foundation import audit, clock, tokens
from campaign.foundation.outbox import post
from campaign.people.rules import Action, may


def host_link(db: Session, *, event: Event, actor_id: int | None = None) -> str:
    """A new key to the host's page of an event, beside the ones there are: names, who is here.

    Only its fingerprint is kept, so it can be shown this once. Refuses more than twenty.
    """
    event = lock(db, event.id)
    if doors.open_host_links(db, event.id) >= MOST_HOST_LINKS:
        raise TooManyLinks
    key, now = tokens.secret(), clock.now()
    made = HostLink(
        event_id=event.id,
        fingerprint=tokens.fingerprint(key),
        made_at=now,
        made_by_id=actor_id,
        last_day=now + HOST_LINK_LASTS if event.state == "cancelled" else None,
    )
    db.add(made)
    db.flush()
    audit.append(
        db,
        "host link made",
        subject=f"event:{event.id}",
        actor_id=actor_id,
        details=[f"host-link:{made.id}"],
    )
    return key


def close_host_links(db: Session, *, event: Event, actor_id: int | None = None) -> None:
    """Every host link there is of an event opens nothing any more, from now on."""
    event = lock(db, event.id)
    db.execute(
        update(HostLink)
        .where(HostLink.event_id == event.id, HostLink.closed_at.is_(None))
        .values(closed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    audit.append(db, "host links ended", subject=f"event:{event.id}", actor_id=actor_id)


def renew_host_link(db: Session, *, event: Event, actor_id: int | None = None) -> str:
    """A new key to the host's page; all older ones are dead."""
    close_host_links(db, event=event, actor_id=actor_id)
    return host_link(db, event=event, actor_id=actor_id)


def take_links_along(db: Session, *, person_id: int) -> None:
    """Somebody's standing has changed: the links that they made open nothing any more of an event
    that they do not look after now. A host who was replaced keeps no way to its names.
    """
    now = clock.now()
    query = (
        select(HostLink, Event)
        .join(Event, Event.id == HostLink.event_id)
        .where(
            HostLink.made_by_id == person_id,
            HostLink.closed_at.is_(None),
            Event.ends_at > now - HOST_LINK_LASTS,
        )
        .order_by(HostLink.id)
    )
    for link, event in db.execute(query):
        if not may(Action.MANAGE_EVENT, standings_for(db, event=event, person_id=person_id)):
            link.closed_at = now
            details = [f"host-link:{link.id}"]
            audit.append(db, "host link ended", subject=f"event:{event.id}", details=details)
    db.flush()


def let_host_links_run_out(db: Session, *, event: Event) -> None:
    """The event was called off: its host links open for a week more, to reach who comes."""
    db.execute(
        update(HostLink)
        .where(HostLink.event_id == event.id, HostLink.closed_at.is_(None))
        .values(last_day=clock.now() + HOST_LINK_LASTS)
        .execution_options(synchronize_session=False)
    )


def send_host_link(db: Session, *, event: Event, to: str, key: str, mail: Mail) -> None:
    """Mail the host's page to an address."""
    letter = messages.host_page(
        mail, to=to, event=facts_for_letter(event, now=clock.now()), key=key
    )
    post(db, letter, key=f"host-page:{tokens.fingerprint(key)[:32]}")
