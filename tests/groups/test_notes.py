"""Notes of a group: a convenor reads them first, and every version stays readable."""

from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.groups import operations, queries
from campaign.groups.models import Group, GroupNote
from campaign.groups.rules import GroupRole
from tests.cast import Cast
from tests.proof_reader import ProofReadingClient

NOTE = {"title": "A stall once a month", "text": "First line.\n\n<b>Second</b> line."}


def proposed(database: Database, cast: Cast, **given: Any) -> str:
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        values = {**NOTE, "source": "meetup:1", "author_id": None} | given
        note = operations.propose_note(db, group=group, **values)
        assert note is not None
        return note.public_id


def test_a_proposed_note_is_read_by_a_convenor_before_everybody(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = f"/groups/{cast.group.slug}"
    note = f"{page}/notes/{proposed(database, cast)}"
    for person in (None, cast.supporter, cast.host, cast.stranger):
        if person:
            client.sign_in(person)
            assert client.post_form(f"{note}/publish", {"seen": "1"}).status_code == 403
        assert client.get(note).status_code == 404
        assert NOTE["title"] not in client.get(page).text
    client.sign_in(cast.organiser)
    assert NOTE["title"] in client.get(page).text
    assert client.post_form(f"{note}/publish", {"seen": "1"}).status_code == 303
    client.sign_out()
    shown = client.get(note).text
    assert "&lt;b&gt;Second&lt;/b&gt;" in shown
    assert NOTE["title"] in client.get(page).text
    assert NOTE["title"] in client.get(f"{page}/notes").text


def test_everybody_reads_earlier_versions_but_none_from_before_the_check(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    note = f"/groups/{cast.group.slug}/notes/{proposed(database, cast, text='With a secret.')}"
    client.sign_in(cast.organiser)
    for seen, text in ((1, "Without it."), (2, "And more.")):
        form = {"title": NOTE["title"], "text": text, "seen": str(seen)}
        assert client.post_form(f"{note}/edit", form).status_code == 303
        if seen == 1:
            client.post_form(f"{note}/publish", {"seen": "2"})
    late = client.post_form(f"{note}/edit", {**NOTE, "seen": "1"})
    assert late.status_code == 422
    assert "Somebody else has changed this note" in late.text
    client.sign_out()
    assert "And more." in client.get(note).text
    assert "Without it." in client.get(f"{note}?version=2").text
    assert "With a secret." not in client.get(f"{note}?version=1").text


def test_what_was_changed_since_it_was_read_is_not_published(
    database: Database, cast: Cast
) -> None:
    key = proposed(database, cast)
    with database.unit_of_work() as db:
        note = db.scalars(select(GroupNote).where(GroupNote.public_id == key)).one()
        operations.rewrite_note(db, note=note, seen=1, **NOTE, author_id=cast.organiser.id)
        with pytest.raises(Conflict):
            operations.publish_note(db, note=note, actor_id=cast.organiser.id, seen=1)


def test_an_organisers_note_waits_and_a_convenors_stands_at_once(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = f"/groups/{cast.group.slug}/notes"
    client.sign_in(cast.host)
    assert client.post_form(f"{page}/new", NOTE).status_code == 403
    client.sign_in(cast.organiser)
    assert client.post_form(f"{page}/new", NOTE).status_code == 303
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        operations.appoint(
            db,
            group=group,
            person_id=cast.host.id,
            role=GroupRole.ORGANISER,
            actor_id=cast.organiser.id,
        )
    client.sign_in(cast.host)
    assert client.post_form(f"{page}/new", NOTE).status_code == 303
    with database.reading() as db:
        found = [queries.notes_of(db, cast.group.id, state=s) for s in ("published", "proposed")]
        states = [len(notes) for notes in found]
    assert states == [1, 1]


def test_one_source_proposes_one_note(database: Database, cast: Cast) -> None:
    proposed(database, cast)
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        again = {**NOTE, "source": "meetup:1", "author_id": None}
        assert operations.propose_note(db, group=group, **again) is None
