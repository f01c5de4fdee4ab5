"""The letters of an event's own day and of the hour after it: to who comes, and to who hosts.

A job of the clock, run every few minutes. Which events are due is read by their own clocks; each
letter is written once: see ``once``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, EventReport, EventTeam, EventTold, Rsvp
from campaign.events.operations.once import HANDFUL, Owed, keep_all, not_told
from campaign.events.operations.telling import day_in_words, facts_for_letter
from campaign.events.rules import day
from campaign.events.rules.needs import need_of
from campaign.events.rules.openness import address_of, host_says_yes, told_at_sign_up
from campaign.events.rules.signups import FRESH, SEATED, Status
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.events.rules.team import TeamRole
from campaign.events.rules.times import LONGEST
from campaign.foundation import tokens
from campaign.foundation.database import Database
from campaign.people.models import Person

# Told within this is told of the same day; an event that moved to another day is told of anew.
SAME_DAY = timedelta(hours=20)
AHEAD = timedelta(hours=48)

Due = Callable[[Session, datetime, Mail], list[Owed]]


def write_day_letters(database: Database, *, mail: Mail, now: datetime) -> int:
    """Write what is due around the day of each event; answers how many letters.

    At 08:00 "today" to who has a place; at 18:00 of the day before "who comes" to who hosts; an
    hour after the end "did you come" and "who came"; two hours after it "how was it". Each once
    for a person and an event, none for one that was called off.
    """
    rounds: tuple[Due, ...] = (_todays, _digests, _did_you_comes, _who_cames, _how_was_its)
    return sum(_write(database, due, mail, now) for due in rounds)


def _write(database: Database, due: Due, mail: Mail, now: datetime) -> int:
    return keep_all(database, lambda db: due(db, now, mail))


def _todays(db: Session, now: datetime, mail: Mail) -> list[Owed]:
    """Who has a place today; not who got it, or was written to about it, in the last six hours."""
    coming = _events(db, Event.starts_at > now, Event.starts_at <= now + SAME_DAY)
    # Whose room has a screen for the roster writes its own, later that day.
    coming = [one for one in coming if one.roster_path is None]
    due = [one.id for one in coming if day.is_its_morning(one.starts_at, one.zone, now=now)]
    query = _seated(due, "today", since=now - SAME_DAY).where(
        func.coalesce(Rsvp.accepted_at, Rsvp.made_at) <= now - FRESH,
        or_(Rsvp.reminded_at.is_(None), Rsvp.reminded_at <= now - FRESH),
        or_(Rsvp.address_sent_at.is_(None), Rsvp.address_sent_at <= now - FRESH),
    )
    return [_today(rsvp, now, mail) for rsvp in db.scalars(query)] if due else []


def _today(rsvp: Rsvp, now: datetime, mail: Mail) -> Owed:
    event, key = rsvp.event, tokens.secret()
    told = told_at_sign_up(event) or host_says_yes(event)
    where = (address_of(event) if told else "") or event.shown_place
    facts = facts_for_letter(event, now=now, shift=rsvp.shift)
    letter = messages.today(mail, to=rsvp.person.email or "", event=facts, where=where, key=key)
    return Owed(
        event.id,
        rsvp.person_id,
        "today",
        day.day_of(event.starts_at, event.zone).isoformat(),
        letter,
        rsvp_id=rsvp.id,
        rsvp_key=key,
    )


def _did_you_comes(db: Session, now: datetime, mail: Mail) -> list[Owed]:
    """Whose coming nobody knows, an hour after the end."""
    due = _over(db, day.ASKED_AFTER, now)
    query = _seated(list(due), "did-come").where(Rsvp.attendance == "unknown")
    owed = []
    for rsvp in db.scalars(query) if due else ():
        key = tokens.secret()
        facts = facts_for_letter(rsvp.event, now=now, shift=rsvp.shift)
        letter = messages.did_you_come(mail, to=rsvp.person.email or "", event=facts, key=key)
        owed.append(
            Owed(
                rsvp.event_id,
                rsvp.person_id,
                "did-come",
                "",
                letter,
                rsvp_id=rsvp.id,
                rsvp_key=key,
            )
        )
    return owed


def _digests(db: Session, now: datetime, mail: Mail) -> list[Owed]:
    """Who hosts, the evening before: who comes and who has not answered, by name."""
    coming = _events(db, Event.starts_at > now, Event.starts_at <= now + AHEAD)
    due = {
        one.id: one
        for one in coming
        if day.is_the_evening_before(one.starts_at, one.zone, made_at=one.made_at, now=now)
    }
    hosts = _hosts(db, due, "who-comes", since=now - SAME_DAY)
    rosters = _rosters(db, {event_id for event_id, _ in hosts})
    owed = []
    for event_id, person in hosts:
        event, held, key = due[event_id], rosters.get(event_id, []), tokens.secret()
        names = {
            "coming": [one.name for one in held if one.status == Status.CONFIRMED.value],
            "unanswered": [one.name for one in held if one.status == Status.ACCEPTED.value],
            "waiting": [one.name for one in held if one.status not in SEATED],
        }
        letter = messages.who_comes(
            mail,
            to=person.email or "",
            event=facts_for_letter(event, now=now),
            day=day_in_words(event, now),
            names=names,
            need=need_of(event).words,
            key=key,
        )
        about = day.day_of(event.starts_at, event.zone).isoformat()
        purpose = (key, "host") if person.id == event.host_id else None
        owed.append(Owed(event_id, person.id, "who-comes", about, letter, event_key=purpose))
    return owed


def _who_cames(db: Session, now: datetime, mail: Mail) -> list[Owed]:
    """Who hosts, an hour after the end, while somebody's coming is unknown."""
    due = _over(db, day.ASKED_AFTER, now)
    unknown = _unknown(db, list(due))
    due = {event_id: event for event_id, event in due.items() if unknown.get(event_id)}
    owed = []
    for event_id, person in _hosts(db, due, "who-came"):
        key, facts = tokens.secret(), facts_for_letter(due[event_id], now=now)
        letter = messages.who_came(
            mail, to=person.email or "", event=facts, unknown=unknown[event_id], key=key
        )
        owed.append(Owed(event_id, person.id, "who-came", "", letter))
    return owed


