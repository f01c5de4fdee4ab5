"""Announcing without an account: kept, confirmed by the mailed link, or forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.events.adapters import default_templates
from campaign.events.messages import Mail, hosting
from campaign.events.models import Announcement, Event
from campaign.events.operations.announcing import announce
from campaign.events.operations.host_links import host_link
from campaign.events.operations.putting import check_capacity
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries.announcements import announced_before, announcement_by_key
from campaign.events.queries.templates import template_for
from campaign.events.rules.announcements import KEPT, AnnouncementGone, Answers, read, written
from campaign.events.rules.kinds import facts_of
from campaign.events.rules.states import Policy
from campaign.events.rules.times import ZONE, check_times
from campaign.events.rules.venues import check_home_text
from campaign.foundation import audit, clock, tokens
from campaign.foundation.database import refusing
from campaign.foundation.errors import SentTwice
from campaign.foundation.outbox import post
from campaign.foundation.words import human_when
from campaign.groups.models import Group
from campaign.people.models import Person
from campaign.people.operations import meet


def propose(
    db: Session,
    *,
    group: Group,
    name: str,
    email: str,
    answers: Answers,
    mail: Mail,
    client_uuid: str | None = None,
) -> None:
    """Keep what somebody announced, and mail them the link that makes it live.

    Nobody is looked up: a known address and an unknown one go the same way. Refuses what
    ``announce`` refuses; the very same form again writes no second letter.
    """
    now = clock.now()
    if announced_before(db, client_uuid) is not None:
        return
    check_times(answers.starts_at, answers.ends_at, now=now)
    texts = {"title": answers.title, "about": answers.about}
    check_home_text(answers.place, **texts, access_contact=answers.access_contact or "")
    check_capacity(answers.capacity, answers.needed)
    key = tokens.secret()
    kept = Announcement(
        fingerprint=tokens.fingerprint(key),
        client_uuid=client_uuid,
        group_id=group.id,
        name=name,
        email=email.lower(),
        answers=written(answers),
        made_at=now,
    )
    try:
        with refusing(db, {"uq_announcement_client_uuid": SentTwice}):
            db.add(kept)
    except SentTwice:
        return
    letter = hosting.confirm_event(mail, to=kept.email, what=_what(answers, now), key=key)
    post(db, letter, key=f"announcement:{kept.fingerprint}")


def _what(answers: Answers, now: datetime) -> str:
    zone = ZoneInfo(ZONE)
    today = now.astimezone(zone).date()
    when = human_when(answers.starts_at, answers.ends_at, zone, today=today)
    return f"{facts_of(answers.kind).label}, {when}"


def confirm_announcement(
    db: Session, *, key: str, group: Group, policy: Policy, mail: Mail
) -> Event:
    """The mailed link was pressed: the address is its owner's, and the event is live.

    Pressed again it gives the same event. AnnouncementGone for a link that was never ours or is
    older than fourteen days; refuses a time that has passed meanwhile.
    """
    now = clock.now()
    kept = announcement_by_key(db, key, now=now, alone=True)
    if kept is None:
        raise AnnouncementGone
    if kept.confirmed_at is not None:
        event = db.get(Event, kept.event_id) if kept.event_id else None
        if event is None:
            raise AnnouncementGone
        return event
    host = _confirmed(db, kept, now)
    event = _announce(db, read(kept.answers), group=group, host=host, kept=kept, policy=policy)
    kept.confirmed_at, kept.event_id = now, event.id
    db.flush()
    letter = hosting.event_is_yours(
        mail,
        to=kept.email,
        event=facts_for_letter(event, now=now),
        state=event.state,
        key=host_link(db, event=event, actor_id=host.id),
        kit=template_for(db, event.kind, default_templates()).kit,
    )
    post(db, letter, key=f"announcement-confirmed:{event.public_id}")
    return event


def _confirmed(db: Session, kept: Announcement, now: datetime) -> Person:
    host = meet(db, email=kept.email, name=kept.name)
    if host.disabled_at is not None:
        raise AnnouncementGone
    if host.email_confirmed_at is None:
        host.email_confirmed_at = now
        audit.append(db, "address confirmed", subject=f"person:{host.id}", actor_id=host.id)
    db.flush()
    return host


def _announce(db: Session, answers: Answers, *, kept: Announcement, **given: Any) -> Event:
    return announce(
        db,
        host_name=kept.name,
        kind=answers.kind,
        title=answers.title,
        about=answers.about,
        starts_at=answers.starts_at,
        ends_at=answers.ends_at,
        place=answers.place,
        capacity=answers.capacity,
        needed=answers.needed,
        access=answers.access,
        access_contact=answers.access_contact,
        client_uuid=kept.client_uuid,
        **given,
    )


def forget_announcements(db: Session, *, now: datetime) -> int:
    """Delete what was announced without an account fourteen days ago; answers how many.

    What was confirmed lives on as its event; of the rest nothing is left, no name and no address.
    """
    gone = db.execute(delete(Announcement).where(Announcement.made_at <= now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]
