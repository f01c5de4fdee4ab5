"""Letters: written with the change they tell of, and carried once or reported."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.carriers import Letter, MemoryCarrier, NotAccepted, NotNow
from campaign.foundation.database import Database
from campaign.foundation.outbox import (
    MOST_ATTEMPTS,
    UNKNOWN_AFTER,
    Delivered,
    OutboxLetter,
    deliver_due,
    post,
)

LETTER = Letter(to="bea@people.example", subject="Hello", text="Hello", html="<p>Hello</p>")


@dataclass
class Moody:
    """A carrier that raises what it is told to, then carries."""

    moods: list[type[BaseException] | None]
    carried: list[Letter] = field(default_factory=list)

    def carry(self, letter: Letter) -> None:
        """Raise the next mood, or carry."""
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None:
            raise mood
        self.carried.append(letter)


def write(database: Database, *keys: str) -> None:
    with database.unit_of_work() as db:
        for key in keys or ("one",):
            post(db, LETTER, key=key)


def states(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(OutboxLetter.state).order_by(OutboxLetter.id)))


def test_a_letter_is_delivered_once(database: Database) -> None:
    carrier = MemoryCarrier()
    write(database)
    assert deliver_due(database, carrier) == Delivered(sent=1)
    assert deliver_due(database, carrier) == Delivered()
    assert carrier.letters == [LETTER]
    assert states(database) == ["sent"]


def test_a_letter_goes_with_the_change_it_tells_of(database: Database) -> None:
    carrier = MemoryCarrier()
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as db:
        post(db, LETTER, key="one")
        raise ZeroDivisionError
    deliver_due(database, carrier)
    assert carrier.letters == []
    with database.unit_of_work() as db:
        post(db, LETTER, key="one")
        # Not before the change is kept, whoever delivers meanwhile.
        if not database.is_sqlite:
            deliver_due(database, carrier)
        assert carrier.letters == []


def test_the_same_key_is_written_once(database: Database) -> None:
    write(database, "one", "one", "two")
    write(database, "two")
    assert states(database) == ["queued", "queued"]


def test_what_cannot_be_taken_now_is_tried_again_later_and_later(database: Database) -> None:
    carrier, now = Moody([NotNow, NotNow]), clock.now()
    write(database)
    assert deliver_due(database, carrier) == Delivered(put_off=1)
    assert deliver_due(database, carrier) == Delivered(), "not at once"
    with clock.at(now + timedelta(seconds=65)):
        assert deliver_due(database, carrier) == Delivered(put_off=1)
    with clock.at(now + timedelta(seconds=65 + 65)):
        assert deliver_due(database, carrier) == Delivered(), "the second wait is longer"
    with clock.at(now + timedelta(seconds=65 + 125)):
        assert deliver_due(database, carrier) == Delivered(sent=1)
    assert carrier.carried == [LETTER]


def test_a_server_that_never_comes_back_is_given_up(database: Database) -> None:
    carrier, moment = Moody([NotNow] * 99), clock.now()
    write(database)
    for _ in range(MOST_ATTEMPTS):
        moment += timedelta(hours=2)
        with clock.at(moment):
            deliver_due(database, carrier)
    assert states(database) == ["failed"]
    assert len(carrier.moods) == 99 - MOST_ATTEMPTS


def test_what_is_refused_for_good_is_not_tried_again(database: Database) -> None:
    carrier = Moody([NotAccepted])
    write(database)
    assert deliver_due(database, carrier) == Delivered(failed=1)
    with clock.at(clock.now() + timedelta(days=2)):
        assert deliver_due(database, carrier) == Delivered()
    assert states(database) == ["failed"]


def test_one_bad_letter_does_not_hold_up_the_next(database: Database) -> None:
    carrier = Moody([NotAccepted, NotNow])
    write(database, "one", "two", "three")
    assert deliver_due(database, carrier) == Delivered(sent=1, put_off=1, failed=1)


def test_a_worker_that_dies_leaves_a_letter_unknown_and_never_sent_again(
    database: Database,
) -> None:
    now = clock.now()
    write(database)
    with pytest.raises(KeyboardInterrupt):
        deliver_due(database, Moody([KeyboardInterrupt]))
    carrier, minute = MemoryCarrier(), timedelta(minutes=1)
    with clock.at(now + UNKNOWN_AFTER - minute):
        deliver_due(database, carrier)
        assert states(database) == ["sending"]
    for later in (minute, timedelta(days=1), timedelta(days=9)):
        with clock.at(now + UNKNOWN_AFTER + later):
            deliver_due(database, carrier)
            assert states(database) == ["unknown"]
    assert carrier.letters == []


def test_two_workers_never_take_the_same_letter(database: Database) -> None:
    write(database, *(f"letter {number}" for number in range(30)))
    carriers = [MemoryCarrier(), MemoryCarrier()]
    workers = [
        threading.Thread(target=deliver_due, args=(database, carrier)) for carrier in carriers
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(len(carrier.letters) for carrier in carriers) == 30
    assert set(states(database)) == {"sent"}
