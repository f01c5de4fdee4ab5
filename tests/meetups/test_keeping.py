"""Who was in the room is forgotten; what they signed up to stays."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import func, select

from campaign import registry
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Base, Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings, SettingsError, load
from campaign.foundation.tasks import Queue
from campaign.meetups.models import Card, Commitment, Participant
from campaign.meetups.operations import emptying, joining, sheets
from campaign.meetups.queries import rooms
from campaign.meetups.rules.joining import Whereabouts
from campaign.meetups.rules.sheets import Hands, Line
from tests.cast import Cast, a_person
from tests.meetups.making import a_meetup, a_participant, accepted, coming, move_to, seated


def nightly(database: Database, settings: Settings, folder: Path) -> None:
    """Run the job of the night that forgets."""
    queue = Queue(folder, "", immediate=True)
    jobs = {}
    with patch.object(queue, "add_nightly", lambda name, job, **_: jobs.update({name: job})):
        registry.add_jobs(queue, database, settings)
    jobs["forget_what_is_due"]()


def test_thirty_days_after_the_meetup_its_people_are_forgotten_and_their_rsvps_stay(
    database: Database, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    with database.unit_of_work() as db:
        meetup, batch, (bea, tom, _) = seated(db, cast, "Bea", "Tom", "Sian")
        coming(db, batch, tom)
        accepted(db, batch, bea)
        rsvps = db.scalar(select(func.count(Rsvp.id)))
        ends_at = db.get_one(Event, meetup.event_id).ends_at
    left = ends_at - clock.now()
    for days, kept in ((29, 3), (31, 0)):
        clock.set_offset((left + timedelta(days=days)).total_seconds())
        nightly(database, settings, tmp_path)
        with database.reading() as db:
            assert db.scalar(select(func.count(Participant.id))) == kept, days
    with database.reading() as db:
        assert db.scalar(select(func.count(Commitment.id))) == 0
        assert db.scalar(select(func.count(Rsvp.id))) == rsvps == 3
        card = db.scalars(select(Card)).one()
        assert (card.host_id, card.cohost_id) == (None, None)
        assert card.event_id is not None
        assert rooms.counts(db, rooms.meetup_by_code(db, meetup.code), batch).published == 1


def test_people_of_a_meetup_to_come_are_kept(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        seated(db, cast, "Bea", "Tom")
        assert emptying.forget_the_room(db, ended_before=clock.now()) == 0
        assert emptying.forget_the_room(db, ended_before=clock.now() + timedelta(days=1)) == 2


@pytest.mark.parametrize("days", ["0", "31", "-1", "soon", ""])
def test_nobody_keeps_people_longer_than_they_agreed_to(days: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="from 1 to 30"):
        load({"CAMPAIGN_MEETUP_KEPT_DAYS": days}, environment="testing", data_dir=tmp_path)
    made = load({"CAMPAIGN_MEETUP_KEPT_DAYS": "7"}, environment="testing", data_dir=tmp_path)
    assert made.meetup_kept_days == 7


def test_a_participant_whose_account_is_gone_stays_in_the_room_without_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, _ = seated(db, cast, "Bea")
        person = a_person(db, "Ida Idle")
        ida = a_participant(db, batch, "Ida", person_id=person.id).participant
        db.delete(person)
        db.flush()
        db.refresh(ida)
        assert ida.person_id is None
        coming(db, batch, ida)
        assert len(rooms.present(db, batch.id)) == 2


def held_in(database: Database, *words: str) -> list[str]:
    """Every table in which one of these words stands, whatever the column."""
    found = []
    with database.reading() as db:
        for table in Base.metadata.sorted_tables:
            text = repr(db.execute(select(table)).all()).casefold()
            found += [f"{table.name}: {word}" for word in words if word.casefold() in text]
    return found


def test_after_thirty_days_nothing_of_who_signed_up_to_nothing_is_left_in_any_table(
    database: Database, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    mail = Mail(LetterWriter(settings), settings.base_url)
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        zora = a_participant(
            db, batch, "Zora", email="zora@only.example", phone="+447700900456",
            initial="Q", where=Whereabouts("ZE9", 60.15, -1.14),
        ).participant  # fmt: skip
        yanis = a_participant(db, batch, "Yanis", initial="W").participant
        joining.raise_hand(db, batch=batch, person=zora, willing="come")
        joining.tell(db, batch=batch, person=zora, leads=True, came_with=str(yanis.number))
        batch = move_to(db, batch, "strategy", cast.organiser.id, preset="meetup")
        sheets.hold_pen(db, batch=batch, person=zora)
        sheets.write_proposal(
            db, batch=batch, person=zora, position=1,
            line=Line("Ring one street", Hands(2, 0, 0), zora.public_id), now=clock.now(),
        )  # fmt: skip
        batch = move_to(db, batch, "local", cast.organiser.id, preset="meetup")
        accepted(db, batch, yanis, mail=mail)
        move_to(db, batch, "over", cast.organiser.id, preset="meetup")
        ends_at, zora_id = db.get_one(Event, meetup.event_id).ends_at, zora.public_id
    hers = ("zora@only.example", "Zora", "447700900456", "ZE9", zora_id)
    assert {one.partition(":")[0] for one in held_in(database, *hers)} == {"participant"}
    left = ends_at - clock.now() + timedelta(days=settings.meetup_kept_days, hours=1)
    clock.set_offset(left.total_seconds())
    nightly(database, settings, tmp_path)
    assert held_in(database, *hers) == []
    # What Yanis signed up to stays: he hosts it.
    tables = {one.partition(":")[0] for one in held_in(database, "yanis@people.example")}
    assert "person" in tables
    assert "participant" not in tables
