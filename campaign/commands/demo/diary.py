"""The demo's events: three weeks of them at real postcodes, with people signed up."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain, zip_longest
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import select

from campaign.commands.demo.placing import ZONE, in_days, venue_of
from campaign.commands.demo.scribe import Row, Scribe
from campaign.commands.demo.size import Size
from campaign.commands.demo.society import Society, Somebody
from campaign.commands.demo.words import TITLES, VENUES, Town
from campaign.events import operations as events
from campaign.events.models import Event, Rsvp
from campaign.events.operations.telling import refresh_feature
from campaign.events.rules.features import feature_of
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens
from campaign.foundation.audit import AuditRow
from campaign.groups.models import Group
from campaign.people.models import Person
from campaign.places import lookup

DAYS = 21
MEETUP_PEOPLE, MEETUP_GROUPS = 220, 8
LATE = time(18)
HOSTED = "demo-doors"
STARTS = (time(10), time(11), time(14), time(17, 30), time(18, 30), time(19), time(19, 30))
KINDS = (
    ["phonebank"] * 16 + ["canvass"] * 12 + ["stall"] * 6 + ["meeting"] * 5 + ["leafleting"] * 4
    + ["training"] * 3 + ["social"] * 3 + ["rally"]
)  # fmt: skip


def fill(
    scribe: Scribe, *, dice: random.Random, society: Society, size: Size, data_dir: Path
) -> int:
    """Announce events of every group, and sign people up; answers how many events there are."""
    every, left = divmod(size.events, len(society.groups))
    for number, group in enumerate(society.groups):
        spots = _spots(dice, society.towns[group.id], data_dir)
        drafts = [_draft(dice, society, group, spots) for _ in range(every + (number < left))]
        _announce(scribe, dice, group, drafts)
    _meetup(scribe, dice, society)
    _hosted(scribe, dice, society)
    return size.events + 2


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


def _step_free(place: PlaceChoice) -> bool | None:
    """Known of most venues, and true of half of them."""
    known = (True, True, False, None)
    return known[ord(place.venue[-1]) % 4] if place.kind is PlaceKind.VENUE else None


ONLINE_KINDS = ("phonebank", "meeting", "training", "social")
LISTED_AT_ONCE = 0.92


@dataclass
class Draft:
    """An event before it has a key, and who signs up to it."""

    row: Row
    people: list[Somebody]


def _draft(
    dice: random.Random, society: Society, group: Group, spots: list[tuple[str, float, float]]
) -> Draft:
    town = society.towns[group.id]
    kind = dice.choice(KINDS)
    place = _place(dice, town, spots)
    while place.kind is PlaceKind.ONLINE and kind not in ONLINE_KINDS:
        place = _place(dice, town, spots)
    today = clock.now().astimezone(ZONE).date()
    day = today + timedelta(days=dice.randint(1, DAYS))
    starts_at = datetime.combine(day, dice.choice(STARTS), ZONE)
    capacity = dice.choice([6, 8, 8, 10, 12, 12, 15, 20, 30, 40])
    members = society.members[group.id]
    people = dice.sample(members, min(dice.randint(0, capacity), len(members)))
    lat, lng = place.shown_point or (None, None)
    # What the convenor announces is listed at once; what a member announces may wait for a look.
    waits = bool(members) and dice.random() >= LISTED_AT_ONCE
    row = {
        "public_id": tokens.public_id_by(dice),
        "kind": kind,
        "title": dice.choice(TITLES[kind]).format(town=town.name),
        "about": "Come as you are. Somebody shows you how, and there is tea.",
        "group_id": group.id,
        "host_id": dice.choice(members).id if waits else society.convenors[group.id],
        "hostless_at": None,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=dice.choice([60, 90, 120, 120, 150])),
        "zone": ZONE.key,
        "place_kind": place.kind.value,
        "venue": place.venue,
        "postcode": place.postcode,
        "address_for": place.told_to.value,
        "online_link": place.online_link,
        "shown_place": place.shown_place,
        "area": place.town or None,
        "step_free": _step_free(place),
        "shown_lat": lat,
        "shown_lng": lng,
        "capacity": capacity,
        "taken": len(people),
        "needed": dice.randint(3, capacity),
        "state": "unlisted" if waits else "listed",
        "made_at": clock.now(),
    }
    row["feature"] = feature_of(SimpleNamespace(**row), group=group, now=clock.now())
    return Draft(row, people)


def _announce(scribe: Scribe, dice: random.Random, group: Group, drafts: list[Draft]) -> None:
    """Write a group's events with their sign-ups, and who announced them."""
    scribe.write(Event, (draft.row for draft in drafts), told=True)
    held = select(Event.public_id, Event.id).where(Event.group_id == group.id)
    ids = {public_id: key for public_id, key in scribe.db.execute(held)}
    for draft in drafts:
        draft.row["id"] = ids[draft.row["public_id"]]
    scribe.write(
        Rsvp,
        (row for draft in drafts for row in _sign_ups(dice, draft.row["id"], draft.people)),
    )
    scribe.write(
        AuditRow,
        (
            {
                "at": draft.row["made_at"],
                "actor_id": draft.row["host_id"],
                "action": "event announced",
                "subject": f"event:{draft.row['id']}",
                "details": [],
            }
            for draft in drafts
        ),
    )


