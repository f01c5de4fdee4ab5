"""What was done, on the front page: from reports and from the door, and only what is known."""

from datetime import timedelta

from sqlalchemy import select, text

from campaign.events import operations, queries
from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import Attendance
from campaign.foundation import clock
from campaign.foundation.database import Database, is_postgresql
from campaign.home.queries import DAYS_SUMMED
from tests.cast import Cast
from tests.events.makers import announced, signed_up, soon
from tests.proof_reader import ProofReadingClient


def _held(
    database: Database, cast: Cast, *, listed: bool = True, name: str = "Ada Warren"
) -> Event:
    with database.unit_of_work() as db:
        made = announced(db, cast, kind="canvass", listed=listed, starts_at=soon(1), title=name)
        signed_up(db, made, name, guests=1)
    return made


def _ticked(database: Database, cast: Cast, event: Event) -> None:
    with database.unit_of_work() as db:
        place = db.scalars(select(Rsvp.public_id).where(Rsvp.event_id == event.id)).one()
        operations.mark_attendance(
            db,
            event=event,
            rsvp_id=place,
            attendance=Attendance.CAME,
            actor_id=cast.organiser.id,
        )


def _reported(database: Database, cast: Cast, event: Event, **numbers: int) -> None:
    with database.unit_of_work() as db:
        operations.write_report(
            db, event=event, numbers=numbers, story="", actor_id=cast.organiser.id
        )


def test_the_front_page_adds_reports_to_the_door_and_counts_nobody_twice(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    reported, counted = _held(database, cast), _held(database, cast, name="Bea Lowe")
    unlisted, silent = _held(database, cast, listed=False), _held(database, cast, name="Cy Moss")
    with clock.at(silent.ends_at + timedelta(hours=1)):
        for event in (reported, counted, unlisted):
            _ticked(database, cast, event)
        _reported(database, cast, reported, people=40, doors=1240)
        _reported(database, cast, unlisted, people=7000)
        with database.reading() as db:
            now = clock.now()
            sums = queries.held_totals(db, since=now - timedelta(days=1), until=now)
        assert (sums.reports, sums.people, sums.doors, sums.calls) == (2, 42, 1240, 0)
        page = client.get("/").text
        assert f"What we did in the last {DAYS_SUMMED} days" in page
        for words in ("events held", "<b>42</b>", "<b>1,240</b>"):
            assert words in page
        assert "<span>calls</span>" not in page


def test_what_is_hidden_or_long_ago_or_not_known_is_left_out(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    event = _held(database, cast)
    with clock.at(event.ends_at + timedelta(hours=1)):
        assert "What we did in the last" not in client.get("/").text
        _reported(database, cast, event, doors=9)
        assert "What we did in the last" in client.get("/").text
    with clock.at(event.ends_at + timedelta(days=DAYS_SUMMED + 1)):
        assert "What we did in the last" not in client.get("/").text
    with clock.at(event.ends_at + timedelta(hours=1)):
        with database.unit_of_work() as db:
            db.get_one(Event, event.id).hidden_at = clock.now()
        assert "What we did in the last" not in client.get("/").text


def test_sums_read_no_event_of_another_time(database: Database, cast: Cast) -> None:
    _held(database, cast)
    now = clock.now()
    with database.reading() as db:
        if is_postgresql(db):
            db.execute(text("SET LOCAL enable_seqscan = off"))
        said: list[str] = []
        run = db.execute

        def explained(query):  # type: ignore[no-untyped-def]
            words = "EXPLAIN" if is_postgresql(db) else "EXPLAIN QUERY PLAN"
            made = query.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
            said.extend(str(row) for row in run(text(f"{words} {made}".replace(":", r"\:"))))
            return run(query)

        db.execute = explained  # type: ignore[method-assign, assignment]
        queries.held_totals(db, since=now - timedelta(days=30), until=now)
    plan = " ".join(said)
    assert "SCAN event " not in plan
    assert "Seq Scan on event " not in plan
    assert "ix_event_" in plan
