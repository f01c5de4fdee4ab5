"""The mail of the day: one, with what is new and theirs alone, and never an empty one."""

from typing import Any

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event, Follow
from campaign.events.rules.following import Wanted
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast, a_group
from tests.events.conftest import RecordingMail
from tests.events.followers import AREA, FAR, digests, follows, letters, rows
from tests.events.makers import HOME, announced, soon
from tests.proof_reader import ProofReadingClient


def test_a_mail_holds_what_is_new_and_no_mail_is_empty(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        announced(db, cast, title="Stands there already", listed=True)
    follows(database)
    assert digests(database, mail) == 0
    with database.unit_of_work() as db:
        announced(db, cast, title="Only by its link", listed=False)
        announced(db, cast, title="New on the map", listed=True)
    assert digests(database, mail) == 1
    text = mail.letters[-1].text
    assert "New on the map" in text
    assert "Stands there already" not in text
    assert "Only by its link" not in text
    assert digests(database, mail, hours=24) == 0


def test_there_is_one_mail_a_day_and_nothing_is_left_out(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    group = Wanted(group_id=cast.group.id)
    follows(database, "nia@people.example", AREA, group)
    with database.unit_of_work() as db:
        announced(db, cast, title="The first", listed=True)
    assert digests(database, mail) == 1
    assert mail.letters[-1].text.count("The first") == 1  # also where two follows hold it
    with database.unit_of_work() as db:
        announced(db, cast, title="The second", listed=True)
    assert digests(database, mail, hours=3) == 0
    assert digests(database, mail, hours=24) == 1
    assert "The second" in mail.letters[-1].text
    assert "The first" not in mail.letters[-1].text


def test_an_event_that_is_listed_later_is_news_then(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        key = announced(db, cast, title="Looked at later", listed=False).id
    follows(database)
    with database.unit_of_work() as db:
        db.get_one(Event, key).state = "listed"
    assert digests(database, mail) == 1


def test_only_what_is_theirs_comes(database: Database, cast: Cast, mail: RecordingMail) -> None:
    with database.unit_of_work() as db:
        other = a_group(db, "Fair Rents Leeds", lat=53.8, lng=-1.55)
    follows(database, "far@people.example", FAR)
    follows(database, "group@people.example", Wanted(group_id=other.id))
    canvass = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10, kinds=("canvass",))
    follows(database, "kind@people.example", canvass)
    free = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10, step_free=True)
    follows(database, "free@people.example", free)
    follows(database, "near@people.example")
    with database.unit_of_work() as db:
        announced(db, cast, listed=True)
    assert digests(database, mail) == 1
    assert mail.letters[-1].to == "near@people.example"


def test_a_home_is_told_by_its_town(database: Database, cast: Cast, mail: RecordingMail) -> None:
    follows(database)
    with database.unit_of_work() as db:
        announced(db, cast, title="Soup and calls", place=HOME, kind="social", listed=True)
    assert digests(database, mail) == 1
    letter = mail.letters[-1]
    for part in (letter.subject, letter.text, letter.html):
        assert "Elm Grove" not in part
        assert "BN2 3DA" not in part
    assert "Brighton, a home" in letter.text


def test_a_pause_holds_and_what_came_up_meanwhile_is_not_told_later(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    follows(database, cast.supporter.email or "")
    client.sign_in(cast.supporter)
    client.post_form("/follow/mine/pause", {"pause": "yes"})
    with database.unit_of_work() as db:
        announced(db, cast, listed=True)
    assert digests(database, mail) == 0
    client.post_form("/follow/mine/pause", {"pause": "no"})
    assert digests(database, mail) == 0
    with database.unit_of_work() as db:
        announced(db, cast, title="After the pause", listed=True)
    assert digests(database, mail) == 1


def test_the_radius_is_changed_and_one_thing_is_stopped(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    follows(database, cast.supporter.email or "", AREA, FAR)
    client.sign_in(cast.supporter)
    with database.reading() as db:
        near, far = db.scalars(select(Follow.public_id).order_by(Follow.id))
    client.post_form(f"/follow/mine/{near}", {"radius_km": "25"})
    client.post_form(f"/follow/mine/{far}", {"do": "stop"})
    page = client.get("/follow/mine").text
    assert "Events within 25 km of BN1" in page
    assert "Leeds" not in page
    assert client.post_form(f"/follow/mine/{near}", {"radius_km": "1e9"}).status_code == 422
    client.sign_in(cast.stranger)
    assert client.post_form(f"/follow/mine/{near}", {"do": "stop"}).status_code == 404
    assert rows(database, Follow) == 1


@pytest.mark.storm
def test_two_workers_write_each_mail_once(database: Database, cast: Cast, settings: Any) -> None:
    import threading

    from campaign.events.messages import Mail
    from campaign.foundation.letters import LetterWriter

    operations.note_news(database, now=clock.now())
    with database.unit_of_work() as db:
        for number in range(300):
            email = f"person{number:03}@people.example"
            operations.follow_now(db, email=email, wanted=AREA)
        announced(db, cast, starts_at=soon(96), listed=True)
    mail = Mail(LetterWriter(settings), "http://localhost")
    now, sent = clock.now(), []

    def work() -> None:
        sent.append(operations.send_digests(database, mail=mail, now=now))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 300
    addresses = [letter.to for letter in letters(database, "digest")]
    assert len(addresses) == len(set(addresses)) == 300
