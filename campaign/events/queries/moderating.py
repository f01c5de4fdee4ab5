"""The moderators' queue: who works it, what waits, and what one finds in an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from campaign.conduct.queries import reports
from campaign.conduct.queries.apart import is_barred
from campaign.events.models import Event
from campaign.events.queries.looking import LISTING_ROLES
from campaign.events.rules.features import when_of
from campaign.events.rules.giveaways import gives_home_away
from campaign.events.rules.kinds import facts_of
from campaign.events.rules.moderation import (
    ASKED_FOR,
    MANY_IN_A_DAY,
    SOON,
    Hint,
    links_in,
)
from campaign.events.rules.signups import initials
from campaign.foundation.words import plural
from campaign.groups.models import Group, Membership
from campaign.groups.queries import standings_in
from campaign.people.queries import roles_of
from campaign.people.rules import Role, Standing
from campaign.places.rules import distance_km

MOST = 50
NEAR_KM = 0.3
NEAR_TIME = timedelta(minutes=90)
SAME_TEXT = 40


@dataclass(frozen=True)
class Waiting:
    """An event of the queue, as its list shows it."""

    public_id: str
    kind: str
    icon: str
    title: str
    when: str
    host: str
    group_name: str
    waits: str
    soon: bool


def is_moderator(db: Session, person_id: int | None) -> bool:
    """Whether the person looks after every group."""
    return person_id is not None and Role.MODERATOR in roles_of(db, person_id)


def may_look(db: Session, person_id: int) -> bool:
    """Whether the person works the queue at all: as a moderator, or for a group of their own."""
    if is_moderator(db, person_id):
        return True
    own = select(Membership.id).where(
        Membership.person_id == person_id, Membership.role.in_(LISTING_ROLES)
    )
    return db.scalar(own.limit(1)) is not None


def looking_standings(db: Session, event: Event, person_id: int | None) -> set[Standing]:
    """What somebody is to an event, as far as looking at it goes."""
    standings = standings_in(db, event.group_id, person_id)
    if Standing.CONVENOR in standings and is_barred(db, person_id):
        standings = {Standing.VISITOR}
    return standings | ({Standing.MODERATOR} if is_moderator(db, person_id) else set())


def queue_of(db: Session, person_id: int, *, everywhere: bool, now: datetime) -> list[Waiting]:
    """What waits for this person: what begins within two days first, then the oldest.

    A moderator looks ``everywhere``, a convenor in their own groups.
    """
    query = (
        select(Event)
        .join(Event.group)
        .where(
            Event.state.in_(("unlisted", "waiting")),
            Event.kept_off_at.is_(None),
            Event.hidden_at.is_(None),
            or_(Event.asked_at.is_(None), Event.asked_at <= now - ASKED_FOR),
            Event.ends_at > now,
        )
        .options(contains_eager(Event.group), joinedload(Event.host))
        .order_by(case((Event.starts_at <= now + SOON, 0), else_=1), Event.made_at, Event.id)
        .limit(MOST)
    )
    if not everywhere:
        own = select(Membership.group_id).where(
            Membership.person_id == person_id, Membership.role.in_(LISTING_ROLES)
        )
        query = query.where(Event.group_id.in_(own))
    return [_waiting(event, now) for event in db.scalars(query)]


def _waiting(event: Event, now: datetime) -> Waiting:
    facts = facts_of(event.kind)
    return Waiting(
        public_id=event.public_id,
        kind=facts.label,
        icon=facts.icon,
        title=event.title,
        when=when_of(event, now=now),
        host=initials(event.host_name or event.host.name),
        group_name=event.group.name,
        waits=waits_for(now - event.made_at),
        soon=event.starts_at <= now + SOON,
    )


def waits_for(passed: timedelta) -> str:
    """How long something has waited: "12 min", "5 h", "3 days"."""
    minutes = max(0, int(passed.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return plural(minutes // (24 * 60), "day")


def found_in(
    db: Session, event: Event, *, moderator_id: int | None, own_host: str, now: datetime
) -> list[Hint]:
    """What a look at an event finds, the worst first; of reports only a moderator hears."""
    hints = [
        *_of_reports(db, event, moderator_id),
        *_of_text(event, own_host),
        *_of_host(db, event),
        *_of_others(db, event, now),
    ]
    order = {"bad": 0, "ask": 1, "ok": 2}
    return sorted(hints, key=lambda hint: order[hint.tone])


def _of_reports(db: Session, event: Event, person_id: int | None) -> Iterator[Hint]:
    """Reports: for moderators only, and none that a moderator must not see."""
    if person_id is None:
        return
    is_open, upheld = reports.counts_about(
        db, kind="event", public_id=event.public_id, person_id=person_id
    )
    if is_open:
        head = "1 report is open." if is_open == 1 else f"{is_open} reports are open."
        yield Hint("ask", head, "A report alone takes nothing down: read it first.")
    if upheld:
        yield Hint("bad", f"{plural(upheld, 'report')} upheld.")
    if not is_open and not upheld:
        yield Hint("ok", "No report", "so far.")


def _of_text(event: Event, own_host: str) -> Iterator[Hint]:
    text = f"{event.title}\n{event.about}"
    if event.place_kind != "home" and gives_home_away(text):
        words = "It looks like one, and the event is not marked as a home."
        yield Hint("bad", "A house number or a postcode in the text.", words)
    links = links_in(text, own_host=own_host)
    if links:
        yield Hint("ask", f"{plural(len(links), 'link')} to elsewhere:", ", ".join(links[:4]))
    else:
        yield Hint("ok", "No links", "to elsewhere.")
    if event.step_free is None:
        yield Hint("ask", "Access is unknown.", "Nobody has said whether it is step-free.")


def _of_host(db: Session, event: Event) -> Iterator[Hint]:
    day = timedelta(hours=24)
    near = Event.made_at.between(event.made_at - day, event.made_at + day)
    counts = select(func.count(), func.count().filter(near)).where(Event.host_id == event.host_id)
    in_all, number = db.execute(counts).one()
    if in_all == 1:
        yield Hint("ask", "The first event", "of this host here.")
    if number >= MANY_IN_A_DAY:
        yield Hint("bad", f"{number} events in a day", "by this host.")


def _of_others(db: Session, event: Event, now: datetime) -> Iterator[Hint]:
    if len(event.about) >= SAME_TEXT:
        same = select(func.count()).where(Event.about == event.about, Event.id != event.id)
        number = db.scalar(same.where(Event.ends_at > now)) or 0
        if number:
            yield Hint("bad", f"{plural(number, 'other event')}", "with the very same text.")
    if event.shown_lat is None or event.shown_lng is None:
        return
    lat, lng = event.shown_lat, event.shown_lng
    close = select(Event.title, Event.shown_lat, Event.shown_lng).where(
        Event.id != event.id,
        Event.state.in_(("unlisted", "listed")),
        Event.starts_at.between(event.starts_at - NEAR_TIME, event.starts_at + NEAR_TIME),
        Event.shown_lat.between(event.shown_lat - 0.003, event.shown_lat + 0.003),
    )
    for title, its_lat, its_lng in db.execute(close.order_by(Event.id).limit(50)):
        if distance_km(lat, lng, its_lat or 0.0, its_lng or 0.0) <= NEAR_KM:
            yield Hint("ask", "Another event close by", f"at the same time: {title}.")
            return
    yield Hint("ok", "No other event", "within 300 m and 90 minutes.")


@dataclass(frozen=True)
class Past:
    """An earlier event of a host."""

    public_id: str
    title: str
    when: str
    became: str


def past_of(db: Session, event: Event, *, now: datetime) -> tuple[list[Past], int]:
    """The host's last three other events, newest first, and how many they held in all."""
    query = (
        select(Event)
        .where(Event.host_id == event.host_id, Event.id != event.id, Event.state != "draft")
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(3)
    )
    held = select(func.count()).where(
        Event.host_id == event.host_id, Event.ends_at <= now, Event.state != "cancelled"
    )
    past = [
        Past(one.public_id, one.title, when_of(one, now=now), _became(one, now))
        for one in db.scalars(query)
    ]
    return past, db.scalar(held) or 0


def _became(event: Event, now: datetime) -> str:
    if event.hidden_at is not None:
        return "Taken down"
    if event.state == "cancelled":
        return "Called off"
    if event.ends_at <= now:
        return "Held"
    return "On the map" if event.state == "listed" else "By its link"


def group_names(db: Session, slugs: set[str]) -> dict[str, str]:
    """The names of the groups at these addresses."""
    query = select(Group.slug, Group.name).where(Group.slug.in_(slugs)).order_by(Group.id)
    return {slug: name for slug, name in db.execute(query)}


def title_and_state(db: Session, public_id: str) -> tuple[str, str] | None:
    """What an event is called and where it stands, and no more."""
    row = db.execute(
        select(Event.title, Event.state).where(Event.public_id == public_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])
