"""A template of our own in the place of the file's, and an event announced by it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event
from campaign.events.rules.kinds import Kind
from campaign.events.rules.templates import Template
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people.models import Person

OURS = Template(
    minutes=75,
    about="We knock on doors, and there is soup afterwards.",
    kit=("The big soup pot", "Maps"),
    roles=("Door knocker", "Cook"),
    safety=("Carry the pot in pairs.",),
)


def answers(**changed: str) -> dict[str, str]:
    given = {
        "kind": "canvass",
        "date": (clock.now() + timedelta(days=4)).date().isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN2 1TB",
        "group": "fair-rents-brighton",
        "capacity": "12",
    }
    return given | changed


def change(db: Any, person: Person, seen: str = "", **given: Any) -> None:
    operations.change_template(
        db, kind=Kind.CANVASS, template=replace(OURS, **given), seen=seen, actor_id=person.id
    )


def newest(database: Database) -> Event:
    with database.reading() as db:
        found = db.scalars(select(Event).order_by(Event.id.desc())).first()
        assert found is not None
        db.expunge_all()
        return found
