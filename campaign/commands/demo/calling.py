"""The demo's phonebanks: one to ring, one to practise, and a session running now."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.commands.demo import rung
from campaign.commands.demo.diary import seat
from campaign.commands.demo.placing import venue_of
from campaign.commands.demo.screening import screen
from campaign.commands.demo.scribe import Row, Scribe
from campaign.commands.demo.size import Size
from campaign.commands.demo.society import Society
from campaign.commands.demo.words import FIRST_NAMES, STEPS, SURNAMES
from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.operations.telling import refresh_feature
from campaign.foundation import clock, phone, tokens
from campaign.foundation.letters import LetterWriter
from campaign.foundation.phone.drama import DRAMA
from campaign.foundation.settings import Settings
from campaign.groups.models import Group
from campaign.people.models import PhoneNumber
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import CallingSession, Contact, Phonebank
from campaign.phonebanks.operations import helping, practising, reminding, training
from campaign.phonebanks.operations import setup as phonebanks
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.training import CALLS

# The mobile range is left to the practice phonebank: a number is on one screen only.
RANGES = [(start, kind) for start, kind in sorted(DRAMA.items()) if kind != "mobile"]
ROOM_OF_DRAMA = 1000 * len(RANGES)
SOURCE = "petition stall"
TOWNS = ("Brighton", "Hove", "Lewes", "Worthing", "Portslade", "Shoreham-by-Sea")


def set_up(
    scribe: Scribe, *, dice: random.Random, society: Society, size: Size, settings: Settings
) -> int:
    """Make the phonebanks and their people; answers how many people there are to ring."""
    db, lead = scribe.db, society.cast["lead"]
    numbers = _numbers(size.contacts, settings.suppression_key.encode())
    calls = _phonebank(
        db,
        society.group("brighton"),
        society.cast["organiser"].id,
        title="Hove: come to the rents vote",
        public_id="demo-calls",
    )
    _bring(scribe, dice, calls, islice(numbers, size.calls))
    screen(db, calls, actor_id=lead.id)
    phonebanks.make_lead(db, phonebank=calls, person_id=lead.id, actor_id=lead.id)
    phonebanks.open_up(db, phonebank=calls, actor_id=lead.id)
    practising.provide(
        db,
        group=society.group("brighton"),
        actor_id=lead.id,
        key=settings.suppression_key,
        now=clock.now(),
        public_id="demo-practice",
    )
    rung.ring(scribe, society=society, phonebank=calls)
    _running_session(scribe, dice, society, calls)
    for group in society.groups[1 : 1 + size.lists]:
        _list_of(scribe, dice, society, group, islice(numbers, size.calls_each))
    for key in ("caller", "caller2"):
        phonebanks.pass_practice(db, person_id=society.cast[key].id, now=clock.now())
        phonebanks.agree(db, person_id=society.cast[key].id, now=clock.now())
    # One who left after the practice calls: the questions wait.
    training.begin(db, person_id=society.cast["host"].id, now=clock.now()).calls = CALLS
    # The letter of this month to the administrator, so that the mailbox shows one.
    mail = Mail(LetterWriter(settings), settings.base_url)
    reminding.tell_who_has_access(db, mail=mail, now=clock.now())
    return size.contacts


def _numbers(most: int, key: bytes) -> Iterator[Row]:
    """Made-up numbers: Ofcom's ranges for drama, or the unassigned block where they run out."""
    for e164, kind in _drama() if most <= ROOM_OF_DRAMA else _unassigned():
        yield {
            "e164": e164,
            "hmac": phone.hmac_key(e164, key),
            "kind": kind,
            "state": "ok",
            "fictitious": True,
            "time_zone": "Europe/London",
        }


def _drama() -> Iterator[tuple[str, str]]:
    """In turn over the ranges."""
    for place in range(ROOM_OF_DRAMA):
        start, kind = RANGES[place % len(RANGES)]
        yield f"+44{start}{place // len(RANGES):03}", kind


def _unassigned() -> Iterator[tuple[str, str]]:
    for place in range(1_000_000_000):
        yield f"+444{place:09}", "unknown"


