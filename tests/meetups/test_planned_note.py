"""What a closed meetup lays before its group: the events on the map, no home and no names."""

from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.groups import queries
from campaign.groups.models import GroupNote
from campaign.meetups.operations.filling import CardPlace
from tests.cast import Cast
from tests.meetups.making import HOME, accepted, move_to, seated


def test_a_closed_room_proposes_one_note_of_what_it_planned(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, *_) = seated(db, cast, "Bea", "Cem", "Dora")
        event = accepted(db, batch, bea, place=CardPlace("home"), choice=HOME)
        batch = move_to(db, batch, "over", cast.organiser.id)
        (line,) = queries.notes_of(db, cast.group.id, state="proposed")
        assert line.newest.title.startswith("What we planned on ")
        assert event.title in line.newest.text
        assert event.shown_place in line.newest.text
        for secret in ("Bea", HOME.venue, HOME.postcode or ""):
            assert secret not in line.newest.text
        batch.phase = "commit"  # the desk went back, and closes it again
        move_to(db, batch, "over", cast.organiser.id)
        assert len(db.scalars(select(GroupNote)).all()) == 1


def test_a_room_that_planned_nothing_proposes_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _, batch, _ = seated(db, cast, "Bea")
        move_to(db, batch, "over", cast.organiser.id)
        assert db.scalars(select(GroupNote)).all() == []
