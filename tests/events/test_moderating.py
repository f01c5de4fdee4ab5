"""The moderators' queue: what waits, what is found, who decides, and whom they trust."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.conduct.models import Decision
from campaign.conduct.rules.reasons import Verdict
from campaign.events import operations, queries
from campaign.events.queries.trust import is_trusted
from campaign.events.rules.moderation import AlreadyDecided, links_in
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast, a_person
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, soon
from tests.events.moderating import a_stall, decide, letters, the
from tests.proof_reader import ProofReadingClient

HOME_TEXT = "We leaflet together. Come to my flat first, 22 Ditchling Rise, for the table."


def test_links_to_elsewhere_are_named_and_our_own_are_not() -> None:
    text = (
        "See https://ours.example/a, www.else.example/b and http://[bad and HTTPS://else.example."
    )
    assert links_in(text, own_host="ours.example")[:1] == ["www.else.example"]
    assert "ours.example" not in links_in(text, own_host="www.ours.example")
    assert links_in("No link at all. 12.30 at the pub.", own_host="x") == []


def test_only_who_may_list_sees_the_queue(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    assert client.get("/moderation").status_code == 303
    for person in (cast.supporter, cast.host, cast.administrator, cast.officer, cast.lead):
        client.sign_in(person)
        assert client.get("/moderation").status_code == 404
        assert client.get(f"/moderation/{public_id}").status_code == 404
        answer = client.post_form(f"/moderation/{public_id}", {"verdict": "listed"})
        assert answer.status_code == 404
    client.sign_in(cast.stranger)  # the convenor of another group
    assert "Nothing to look at" in client.get("/moderation").text
    assert client.get(f"/moderation/{public_id}").status_code == 404
    for person in (cast.organiser, cast.moderator):
        client.sign_in(person)
        assert "Stall at the station" in client.get("/moderation").text


def test_what_was_found_comes_before_who_the_host_is(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    # Never near the cast's own event, at whatever hour this runs.
    given = {"about": HOME_TEXT + " See https://elsewhere.example/x", "starts_at": soon(60)}
    a_stall(database, cast, **given)
    a_stall(database, cast, title="Again", **given)
    client.sign_in(cast.moderator)
    page = client.get("/moderation").text
    assert "<mark>22 Ditchling Rise</mark>" in page
    for words in (
        "A house number or a postcode in the text.",
        "elsewhere.example",
        "1 other event</b> with the very same text.",
        "Another event close by</b> at the same time: Again",
        "Nobody has said whether it is step-free.",
    ):
        assert words in page, words
    assert page.index("What we found") < page.index("the host</h3>")


def test_many_events_in_a_day_and_a_first_event_are_said(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        newcomer = a_person(db, "Nora Newcomer")
        first = announced(db, cast, host=newcomer, title="First")

        def heads() -> list[str]:
            found = queries.found_in(
                db, first, moderator_id=cast.moderator.id, own_host="", now=clock.now()
            )
            return [hint.head for hint in found]

        assert "The first event" in heads()
        for number in range(4):
            starts_at = soon(60 + 24 * number)
            announced(db, cast, host=newcomer, title=f"More {number}", starts_at=starts_at)
        assert "5 events in a day" in heads()
        assert "The first event" not in heads()


def test_what_begins_soon_is_first_and_then_the_oldest(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for title, hours, waited in (("new", 300, 0), ("old", 200, 9), ("soon", 30, 1)):
            event = announced(db, cast, host=cast.host, title=f"The {title}", starts_at=soon(hours))
            event.made_at = clock.now() - timedelta(hours=waited)
        db.flush()
        queue = queries.queue_of(db, cast.moderator.id, everywhere=True, now=clock.now())
        assert [one.title for one in queue] == ["The soon", "The old", "The new"]
        assert [one.waits for one in queue] == ["1 h", "9 h", "0 min"]


def test_approving_lists_it_and_the_next_one_comes(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    a_stall(database, cast, title="The second")
    client.sign_in(cast.moderator)
    answer = client.post_form(f"/moderation/{public_id}", {"verdict": "listed", "seen": ""})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "Listed: Stall at the station" in page
    assert "1 to look at" in page
    assert '<h2 id="e-h">The second</h2>' in page
    assert "Stall at the station" in client.get("/events").text
    assert letters(database) == [f"{cast.host.email} On the map"]


def test_the_letter_waits_as_long_as_one_can_undo(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    client.sign_in(cast.moderator)
    answer = client.post_form(f"/moderation/{public_id}", {"verdict": "listed", "seen": ""})
    done = answer.headers["Location"].partition("done=")[2]
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter)).one()
        assert timedelta(minutes=2) < letter.not_before - clock.now() <= timedelta(minutes=3)
    assert client.post_form(f"/moderation/{public_id}/undo", {"decision": done}).status_code == 303
    assert letters(database) == []
    assert "Stall at the station" not in client.get("/events").text
    assert "1 to look at" in client.get("/moderation").text
    again = client.post_form(f"/moderation/{public_id}/undo", {"decision": done})
    assert again.status_code == 409


def test_after_three_minutes_and_for_somebody_else_nothing_is_undone(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    done = decide(database, cast, public_id, Verdict.LISTED)
    client.sign_in(cast.organiser)
    path = f"/moderation/{public_id}/undo"
    assert client.post_form(path, {"decision": done}).status_code == 409
    client.sign_in(cast.moderator)
    clock.set_offset(181)
    assert client.post_form(path, {"decision": done}).status_code == 409
    with database.reading() as db:
        assert the(db, public_id).state == "listed"


def test_the_second_of_two_moderators_hears_that_it_is_decided(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    public_id = a_stall(database, cast)
    decide(database, cast, public_id, Verdict.LISTED, seen="", mail=mail)
    client.sign_in(cast.organiser)
    answer = client.post_form(
        f"/moderation/{public_id}", {"verdict": "link-only", "reason": "spam", "seen": ""}
    )
    assert answer.status_code == 422
    assert "Somebody else was first: listed" in answer.text
    assert letters(database) == [f"{cast.host.email} On the map"]


@pytest.mark.storm
def test_of_many_at_once_one_decides(database: Database, cast: Cast, mail: RecordingMail) -> None:
    public_id = a_stall(database, cast)
    barrier, outcomes = threading.Barrier(6), []

    def work(verdict: Verdict) -> None:
        barrier.wait()
        try:
            decide(database, cast, public_id, verdict, "spam", seen="", mail=mail)
            outcomes.append("decided")
        except AlreadyDecided:
            outcomes.append("late")

    verdicts = [Verdict.LISTED, Verdict.LINK_ONLY, Verdict.HIDDEN] * 2
    threads = [threading.Thread(target=work, args=(verdict,)) for verdict in verdicts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided"] + ["late"] * 5
    assert len(letters(database)) == 1


def test_asking_takes_it_out_of_the_queue_until_it_is_changed(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    client.sign_in(cast.moderator)
    no_reason = client.post_form(f"/moderation/{public_id}", {"verdict": "asked", "seen": ""})
    assert no_reason.status_code == 422
    assert "Choose why" in no_reason.text
    given = {"verdict": "asked", "reason": "details", "seen": ""}
    client.post_form(f"/moderation/{public_id}", given)
    assert "Nothing to look at" in client.get("/moderation").text
    assert client.get(f"/events/{public_id}").status_code == 200
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter)).one()
        assert "Please add that, and we put it on the map." in letter.text
    clock.set_offset(48 * 3600 - 60)
    with database.reading() as db:
        assert queries.queue_of(db, cast.moderator.id, everywhere=True, now=clock.now()) == []
        later = clock.now() + timedelta(minutes=2)
        event = the(db, public_id)
        if event.ends_at > later:
            assert len(queries.queue_of(db, cast.moderator.id, everywhere=True, now=later)) == 1


def test_two_approved_events_make_a_host_trusted_and_listed_at_once(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    for title in ("One", "Two"):
        with database.reading() as db:
            assert not is_trusted(db, cast.host.id, cast.group.id)
        decide(
            database, cast, a_stall(database, cast, title=f"No. {title}"), Verdict.LISTED, mail=mail
        )
    with database.unit_of_work() as db:
        assert is_trusted(db, cast.host.id, cast.group.id)
        assert announced(db, cast, host=cast.host, title="Three").state == "listed"
    assert letters(database)[-1] == f"{cast.host.email} Your events go straight onto the map now"


def test_an_undone_approval_makes_nobody_trusted(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    decide(database, cast, a_stall(database, cast), Verdict.LISTED)
    second = a_stall(database, cast, title="The second")
    done = decide(database, cast, second, Verdict.LISTED, mail=mail)
    with database.unit_of_work() as db:
        decision = db.scalars(select(Decision).where(Decision.public_id == done)).one()
        operations.undo(db, event=the(db, second), decision=decision, actor_id=cast.moderator.id)
        assert not is_trusted(db, cast.host.id, cast.group.id)
    assert letters(database) == []


def test_a_moderator_trusts_with_a_note_and_no_longer(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = a_stall(database, cast)
    client.sign_in(cast.organiser)
    path = f"/moderation/{public_id}/trust"
    assert client.post_form(path, {"note": "my friend", "do": "trust"}).status_code == 403
    client.sign_in(cast.stranger)
    assert client.post_form(path, {"note": "my friend", "do": "trust"}).status_code == 404
    client.sign_in(cast.moderator)
    client.post_form(path, {"note": "", "do": "trust"})
    with database.reading() as db:
        assert not is_trusted(db, cast.host.id, cast.group.id)
    client.post_form(path, {"note": "Ran the stall for years", "do": "trust"})
    assert "Trusted by a moderator: Ran the stall for years" in client.get("/moderation").text
    with database.reading() as db:
        assert is_trusted(db, cast.host.id, cast.group.id)
    client.post_form(path, {"note": "asked for money", "do": "revoke"})
    assert "No longer trusted: asked for money" in client.get("/moderation").text
    decide(database, cast, public_id, Verdict.LISTED)
    decide(database, cast, a_stall(database, cast, title="Next"), Verdict.LISTED)
    with database.reading() as db:
        assert not is_trusted(db, cast.host.id, cast.group.id)
