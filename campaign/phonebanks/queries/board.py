"""Phonebanks as pages show them: lists, progress, who is calling, who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from campaign.events import queries as events
from campaign.events.models import Event
from campaign.groups import queries as groups
from campaign.groups.models import Group, Membership
from campaign.people.models import Person, PhoneNumber
from campaign.people.rules import Standing
from campaign.phonebanks.models import (
    Agreement,
    Call,
    CallingSession,
    Contact,
    ImportBatch,
    Phonebank,
    PhonebankRole,
    PracticePassed,
    ScriptVersion,
)
from campaign.phonebanks.rules.claims import AGREEMENT_VERSION, EARLY, LATE


@dataclass(frozen=True, slots=True)
class Progress:
    """What calling has come to, in numbers only."""

    people: int
    calls: int
    talks: int


@dataclass(frozen=True, slots=True)
class CallerLine:
    """One caller on the lead's board."""

    name: str
    state: str
    since: datetime | None
    calls: int
    talks: int


@dataclass(frozen=True, slots=True)
class Tally:
    """A caller's own day."""

    calls: int
    talks: int


def phonebank_by_public_id(db: Session, public_id: str) -> Phonebank | None:
    """The phonebank with its group."""
    return db.scalar(
        select(Phonebank)
        .where(Phonebank.public_id == public_id)
        .options(joinedload(Phonebank.group))
    )


def open_phonebanks(db: Session, *, now: datetime) -> list[Phonebank]:
    """Phonebanks that call or will: practice last, then by title."""
    over = Phonebank.closes_at.is_not(None) & (Phonebank.closes_at <= now)
    query = (
        select(Phonebank)
        .where(Phonebank.status.in_(("open", "paused")), ~over)
        .options(joinedload(Phonebank.group))
        .order_by(Phonebank.is_practice, Phonebank.title, Phonebank.id)
        .limit(100)
    )
    return list(db.scalars(query))


def running(db: Session, *, now: datetime, most: int) -> list[tuple[Phonebank, Event]]:
    """Sessions that run now with their phonebanks, by title; none of practice."""
    over = Phonebank.closes_at.is_not(None) & (Phonebank.closes_at <= now)
    query = (
        select(Phonebank, Event)
        .join(CallingSession, CallingSession.phonebank_id == Phonebank.id)
        .join(Event, Event.id == CallingSession.event_id)
        .where(Phonebank.status.in_(("open", "paused")), ~over, ~Phonebank.is_practice)
        .where(Event.state != "cancelled", Event.starts_at <= now, Event.ends_at > now)
        .order_by(Phonebank.title, Phonebank.id, Event.starts_at, Event.id)
        .limit(most)
    )
    return [(bank, event) for bank, event in db.execute(query)]


def practice_phonebank(db: Session) -> Phonebank | None:
    """The phonebank to practise on."""
    return db.scalar(
        select(Phonebank)
        .where(Phonebank.is_practice, Phonebank.status == "open")
        .order_by(Phonebank.id)
        .limit(1)
    )


def led_by(db: Session, person_id: int) -> list[Phonebank]:
    """Phonebanks that a person leads or whose group they run, drafts too, the newest first."""
    runs = select(Membership.group_id).where(
        Membership.person_id == person_id, Membership.role.in_(("organiser", "convenor"))
    )
    leads = select(PhonebankRole.phonebank_id).where(PhonebankRole.person_id == person_id)
    query = (
        select(Phonebank)
        .where(Phonebank.group_id.in_(runs) | Phonebank.id.in_(leads))
        .options(joinedload(Phonebank.group))
        .order_by(Phonebank.made_at.desc(), Phonebank.id.desc())
        .limit(100)
    )
    return list(db.scalars(query))


def groups_run_by(db: Session, person_id: int) -> list[Group]:
    """Groups for which a person may start a phonebank, by name."""
    query = (
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.person_id == person_id, Membership.role.in_(("organiser", "convenor")))
        .order_by(Group.name, Group.id)
    )
    return list(db.scalars(query))


def standings(db: Session, phonebank: Phonebank, person_id: int | None) -> set[Standing]:
    """What a person is to a phonebank: what they are to its group, and perhaps its lead."""
    found = groups.standings_in(db, phonebank.group_id, person_id)
    if person_id is None:
        return found
    if db.get(PhonebankRole, (phonebank.id, person_id)) is not None:
        found.add(Standing.LEAD)
    return found


