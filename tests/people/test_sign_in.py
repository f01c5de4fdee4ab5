"""Signing in by a mailed link, through the pages, as a person and as a thief."""

import re
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from campaign.foundation import clock
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person, SignInLink, SignInSession
from tests.cast import Cast, a_person
from tests.proof_reader import ProofReadingClient


def letters(app: Flask) -> list[Letter]:
    """Every letter sent so far, after the worker's next round."""
    house = app.extensions["campaign"]
    house.queue.tick()
    return list(house.carrier.letters)


def ask(client: ProofReadingClient, email: str, **given: str):
    return client.post_form("/sign-in", {"email": email, **given})


def a_link(app: Flask, client: ProofReadingClient, email: str, **given: str) -> str:
    """The path of the link that a person finds in the mail."""
    ask(client, email, **given)
    letter = letters(app)[-1]
    assert letter.to == email
    found = re.search(r"http://localhost(/sign-in/\S+)", letter.text)
    assert found
    assert found[0] in letter.html
    return found[1]


def is_signed_in(client: ProofReadingClient) -> bool:
    return client.get("/me").status_code == 200


def test_a_mailed_link_signs_in_with_one_tap(app: Flask, client: ProofReadingClient) -> None:
    answer = ask(client, "Bea@People.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/sent")
    path = a_link(app, client, "bea@people.example")
    assert "<button" in client.get(path).text
    answer = client.post_form(path)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/sign-in/name"
    assert is_signed_in(client)


def test_a_first_sign_in_asks_for_a_name_once(app: Flask, client: ProofReadingClient) -> None:
    path = a_link(app, client, "bea@people.example", next="/me?x=1")
    answer = client.post_form(path)
    answer = client.post_form(answer.headers["Location"], {"name": "Bea Okafor"})
    assert answer.headers["Location"] == "/me?x=1"
    client.sign_out()
    answer = client.post_form(a_link(app, client, "bea@people.example"))
    assert answer.headers["Location"] == "/me"


def test_opening_the_link_to_look_at_it_uses_nothing_up(
    app: Flask, client: ProofReadingClient, database: Database
) -> None:
    path = a_link(app, client, "bea@people.example")
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert not is_signed_in(client)
    with database.reading() as db:
        assert db.scalar(select(SignInLink.used_at)) is None
        assert db.scalar(select(func.count()).select_from(Person)) == 0
    client.post_form(path)
    assert is_signed_in(client)


def test_a_link_works_once(app: Flask, client: ProofReadingClient) -> None:
    path = a_link(app, client, "bea@people.example")
    client.post_form(path)
    other = app.test_client()
    for answer in (other.post_form(path), other.get(path)):
        assert answer.status_code == 410
        assert "This link has done its work" in answer.text
    assert not is_signed_in(other)


def test_a_link_works_for_ten_minutes(app: Flask, client: ProofReadingClient) -> None:
    before = clock.now()
    path = a_link(app, client, "bea@people.example")
    after = clock.now()
    with clock.at(before + timedelta(minutes=9, seconds=50)):
        assert client.get(path).status_code == 200
    with clock.at(after + timedelta(minutes=10)):
        assert client.get(path).status_code == 410
        assert client.post_form(path).status_code == 410
        assert not is_signed_in(client)


def test_a_made_up_link_opens_nothing(client: ProofReadingClient) -> None:
    assert client.get("/sign-in/made-up").status_code == 410
    assert client.post_form("/sign-in/made-up").status_code == 410


def test_the_link_is_kept_only_as_a_fingerprint(
    app: Flask, client: ProofReadingClient, database: Database
) -> None:
    key = a_link(app, client, "bea@people.example").rpartition("/")[2]
    with database.reading() as db:
        link = db.scalars(select(SignInLink)).one()
        letter = db.scalars(select(OutboxLetter)).one()
        assert key not in repr(vars(link))
        assert key[:20] not in letter.key


def test_two_taps_at_the_same_moment_sign_in_once(
    app: Flask, client: ProofReadingClient, database: Database
) -> None:
    path = a_link(app, client, "bea@people.example")
    ready, statuses = threading.Barrier(2), []

    def tap() -> None:
        browser = app.test_client()
        data = {"csrf_token": browser.token()}
        ready.wait(timeout=60)
        statuses.append(browser.post(path, data=data).status_code)

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join(timeout=60)
    assert sorted(statuses) == [303, 410]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SignInSession)) == 1
        assert db.scalar(select(func.count()).select_from(Person)) == 1


