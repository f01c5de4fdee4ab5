"""Coming in with consents of one's own, coming back with four words, and without a phone."""

import re

import pytest
from sqlalchemy import select, update

from campaign.conduct.operations.apart import keep_apart
from campaign.events.models import Event, Follower, Rsvp
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import joining
from campaign.meetups.operations.returning import come_back
from campaign.meetups.queries import rooms, sheets
from campaign.meetups.rules.joining import Consents
from campaign.meetups.rules.words import WORDS, typed_words, words_of
from campaign.people.models import Person
from campaign.people.operations import meet, note_person
from tests.cast import Cast
from tests.events.makers import signed_up
from tests.meetups.conftest import Room, phone, to
from tests.meetups.making import HOVE, a_meetup, a_participant, accepted, coming, move_to
from tests.meetups.test_strategy import a_hall, go_to, note_an_idea
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("places", "asked_anew")

JOINING = {"name": "Bea", "initial": "m", "where": "BN2 9QA", "hold": "y"}


def joined(database: Database, code: str) -> Participant:
    with database.reading() as db:
        meetup = rooms.meetup_by_code(db, code)
        assert meetup is not None
        person = rooms.present(db, rooms.batch_of(db, meetup).id)[-1]
        db.expunge(person)
        return person


def opened(database: Database, cast: Cast, **given: object) -> str:
    with database.unit_of_work() as db:
        return a_meetup(db, cast, **given).code


def test_there_are_256_words_and_a_key_always_says_the_same_four() -> None:
    assert len(set(WORDS)) == 256
    assert words_of("key") == words_of("key") != words_of("another")
    assert typed_words(f"  {words_of('key').upper().replace(' ', ', ')}. ") == words_of("key")


def test_each_consent_is_a_tick_of_its_own_and_none_is_set_before(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    code = opened(database, cast)
    page = client.get(f"/m/{code}").text
    assert not re.search(r'type="checkbox"[^>]*checked', page)
    given = JOINING | {"reach": "bea@people.example, 07700 900123"}
    assert client.post_form(f"/m/{code}/join", given).status_code == 303
    bea = joined(database, code)
    assert (bea.email, bea.phone) == ("bea@people.example", "+447700900123")
    assert (bea.may_contact, bea.hears_area, bea.shows_name) == (False, False, False)
    client.delete_cookie("meetup", path=f"/m/{code}")
    ticked = given | {"name": "Tom", "reach": "tom@people.example", "contact": "y", "names": "y"}
    assert client.post_form(f"/m/{code}/join", ticked).status_code == 303
    tom = joined(database, code)
    assert (tom.may_contact, tom.hears_area, tom.shows_name) == (True, False, True)


def test_hearing_of_what_is_near_is_asked_once_more_by_mail(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    code = opened(database, cast)
    given = JOINING | {"reach": "bea@people.example", "area": "y"}
    assert client.post_form(f"/m/{code}/join", given).status_code == 303
    with database.reading() as db:
        assert db.scalar(select(Follower.email)) == "bea@people.example"
        letters = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id)).all()
    assert len(letters) == 1


def test_without_that_consent_the_host_sees_a_name_and_nothing_else(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast))
        bea = a_participant(db, batch, "Bea").participant
        tom = a_participant(
            db, batch, "Tom", phone="+447700900123", consents=Consents()
        ).participant
        batch = move_to(db, batch, "local", cast.organiser.id)

        coming(db, batch, tom)
        event = accepted(db, batch, bea)
        row = db.execute(
            select(Rsvp.name, Rsvp.phone, Person.email, Person.phone)
            .join(Person, Person.id == Rsvp.person_id)
            .where(Rsvp.event_id == event.id, Rsvp.person_id == tom.person_id)
        ).one()
        assert tuple(row) == ("Tom", None, None, None)
        assert not db.scalars(select(Person).where(Person.email == "tom@people.example")).all()