def sessions(db: Session, phonebank_id: int, *, now: datetime) -> list[Event]:
    """The sessions that run or are to come, the first first."""
    query = (
        select(Event)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.state != "cancelled")
        .where(Event.ends_at > now - LATE)
        .options(joinedload(Event.group), joinedload(Event.host))
        .order_by(Event.starts_at, Event.id)
        .limit(50)
    )
    return list(db.scalars(query))


def events_to_attach(db: Session, phonebank: Phonebank, *, now: datetime) -> list[Event]:
    """The group's coming events of kind phonebank that are no session yet, the first first."""
    taken = select(CallingSession.event_id)
    query = (
        select(Event)
        .where(Event.group_id == phonebank.group_id, Event.kind == "phonebank")
        .where(Event.state != "cancelled", Event.ends_at > now, Event.id.not_in(taken))
        .order_by(Event.starts_at, Event.id)
        .limit(100)
    )
    return list(db.scalars(query))


def open_session_for(
    db: Session, phonebank_id: int, person_id: int, *, now: datetime
) -> tuple[int, Event] | None:
    """The session that runs now (or nearly) with this person on its roster."""
    query = (
        select(CallingSession.id, Event)
        .join(Event, Event.id == CallingSession.event_id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.state != "cancelled")
        .where(Event.starts_at <= now + EARLY, Event.ends_at >= now - LATE)
        .order_by(Event.starts_at, Event.id)
    )
    for session_id, event in db.execute(query):
        if event.host_id == person_id or events.is_on_roster(
            db, event_id=event.id, person_id=person_id
        ):
            return session_id, event
    return None


def is_on_any_roster(db: Session, phonebank_id: int, person_id: int, *, now: datetime) -> bool:
    """Whether the person has a place in a session that is still to come."""
    return any(
        events.is_on_roster(db, event_id=event.id, person_id=person_id)
        for event in sessions(db, phonebank_id, now=now)
    )


def is_member(db: Session, group_id: int, person_id: int) -> bool:
    """Whether the person belongs to the group; followers do not."""
    return Standing.MEMBER in groups.standings_in(db, group_id, person_id)


def has_practised_and_agreed(db: Session, person_id: int) -> tuple[bool, bool]:
    """Whether the person finished a practice call, and made the promises in today's version."""
    practised = select(PracticePassed.person_id).where(PracticePassed.person_id == person_id)
    agreed = select(Agreement.person_id).where(
        Agreement.person_id == person_id, Agreement.version == AGREEMENT_VERSION
    )
    row = db.execute(select(practised.exists(), agreed.exists())).one()
    return bool(row[0]), bool(row[1])


def progress(db: Session, phonebank_id: int) -> Progress:
    """How many people, calls and conversations."""
    people = db.scalar(
        select(func.count()).select_from(Contact).where(Contact.phonebank_id == phonebank_id)
    )
    calls, talks = db.execute(
        select(func.count(), func.count(case((Call.reached, 1)))).where(
            Call.phonebank_id == phonebank_id, Call.status == "reported"
        )
    ).one()
    return Progress(people or 0, calls, talks)


def outcomes_of(db: Session, phonebank_id: int) -> list[tuple[str, int]]:
    """How calls ended, the commonest first."""
    counted = func.count()
    rows = db.execute(
        select(Call.result_code, counted)
        .where(Call.phonebank_id == phonebank_id, Call.status == "reported")
        .group_by(Call.result_code)
        .order_by(counted.desc(), Call.result_code)
    )
    return [(code, count) for code, count in rows if code]


def tally(db: Session, caller_id: int, *, since: datetime) -> Tally:
    """What a caller has reported since then."""
    calls, talks = db.execute(
        select(func.count(), func.count(case((Call.reached, 1)))).where(
            Call.caller_id == caller_id,
            Call.claimed_at > since - timedelta(hours=2),
            Call.status == "reported",
            Call.reported_at > since,
        )
    ).one()
    return Tally(calls, talks)


