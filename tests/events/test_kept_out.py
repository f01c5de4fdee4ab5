"""Who is kept out of everything gets no place and hosts nothing, and no stranger learns of it."""

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.conduct.operations.kept_out import let_back
from campaign.conduct.rules.kept_out import LASTS, KeptOut
from campaign.events import operations
from campaign.events.models import Event, EventTeam, Rsvp
from campaign.events.operations.teaming import join_team
from campaign.events.rules.following import Wanted
from campaign.events.rules.signups import LIVE
from campaign.events.rules.team import TeamRole
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person
from tests.cast import Cast, a_person
from tests.conduct.keeping import NUMBER_ALONE, PRIVACY, keep
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient

BEA, MOBILE = "bea@people.example", "+447700900123"


@pytest.fixture
def event(app: Flask, database: Database, cast: Cast) -> Event:
    """A listed event; whoever has Bea's address or her mobile is kept out."""
    with database.unit_of_work() as db:
        keep(db, cast, email=BEA)
        keep(db, cast, phone=MOBILE, name="Bea")
        return announced(db, cast, listed=True, capacity=3)


def live(database: Database, event: Event) -> list[str]:
    with database.reading() as db:
        query = select(Rsvp.name).where(Rsvp.event_id == event.id, Rsvp.status.in_(LIVE))
        return list(db.scalars(query.order_by(Rsvp.id)))


def letters_to(database: Database, address: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.to == address)
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def ask(client: ProofReadingClient, event: Event, **given: str) -> Any:
    return client.post_asking_json(f"/events/{event.public_id}/rsvp", given)


def test_a_stranger_who_types_the_address_hears_what_anybody_hears_and_the_mailbox_hears_why(
    client: ProofReadingClient, database: Database, event: Event
) -> None:
    told = ask(client, event, name="Somebody", email="Bea@People.example", guests="1")
    usual = ask(client, event, name="Somebody", email="nia@people.example", guests="1")
    assert (told.status_code, told.headers["Content-Type"]) == (200, "application/json")
    assert told.json == usual.json
    assert live(database, event) == ["Somebody"]
    (letter,) = letters_to(database, BEA)
    assert "how you treated somebody" in letter.text
    assert "a moderator who has not decided" not in letter.text
    assert "somebody who has not decided about it looks at it" in letter.text
    page = client.application.test_client()
    sent = page.post_form(f"/events/{event.public_id}/rsvp", {"name": "Bea", "email": BEA})
    assert sent.status_code == 303
    assert "You are in" in page.get(sent.headers["Location"]).text


def test_in_a_full_event_they_wait_on_the_page_and_in_no_line(
    client: ProofReadingClient, database: Database, event: Event
) -> None:
    with database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        for name in ("Ada Warren", "Cy Moss", "Di Noon", "Ed Park"):
            signed_up(db, held, name)
    told = ask(client, event, name="Bea", email=BEA).json["rsvp"]
    assert (told["status"], told["place_in_line"]) == ("waiting", 2)
    assert live(database, event) == ["Ada Warren", "Cy Moss", "Di Noon", "Ed Park"]


def test_an_address_typed_beside_a_known_number_is_told_no_reason(
    client: ProofReadingClient, database: Database, event: Event
) -> None:
    told = ask(client, event, name="Bea", email="new@people.example", phone="07700 900123")
    assert told.json["rsvp"]["status"] == "accepted"
    assert live(database, event) == []
    (letter,) = letters_to(database, "new@people.example")
    assert "You are not on the list" in letter.subject
    assert "treated" not in letter.text + letter.html
    assert "asked to leave" not in letter.text + letter.html


def test_a_number_alone_is_asked_for_an_address(
    client: ProofReadingClient, database: Database, event: Event
) -> None:
    page = client.post_form(
        f"/events/{event.public_id}/rsvp", {"name": "Bea", "phone": "07700 900123"}
    )
    assert page.status_code == 422
    assert NUMBER_ALONE in page.text
    assert 'value="Bea"' in page.text
    assert "treated" not in page.text
    other = ask(client, event, name="Ola", phone="07700 900456")
    assert other.json["rsvp"]["phone_only"]
    assert live(database, event) == ["Ola"]