def test_a_pair_is_kept_apart_by_number_and_after_a_yes_without_consent(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        one = meet(db, email="bea@people.example", name="Bea")
        other = note_person(db, name="Tom", phone_e164="+447700900123")
        keep_apart(db, one=one, other=other, actor_id=cast.organiser.id)
        batch = rooms.batch_of(db, a_meetup(db, cast))
        bea = a_participant(db, batch, "Bea", consents=Consents()).participant
        tom = a_participant(db, batch, "Tom", email=None, phone="+447700900123").participant
        bea.person_id = note_person(db, name="Bea").id
        db.flush()
        assert sheets.kept_apart(db, batch.id) == {frozenset((bea.number, tom.number))}


def test_four_words_bring_somebody_back_on_another_phone_and_the_first_is_out(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        first = a_participant(db, rooms.batch_of(db, meetup), "Bea")
        a_participant(db, rooms.batch_of(db, meetup), "Tom")
    code = meetup.code
    old = phone(client, code, first.key)
    assert words_of(first.key) in old.get(f"/m/{code}").text
    assert words_of(first.key) in old.get(f"/m/{code}/you").text
    wrong = client.post_form(f"/m/{code}/back", {"words": "one two three four"})
    assert wrong.status_code == 422
    assert "Nobody here has these four words" in wrong.text
    assert client.post_form(f"/m/{code}/back", {"words": ""}).status_code == 422
    back = client.post_form(f"/m/{code}/back", {"words": words_of(first.key).title()})
    assert back.status_code == 303
    assert "You’re in, Bea." in client.get(f"/m/{code}").text
    assert "Your number is on another phone now." in old.get(f"/m/{code}").text
    never = client.application.test_client().get(f"/m/{code}").text
    assert "Come in." in never
    assert "another phone now" not in never
    again = old.post_form(f"/m/{code}/back", {"words": words_of(first.key)})
    assert again.status_code == 422


def test_who_was_away_while_the_tables_were_dealt_has_a_chair_when_four_words_bring_them_back(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, a_meetup(db, cast, preset="meetup"))
        ann, _ = (a_participant(db, batch, name) for name in ("Ann", "Bea"))
        joining.leave(db, batch=batch, person=ann.participant, now=clock.now())
        move_to(db, batch, "local", cast.organiser.id, preset="meetup")
        back = come_back(db, batch=batch, words=words_of(ann.key)).participant
        assert None not in (back.strategy_id, back.breakout_id)


def test_the_desk_gives_new_words_for_a_lost_phone_and_nobody_else_does(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.reading() as db:
        bea = rooms.present(db, room.batch_id)[0].public_id
    url = room.at(f"/desk/people/{bea}/words")
    client.sign_in(cast.stranger)
    assert client.post_form(url, {}).status_code == 404
    assert client.get(room.at("/desk/people")).status_code == 404
    client.sign_in(cast.organiser)
    page = client.get(client.post_form(url, {}).headers["Location"]).text
    words = re.search(r"on another phone: ([a-z ]+)\.", page)
    assert words is not None
    client.sign_out()
    assert "Table 1" in room.bea.get(room.at()).text
    other = client.application.test_client()
    assert other.post_form(room.at("/back"), {"words": words[1]}).status_code == 303  # type: ignore[attr-defined]
    assert "Table 1" in other.get(room.at()).text
    assert "Come in." in room.bea.get(room.at()).text
    with database.reading() as db:
        logged = db.scalars(select(AuditRow).where(AuditRow.action.like("way back%"))).all()
    assert len(logged) == 1
    assert words[1] not in str(logged[0].__dict__)


def test_what_somebody_needs_tonight_is_read_at_the_desk_and_nowhere_else(
    client: ProofReadingClient, cast: Cast, room: Room
) -> None:
    need = "A chair near the door"
    given = {"email": "bea@people.example", "access_needs": need, "leads": "y"}
    assert room.bea.post_form(room.at("/you"), given).status_code == 303
    assert need in room.bea.get(room.at("/you")).text
    for path in ("", "/table"):
        assert need not in room.tom.get(room.at(path)).text
    client.sign_in(cast.organiser)
    assert need in client.get(room.at("/desk/people")).text
    for path in ("/desk", "/screen", "/door", "/door/slips", "/state"):
        assert need not in client.get(room.at(path)).text
    refused = room.bea.post_form(room.at("/you"), {"access_needs": need})
    assert refused.status_code == 422
    assert "Leave a mobile number" in refused.text


def test_names_stand_on_the_phones_of_a_table_only_where_both_said_so(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        keys = [
            a_participant(db, batch, name, consents=Consents(contact=True, names=names)).key
            for name, names in (("Bea", True), ("Tom", True), ("Sian", False))
        ]
        move_to(db, batch, "local", cast.organiser.id)
    bea, tom, sian = (phone(client, meetup.code, key) for key in keys)
    url = f"/m/{meetup.code}/table"
    assert "Ask Tom to host" in bea.get(url).text
    assert "Sian" not in bea.get(url).text
    assert "Ask No. 3 to host" in tom.get(url).text
    assert not says(sian.get(url).text, "Bea")


def test_the_door_brings_somebody_in_and_prints_their_slip(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.stranger)
    assert client.get(room.at("/door")).status_code == 404
    assert client.get(room.at("/door/slips")).status_code == 404
    client.sign_in(cast.organiser)
    given = {"name": "Winifred", "initial": "k", "where": "BN2 9QA", "access_needs": "Step-free"}
    refused = client.post_form(room.at("/door"), given)
    assert refused.status_code == 422
    assert "Ask them first" in refused.text
    sent = client.post_form(room.at("/door"), given | {"hold": "y"})
    assert "Winifred is number" in client.get(sent.headers["Location"]).text
    one = client.get(room.at("/door/slips?number=3")).text
    assert '<p class="slip-no">3</p>' in one
    assert "Table 1, teal" in one
    assert client.get(room.at("/door/slips")).text.count('class="slip-no"') == 1
    with database.reading() as db:
        winifred = rooms.present(db, room.batch_id)[-1]
        kept = (winifred.words, winifred.fingerprint, winifred.may_contact)
    assert kept == (None, None, False)


def test_a_neighbour_gives_the_dots_of_somebody_without_a_phone_and_a_stranger_does_not(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch, people, keys = a_hall(db, cast, 7)
        winifred = joining.bring_in(
            db, batch=batch, name="Winifred", where=HOVE, now=batch.phase_since,
            actor_id=cast.organiser.id,
        )  # fmt: skip
        batch = go_to(db, batch, "strategy", cast.organiser.id)
        note_an_idea(db, batch, people[0], "Ring the street")
        batch = go_to(db, batch, "report_back", cast.organiser.id)
        idea = sheets.proposals_of(db, batch.id)[0].proposal.public_id
        code = batch.meetup.code
        seated = {p.number: p.strategy_id for p in rooms.present(db, batch.id)}
        beside = next(p for p in people if seated[p.number] == seated[winifred.number])
    neighbour = phone(client, code, keys[beside.number - 1])
    url = f"/m/{code}/for/{winifred.public_id}"
    assert url in neighbour.get(f"/m/{code}").text
    assert "Three dots to give" in neighbour.get(url).text
    assert neighbour.post_form(url, {"dot": idea}).status_code == 303
    with database.reading() as db:
        assert sheets.proposals_of(db, batch.id)[0].dots == 1
    assert client.post_form(url, {"dot": idea}).status_code in (403, 404)
    of_somebody = f"/m/{code}/for/{people[1].public_id}"
    assert neighbour.get(of_somebody).status_code == 404


def test_a_neighbour_takes_something_from_the_wall_for_who_has_no_phone(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        winifred = joining.bring_in(
            db, batch=batch, name="Winifred", now=batch.phase_since, actor_id=cast.organiser.id
        )
        event = accepted(db, batch, rooms.present(db, batch.id)[0])
    to(database, cast, room, "commit")
    url = room.at(f"/for/{winifred.public_id}")
    assert url in room.tom.get(room.at()).text
    card = re.search(r'name="card" value="(\w+)"', room.tom.get(url).text)
    assert card is not None
    assert room.tom.post_form(url, {"card": card[1], "answer": "yes"}).status_code == 303
    with database.reading() as db:
        names = db.scalars(select(Rsvp.name).where(Rsvp.event_id == event.id)).all()
    assert "Winifred" in names
    refused = room.tom.post_form(url, {"willing": "host"})
    assert refused.status_code == 422
    client.sign_in(cast.organiser)
    assert "I’m in" not in client.get(url).text
    assert client.post_form(url, {"card": card[1], "answer": "no"}).status_code == 303


def test_whoever_signed_up_and_is_signed_in_finds_their_answers_filled_in_and_no_tick(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        code = meetup.code
        event = db.get_one(Event, meetup.event_id)
        signed_up(db, event, "Tess Tern", email=cast.supporter.email, postcode="BN2 9QA")
    own = ('value="Tess"', 'value="BN2 9QA"', f'value="{cast.supporter.email}"')
    assert not any(words in client.get(f"/m/{code}").text for words in own)
    client.sign_in(cast.organiser)
    assert not any(words in client.get(f"/m/{code}").text for words in own)
    client.sign_in(cast.supporter)
    page = client.get(f"/m/{code}").text
    assert all(words in page for words in own)
    assert 'value="T"' in page
    assert not re.search(r'type="checkbox"[^>]*checked', page)
    with database.unit_of_work() as db:
        db.execute(update(Rsvp).values(status="cancelled"))
    assert not any(words in client.get(f"/m/{code}").text for words in own)
