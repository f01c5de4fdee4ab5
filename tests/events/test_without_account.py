"""Announcing without an account: a letter, a tap, and the event is live."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.events.models import Announcement, Event
from campaign.events.operations import proposing
from campaign.events.rules.announcements import Answers, read, written
from campaign.events.tasks import add_jobs
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.groups.models import Group
from campaign.people.models import Person
from tests.cast import Cast, a_group
from tests.events.makers import HOME, soon
from tests.proof_reader import ProofReadingClient


def answers(**changed: str) -> dict[str, str]:
    """Six answers; the fifth is who one is."""
    given = {
        "kind": "canvass",
        "date": (clock.now() + timedelta(days=4)).date().isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN2 1TB",
        "name": "Ada Warren",
        "email": "ada@people.example",
        "capacity": "12",
    }
    return given | changed


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as db:
        found = list(db.scalars(select(OutboxLetter).order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def link(database: Database) -> str:
    found = re.search(r"/events/confirm/\S+", letters(database)[-1].text)
    assert found
    return found[0]


def count(database: Database, table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_visitor_announces_and_one_tap_in_the_mail_makes_it_live(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    events, people = count(database, Event), count(database, Person)
    sent = client.post_form("/events/new", answers())
    assert (sent.status_code, sent.headers["Location"]) == (303, "/events/new/sent")
    assert "Check your mail" in client.get("/events/new/sent").text
    assert (count(database, Event), count(database, Person)) == (events, people)
    path = link(database)
    assert letters(database)[-1].to == "ada@people.example"
    for _ in range(2):  # mail programs look: nothing happens
        assert "Publish event" in client.get(path).text
    assert count(database, Event) == events
    live = client.post_form(path, {})
    assert live.status_code == 303
    page = client.get(live.headers["Location"])
    assert "Canvass at Trinity Hall" in page.text
    assert "Your event is live" in page.text
    assert "Ada W." in page.text
    assert "Canvass at Trinity Hall" not in client.get("/events").text, "a convenor looks first"
    assert client.post_form(path, {}).headers["Location"] == live.headers["Location"]
    assert count(database, Event) == events + 1
    assert "Look after it" in letters(database)[-1].html
    client.sign_in(cast.organiser)
    assert "Canvass at Trinity Hall" in client.get("/me").text
    with database.reading() as db:
        host = db.scalars(select(Person).where(Person.email == "ada@people.example")).one()
        assert host.email_confirmed_at is not None


def test_a_known_address_reads_and_changes_nothing_else_than_an_unknown_one(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    pages = []
    for email, when in (("ada@people.example", "18:00"), (cast.organiser.email or "", "18:00")):
        sent = client.post_form("/events/new", answers(email=email, start=when))
        page = client.get(sent.headers["Location"]).text
        pages.append((sent.status_code, re.sub(r'"[\w.-]{30,}"', "", page).replace(email, "it")))
    assert pages[0] == pages[1]
    assert len({re.sub(r"/confirm/\S+", "", letter.text) for letter in letters(database)}) == 1


def test_no_word_that_was_typed_is_mailed_to_an_address_that_was_typed(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    bait = "Buy at https://spam.example"
    client.post_form("/events/new", answers(title=bait, about=bait, name="Buy Now"))
    letter = letters(database)[-1]
    assert "spam.example" not in letter.text + letter.html + letter.subject
    assert "Buy Now" not in letter.text + letter.html + letter.subject
    assert "Canvass" in letter.subject


def test_the_account_of_a_known_address_keeps_its_name(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.post_form("/events/new", answers(email=cast.host.email or "", name="Somebody Else"))
    live = client.post_form(link(database), {})
    assert "Somebody E." in client.get(live.headers["Location"]).text
    with database.reading() as db:
        assert db.get_one(Person, cast.host.id).name == "Hari Host"


def test_who_runs_the_group_is_listed_once_the_link_has_shown_it_is_them(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.post_form("/events/new", answers(email=cast.organiser.email or ""))
    assert "Canvass at Trinity Hall" not in client.get("/events").text
    client.post_form(link(database), {})
    assert "Canvass at Trinity Hall" in client.get("/events").text


def test_the_host_chooses_among_the_groups_nearby(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.post_form("/events/new", answers())
    page = client.get(link(database)).text
    assert page.index("Fair Rents Brighton") < page.index("Fair Rents Lewes")
    client.post_form(link(database), {"group": cast.other_group.slug})
    with database.reading() as db:
        made = db.scalars(select(Event).order_by(Event.id.desc())).first()
        assert made is not None
        assert made.group_id == cast.other_group.id


def test_a_group_too_far_away_cannot_be_chosen(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        a_group(db, "Fair Rents Leeds", place="Leeds", lat=53.8, lng=-1.55)
    client.post_form("/events/new", answers())
    client.post_form(link(database), {"group": "fair-rents-leeds"})
    with database.reading() as db:
        made = db.scalars(select(Event).order_by(Event.id.desc())).first()
        assert made is not None
        assert made.group_id == cast.group.id


def test_where_there_is_no_group_it_leads_to_starting_one(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = client.post_form("/events/new", answers(postcode="LS1 4AP"))
    assert page.status_code == 422
    assert "There is no group within 25 km" in page.text
    assert "/groups/new?near=LS1" in page.text
    assert 'value="Ada Warren"' in page.text
    assert count(database, Announcement) == 0


def test_an_online_event_finds_its_group_by_a_postcode(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    online = {"place": "online", "where": "https://meet.example/fair-rents", "postcode": ""}
    refused = client.post_form("/events/new", answers(**online))
    assert "so that we find the group near you" in refused.text
    named = answers(**online | {"group": cast.group.slug})
    assert client.post_form("/events/new", named).status_code == 303
    near = answers(**online | {"postcode": "BN7 1AB"})
    assert client.post_form("/events/new", near).status_code == 303
    with database.reading() as db:
        kept = db.scalars(select(Announcement).order_by(Announcement.id)).all()
        assert [one.group_id for one in kept] == [cast.group.id, cast.other_group.id]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Type what we may call you."),
        ({"email": ""}, "Type your email address."),
        ({"email": "ada at people"}, "name@example.org"),
        ({"date": "", "date_own": "2020-01-01"}, "in the past"),
        ({"place": "home", "title": "Tea at 12 Elm Grove"}, "gives the home away"),
    ],
)
def test_a_wrong_answer_keeps_the_others(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    changed: dict[str, str],
    sentence: str,
) -> None:
    page = client.post_form("/events/new", answers(**changed))
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="Trinity Hall"' in page.text
    assert count(database, Announcement) == 0


def test_the_same_form_twice_writes_one_letter(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    given = answers(client_uuid="8c1f5d3e-9d0e-4d4c-9a53-0d6d0c6c1a11")
    for _ in range(2):
        assert client.post_form("/events/new", given).status_code == 303
    assert (count(database, Announcement), len(letters(database))) == (1, 1)


@pytest.mark.usefixtures("early_in_the_hour")
def test_the_trap_and_the_limit_hold(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    assert client.post_form("/events/new", answers(website="x")).status_code == 303
    assert count(database, Announcement) == 0
    codes = [
        client.post_form("/events/new", answers(start=f"1{hour}:00")).status_code
        for hour in range(4)
    ]
    assert codes == [303, 303, 303, 429]
    other = answers(email="bea@people.example")
    assert client.post_form("/events/new", other).status_code == 303, "another address may"


def test_what_nobody_confirms_is_forgotten_after_fourteen_days(
    client: ProofReadingClient, database: Database, cast: Cast, settings: Settings
) -> None:
    client.post_form("/events/new", answers())
    path = link(database)
    clock.set_offset(13 * 86400)
    with database.unit_of_work() as db:
        assert proposing.forget_announcements(db, now=clock.now()) == 0
    late = client.post_form(path, {})
    assert late.status_code == 422
    assert "in the past" in late.text
    clock.set_offset(14 * 86400 + 60)
    assert client.get(path).status_code == 410
    assert client.post_form(path, {}).status_code == 410
    with database.unit_of_work() as db:
        assert proposing.forget_announcements(db, now=clock.now()) == 1
    assert count(database, Announcement) == 0
    assert add_jobs.__module__ == "campaign.events.tasks"


def test_a_made_up_link_opens_nothing(client: ProofReadingClient, cast: Cast) -> None:
    assert client.get("/events/confirm/nosuchkey").status_code == 410
    assert client.post_form("/events/confirm/nosuchkey", {}).status_code == 410


def test_a_home_is_announced_with_its_address_hidden(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    home = answers(place="home", where="12 Elm Grove", postcode="BN2 3DA")
    client.post_form("/events/new", home)
    page = client.get(link(database)).text
    letter = letters(database)[-1]
    for secret in ("Elm Grove", "BN2 3DA"):
        assert secret not in page + letter.text + letter.html + letter.subject
    live = client.post_form(link(database), {})
    assert "Elm Grove" not in client.get(live.headers["Location"]).text


def test_answers_come_back_as_they_were_kept() -> None:
    kept = Answers(
        kind="canvass",
        place=HOME,
        title="Doors",
        about="",
        starts_at=soon(),
        ends_at=soon(80),
        capacity=None,
        needed=3,
        access={"bsl": True, "childcare": None},
        access_contact="Dele at the door",
    )
    assert read(written(kept)) == kept


def test_a_member_of_no_group_announces_to_the_nearest(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.supporter)
    sent = client.post_form("/events/new", answers(name="", email=""))
    where = sent.headers["Location"]
    assert "live by its link" in client.get(where).text
    assert "Canvass at Trinity Hall" not in client.get("/events").text
    with database.reading() as db:
        event = db.scalars(select(Event).where(Event.title == "Canvass at Trinity Hall")).one()
        assert db.get_one(Group, event.group_id).slug == cast.group.slug