def callers(db: Session, phonebank_id: int, *, now: datetime) -> list[CallerLine]:
    """Who has called in the last half hour, who holds somebody first, then by name."""
    live = (Contact.claimed_by == Person.id) & (Contact.state == "claimed")
    here = Contact.phonebank_id == phonebank_id
    query = (
        select(
            Person.name,
            func.max(case((here & (Contact.claimed_until > now), Call.revealed_at))),
            func.max(case((here & (Contact.claimed_until > now), Call.claimed_at))),
            func.count(case((Call.status == "reported", 1))),
            func.count(case((Call.reached, 1))),
            func.max(Call.claimed_at),
        )
        .select_from(Call)
        .join(Person, Person.id == Call.caller_id)
        .outerjoin(Contact, live & (Contact.claim_call_id == Call.id))
        .where(Call.phonebank_id == phonebank_id, Call.claimed_at > now - timedelta(hours=12))
        .group_by(Person.id, Person.name)
        .order_by(Person.name, Person.id)
        .limit(500)
    )
    lines = [
        _line(name, shown, held, calls, talks)
        for name, shown, held, calls, talks, last in db.execute(query)
        if held or last > now - timedelta(minutes=30)
    ]
    return sorted(lines, key=lambda line: line.since is None)


def _line(
    name: str, shown: datetime | None, held: datetime | None, calls: int, talks: int
) -> CallerLine:
    state = "in a call" if shown else "about to ring" if held else "between calls"
    return CallerLine(name, state, shown or held, calls, talks)


def script_of(db: Session, phonebank_id: int) -> ScriptVersion | None:
    """What callers say now: the newest version."""
    return db.scalar(
        select(ScriptVersion)
        .where(ScriptVersion.phonebank_id == phonebank_id)
        .order_by(ScriptVersion.number.desc())
        .limit(1)
    )


def leads(db: Session, phonebank_id: int) -> list[Person]:
    """The leads, by name."""
    return list(
        db.scalars(
            select(Person)
            .join(PhonebankRole, PhonebankRole.person_id == Person.id)
            .where(PhonebankRole.phonebank_id == phonebank_id)
            .order_by(Person.name, Person.id)
        )
    )


def batches(db: Session, phonebank_id: int) -> list[ImportBatch]:
    """The files brought or waiting, the newest first."""
    return list(
        db.scalars(
            select(ImportBatch)
            .where(ImportBatch.phonebank_id == phonebank_id, ImportBatch.state != "dropped")
            .order_by(ImportBatch.id.desc())
            .limit(20)
        )
    )


def batch_by_public_id(db: Session, phonebank_id: int, public_id: str) -> ImportBatch | None:
    """A file of this phonebank."""
    return db.scalar(
        select(ImportBatch).where(
            ImportBatch.phonebank_id == phonebank_id, ImportBatch.public_id == public_id
        )
    )


def call_by_public_id(db: Session, public_id: str) -> Call | None:
    """A call by the id of its claim."""
    return db.scalar(select(Call).where(Call.public_id == public_id))


def last_reported(db: Session, contact_id: int) -> Call | None:
    """The last call with somebody that was reported."""
    return db.scalar(
        select(Call)
        .where(Call.contact_id == contact_id, Call.status == "reported")
        .order_by(Call.reported_at.desc(), Call.id.desc())
        .limit(1)
    )


def last_claim(db: Session, contact: Contact) -> Call | None:
    """The call in whose hands a claimed contact is."""
    return db.get(Call, contact.claim_call_id) if contact.claim_call_id else None


@dataclass(frozen=True, slots=True)
class Held:
    """The person in a caller's hands."""

    call: Call
    contact: Contact
    number: PhoneNumber


def held_claim(db: Session, caller_id: int, *, now: datetime) -> Held | None:
    """The caller's live claim, in whichever phonebank."""
    row = db.execute(
        select(Call, Contact, PhoneNumber)
        .join(Contact, Contact.claim_call_id == Call.id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Contact.claimed_by == caller_id, Contact.state == "claimed")
        .where(Contact.claimed_until > now)
    ).first()
    return Held(*row) if row else None


def standings_in_group(db: Session, group_id: int, person_id: int) -> set[Standing]:
    """What a person is to a group, before there is a phonebank."""
    return groups.standings_in(db, group_id, person_id)


def is_suppressed(db: Session, call: Call) -> bool:
    """Whether nobody may ring the person of this call any more."""
    return db.scalar(select(Contact.state).where(Contact.id == call.contact_id)) == "suppressed"