def test_who_is_signed_in_reads_it_on_the_page_whatever_address_they_type(
    client: ProofReadingClient, database: Database, event: Event, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        bea = a_person(db, "Bea Long", email=BEA)
    client.sign_in(bea)
    for email in (BEA, "friend@people.example"):
        page = client.post_form(
            f"/events/{event.public_id}/rsvp", {"name": "Bea Long", "email": email}
        )
        assert page.status_code == 422
        assert PRIVACY in page.text
        assert "treated" not in page.text
    assert live(database, event) == []
    assert letters_to(database, "friend@people.example") == []
    later = clock.now() + LASTS + timedelta(minutes=1)
    with clock.at(later), database.unit_of_work() as db:
        over = announced(db, cast, starts_at=later + timedelta(days=2))
        assert signed_up(db, over, "Bea Long", email=BEA).rsvp.status == "accepted"


def test_the_door_adds_nobody_who_is_kept_out_and_does_not_say_why(
    client: ProofReadingClient, database: Database, event: Event, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    given = {"name": "Bea", "email": BEA}
    page = client.post_form(f"/events/{event.public_id}/roster/walk-in", given)
    assert page.status_code == 422
    assert PRIVACY in page.text
    assert "treated" not in page.text
    assert "asked to leave" not in page.text
    assert live(database, event) == []
    given = {"name": "Ola", "email": "ola@people.example"}
    path = f"/events/{event.public_id}/roster/walk-in"
    assert client.post_form(path, given).status_code == 303
    assert live(database, event) == ["Ola"]


def test_a_file_holds_them_back_without_saying_why(
    client: ProofReadingClient, database: Database, event: Event, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    text = f"Name,Email,Phone\nBea,{BEA},\nBo,bo@people.example,07700 900123\nOla,ola@x.example,\n"
    given = {"file": (io.BytesIO(text.encode()), "people.csv")}
    sent = client.post_form(f"/events/{event.public_id}/roster/import", given)
    assert sent.status_code == 303
    shown = client.get(sent.headers["Location"]).text
    assert "treated" not in shown
    brought = client.post_form(sent.headers["Location"], {"do": "import"}, most_queries=45)
    assert brought.status_code == 303
    assert live(database, event) == ["Ola"]


def test_coming_places_go_to_the_next_and_may_be_asked_for_anew_afterwards(
    app: Flask, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        bea = signed_up(db, event, "Bea Long").rsvp
        cy = signed_up(db, event, "Cy Moss").rsvp
        waits = announced(db, cast, capacity=1)
        signed_up(db, waits, "Di Noon")
        in_line = signed_up(db, waits, "Bea Long").rsvp
        kept = keep(db, cast, email=BEA, mail=mail)
        for rsvp in (bea, cy, in_line):
            db.refresh(rsvp)
        assert (bea.status, cy.status, in_line.status) == ("cancelled", "accepted", "cancelled")
        assert event.taken == 1
        (told,) = [letter for letter in mail.letters if letter.to == BEA]
        assert "how you treated somebody" in told.text
        assert "it ends at once" in told.text
        with pytest.raises(KeptOut):
            signed_up(db, waits, "Bea Long", approved=True)
        let_back(db, case_id=kept.case_id, actor_id=cast.moderator.id)
        assert signed_up(db, waits, "Bea Long").rsvp.status == "waiting"


def test_they_host_nothing_and_what_opened_to_a_host_is_shut_meanwhile(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        mine = announced(db, cast, host=cast.host, listed=True)
        key = operations.host_link(db, event=mine)
    client.sign_in(cast.host)
    page = f"/events/{mine.public_id}/roster"
    by_link = client.application.test_client()
    assert client.get(page).status_code == 200
    assert by_link.get(f"/hosts/{key}").status_code == 200
    with database.unit_of_work() as db:
        kept = keep(db, cast, email=cast.host.email)
    assert client.get(page).status_code in (403, 404)
    assert by_link.get(f"/hosts/{key}").status_code == 404
    with database.unit_of_work() as db:
        with pytest.raises(Refused, match="may not announce"):
            announced(db, cast, host=db.get_one(Person, cast.host.id))
        let_back(db, case_id=kept.case_id, actor_id=cast.moderator.id)
    assert client.get(page).status_code == 200, "what they host is still theirs"


def test_they_join_no_team_take_nothing_over_and_are_not_written_to(
    app: Flask, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, listed=True)
        told: dict[str, Any] = {"actor": cast.organiser, "mail": mail, "role": TeamRole.CO_HOST}
        before = operations.invite(db, event=event, email="cy@people.example", **told)
        keep(db, cast, email="cy@people.example")
        keep(db, cast, email=BEA)
        operations.invite(db, event=event, email=BEA, **told)
        assert [letter.to for letter in mail.letters] == ["cy@people.example"]
        with pytest.raises(KeptOut):
            operations.accept_invite(db, invite=before)
        bea = a_person(db, "Bea Long", email=BEA)
        helper = join_team(db, event=event, person=bea, role=TeamRole.CO_HOST)
        with pytest.raises(KeptOut):
            operations.hand_over(db, event=event, held=helper, actor_id=1, mail=None)
        operations.leave_hosting(
            db, event=event, actor_id=cast.organiser.id, mail=None, host_id=cast.organiser.id
        )
        assert event.hostless_at is not None, "the co-host who is kept out does not step in"
        with pytest.raises(KeptOut):
            operations.take_over(db, event=event, person=bea, mail=None)
        assert db.scalar(select(EventTeam.person_id)) == bea.id


def test_the_mail_of_the_day_passes_them_over(
    app: Flask, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    area = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10)
    operations.note_news(database, now=clock.now())
    with database.unit_of_work() as db:
        for email in (BEA, "nia@people.example"):
            operations.follow_now(db, email=email, wanted=area)
        keep(db, cast, email=BEA)
        announced(db, cast, listed=True)
    assert operations.send_digests(database, mail=mail, now=clock.now()) == 1  # type: ignore[arg-type]
    assert [letter.to for letter in mail.letters] == ["nia@people.example"]


@pytest.mark.storm
def test_whoever_signs_up_while_they_are_kept_out_has_no_place_afterwards(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        events = [announced(db, cast).id for _ in range(12)]
    failed: list[BaseException] = []
    together = threading.Barrier(5)

    def run(work: Any) -> None:
        together.wait()
        try:
            work()
        except BaseException as error:
            failed.append(error)

    def sign_up_to(some: list[int]) -> None:
        for event_id in some:
            try:
                with database.unit_of_work() as db:
                    signed_up(db, db.get_one(Event, event_id), "Bea Long")
            except KeptOut:
                continue

    def keep_them_out() -> None:
        with database.unit_of_work() as db:
            keep(db, cast, email=BEA)

    work = [lambda some=events[at::4]: sign_up_to(some) for at in range(4)] + [keep_them_out]
    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as db:
        hers = select(Rsvp.id).where(Rsvp.name == "Bea Long", Rsvp.status.in_(LIVE))
        assert db.scalar(hers) is None
        assert set(db.scalars(select(Event.taken).where(Event.id.in_(events)))) == {0}
