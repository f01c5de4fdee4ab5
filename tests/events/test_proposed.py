"""What a template proposes: to who announces, to who runs the event, and to nobody else."""

import re
from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.adapters import default_templates
from campaign.events.rules.kinds import Kind
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.makers import announced
from tests.events.proposing import OURS, answers, newest
from tests.proof_reader import ProofReadingClient


def test_what_was_left_empty_comes_from_the_template(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
) -> None:
    client.sign_in(cast.organiser)
    assert client.post_form("/events/new", answers()).status_code == 303
    event = newest(database)
    assert event.about == OURS.about
    assert event.ends_at - event.starts_at == timedelta(minutes=75)
    assert event.title == "Canvass at Trinity Hall"


def test_what_was_typed_stays(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers(about="Our own words.", end="20:00"))
    event = newest(database)
    assert event.about == "Our own words."
    assert event.ends_at - event.starts_at == timedelta(hours=1)


def test_who_saw_the_proposal_and_emptied_it_gets_no_words(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers(about="", about_shown="1"))
    assert newest(database).about == ""


@pytest.mark.parametrize(
    ("kind", "places"), [("phonebank", 12), ("meetup", None), ("rally", None), ("agm", None)]
)
def test_who_gives_no_number_of_places_gets_what_is_usual_for_the_kind(
    client: ProofReadingClient, database: Database, cast: Cast, kind: str, places: int | None
) -> None:
    client.sign_in(cast.organiser)
    page = client.get("/events/new").text
    ticked = re.findall(r'name="capacity" value="(\w+)" checked', page)
    assert (
        client.post_form("/events/new", answers(kind=kind, capacity=ticked[0])).status_code == 303
    )
    assert newest(database).capacity == places


def test_a_number_of_places_that_was_typed_counts_for_every_kind(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers(kind="meetup", capacity="usual", capacity_own="250"))
    assert newest(database).capacity == 250


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_announced_at_a_home_with_the_words_that_are_proposed(
    client: ProofReadingClient, database: Database, cast: Cast, kind: Kind
) -> None:
    client.sign_in(cast.organiser)
    at_home = answers(kind=kind.value, place="home", where="12 Elm Grove", postcode="BN2 3DA")
    assert client.post_form("/events/new", at_home).status_code == 303
    assert newest(database).about == default_templates()[kind].about


def test_changing_an_event_proposes_no_words(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers())
    event = newest(database)
    day = event.starts_at.replace(tzinfo=UTC).date().isoformat()
    change = {"kind": "canvass", "date_own": day, "start_own": "19:00", "end": "20:00"}
    change |= {"place": "venue", "title": "Doors", "about": "", "capacity": "none"}
    assert client.post_form(f"/events/{event.public_id}/edit", change).status_code == 303
    assert newest(database).about == ""


def test_the_page_carries_the_proposals_and_no_seventh_question(
    client: ProofReadingClient, cast: Cast, our_template: None
) -> None:
    client.sign_in(cast.organiser)
    page = client.get("/events/new?kind=canvass").text
    assert "for the usual length: <span data-length>1 hour 15 minutes</span>" in page
    assert "there is soup afterwards" in page
    assert page.count('class="six-no"') == 6


@pytest.mark.parametrize("who", ["host", "organiser"])
def test_who_runs_the_event_reads_what_to_bring_and_what_is_safe(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None, who: str
) -> None:
    with database.unit_of_work() as db:
        held = announced(db, cast, kind="canvass", host=cast.host).public_id
    client.sign_in(cast.everybody[who])
    for page in (f"/events/{held}", f"/events/{held}/roster", f"/events/{held}/roster/sheet"):
        text = client.get(page).text
        assert "The big soup pot" in text, page
        assert "Carry the pot in pairs." in text, page


@pytest.mark.parametrize("who", [None, "caller", "supporter", "stranger", "administrator"])
def test_nobody_else_reads_it(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None, who: str | None
) -> None:
    with database.unit_of_work() as db:
        held = announced(db, cast, kind="canvass", host=cast.host).public_id
    if who:
        client.sign_in(cast.everybody[who])
    page = client.get(f"/events/{held}")
    assert page.status_code == 200
    assert "The big soup pot" not in page.text
    assert "Carry the pot in pairs." not in page.text


def test_the_roles_are_proposed_for_shifts_the_first_as_the_usual_one(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, kind="canvass", host=cast.host)
        held = event.public_id
        first = operations.add_shift(
            db, event=event, starts_at=event.starts_at, ends_at=event.ends_at, capacity=4
        )
        assert first.role == "Door knocker"
    client.sign_in(cast.host)
    page = client.get(f"/events/{held}/shifts").text
    assert '<option value="Cook"></option>' in page
    assert page.count('value="Door knocker"') >= 3


def test_the_new_host_is_told_what_to_bring(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, kind="canvass", host=cast.host)
        event.hostless_at = clock.now()
        held = event.public_id
    client.sign_in(cast.organiser)
    assert client.post_form(f"/events/{held}/take-over", {}).status_code == 303
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id.desc())).first()
        assert letter is not None
        assert "- The big soup pot" in letter.text
        assert "The big soup pot" in letter.html


def test_a_helper_with_the_host_link_reads_it_too(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, kind="canvass", host=cast.host)
        key = operations.host_link(db, event=event, actor_id=cast.host.id)
    for page in (f"/hosts/{key}", f"/hosts/{key}/sheet"):
        assert "Carry the pot in pairs." in client.get(page).text, page


def test_who_announced_without_an_account_gets_the_words_and_is_told_what_to_bring(
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
) -> None:
    mine = {"name": "Ada Warren", "email": "ada@people.example"}
    assert client.post_form("/events/new", answers() | mine).status_code == 303
    with database.reading() as db:
        text = db.scalars(select(OutboxLetter.text)).one()
    link = re.search(r"/events/confirm/\S+", text)
    assert link is not None
    assert client.post_form(link[0], {}).status_code == 303
    event = newest(database)
    assert event.about == OURS.about
    assert event.ends_at - event.starts_at == timedelta(minutes=75)
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id.desc())).first()
        assert letter is not None
        assert "- The big soup pot" in letter.text
        assert "The big soup pot" in letter.html