def test_nobody_learns_whether_an_address_is_known(
    app: Flask, client: ProofReadingClient, database: Database
) -> None:
    with database.unit_of_work() as db:
        a_person(db, "Bea Okafor", email="known@people.example")
    pages = []
    for email in ("known@people.example", "other@people.example"):
        browser = app.test_client()
        answer = ask(browser, email)
        page = browser.get("/sign-in/sent")
        token = browser.token("/sign-in/sent")
        text = page.text.replace(email, "ADDRESS")
        text = re.sub(r'content="[^"]*"', "", text).replace(token, "")
        pages.append((answer.status_code, answer.headers["Location"], page.status_code, text))
    assert pages[0] == pages[1]
    assert [letter.to for letter in letters(app)] == [
        "known@people.example",
        "other@people.example",
    ]


def test_what_is_no_address_is_refused_at_the_field(client: ProofReadingClient) -> None:
    for text in ("", "bea", "bea@", "bea@@x.example", "bea\r\nBcc: all@x.example", "a b@x.org"):
        answer = ask(client, text)
        assert answer.status_code == 422, text
        assert 'id="email"' in answer.text


def test_a_copied_cookie_is_dead_after_signing_out(
    app: Flask, client: ProofReadingClient, cast: Cast
) -> None:
    client.sign_in(cast.supporter)
    assert is_signed_in(client)
    cookie = client.get_cookie("campaign")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("campaign", cookie.value)
    assert is_signed_in(thief)
    assert client.sign_out().status_code == 303
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_signing_out_leaves_other_devices_alone(
    app: Flask, client: ProofReadingClient, cast: Cast
) -> None:
    other = app.test_client()
    client.sign_in(cast.supporter)
    other.sign_in(cast.supporter)
    client.sign_out()
    assert is_signed_in(other)


@pytest.mark.parametrize(
    ("part", "idle", "in_all"),
    [
        ("supporter", timedelta(days=14), timedelta(days=30)),
        ("organiser", timedelta(minutes=30), timedelta(hours=12)),
    ],
)
def test_a_sign_in_ends_by_itself(
    client: ProofReadingClient, cast: Cast, part: str, idle: timedelta, in_all: timedelta
) -> None:
    now, minute = clock.now(), timedelta(minutes=2)
    client.sign_in(cast.everybody[part])
    with clock.at(now + idle + minute):
        assert not is_signed_in(client)
    seen = now
    while seen + idle - minute < now + in_all:
        seen += idle - minute
        with clock.at(seen):
            assert is_signed_in(client), seen - now
    with clock.at(now + in_all + minute):
        assert not is_signed_in(client)


def test_a_disabled_person_is_out_at_once(
    app: Flask, client: ProofReadingClient, cast: Cast, database: Database
) -> None:
    client.sign_in(cast.supporter)
    with database.unit_of_work() as db:
        disabled = update(Person).where(Person.id == cast.supporter.id)
        db.execute(disabled.values(disabled_at=clock.now()))
    assert not is_signed_in(client)
    other = app.test_client()
    path = a_link(app, other, str(cast.supporter.email))
    assert other.post_form(path).status_code == 410


def test_a_new_role_shortens_a_sign_in(
    client: ProofReadingClient, cast: Cast, database: Database
) -> None:
    from campaign.people import operations
    from campaign.people.rules import Role

    now = clock.now()
    client.sign_in(cast.supporter)
    with database.unit_of_work() as db:
        person = db.get_one(Person, cast.supporter.id)
        operations.grant(db, person=person, role=Role.MODERATOR)
    with clock.at(now + timedelta(hours=13)):
        assert not is_signed_in(client)


def test_who_is_not_signed_in_is_sent_there_and_back(
    app: Flask, client: ProofReadingClient, cast: Cast
) -> None:
    answer = client.get("/me?a=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/me?a%3D1"
    page = client.get(answer.headers["Location"])
    assert 'value="/me?a=1"' in page.text
    path = a_link(app, client, str(cast.supporter.email), next="/me?a=1")
    assert client.post_form(path).headers["Location"] == "/me?a=1"


def test_a_program_that_is_not_signed_in_is_told_so(client: ProofReadingClient) -> None:
    answer = client.get("/me", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "Sign in first."})


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "https://evil.example/"])
def test_a_link_never_leads_to_another_site(
    app: Flask, client: ProofReadingClient, cast: Cast, path: str
) -> None:
    assert "evil" not in client.get("/sign-in", query_string={"next": path}).text
    link = a_link(app, client, str(cast.supporter.email), next=path)
    assert client.post_form(link).headers["Location"] == "/me"


@pytest.mark.usefixtures("early_in_the_hour")
def test_a_fourth_link_in_an_hour_is_refused_with_the_time_to_wait(
    client: ProofReadingClient,
) -> None:
    for _ in range(3):
        assert ask(client, "bea@people.example").status_code == 303
    answer = ask(client, "bea@people.example")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert ask(client, "other@people.example").status_code == 303


def test_the_made_up_people_are_no_way_in_to_a_real_one(
    client: ProofReadingClient, cast: Cast
) -> None:
    answer = client.post_form("/sign-in-as", {"email": str(cast.administrator.email)})
    assert answer.status_code == 404
    assert not is_signed_in(client)
