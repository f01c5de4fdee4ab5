"""Writing to a group, as far as it says that people may; no address is shown to the writer."""

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.groups.models import Group
from tests.cast import Cast
from tests.proof_reader import ProofReadingClient

WRITTEN = {
    "name": "Ada Warren",
    "email": "Ada@People.example",
    "text": "Is there a ramp?\n<b>And</b> a lift?",
    "client_uuid": "3d0c2c2e-5f0f-4f63-8a51-2f2f6a0d7a10",
}


def says(database: Database, cast: Cast, contact: str) -> str:
    """The group says who may write; the address of the form."""
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        group.contact = contact
        return f"/groups/{group.slug}/write"


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as db:
        found = list(db.scalars(select(OutboxLetter).order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def test_everybody_may_write_and_who_runs_it_reads_the_address_to_answer_to(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    path = says(database, cast, "everybody")
    shown = client.get(path.removesuffix("/write")).text
    assert path in shown
    page = client.get(path).text
    assert "They see your name and your email" in page
    assert (cast.organiser.email or "") not in page + shown
    for _ in range(2):  # the same form twice is one letter
        assert client.post_form(path, WRITTEN).status_code == 303
    sent = letters(database)
    assert cast.organiser.email in [one.to for one in sent]
    assert len({one.to for one in sent}) == len(sent)
    assert "Ada Warren wrote to" in sent[0].text
    assert "ada@people.example" in sent[0].text
    assert "Is there a ramp?" in sent[0].text
    assert f"/report?about=group:{cast.group.slug}" in sent[0].text
    assert "&lt;b&gt;And&lt;/b&gt;" in sent[0].html
    assert "ada" not in sent[0].subject.casefold()


@pytest.mark.parametrize("contact", ["members", "nobody"])
def test_a_stranger_finds_no_form_where_the_group_takes_no_letters_from_them(
    client: ProofReadingClient, database: Database, cast: Cast, contact: str
) -> None:
    path = says(database, cast, contact)
    for who in (None, cast.stranger):
        if who:
            client.sign_in(who)
        assert path not in client.get(path.removesuffix("/write")).text
        assert client.get(path).status_code == 404
        assert client.post_form(path, WRITTEN).status_code == 404
    client.sign_in(cast.organiser)
    assert client.get(path).status_code == (200 if contact == "members" else 404)
    assert letters(database) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Type your name."),
        ({"email": ""}, "Type your email address."),
        ({"email": "nobody"}, "Ada Warren"),
        ({"text": ""}, "Write a line or two."),
        ({"text": "Hi"}, "10"),
        ({"text": "x" * 2001}, "2,000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    client: ProofReadingClient, database: Database, cast: Cast, wrong: dict[str, str], said: str
) -> None:
    path = says(database, cast, "everybody")
    refused = client.post_form(path, WRITTEN | wrong)
    assert refused.status_code == 422
    assert said in refused.text
    assert letters(database) == []


@pytest.mark.usefixtures("early_in_the_hour")
def test_a_machine_is_thanked_and_a_hurried_writer_told_to_wait(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    path = says(database, cast, "everybody")
    assert client.post_form(path, WRITTEN | {"website": "x"}).status_code == 303
    assert letters(database) == []
    answers = [
        client.post_form(path, WRITTEN | {"text": f"Letter number {number}"}).status_code
        for number in range(6)
    ]
    assert answers == [303] * 5 + [429]
