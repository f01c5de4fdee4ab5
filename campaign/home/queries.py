"""What the front page, "your page" and the mailbox show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaign.events import queries as events
from campaign.events.models import Event, Rsvp
from campaign.events.queries import Duty, ToLookAt
from campaign.events.rules.features import Card
from campaign.events.rules.finding import Filters
from campaign.events.rules.kinds import facts_of
from campaign.events.rules.needs import Need, need_of
from campaign.events.rules.reports import figures
from campaign.events.rules.signups import SEATED
from campaign.foundation.words import human_day, human_time, plural
from campaign.groups import queries as groups
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import board as phonebanks
from campaign.phonebanks.queries import training

GROUPS_SHOWN = 6
SESSIONS_LOOKED_AT = 12
DAYS_SUMMED = 30
LINK = re.compile(r"(https?://\S+)")


@dataclass(frozen=True)
class ShownLetter:
    """A letter of the development mailbox: its plain part, with the links as links."""

    to: str
    subject: str
    at: str
    parts: list[tuple[str, bool]]


def shown_letter(message: EmailMessage) -> ShownLetter:
    """The letter as the mailbox page shows it."""
    body = message.get_body(("plain",))
    words = body.get_content() if body else ""
    parts = [(part, bool(LINK.fullmatch(part))) for part in LINK.split(words) if part]
    return ShownLetter(str(message["To"]), str(message["Subject"]), str(message["Date"]), parts)


@dataclass(frozen=True)
class GroupLine:
    """A group on the front page."""

    slug: str
    name: str
    members: str
    next: str


@dataclass(frozen=True)
class Ringing:
    """A phonebank on the front page: ringing now, or always open to practise."""

    url: str
    title: str
    line: str
    still: bool
    need: Need


@dataclass(frozen=True)
class Front:
    """What the front page shows of what is going on."""

    cards: list[Card]
    event_count: int
    groups: list[GroupLine]
    ringing: list[Ringing]
    done: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether this installation has nothing yet."""
        return not self.groups and not self.event_count


def front(db: Session, *, now: datetime) -> Front:
    """The three events that need people most, and some groups with what they do next."""
    found = events.upcoming(db, filters=Filters(most=3), now=now)
    listed, _ = groups.all_groups(db, most=GROUPS_SHOWN)
    coming = events.next_by_group(db, [one.group.id for one in listed], now=now)
    return Front(
        cards=events.cards(found.rows, now=now),
        event_count=found.total,
        groups=[
            GroupLine(
                slug=one.group.slug,
                name=one.group.name,
                members=plural(one.members, "member"),
                next=_next_line(coming.get(one.group.id), now),
            )
            for one in listed
        ],
        ringing=_ringing(db, now),
        done=_done(db, now),
    )


def _done(db: Session, now: datetime) -> list[tuple[str, str]]:
    """What the events of the last days add up to; nothing where nothing is known."""
    totals = events.held_totals(db, since=now - timedelta(days=DAYS_SUMMED), until=now)
    if not totals.reports:
        return []
    word = "event held" if totals.reports == 1 else "events held"
    return [(f"{totals.reports:,}", word), *figures(totals)]


def _ringing(db: Session, now: datetime) -> list[Ringing]:
    """The phonebanks that may ring somebody in a session now, and the one to practise on.

    Three at most. A session outside the calling hours rings nobody.
    """
    ringing: dict[str, Ringing] = {}
    for bank, event in phonebanks.running(db, now=now, most=SESSIONS_LOOKED_AT):
        if bank.status != "open" or not moment_of(bank, now=now).open_zones:
            continue
        until = human_time(event.ends_at, ZoneInfo(event.zone))
        line = f"{plural(event.taken, 'caller')}, until {until}"
        url = f"/phonebanks/{bank.public_id}"
        ringing.setdefault(url, Ringing(url, bank.title, line, False, need_of(event)))
    return [*list(ringing.values())[:2], *_practice(db)]


def _practice(db: Session) -> list[Ringing]:
    bank = phonebanks.practice_phonebank(db)
    if bank is None:
        return []
    need = Need("met", "Always open", "met", "circle-check")
    line = "Made-up people, any hour of the day"
    return [Ringing(f"/phonebanks/{bank.public_id}", bank.title, line, True, need)]


def _next_line(event: Event | None, now: datetime) -> str:
    if event is None:
        return "Nothing announced yet"
    day = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
    return f"{facts_of(event.kind).label} {human_day(day, today=now.date())}"


@dataclass(frozen=True)
class Action:
    """What somebody on a roster can do now."""

    path: str
    label: str


@dataclass(frozen=True)
class Appointment:
    """An event in somebody's own diary."""

    url: str
    title: str
    when: str
    where: str
    role: str
    kind_icon: str
    action: Action | None


@dataclass(frozen=True)
class Mine:
    """What "your page" shows."""

    coming: list[Appointment]
    groups: list[tuple[str, str, str]]
    phonebanks: list[tuple[str, str, str]]
    may_start_phonebank: bool
    promised: bool
    waiting: list[ToLookAt]
    hostless: list[Duty]
    reports_due: list[Duty]


def mine(db: Session, *, person_id: int, now: datetime) -> Mine:
    """A person's diary, soonest first, and their groups."""
    coming = [
        _appointment(event, rsvp, person_id, now)
        for event, rsvp in events.next_for(db, person_id, now)
        if event.state != "cancelled"
    ]
    held = [
        (f"/groups/{one.group.slug}", one.group.name, one.role.capitalize())
        for one in groups.groups_of(db, person_id)
    ]
    led = [
        (f"/phonebanks/{bank.public_id}/lead", bank.title, bank.status.capitalize())
        for bank in phonebanks.led_by(db, person_id)
    ]
    may_start = bool(phonebanks.groups_run_by(db, person_id))
    return Mine(
        coming=coming,
        groups=held,
        phonebanks=led,
        may_start_phonebank=may_start,
        promised=training.has_promised(db, person_id),
        waiting=events.waiting_for_look(db, person_id=person_id, now=now),
        hostless=events.hostless_for(db, person_id=person_id, now=now),
        reports_due=events.reports_due(db, person_id=person_id, now=now),
    )


def _appointment(event: Event, rsvp: Rsvp | None, person_id: int, now: datetime) -> Appointment:
    card = events.card_for(event, now=now)
    hosting = event.host_id == person_id and event.hostless_at is None
    seated = hosting or (rsvp is not None and rsvp.status in SEATED)
    action = None
    if event.roster_path and seated:
        action = Action(event.roster_path, event.roster_label or "Open")
    elif hosting:
        action = Action(f"{card.url}/roster", "Open the roster")
    elif rsvp is not None:
        offered = rsvp.status == "offered"
        action = Action(f"{card.url}/place", "Say yes or no" if offered else "Change or cancel")
    return Appointment(
        url=card.url,
        title=card.title,
        when=card.when,
        where=card.where,
        role=_part(rsvp, hosting=hosting),
        kind_icon=card.kind_icon,
        action=action,
    )


def _part(rsvp: Rsvp | None, *, hosting: bool) -> str:
    """What somebody is to an event of their diary."""
    if hosting:
        return "You host"
    if rsvp is None:
        return "On the team"
    if rsvp.status == "offered":
        return "A place is held for you"
    return "You are going" if rsvp.status in SEATED else "You are waiting"
