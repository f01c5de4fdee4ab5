"""The demo's events: three weeks of them at real postcodes, with people signed up."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from campaign.commands.demo.society import Society
from campaign.commands.demo.words import TITLES, VENUES, Town
from campaign.events import operations as events
from campaign.events.models import Event, Rsvp
from campaign.events.operations.telling import refresh_feature
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens
from campaign.groups.models import Group
from campaign.people.models import Person
from campaign.places import lookup

EVENTS_EACH = 50
DAYS = 21
MEETUP_PEOPLE = 220
HOSTED = "demo-doors"
ZONE = ZoneInfo("Europe/London")
STARTS = (time(10), time(11), time(14), time(17, 30), time(18, 30), time(19), time(19, 30))
KINDS = (
    ["phonebank"] * 16 + ["canvass"] * 12 + ["stall"] * 6 + ["meeting"] * 5 + ["leafleting"] * 4
    + ["training"] * 3 + ["social"] * 3 + ["rally"]
)  # fmt: skip


def fill(db: Session, *, dice: random.Random, society: Society, data_dir: Path) -> int:
    """Announce events of every group, and sign people up; answers how many events there are."""
    rows: list[dict[str, Any]] = []
    made = 0
    for group in society.groups:
        town = society.towns[group.id]
        spots = _spots(dice, town, data_dir)
        for _ in range(EVENTS_EACH):
            event = _announce(db, dice, society, group=group, place=_place(dice, town, spots))
            rows += _sign_ups(dice, society, event)
            made += 1
    rows += _meetup(db, dice, society)
    rows += _hosted(db, dice, society)
    db.flush()
    db.execute(insert(Rsvp), rows)
    for group in society.groups:
        for event in db.scalars(select(Event).where(Event.group_id == group.id)):
            refresh_feature(event, group=group, now=clock.now())
    return made + 2


def _spots(dice: random.Random, town: Town, data_dir: Path) -> list[tuple[str, float, float]]:
    wanted: list[str] = []
    for outcode in town.outcodes:
        units = lookup.units_of(data_dir, outcode)
        wanted += dice.sample(units, min(16, len(units)))
    return [
        (postcode, point.lat, point.lng)
        for postcode, point in sorted(lookup.points_of(data_dir, wanted).items())
    ]


def _place(dice: random.Random, town: Town, spots: list[tuple[str, float, float]]) -> PlaceChoice:
    postcode, lat, lng = dice.choice(spots)
    throw = dice.random()
    if throw < 0.08:
        link = "https://meet.example/fair-rents"
        return PlaceChoice(kind=PlaceKind.ONLINE, online_link=link)
    if throw < 0.2:
        address = "The green door"
        return PlaceChoice(
            PlaceKind.HOME, venue=address, postcode=postcode, lat=lat, lng=lng, town=town.name
        )
    venue = f"{town.name} {dice.choice(VENUES)}"
    return PlaceChoice(
        PlaceKind.VENUE, venue=venue, postcode=postcode, lat=lat, lng=lng, town=town.name
    )


def _announce(
    db: Session, dice: random.Random, society: Society, *, group: Group, place: PlaceChoice
) -> Event:
    kind = dice.choice(KINDS)
    today = clock.now().astimezone(ZONE).date()
    day = today + timedelta(days=dice.randint(1, DAYS))
    starts_at = datetime.combine(day, dice.choice(STARTS), ZONE)
    capacity = dice.choice([6, 8, 8, 10, 12, 12, 15, 20, 30, 40])
    return events.announce(
        db,
        group=group,
        host=society.convenors[group.id],
        kind=kind,
        title=dice.choice(TITLES[kind]).format(town=society.towns[group.id].name),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=dice.choice([60, 90, 120, 120, 150])),
        place=place,
        capacity=capacity,
        needed=dice.randint(3, capacity),
        about="Come as you are. Somebody shows you how, and there is tea.",
        listed=dice.random() < 0.92,
        public_id=tokens.public_id_by(dice),
    )


def _sign_ups(
    dice: random.Random, society: Society, event: Event, *, most: int | None = None
) -> list[dict[str, Any]]:
    """So many people of the crowd, as far as there is room."""
    room = (event.capacity or 0) - event.taken
    number = most if most is not None else dice.randint(0, event.capacity or 0)
    people = dice.sample(society.crowd, min(room, number, len(society.crowd)))
    return rows_of(dice, event, people)


def rows_of(dice: random.Random, event: Event, people: list[Person]) -> list[dict[str, Any]]:
    """The rows of sign-ups that fit, and the event's count with them."""
    first = event.taken
    event.taken += len(people)
    return [
        {
            "public_id": tokens.public_id_by(dice),
            "event_id": event.id,
            "person_id": person.id,
            "name": person.name,
            "guests": 0,
            "status": "accepted",
            "attendance": "unknown",
            "place_in_line": first + number + 1,
            "made_at": clock.now(),
        }
        for number, person in enumerate(people)
    ]


def _meetup(db: Session, dice: random.Random, society: Society) -> list[dict[str, Any]]:
    """Tonight's campaign meetup, with 220 people."""
    group = society.group("brighton")
    now = clock.now().astimezone(ZONE)
    evening = datetime.combine(now.date(), time(19), ZONE)
    starts_at = (
        evening
        if evening > now
        else now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    )
    event = events.announce(
        db,
        group=group,
        host=society.cast["organiser"],
        kind="meetup",
        title="Sussex campaign meetup",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=PlaceChoice(
            PlaceKind.VENUE,
            venue="Friends’ Meeting House",
            postcode=group.place,
            lat=group.lat,
            lng=group.lng,
            town="Brighton",
        ),
        capacity=250,
        about="Tables of eight, an evening of planning, twenty phonebanks by the end of it.",
        listed=True,
        public_id=tokens.public_id_by(dice),
    )
    return rows_of(dice, event, society.crowd[20 : 20 + MEETUP_PEOPLE])


def _hosted(db: Session, dice: random.Random, society: Society) -> list[dict[str, Any]]:
    """An event of the host's own, tomorrow, so that there is a roster to look after."""
    group = society.group("hove")
    tomorrow = clock.now().astimezone(ZONE).date() + timedelta(days=1)
    starts_at = datetime.combine(tomorrow, time(18, 30), ZONE)
    event = events.announce(
        db,
        group=group,
        host=society.cast["host"],
        kind="canvass",
        title="Doors by the park, then soup",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=PlaceChoice(
            PlaceKind.VENUE,
            venue="Hove Library",
            postcode=group.place,
            lat=group.lat,
            lng=group.lng,
            town="Hove",
        ),
        capacity=12,
        needed=10,
        listed=True,
        public_id=HOSTED,
    )
    return rows_of(dice, event, [society.cast["supporter"], *society.crowd[300:306]])