def _phonebank(
    db: Session, group: Group, actor_id: int, *, title: str, public_id: str
) -> Phonebank:
    made = phonebanks.found(
        db,
        group=group,
        title=title,
        reason="Signed the rent cap petition. We ask people to come to the vote on Thu 10 Dec.",
        actor_id=actor_id,
        now=clock.now(),
        access="open",
        public_id=public_id,
    )
    phonebanks.write_script(db, phonebank=made, steps=STEPS, actor_id=actor_id, now=clock.now())
    return made


def _list_of(
    scribe: Scribe, dice: random.Random, society: Society, group: Group, numbers: Iterable[Row]
) -> None:
    """A further group's own list, rung at the first of its sessions."""
    db, actor_id = scribe.db, society.convenors[group.id]
    title = f"{group.name}: come to the rents vote"
    made = _phonebank(db, group, actor_id, title=title, public_id=tokens.public_id_by(dice))
    _bring(scribe, dice, made, numbers)
    for event in board.events_to_attach(db, made, now=clock.now())[:1]:
        phonebanks.attach_session(db, phonebank=made, event=event, actor_id=actor_id)
    phonebanks.open_up(db, phonebank=made, actor_id=actor_id)


def _bring(
    scribe: Scribe, dice: random.Random, phonebank: Phonebank, numbers: Iterable[Row]
) -> None:
    """Write the numbers, and a person behind each."""
    last = scribe.db.scalar(select(func.max(PhoneNumber.id))) or 0
    scribe.write(PhoneNumber, numbers, told=True)
    fresh = select(PhoneNumber.id).where(PhoneNumber.id > last).order_by(PhoneNumber.id)
    ids = list(scribe.db.scalars(fresh))
    scribe.write(Contact, (_contact(dice, phonebank.id, key) for key in ids), told=True)


def _contact(dice: random.Random, phonebank_id: int, number_id: int) -> Row:
    return {
        "phonebank_id": phonebank_id,
        "number_id": number_id,
        "first_name": dice.choice(FIRST_NAMES),
        "last_name": dice.choice(SURNAMES),
        "town": dice.choice(TOWNS),
        "external_id": f"demo-{number_id}",
        "source": SOURCE,
        # A few have not said yes to calls, so that the lead's page has reasons to show.
        "consent": dice.random() > 0.05,
        "state": "ready",
        "priority": 5,
        "shuffle": dice.getrandbits(31),
        "slot": dice.randrange(16),
    }


def _running_session(
    scribe: Scribe, dice: random.Random, society: Society, phonebank: Phonebank
) -> None:
    """A session that began half an hour ago, with both callers on its roster; the one of two days
    ago, and the next."""
    db, group = scribe.db, society.group("brighton")
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    callers = [society.cast["caller"], society.cast["caller2"]]
    lead_id = society.cast["lead"].id
    for days, public_id, crowd in (
        (0, "demo-shift", society.crowd[400:404]),
        (-2, "demo-shift-over", society.crowd[400:403]),
        (3, "demo-shift-next", society.crowd[404:407]),
    ):
        begins = now + timedelta(days=days)
        event: Event = events.announce(
            db,
            group=group,
            host=society.cast["lead"],
            kind="phonebank",
            title="Ring round Hove for the rents vote",
            starts_at=begins - timedelta(minutes=30),
            ends_at=begins + timedelta(minutes=90),
            place=venue_of(group, "Brighton Community Centre", town="Brighton"),
            capacity=12,
            needed=10,
            listed=days >= 0,
            public_id=public_id,
            check=False,
        )
        session = CallingSession(event_id=event.id, phonebank_id=phonebank.id)
        if days < 0:
            db.add(session)  # what is over is attached to nothing any more
        else:
            phonebanks.attach_session(db, phonebank=phonebank, event=event, actor_id=lead_id)
        seat(scribe, dice, event, [*(callers if days <= 0 else []), *crowd])
        refresh_feature(event, group=group, now=clock.now())
    _together(db, phonebank, callers[1].id, lead_id)


def _together(db: Session, phonebank: Phonebank, caller_id: int, lead_id: int) -> None:
    """One of them asks for help, and the lead has a line on every screen."""
    now = clock.now()
    words = "They ask who pays us"
    helping.ask_for_help(db, phonebank=phonebank, person_id=caller_id, words=words, now=now)
    line = "Tea is ready. Come over after your next call."
    helping.put_up(db, phonebank=phonebank, words=line, actor_id=lead_id, now=now)