def _how_was_its(db: Session, now: datetime, mail: Mail) -> list[Owed]:
    """Who hosts, two hours after the end, while nobody has written the report."""
    due = _over(db, day.REPORT_AFTER, now)
    written = set(db.scalars(select(EventReport.event_id).where(EventReport.event_id.in_(due))))
    due = {event_id: event for event_id, event in due.items() if event_id not in written}
    owed = []
    for event_id, person in _hosts(db, due, "how-was-it"):
        facts = facts_for_letter(due[event_id], now=now)
        letter = messages.how_was_it(mail, to=person.email or "", event=facts)
        owed.append(Owed(event_id, person.id, "how-was-it", "", letter))
    return owed


def _events(db: Session, *wanted: ColumnElement[bool]) -> list[Event]:
    query = (
        select(Event)
        .where(Event.state.in_(GOES_ON), Event.hidden_at.is_(None), *wanted)
        .order_by(Event.id)
    )
    return list(db.scalars(query))


def _over(db: Session, wait: timedelta, now: datetime) -> dict[int, Event]:
    ended = _events(
        db,
        Event.ends_at <= now - wait,
        Event.ends_at > now - wait - day.LATE,
        Event.starts_at > now - wait - day.LATE - LONGEST,
    )
    return {one.id: one for one in ended if day.is_after(one.ends_at, wait, now=now)}


def _seated(event_ids: list[int], letter: str, *, since: datetime | None = None) -> Select[Rsvp]:
    return (
        select(Rsvp)
        .join(Rsvp.event)
        .join(Rsvp.person)
        .where(
            Event.id.in_(event_ids),
            Rsvp.status.in_(SEATED),
            Person.email.is_not(None),
            not_told(letter, since=since),
        )
        .options(joinedload(Rsvp.event), joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.id)
        .limit(HANDFUL)
    )


def _hosts(
    db: Session, events: dict[int, Event], letter: str, *, since: datetime | None = None
) -> list[tuple[int, Person]]:
    """The host and co-hosts of these events who have not had the letter, a handful."""
    if not events:
        return []
    host = select(Event.id, Event.host_id).where(Event.id.in_(events), Event.hostless_at.is_(None))
    team = select(EventTeam.event_id, EventTeam.person_id).where(
        EventTeam.event_id.in_(events), EventTeam.role == TeamRole.CO_HOST.value
    )
    who = union(host, team).subquery("who")
    told = aliased(EventTold)
    had = select(told.id).where(
        told.event_id == who.c.id, told.person_id == who.c.host_id, told.letter == letter
    )
    if since is not None:
        had = had.where(told.told_at >= since)
    query = (
        select(who.c.id, Person)
        .join(Person, Person.id == who.c.host_id)
        .where(Person.email.is_not(None), Person.disabled_at.is_(None), ~had.exists())
        .order_by(who.c.id, Person.id)
        .limit(HANDFUL)
    )
    return [(event_id, person) for event_id, person in db.execute(query)]


def _rosters(db: Session, event_ids: set[int]) -> dict[int, list[Rsvp]]:
    live = (*SEATED, Status.WAITING.value, Status.OFFERED.value)
    query = select(Rsvp).where(Rsvp.event_id.in_(event_ids), Rsvp.status.in_(live))
    found: dict[int, list[Rsvp]] = {}
    for rsvp in db.scalars(query.order_by(Rsvp.place_in_line, Rsvp.id)):
        found.setdefault(rsvp.event_id, []).append(rsvp)
    return found


def _unknown(db: Session, event_ids: list[int]) -> dict[int, int]:
    """Of how many of an event nobody knows whether they came."""
    query = (
        select(Rsvp.event_id, func.count())
        .where(
            Rsvp.event_id.in_(event_ids),
            Rsvp.status.in_(SEATED),
            Rsvp.attendance == "unknown",
        )
        .group_by(Rsvp.event_id)
        .order_by(Rsvp.event_id)
    )
    return {event_id: count for event_id, count in db.execute(query)}
