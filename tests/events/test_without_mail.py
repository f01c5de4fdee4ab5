"""Signing up with a number alone: no mail comes, so the page gives the link to keep."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.models import Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.makers import HOME, announced, signed_up
from tests.proof_reader import ProofReadingClient

ADA = {"name": "Ada Warren", "phone": "07700 900123"}


def made(database: Database, cast: Cast, **given: object) -> str:
    with database.unit_of_work() as db:
        return announced(db, cast, **given).public_id


def link_in(page: str) -> str:
    found = re.search(r'href="(/rsvps/[^"/]+)"', page)
    assert found is not None
    return found[1]


def test_a_number_alone_is_enough_and_the_page_gives_the_link(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    sent = client.post_form(f"/events/{public_id}/rsvp", ADA)
    assert sent.status_code == 303
    page = client.get(f"/events/{public_id}")
    assert "Keep this link" in page.text
    assert "no mail comes" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    link = link_in(page.text)
    with database.reading() as db:
        assert db.scalars(select(Rsvp.phone).where(Rsvp.name == "Ada Warren")).one() == (
            "+447700900123"
        )
        assert db.scalar(select(func.count()).select_from(OutboxLetter)) == 0
    assert client.get(f"{link}/qr.svg").mimetype == "image/svg+xml"
    assert client.get("/rsvps/nosuchkey/qr.svg").status_code == 404
    client.post_form(link, {"guests": "1", "guest_names": "Bea\nCy"})
    assert "Bea\nCy" in client.get(link).text
    client.post_form(link, {"cancel": "1"})
    assert "You are not coming" in client.get(link).text


def test_who_waits_with_a_number_alone_is_not_promised_a_mail(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, capacity=1)
    client.post_form(f"/events/{public_id}/rsvp", {"name": "Bo", "email": "bo@people.example"})
    client.post_form(f"/events/{public_id}/rsvp", ADA)
    page = client.get(f"/events/{public_id}").text
    assert "Keep this link" in page
    own = client.get(link_in(page)).text
    for said in (page, own):
        assert "When a place becomes free" in said
        assert "mail you" not in said


def test_neither_address_nor_number_is_refused_and_a_wrong_number_says_why(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    page = client.post_form(f"/events/{public_id}/rsvp", {"name": "Ada Warren"})
    assert page.status_code == 422
    assert "or your phone number below" in page.text
    page = client.post_form(f"/events/{public_id}/rsvp", {"name": "Ada", "phone": "07700 9001"})
    assert page.status_code == 422
    assert 'value="07700 9001"' in page.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Rsvp).where(Rsvp.name == "Ada")) == 0


def test_the_same_number_again_from_elsewhere_learns_nothing(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    first = client.post_asking_json(f"/events/{public_id}/rsvp", ADA | {"client_uuid": uuid()})
    again = client.post_asking_json(f"/events/{public_id}/rsvp", ADA | {"client_uuid": uuid()})
    assert first.json is not None
    assert again.json is not None
    assert first.json["rsvp"]["manage_url"] != again.json["rsvp"]["manage_url"]
    shown = [
        {key: value for key, value in answer.json["rsvp"].items() if key != "manage_url"}
        for answer in (first, again)
        if answer.json
    ]
    assert shown[0] == shown[1]


def uuid() -> str:
    return str(uuid4())


def test_the_same_client_uuid_gets_the_same_answer_with_the_same_link(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    given = ADA | {"client_uuid": uuid()}
    answers = [client.post_asking_json(f"/events/{public_id}/rsvp", given) for _ in range(3)]
    assert answers[0].json == answers[1].json == answers[2].json
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Rsvp.name == "Ada Warren")) == 1
    # With an address there is a mail, and so never a link: anybody can type an address.
    mailed = client.post_asking_json(
        f"/events/{public_id}/rsvp", {"name": "Bea", "email": "bea@people.example"}
    )
    assert "manage_url" not in (mailed.json or {})["rsvp"]


def test_a_double_tap_on_the_page_signs_up_once(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    page = client.get(f"/events/{public_id}").text
    held = page.partition('name="client_uuid"')[2].partition('value="')[2][:36]
    for _ in range(2):
        sent = client.post_form(f"/events/{public_id}/rsvp", ADA | {"client_uuid": held})
        assert sent.status_code == 303
    # Back, and the same page for a friend: another answer is another sign-up.
    friend = {"name": "Cy Moss", "phone": "07700 900456", "client_uuid": held}
    client.post_form(f"/events/{public_id}/rsvp", friend)
    with database.reading() as db:
        names = db.scalars(select(Rsvp.name).order_by(Rsvp.id)).all()
        assert [name for name in names if name in ("Ada Warren", "Cy Moss")] == [
            "Ada Warren",
            "Cy Moss",
        ]


@pytest.mark.usefixtures("early_in_the_hour")
def test_five_an_hour_for_a_number(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    codes = [
        client.post_asking_json(f"/events/{public_id}/rsvp", ADA).status_code for _ in range(6)
    ]
    assert codes == [200] * 5 + [429]


def test_what_is_said_of_the_line_on_the_event_page_and_on_ones_own(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, capacity=2)
    assert "Places go strictly in order" in client.get(f"/events/{public_id}").text
    for name, guests in (("Ada A", "1"), ("Bea B", "2"), ("Cy C", "0")):
        given = {"name": name, "phone": "07700 900123", "guests": guests}
        client.post_form(f"/events/{public_id}/rsvp", given)
    page = client.get(f"/events/{public_id}").text
    assert "in line" in page
    link = link_in(page)
    assert "You are number 2 in line" in client.get(link).text
    with database.unit_of_work() as db:
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada A")).one()
        operations.change_rsvp(db, rsvp=ada, guests=0)
    assert "kept for a larger group in front" in client.get(link).text
    # Only who manages the event says how its line moves.
    line = f"/events/{public_id}/roster/line"
    client.sign_in(cast.stranger)
    assert client.post_form(line, {"policy": "best-fit"}).status_code == 404
    client.sign_in(cast.caller)
    assert client.post_form(line, {"policy": "best-fit"}).status_code == 403
    client.sign_in(cast.organiser)
    assert client.post_form(line, {"policy": "any"}).status_code == 422
    assert client.post_form(line, {"policy": "best-fit"}).status_code == 303
    client.sign_out()
    assert "no place stays empty" in client.get(f"/events/{public_id}").text
    assert "You are in." in client.get(link).text


def test_who_is_signed_in_has_a_page_of_their_own_place(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Sam", email=cast.supporter.email)
        public_id = event.public_id
    assert client.get(f"/events/{public_id}/place").status_code == 303
    client.sign_in(cast.stranger)
    assert client.get(f"/events/{public_id}/place").status_code == 404
    assert client.post_form(f"/events/{public_id}/place", {"cancel": "1"}).status_code == 404
    client.sign_in(cast.supporter)
    assert f"/events/{public_id}/place" in client.get(f"/events/{public_id}").text
    assert "You are in." in client.get(f"/events/{public_id}/place").text
    client.post_form(f"/events/{public_id}/place", {"cancel": "1"})
    assert "You are not coming" in client.get(f"/events/{public_id}/place").text


def test_after_signing_up_the_next_thing_nearby_is_shown(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    made(database, cast, title="Stall at the station")
    made(database, cast, title="Supper in a kitchen", place=HOME)
    assert "Next near there" not in client.get(f"/events/{public_id}").text
    client.post_form(f"/events/{public_id}/rsvp", ADA)
    page = client.get(f"/events/{public_id}").text
    assert "Next near there" in page
    assert "Stall at the station" in page or "Ring round Hove for the rents vote" in page
    with clock.at(clock.now() + timedelta(days=1)):
        assert client.get(f"/events/{public_id}").status_code == 200
