"""A country of made-up events to measure with: real postcode sectors, nobody real."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from campaign.commands.demo.scribe import Scribe
from campaign.events.models import Event
from campaign.events.rules.features import feature_of
from campaign.events.rules.kinds import Kind
from campaign.foundation import clock, tokens
from campaign.foundation.database import Database
from campaign.groups.models import Group
from campaign.people.models import Person
from campaign.places.sources import Centre, sectors

GROUPS = 300
KINDS = [kind.value for kind in Kind]
WORDS = ("Ring round", "Doors in", "Stall at", "Training for", "Planning", "Leaflets for", "Tea in")
HALLS = ("Library", "Town Hall", "Community Centre", "Chapel", "Friends’ Meeting House", "Market")


def settle(database: Database, *, events: int, seed: int = 2026) -> None:
    """Fill an empty database with one host, 300 groups and so many listed events."""
    dice = random.Random(seed)  # noqa: S311 (a benchmark, the same each time)
    places = sectors()
    with database.unit_of_work() as db:
        host = Person(name="Nobody Real", made_at=clock.now())
        groups = [_group(dice.choice(places), number) for number in range(GROUPS)]
        db.add_all([host, *groups])
        db.flush()
        Scribe(db).write(Event, _rows(dice, places, groups, host.id, events))


def _group(place: Centre, number: int) -> Group:
    return Group(
        slug=f"group-{number}",
        name=f"Fair Rents {place.name}",
        place=place.name,
        lat=place.lat,
        lng=place.lng,
        priority=number % 5,
        made_at=clock.now(),
    )


def _rows(
    dice: random.Random, places: list[Centre], groups: list[Group], host_id: int, events: int
) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for _ in range(events):
        place, group = dice.choice(places), dice.choice(groups)
        starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(
            hours=dice.randint(1, 24 * 28)
        )
        capacity = dice.choice([None, 6, 8, 12, 20, 40])
        venue = f"{place.name} {dice.choice(HALLS)}, {dice.randint(1, 90)} High Street"
        row = {
            "public_id": tokens.public_id_by(dice),
            "kind": dice.choice(KINDS),
            "title": f"{dice.choice(WORDS)} {place.name} with {group.name}",
            "about": "Come as you are. Somebody shows you how, and there is tea. " * 4,
            "group_id": group.id,
            "host_id": host_id,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=dice.choice([60, 90, 120])),
            "zone": "Europe/London",
            "place_kind": "venue",
            "venue": venue,
            "shown_place": venue,
            "area": place.name,
            # Within a kilometre or so of the middle, so that not all lie on one another.
            "shown_lat": round(place.lat + dice.uniform(-0.01, 0.01), 5),
            "shown_lng": round(place.lng + dice.uniform(-0.015, 0.015), 5),
            "capacity": capacity,
            "taken": dice.randint(0, capacity or 6),
            "needed": dice.choice([None, 3, 5, 8]),
            "step_free": dice.choice([True, False, None]),
            "state": "listed",
            "made_at": now,
        }
        row["feature"] = feature_of(Event(**row), group=group, now=now)
        yield row
