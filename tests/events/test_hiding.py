"""What was taken down: it is nowhere, says why, and comes back as it was."""

import pytest
from sqlalchemy import select

from campaign.conduct.models import Decision
from campaign.conduct.rules.reasons import Verdict
from campaign.events import operations
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, signed_up, soon
from tests.events.moderating import a_stall, decide, the
from tests.proof_reader import ProofReadingClient


def test_what_is_hidden_is_nowhere_and_says_why(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    decide(database, cast, public_id, Verdict.LISTED)
    assert "Stall at the station" in client.get("/events").text
    client.sign_in(cast.moderator)
    with database.reading() as db:
        seen = db.scalars(select(Decision.public_id)).one()
    given = {"verdict": "hidden", "reason": "home", "seen": seen, "note": "Take it out, please."}
    assert client.post_form(f"/moderation/{public_id}", given).status_code == 303
    client.sign_out()
    for page in ("/events", "/events.ics", f"/groups/{cast.group.slug}", "/"):
        assert "Stall at the station" not in client.get(page).text, page
    assert "Stall at the station" not in client.get("/events.geojson?bbox=-1,50,1,52").text
    page = client.get(f"/events/{public_id}")
    assert page.status_code == 410
    assert "A home address stood in its text" in page.text
    assert "Stall at the station" not in page.text
    assert client.get(f"/events/{public_id}.ics").status_code == 410
    form = {"name": "Ada Warren", "email": "ada@people.example"}
    assert client.post_form(f"/events/{public_id}/rsvp", form).status_code == 410
    client.sign_in(cast.host)
    mine = client.get(f"/events/{public_id}").text
    assert "Taken down: A home address" in mine
    assert "Take it out, please." in mine
    assert "Ask for a second look" in mine


def test_calendars_hear_that_it_is_off_and_nothing_more_until_it_is_shown_again(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    decide(database, cast, public_id, Verdict.LISTED)

    def entry(feed: str = "/events.ics") -> str:
        text = client.get(feed).text
        return text.partition(f"UID:{public_id}@")[2].partition("END:VEVENT")[0]

    before = entry()
    decide(database, cast, public_id, Verdict.HIDDEN, reason="home")
    for feed in ("/events.ics", f"/groups/{cast.group.slug}/events.ics"):
        text = entry(feed)
        assert "STATUS:CANCELLED" in text
        assert "SUMMARY:Taken down" in text
        assert "Stall" not in text
        assert "LOCATION" not in text
    assert entry("/events.ics?q=stall") == ""
    decide(database, cast, public_id, Verdict.SHOWN)
    after = entry()
    assert "SUMMARY:Stall at the station" in after
    assert "STATUS:CONFIRMED" in after
    sequences = [int(text.split("SEQUENCE:")[1].split()[0]) for text in (before, text, after)]
    assert sequences == sorted(set(sequences))


def test_nothing_is_taken_down_without_a_public_reason_or_by_a_convenor(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    with database.unit_of_work() as db, pytest.raises(Refused):
        operations.decide(
            db, event=the(db, public_id), verdict=Verdict.HIDDEN, actor_id=cast.moderator.id
        )
    client.sign_in(cast.organiser)
    given = {"verdict": "hidden", "reason": "spam", "seen": ""}
    assert client.post_form(f"/moderation/{public_id}", given).status_code == 403
    with database.reading() as db:
        assert the(db, public_id).hidden_at is None


def test_those_who_signed_up_hear_of_it_only_where_the_moderator_says_so(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    for tell in (False, True):
        public_id = a_stall(database, cast, title=f"Told {tell}")
        with database.unit_of_work() as db:
            signed_up(db, the(db, public_id))
        decide(database, cast, public_id, Verdict.HIDDEN, "unsafe", tell_guests=tell)
        told = operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
        assert told == int(tell)
        with database.reading() as db:
            assert (the(db, public_id).state == "cancelled") is tell


def test_shown_again_it_is_where_it_was(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    decide(database, cast, public_id, Verdict.LISTED)
    decide(database, cast, public_id, Verdict.HIDDEN, "misleading")
    decide(database, cast, public_id, Verdict.SHOWN)
    assert "Stall at the station" in client.get("/events").text
    assert client.get(f"/events/{public_id}").status_code == 200


def test_no_address_of_a_home_goes_out_while_its_event_is_hidden(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon(20), capacity=8)
        public_id = event.public_id
        asked = signed_up(db, event)
        operations.answer_request(db, event=event, rsvp_id=asked.rsvp.public_id, yes=True)
    decide(database, cast, public_id, Verdict.HIDDEN, "unsafe")
    with database.unit_of_work() as db:
        assert operations.send_addresses(db, mail=mail, now=clock.now()) == 0  # type: ignore[arg-type]
    decide(database, cast, public_id, Verdict.SHOWN)
    with database.unit_of_work() as db:
        assert operations.send_addresses(db, mail=mail, now=clock.now()) == 1  # type: ignore[arg-type]


def test_the_public_log_says_why_and_names_nobody(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    assert "Nothing here yet" in client.get("/moderation/log").text
    listed, hidden = a_stall(database, cast, title="A fine one"), a_stall(database, cast)
    decide(database, cast, listed, Verdict.LISTED)
    done = decide(database, cast, hidden, Verdict.HIDDEN, "spam", note="Dear Hari, no.")
    page = client.get("/moderation/log").text
    assert "Taken down: Spam" in page
    assert cast.group.name in page
    for name in ("Hari", "Moira", "Stall at the station", "A fine one", hidden):
        assert name not in page, name
    group_page = client.get(f"/groups/{cast.group.slug}").text
    assert "1 × spam" in group_page
    assert "Taken down" in client.get(f"/moderation/log?group={cast.group.slug}").text
    assert "Nothing here yet" in client.get(f"/moderation/log?group={cast.other_group.slug}").text
    assert client.get("/moderation/log?group=no-such&after=x").status_code == 404
    with database.unit_of_work() as db:
        decision = db.scalars(select(Decision).where(Decision.public_id == done)).one()
        event = the(db, hidden)
        operations.undo(db, event=event, decision=decision, actor_id=cast.moderator.id)
    assert "Nothing here yet" in client.get("/moderation/log").text