def _sign_ups(
    dice: random.Random, event_id: int, people: Iterable[Somebody | Person]
) -> Iterator[Row]:
    for number, person in enumerate(people):
        yield {
            "public_id": tokens.public_id_by(dice),
            "event_id": event_id,
            "person_id": person.id,
            "name": person.name,
            "guests": 0,
            "status": "accepted",
            "attendance": "unknown",
            "place_in_line": number + 1,
            "made_at": clock.now(),
        }


def seat(
    scribe: Scribe, dice: random.Random, event: Event, people: Sequence[Somebody | Person]
) -> None:
    """Sign the first people up to an event that nobody had signed up to."""
    event.taken = len(people)
    scribe.db.flush()
    scribe.write(Rsvp, _sign_ups(dice, event.id, people))


def _meetup(scribe: Scribe, dice: random.Random, society: Society) -> None:
    """Tonight's campaign meetup (tomorrow's after six), with 220 people of several groups."""
    group = society.group("brighton")
    now = clock.now().astimezone(ZONE)
    day = now.date() if now.time() <= LATE else now.date() + timedelta(days=1)
    starts_at = datetime.combine(day, time(19), ZONE)
    event = events.announce(
        scribe.db,
        group=group,
        host=society.cast["organiser"],
        kind="meetup",
        title="Sussex campaign meetup",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=venue_of(group, "Friends’ Meeting House", town="Brighton"),
        capacity=250,
        about="Tables of eight, an evening of planning, twenty phonebanks by the end of it.",
        listed=True,
        public_id=tokens.public_id_by(dice),
    )
    seat(scribe, dice, event, _of_several_groups(society, MEETUP_PEOPLE))
    refresh_feature(event, group=group, now=clock.now())


def _of_several_groups(society: Society, number: int) -> list[Somebody]:
    """So many members, as evenly as may be from the groups that come."""
    coming = [society.members[group.id] for group in society.groups[:MEETUP_GROUPS]]
    in_turn = chain.from_iterable(zip_longest(*coming))
    return list(dict.fromkeys(one for one in in_turn if one is not None))[:number]


def _hosted(scribe: Scribe, dice: random.Random, society: Society) -> None:
    """An event of the host's own, tomorrow, so that there is a roster to look after."""
    group = society.group("hove")
    starts_at = in_days(1, 18, 30)
    event = events.announce(
        scribe.db,
        group=group,
        host=society.cast["host"],
        kind="canvass",
        title="Doors by the park, then soup",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=venue_of(group, "Hove Library", town="Hove"),
        capacity=12,
        needed=10,
        listed=True,
        public_id=HOSTED,
    )
    seat(scribe, dice, event, [society.cast["supporter"], *society.crowd[300:306]])
    refresh_feature(event, group=group, now=clock.now())
