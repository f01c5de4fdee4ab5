"""A double tap and a resend do a thing once; a changed answer does it anew. And how often one may.

A form's id comes from its page; two identical posts are what a double tap sends.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock, limits
from campaign.foundation.database import Database
from campaign.groups.models import Group
from campaign.people.models import RoleGrant
from tests.cast import Cast
from tests.events.makers import announced
from tests.proof_reader import ProofReadingClient


def six_answers(**given: str) -> dict[str, str]:
    day = (clock.now() + timedelta(days=4)).date()
    return {
        "kind": "phonebank",
        "date": day.isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN2 1TB",
        "group": "fair-rents-brighton",
        "capacity": "12",
        "client_uuid": str(uuid4()),
        **given,
    }


def count(database: Database, what: Any) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(what)) or 0


def test_two_identical_posts_make_one_event(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    before = count(database, Event)
    client.sign_in(cast.organiser)
    given = six_answers()
    first = client.post_form("/events/new", given)
    second = client.post_form("/events/new", given)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(database, Event) == before + 1
    other = client.post_form("/events/new", given | {"title": "The second one", "anyway": "1"})
    assert other.headers["Location"] != first.headers["Location"]
    client.sign_in(cast.host)
    hosted = client.post_form("/events/new", given | {"anyway": "1"})
    assert hosted.headers["Location"] != first.headers["Location"]
    assert count(database, Event) == before + 3


def test_two_identical_posts_found_one_group(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    before = count(database, Group)
    client.sign_in(cast.supporter)
    given = {"name": "Kemptown", "near": "BN2 1TB", "client_uuid": str(uuid4())}
    answers = [client.post_form("/groups/new", given) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == ["/groups/kemptown"] * 2
    assert count(database, Group) == before + 1
    taken = client.post_form("/groups/new", given | {"client_uuid": str(uuid4())})
    assert "already has this name" in taken.text


def test_two_identical_posts_add_one_person_at_the_door(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        public_id = announced(db, cast).public_id
    before = count(database, Rsvp)
    client.sign_in(cast.organiser)
    given = {"name": "Ada Warren", "client_uuid": str(uuid4())}
    for _ in range(2):
        assert client.post_form(f"/events/{public_id}/roster/walk-in", given).status_code == 303
    assert count(database, Rsvp) == before + 1
    client.post_form(f"/events/{public_id}/roster/walk-in", given | {"client_uuid": str(uuid4())})
    assert count(database, Rsvp) == before + 2


@pytest.mark.parametrize(
    ("page", "signs_in"),
    [("/events/new", "organiser"), ("/groups/new", "organiser")],
)
def test_each_page_has_an_id_of_its_own(
    client: ProofReadingClient, cast: Cast, page: str, signs_in: str
) -> None:
    client.sign_in(getattr(cast, signs_in))
    ids = {client.get(page).text.partition('name="client_uuid"')[2][:60] for _ in range(2)}
    assert len(ids) == 2
    refused = client.post_form(page, {"client_uuid": "nonsense", "name": "Kemptown"})
    assert refused.status_code == 422


@pytest.mark.usefixtures("early_in_the_hour")
def test_a_person_founds_five_groups_a_day(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.supporter)
    for number in range(limits.GROUPS_FOUNDED.most):
        sent = client.post_form("/groups/new", {"name": f"Kemptown {number}", "near": "BN2 1TB"})
        assert sent.status_code == 303
    over = client.post_form("/groups/new", {"name": "Kemptown again", "near": "BN2 1TB"})
    assert over.status_code == 429
    assert "too often for now. Try again in" in over.text
    with database.unit_of_work() as db:
        db.add(RoleGrant(person_id=cast.supporter.id, role="moderator"))
    wide = client.post_form("/groups/new", {"name": "Kemptown again", "near": "BN2 1TB"})
    assert wide.status_code == 303


@pytest.mark.usefixtures("early_in_the_hour")
def test_announcing_has_a_limit_and_a_mistake_does_not_count(
    client: ProofReadingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVENTS_ANNOUNCED", limits.Limit("event announced", 2, 86400))
    client.sign_in(cast.organiser)
    for _ in range(3):
        assert client.post_form("/events/new", six_answers(start="")).status_code == 422
    codes = [
        client.post_form(
            "/events/new", six_answers(title=f"Evening {number}", anyway="1")
        ).status_code
        for number in range(3)
    ]
    assert codes == [303, 303, 429]


@pytest.mark.usefixtures("early_in_the_hour")
def test_who_is_signed_in_does_not_count_towards_the_limit_of_the_address(
    client: ProofReadingClient, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 0)
    with database.unit_of_work() as db:
        public_id = announced(db, cast).public_id
    own = {"name": "Sam", "email": str(cast.supporter.email)}
    assert client.post_form(f"/events/{public_id}/rsvp", own).status_code == 429
    client.sign_in(cast.supporter)
    codes = [client.post_form(f"/events/{public_id}/rsvp", own).status_code for _ in range(7)]
    assert codes == [303] * 7
    other = {"name": "Ada", "email": "ada@people.example"}
    codes = [client.post_form(f"/events/{public_id}/rsvp", other).status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]
