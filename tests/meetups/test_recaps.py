"""What came of an evening: its sums, the page for everybody, and the tables for who ran it."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.operations.planned import note_planned
from campaign.events.queries.planned import planned_at, promise_at, promise_of_group
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Meetup, Recap
from campaign.meetups.operations import desking, emptying, joining, sheets
from campaign.meetups.operations.filling import CardPlace, begin_card, help_host
from campaign.meetups.operations.locking import lock
from campaign.meetups.operations.publishing import publish
from campaign.meetups.operations.recapping import keep_recap
from campaign.meetups.queries import rooms
from campaign.meetups.queries.sheets import proposals_of
from campaign.meetups.queries.tables import cards_of_batch
from campaign.meetups.rules.recaps import Tally, figures_of, may_be_public
from campaign.meetups.rules.sheets import Hands, Line
from tests.cast import Cast, a_person, an_event, an_rsvp
from tests.meetups.making import HOME as HALL_HOME
from tests.meetups.making import (
    a_meetup,
    a_participant,
    accepted,
    another,
    card_of,
    coming,
    fresh,
    move_to,
    seated,
)
from tests.proof_reader import ProofReadingClient, says

HOME = replace(HALL_HOME, postcode="BN2 3FA")
IDEAS = ("Ring one street on one evening", "Ask Bea on 07700 900123", "Leaflets at 12 Elm Grove")


def closed(database: Database, cast: Cast, *, phase: str = "over") -> str:
    """An evening that planned a phonebank with four people and an event at a home; its event."""
    with database.unit_of_work() as db:
        _, batch, (bea, cem, dora, eli) = seated(db, cast, "Bea", "Cem", "Dora", "Eli")
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
        help_host(db, batch=batch, card=card_of(db, bea).card, cohost=cem, yes=True)
        coming(db, batch, dora)
        accepted(db, batch, bea)
        begin_card(db, batch=batch, breakout_id=bea.breakout_id or 0, now=clock.now())
        views = [view for view in cards_of_batch(db, batch.id) if view.card.event_id is None]
        accepted(
            db, batch, eli, view=views[-1], kind="social", start="18:00",
            place=CardPlace("home"), choice=HOME,
        )  # fmt: skip
        move_to(db, batch, phase, cast.organiser.id)
        return batch.meetup.event.public_id


def test_the_sums_of_an_evening_are_kept_when_it_closes_and_count_no_practice_people(
    database: Database, cast: Cast
) -> None:
    closed(database, cast)
    with database.reading() as db:
        recap = db.scalars(select(Recap)).one()
        sums = (recap.people, recap.hosts, recap.cohosted, recap.committed, recap.seats)
    # Bea and Eli host, Cem helps, Dora comes: four people, four seats.
    assert sums == (4, 2, 1, 4, 4)


def test_the_sums_stay_when_who_was_there_is_forgotten_and_the_desk_closes_again(
    database: Database, cast: Cast
) -> None:
    closed(database, cast)
    with database.unit_of_work() as db:
        assert emptying.forget_the_room(db, ended_before=clock.now() + timedelta(days=1)) > 0
        batch = lock(db, db.scalars(select(Batch.id)).one())
        keep_recap(db, batch=batch, now=clock.now())
    with database.reading() as db:
        assert db.scalars(select(Recap)).one().people == 4


def test_the_sums_follow_cards_that_are_put_together_after_the_evening(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, publishes="desk")
        batch = rooms.batch_of(db, meetup)
        bea, cem, dora = (a_participant(db, batch, n).participant for n in ("Bea", "Cem", "Dora"))
        batch = move_to(db, batch, "local", cast.organiser.id)
        accepted(db, batch, bea)
        given = {"batch": batch, "now": clock.now(), "actor_id": cast.organiser.id}
        gone = another(db, batch, cem)
        coming(db, batch, dora, view=gone)
        accepted(db, batch, cem, view=gone, start="18:00")
        publish(db, view=card_of(db, bea), **given)
        move_to(db, batch, "over", cast.organiser.id)
        assert db.get_one(Recap, batch.id).seats == 1
        desking.merge(db, view=fresh(db, batch, gone), into=card_of(db, bea), **given)
        assert db.get_one(Recap, batch.id).seats == 3


def test_an_evening_of_practice_people_alone_has_no_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        batch = rooms.batch_of(db, meetup)
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
        move_to(db, batch, "over", cast.organiser.id)
        public_id = meetup.event.public_id
    assert client.get(f"/events/{public_id}/recap").status_code == 404


def test_the_page_is_there_with_the_close_and_names_nobody_who_was_there(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = closed(database, cast)
    page = client.get(f"/events/{public_id}/recap")
    assert page.status_code == 200
    assert "What we planned on" in page.text
    assert "Phonebank at Hanover Centre" in page.text
    # Who hosts is named as the events' own pages name them; who comes is not.
    assert "with Bea" in page.text
    assert not says(page.text, "Cem")
    for secret in ("Dora", HOME.venue, HOME.postcode or "", "people.example"):
        assert secret not in page.text
    assert 'property="og:title"' in page.text
    assert "recap.csv" not in page.text


def test_the_page_is_linked_from_the_meetup_and_from_its_group(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = closed(database, cast)
    link = f'href="/events/{public_id}/recap"'
    assert link in client.get(f"/events/{public_id}").text
    assert link in client.get(f"/groups/{cast.group.slug}").text


def test_before_the_close_there_is_no_page_and_no_link(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = closed(database, cast, phase="commit")
    assert client.get(f"/events/{public_id}/recap").status_code == 404
    assert "/recap" not in client.get(f"/events/{public_id}").text


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Ring 200 tenants in one street by 19:00", True),
        ("Ask Bea on 07700 900123", False),
        ("Write to bea@people.example", False),
        ("Leaflets at 12 Elm Grove", False),
        ("Look at https://example.org/x", False),
    ],
)
def test_an_idea_with_a_number_an_address_or_a_link_stays_in_the_notes(
    text: str, public: bool
) -> None:
    assert may_be_public(text) is public


def test_the_ideas_stand_with_their_dots_and_the_hidden_ones_are_counted(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        people = [a_participant(db, batch, name).participant for name in ("Bea", "Cem")]
        batch = move_to(db, batch, "strategy", cast.organiser.id, preset="meetup")
        now = clock.now()
        sheets.hold_pen(db, batch=batch, person=people[0])
        for at, text in enumerate(IDEAS, start=1):
            sheets.write_proposal(
                db, batch=batch, person=people[0], position=at,
                line=Line(text, Hands(2, 0, 0), people[0].public_id), now=now,
            )  # fmt: skip
        batch = move_to(db, batch, "report_back", cast.organiser.id, preset="meetup")
        first = proposals_of(db, batch.id)[0].proposal
        for person in people:
            sheets.give_dots(
                db, batch=batch, person=person, chosen={first.public_id}, now=clock.now()
            )
        move_to(db, batch, "over", cast.organiser.id, preset="meetup")
        public_id = meetup.event.public_id
    page = client.get(f"/events/{public_id}/recap").text
    assert IDEAS[0] in page
    assert "<b>2</b> <span>dots</span>" in page
    assert "07700" not in page
    assert "Elm Grove" not in page
    assert "2 more stand in the group’s notes" in page
    assert not says(page, "Bea")


def test_who_ran_it_takes_the_evening_away_and_each_download_is_noted(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = closed(database, cast)
    client.sign_in(cast.organiser)
    told = client.get(f"/events/{public_id}/recap.json", most_queries=40).json
    assert told["people"] == 4
    assert [len(one["names"]) for one in told["events"]] in ([2, 0], [0, 2])
    sheet = client.get(f"/events/{public_id}/recap.csv", most_queries=40)
    rows = list(csv.DictReader(io.StringIO(sheet.text.lstrip("\ufeff"))))
    assert {row["Host"] for row in rows} == {"Bea", "Eli"}
    assert "people.example" not in sheet.text + str(told)
    assert HOME.venue not in sheet.text + str(told)
    with database.reading() as db:
        noted = select(AuditRow).where(AuditRow.action == "evening downloaded")
        assert len(db.scalars(noted).all()) == 2


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = closed(database, cast)
    with database.unit_of_work() as db:
        planned = Event.title == "Phonebank at Hanover Centre"
        event = db.scalars(select(Event).where(planned)).one()
        event.title = "=1+1"
    client.sign_in(cast.organiser)
    assert "'=1+1" in client.get(f"/events/{public_id}/recap.csv", most_queries=40).text


def test_a_stranger_and_a_host_of_what_was_planned_get_no_download(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = closed(database, cast)
    for who in (cast.stranger, cast.supporter):
        client.sign_in(who)
        for ending in ("csv", "json"):
            assert client.get(f"/events/{public_id}/recap.{ending}").status_code == 404


def test_the_last_screen_says_the_sums_and_where_to_read_on(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    closed(database, cast)
    with database.unit_of_work() as db:
        soon = clock.now() + timedelta(days=9)
        an_event(
            db, cast.group, cast.organiser, "Open evening", kind="meeting", starts_at=soon,
            ends_at=soon + timedelta(hours=2),
        )  # fmt: skip
        code = db.scalars(select(Meetup.code)).one()
    page = client.get(f"/m/{code}/screen").text
    assert "4</b><span>of 4 people signed up" in page
    assert "<dt>4</dt><dd>seats filled</dd>" in page
    assert "2</dt><dd>hosts, 1 with a co-host" in page
    assert "Open evening" in page
    assert "Everything tonight" in page
    # A phone that has not joined is led to the same page.
    public = client.get(f"/m/{code}").text
    assert "/recap" in public


def test_the_rate_tells_what_was_held_from_what_nobody_has_reported(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meeting = an_event(db, cast.group, cast.organiser, "The meetup", kind="meetup")
        made = {}
        for name in ("reported", "ticked", "empty", "silent", "off", "draft", "to come"):
            ended = clock.now() - timedelta(days=1)
            when = {"starts_at": ended - timedelta(hours=2), "ends_at": ended}
            made[name] = an_event(
                db, cast.group, cast.organiser, name, **({} if name == "to come" else when)
            )
            note_planned(db, event=made[name], meeting=meeting)
            note_planned(db, event=made[name], meeting=meeting)
        made["draft"].state = "unlisted"
        made["off"].state, made["off"].left_at = "cancelled", clock.now()
        for name, people in (("reported", 9), ("empty", 0)):
            events.write_report(
                db, event=made[name], numbers={"people": people}, story="",
                actor_id=cast.organiser.id,
            )  # fmt: skip
        person = a_person(db, "Kim Ray")
        an_rsvp(db, made["ticked"], person, attendance="came", guests=2)
        now = clock.now()
        promise = promise_at(db, meeting.id, now=now)
        assert (promise.held, promise.not_held, promise.unknown, promise.to_come) == (2, 2, 1, 1)
        assert (promise.planned, promise.people, promise.rate) == (6, 12, 33)
        assert promise.words == "2 of 6 took place so far (33 %)"
        assert promise.rest == "2 did not, 1 is not yet reported, 1 is still to come"
        assert promise_of_group(db, cast.group.id, now=now) == promise
        fates = {one.event.title: one.fate.value for one in planned_at(db, meeting.id, now=now)}
        assert "draft" not in fates
        assert fates["silent"] == "unknown"
        meeting.hidden_at = now
        assert promise_of_group(db, cast.group.id, now=now).planned == 0


def test_one_is_one_and_what_nobody_asked_is_left_out() -> None:
    told = figures_of(Tally(1, None, 1, 0, 1, 1), planned=1)
    assert told == [
        ("1", "person was here"),
        ("1", "event planned"),
        ("1", "signed up to something"),
        ("1", "seat filled"),
        ("1", "host"),
    ]
