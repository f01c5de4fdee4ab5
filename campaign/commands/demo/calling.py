"""The demo's phonebanks: one to ring, one to practise, and a session running now."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from campaign.commands.demo.diary import rows_of
from campaign.commands.demo.society import Society
from campaign.commands.demo.words import FIRST_NAMES, STEPS, SURNAMES
from campaign.events import operations as events
from campaign.events.models import Event, Rsvp
from campaign.events.operations.telling import refresh_feature
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, phone, tokens
from campaign.foundation.phone.drama import DRAMA
from campaign.foundation.settings import Settings
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import practising
from campaign.phonebanks.operations import setup as phonebanks

TO_RING = 2000
SOURCE = "petition stall"
TOWNS = ("Brighton", "Hove", "Lewes", "Worthing", "Portslade", "Shoreham")


def set_up(db: Session, *, dice: random.Random, society: Society, settings: Settings) -> int:
    """Make both phonebanks and their people; answers how many there are to ring."""
    numbers = _numbers(db, settings)
    calls = _phonebank(db, society, "demo-calls", title="Hove: come to the rents vote")
    rows = _contacts(dice, calls, numbers)
    db.execute(insert(Contact), rows)
    lead = society.cast["lead"]
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
    _running_session(db, dice, society, calls)
    for key in ("caller", "caller2"):
        phonebanks.pass_practice(db, person_id=society.cast[key].id, now=clock.now())
        phonebanks.agree(db, person_id=society.cast[key].id, now=clock.now())
    return len(rows)


def _numbers(db: Session, settings: Settings) -> list[PhoneNumber]:
    """Numbers of Ofcom's ranges for drama, in turn over the ranges: nobody has them."""
    key = settings.suppression_key.encode()
    rows = [
        {
            "e164": e164,
            "hmac": phone.hmac_key(e164, key),
            "kind": kind,
            "state": "ok",
            "fictitious": True,
            "time_zone": "Europe/London",
        }
        for e164, kind in _drama(TO_RING)
    ]
    db.execute(insert(PhoneNumber), rows)
    return list(db.scalars(select(PhoneNumber).order_by(PhoneNumber.id)))


def _drama(number: int) -> Iterator[tuple[str, str]]:
    # The mobile range is left to the practice phonebank: a number is on one screen only.
    ranges = [(start, kind) for start, kind in sorted(DRAMA.items()) if kind != "mobile"]
    for place in range(number):
        start, kind = ranges[place % len(ranges)]
        yield f"+44{start}{place // len(ranges):03}", kind


def _phonebank(db: Session, society: Society, public_id: str, *, title: str) -> Phonebank:
    organiser = society.cast["organiser"]
    made = phonebanks.found(
        db,
        group=society.group("brighton"),
        title=title,
        reason="Signed the rent cap petition. We ask people to come to the vote on Thu 10 Dec.",
        actor_id=organiser.id,
        now=clock.now(),
        access="open",
        public_id=public_id,
    )
    phonebanks.write_script(
        db,
        phonebank=made,
        steps=STEPS,
        actor_id=organiser.id,
        now=clock.now(),
    )
    return made


def _contacts(
    dice: random.Random, phonebank: Phonebank, numbers: list[PhoneNumber]
) -> list[dict[str, Any]]:
    return [
        {
            "phonebank_id": phonebank.id,
            "number_id": number.id,
            "first_name": dice.choice(FIRST_NAMES),
            "last_name": dice.choice(SURNAMES),
            "town": dice.choice(TOWNS),
            "external_id": f"demo-{number.id}",
            "source": SOURCE,
            # A few have not said yes to calls, so that the lead's page has reasons to show.
            "consent": dice.random() > 0.05,
            "state": "ready",
            "priority": 5,
            "shuffle": dice.getrandbits(31),
            "slot": dice.randrange(16),
        }
        for number in numbers
    ]


def _running_session(
    db: Session, dice: random.Random, society: Society, phonebank: Phonebank
) -> None:
    """A session that began half an hour ago, with both callers on its roster."""
    group = society.group("brighton")
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    event: Event = events.announce(
        db,
        group=group,
        host=society.cast["lead"],
        kind="phonebank",
        title="Ring round Hove for the rents vote",
        starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(hours=3),
        place=PlaceChoice(
            PlaceKind.VENUE,
            venue="Brighton Community Centre",
            postcode=group.place,
            lat=group.lat,
            lng=group.lng,
            town="Brighton",
        ),
        capacity=12,
        needed=10,
        listed=True,
        public_id=tokens.public_id_by(dice),
        check=False,
    )
    phonebanks.attach_session(
        db, phonebank=phonebank, event=event, actor_id=society.cast["lead"].id
    )
    callers = [society.cast["caller"], society.cast["caller2"], *society.crowd[400:404]]
    db.execute(insert(Rsvp), rows_of(dice, event, callers))
    refresh_feature(event, group=group, now=clock.now())
