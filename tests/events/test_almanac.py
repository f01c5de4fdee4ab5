"""The numbers kept at hand are those of the database: at once, whoever wrote, and nothing more."""

import random
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, text, update

from campaign.events import operations, queries
from campaign.events.models import Event
from campaign.events.queries import almanac
from campaign.events.rules.finding import Box, Filters, read_after, words_of
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.places.rules import distance_km
from tests.cast import Cast
from tests.events.makers import HOME, ONLINE, VENUE, announced, signed_up, soon

EVERYWHERE = Box(-10, 48, 5, 62)


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Database]:
    """The same database in another process: it shares nothing but the tables."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield other
    other.dispose()


def titles(database: Database, **filters: object) -> list[str]:
    with database.reading() as db:
        found = queries.upcoming(db, filters=Filters(**filters), now=clock.now())  # type: ignore[arg-type]
        return [row.event.title for row in found.rows]


def on_map(database: Database, zoom: int = 5, most: int = 500) -> tuple[int, str]:
    with database.reading() as db:
        answer = queries.features_in(
            db, filters=Filters(box=EVERYWHERE), zoom=zoom, now=clock.now(), most=most
        )
        return answer.total, "".join(answer.features)


def event_named(db, title: str) -> Event:  # type: ignore[no-untyped-def]
    return db.query(Event).filter(Event.title == title).one()


def test_what_another_process_writes_is_seen_with_the_next_look(
    database: Database, elsewhere: Database, cast: Cast
) -> None:
    assert titles(database) == titles(elsewhere) == [cast.event.title]
    with elsewhere.unit_of_work() as db:
        announced(db, cast, title="Stall at the clock", kind="stall", needed=3)
    assert set(titles(database)) == {cast.event.title, "Stall at the clock"}
    assert titles(database, open_only=True, kinds=("stall",)) == ["Stall at the clock"]
    with elsewhere.unit_of_work() as db:
        stall = event_named(db, "Stall at the clock")
        operations.edit(
            db, event=stall, actor_id=cast.organiser.id, title="Stall by the pier", about="",
            starts_at=stall.starts_at, ends_at=stall.ends_at, capacity=1,
        )  # fmt: skip
        signed_up(db, stall)
    assert titles(database, open_only=True, kinds=("stall",)) == []
    assert titles(database, words=words_of("pier")) == ["Stall by the pier"]
    assert titles(database, words=words_of("clock")) == []


def test_every_word_of_a_long_title_is_found_and_so_is_a_part_of_one(
    database: Database, cast: Cast
) -> None:
    long = " ".join(f"ward{number}" for number in range(15)) + " bring café biscuits"
    with database.unit_of_work() as db:
        announced(db, cast, title=long)
    for said in ("ward0", "ard14", "bring", "cafe", "biscuit", "scuits ward7"):
        assert titles(database, words=words_of(said)) == [long], said
    for unsaid in ("ward15", "bringcafe", "biscuits ward99"):
        assert titles(database, words=words_of(unsaid)) == [], unsaid


@pytest.mark.parametrize("how", ["cancelled", "kept off", "by hand", "gone"])
def test_what_leaves_the_map_in_one_process_is_served_by_no_other(
    database: Database, elsewhere: Database, cast: Cast, how: str
) -> None:
    with elsewhere.unit_of_work() as db:
        db.get_one(Event, cast.event.id).state = "unlisted"
        for number in range(4):
            announced(db, cast, title=f"Call {number}")
    for most in (500, 0):
        assert on_map(database, most=most)[0] == 4
    with elsewhere.unit_of_work() as db:
        event = event_named(db, "Call 1")
        if how == "cancelled":
            operations.cancel(db, event=event, actor_id=cast.organiser.id)
        elif how == "kept off":
            event.state = "unlisted"
        elif how == "by hand":
            db.execute(text("UPDATE event SET state = 'unlisted' WHERE title = 'Call 1'"))
        else:
            db.execute(delete(Event).where(Event.id == event.id))
    for most in (500, 0):
        total, features = on_map(database, most=most)
        assert total == 3
        assert "Call 1" not in features
    assert "Call 1" not in titles(database)


def test_a_home_that_moved_is_where_its_new_square_is(
    database: Database, elsewhere: Database, cast: Cast
) -> None:
    near = {"lat": 50.83, "lng": -0.12, "radius_km": 3.0}
    with elsewhere.unit_of_work() as db:
        home = announced(db, cast, title="Front room calls", place=HOME)
    assert "Front room calls" in titles(database, **near)
    with elsewhere.unit_of_work() as db:
        moved = type(HOME)(HOME.kind, "3 Sea Lane", "BN43 6HQ", 50.83, -0.27, "Shoreham-by-Sea")
        operations.edit(
            db, event=event_named(db, "Front room calls"), actor_id=cast.organiser.id,
            title="Front room calls", about="", starts_at=home.starts_at, ends_at=home.ends_at,
            capacity=8, place=moved,
        )  # fmt: skip
    assert "Front room calls" not in titles(database, **near)
    _, features = on_map(database)
    assert "Shoreham" in features
    for secret in ("Sea Lane", "BN43", "Elm Grove", "50.83,", "-0.27]"):
        assert secret not in features


def test_what_was_undone_was_never_there(database: Database, cast: Cast) -> None:
    before = titles(database)
    with pytest.raises(RuntimeError, match="changed my mind"), database.unit_of_work() as db:
        announced(db, cast, title="Never to be")
        assert "Never to be" in [
            row.event.title for row in queries.upcoming(db, filters=Filters(), now=clock.now()).rows
        ]
        assert titles(database) == before
        raise RuntimeError("changed my mind")
    assert titles(database) == before


def test_a_slow_writer_is_not_overtaken_by_a_quick_one(
    database: Database, elsewhere: Database, cast: Cast
) -> None:
    """The slow transaction has the lower number and ends last: on PostgreSQL they overlap."""
    begun, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        with elsewhere.unit_of_work() as db:
            announced(db, cast, title="Slow one")
            begun.set()
            may_end.wait(60)

    writer = threading.Thread(target=slowly)
    writer.start()
    assert begun.wait(60)
    if not database.is_sqlite:
        with database.unit_of_work() as db:
            announced(db, cast, title="Quick one")
        assert set(titles(database)) == {cast.event.title, "Quick one"}
    may_end.set()
    writer.join(60)
    assert "Slow one" in titles(database)


def test_what_is_over_is_not_found_and_comes_back_when_the_clock_does(
    database: Database, cast: Cast
) -> None:
    with clock.at(cast.event.ends_at + timedelta(seconds=1)):
        assert titles(database) == []
    assert titles(database) == [cast.event.title]


def test_many_changes_at_once_are_read_anew(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(almanac, "MANY", 3)
    titles(database)
    with database.unit_of_work() as db:
        for number in range(9):
            announced(db, cast, title=f"Call {number}")
    assert len(titles(database)) == 10
    with database.unit_of_work() as db:
        db.execute(update(Event).values(state="unlisted"))
    assert titles(database) == []


def scattered(db, cast: Cast, dice: random.Random) -> None:  # type: ignore[no-untyped-def]
    """Events of every sort, some at one moment or at one point."""
    for number in range(60):
        place = dice.choice([VENUE, HOME, ONLINE])
        if place.lat is not None:
            place = type(place)(
                place.kind, place.venue, place.postcode,
                50.8 + dice.randint(0, 8) / 100, -0.1 - dice.randint(0, 8) / 100, place.town,
            )  # fmt: skip
        event = announced(
            db, cast, title=f"{dice.choice(['Café', 'Pier', '100%_'])} {number}", place=place,
            kind=dice.choice(["phonebank", "stall", "rally"]), starts_at=soon(dice.randint(1, 9)),
            capacity=dice.choice([None, 2, 9]), needed=dice.choice([None, 1, 5]),
            group=dice.choice([cast.group, cast.other_group]), listed=dice.random() < 0.9,
            access={"step_free": dice.choice([True, False, None])},
        )  # fmt: skip
        event.taken = dice.randint(0, 2)


def passes(event: Event, filters: Filters, now: datetime) -> bool:
    """The filters once more, one event at a time, as a person would read them."""
    full = event.capacity is not None and event.taken >= event.capacity
    words = f"{event.title} {event.shown_place} {event.group.name}".casefold().replace("é", "e")
    placed = event.shown_lat is not None
    reach = filters.radius_km is None or filters.lat is None or filters.online
    return (
        event.state == "listed"
        and event.ends_at > now
        and (not filters.kinds or event.kind in filters.kinds)
        and (filters.until is None or event.starts_at < filters.until)
        and (filters.begins is None or event.starts_at >= filters.begins)
        and (filters.group is None or event.group.slug == filters.group)
        and not (filters.open_only and full)
        and (not filters.step_free or event.step_free is True)
        and (not filters.online or event.place_kind == "online")
        and all(word in words for word in filters.words)
        and (
            reach
            or (
                placed
                and distance_km(50.82, -0.14, event.shown_lat, event.shown_lng) <= filters.radius_km
            )
        )
        and (
            filters.box is None
            or filters.online
            or (placed and 50.8 <= event.shown_lat <= 50.85 and -0.15 <= event.shown_lng <= -0.1)
        )
    )


NEAR = {"lat": 50.82, "lng": -0.14, "radius_km": 3.0}
CHOICES: list[dict[str, object]] = [
    {},
    {"sort": "time", "kinds": ("stall", "rally")},
    {"sort": "distance", **NEAR},
    {"sort": "distance", **NEAR, "radius_km": None},
    {"box": Box(-0.15, 50.8, -0.1, 50.85), "open_only": True},
    {"group": "fair-rents-lewes", "step_free": True},
    {"group": "no-such-group"},
    {"online": True, **NEAR},
    {"words": words_of("CAFE lewes")},
    {"words": words_of("100%_")},
    {"words": words_of("%")},
    {"words": words_of("nothing of the kind")},
    {"begins": 3, "until": 6, **NEAR},
]


@pytest.mark.parametrize("given", CHOICES)
def test_the_almanac_finds_what_a_person_would_page_by_page(
    database: Database, cast: Cast, given: dict[str, object]
) -> None:
    dice = random.Random(7)
    with database.unit_of_work() as db:
        scattered(db, cast, dice)
    now = clock.now()
    moments = {key: soon(given[key]) for key in ("begins", "until") if key in given}  # type: ignore[arg-type]
    filters = Filters(**given | moments, most=7)  # type: ignore[arg-type]
    with database.reading() as db:
        every = db.query(Event).all()
        for event in every:
            db.get_one(type(cast.group), event.group_id)
        groups = {cast.group.id: cast.group, cast.other_group.id: cast.other_group}
        for event in every:
            event.__dict__["group"] = groups[event.group_id]
        wanted = {event.id for event in every if passes(event, filters, now)}
        seen: list[int] = []
        after = None
        while True:
            page = Filters(**vars(filters) | {"after": after})
            found = queries.upcoming(db, filters=page, now=now)
            assert found.total == len(wanted)
            seen += [row.event.id for row in found.rows]
            if found.next_after is None:
                break
            after = read_after(found.next_after)
    assert len(seen) == len(set(seen))
    assert set(seen) == wanted
