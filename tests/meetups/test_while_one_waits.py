"""What happens in the room while a tap waits for it: the tap finds the room as it is then."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import DomainError
from campaign.meetups.models import Batch, Card, Commitment, Participant, SentOut
from campaign.meetups.operations import desking, filling, joining, moving, publishing, returning
from campaign.meetups.operations import sheets as writing
from campaign.meetups.operations.committing import drop, take
from campaign.meetups.operations.seeds import keep_going
from campaign.meetups.operations.sending_out import send_out
from campaign.meetups.operations.telling import About, tell_about
from campaign.meetups.queries import tables
from campaign.meetups.queries.tables import CardView
from campaign.meetups.rules.cards import CardGone
from campaign.meetups.rules.joining import Consents, NotHere
from tests.cast import Cast
from tests.meetups.making import HALL, at_once, card_of, filled, seated

pytestmark = pytest.mark.usefixtures("app")
ABOUT = About("other@people.example", None, Consents(contact=True))


@dataclass
class Waiting:
    """A tap of Tom's, or about him, that has read the room and waits for it."""

    db: Session
    batch: Batch
    tom: Participant
    bea: Participant
    view: CardView
    actor_id: int


Act = Callable[[Waiting], object]
TAPS: dict[str, Act] = {
    "raises a hand": lambda at: joining.raise_hand(
        at.db, batch=at.batch, person=at.tom, willing="host"
    ),
    "says what mixes": lambda at: joining.tell(at.db, batch=at.batch, person=at.tom, leads=True),
    "says how to reach him": lambda at: tell_about(
        at.db, batch=at.batch, person=at.tom, about=ABOUT
    ),
    "leads the table": lambda at: filling.hold_table(at.db, batch=at.batch, person=at.tom),
    "is asked to host": lambda at: filling.ask_host(
        at.db, batch=at.batch, card=at.view.card, host=at.tom
    ),
    "helps the host": lambda at: filling.help_host(
        at.db, batch=at.batch, card=at.view.card, cohost=at.tom, yes=True
    ),
    "comes": lambda at: take(at.db, batch=at.batch, view=at.view, person=at.tom, now=clock.now()),
    "does not come": lambda at: drop(at.db, batch=at.batch, view=at.view, person=at.tom),
    "says yes to hosting": lambda at: publishing.accept(
        at.db, batch=at.batch, view=at.view, host=at.tom, place=HALL, now=clock.now()
    ),
    "asks to move": lambda at: moving.ask_to_move(
        at.db, batch=at.batch, person=at.tom, now=clock.now()
    ),
    "is moved": lambda at: moving.move(
        at.db, batch=at.batch, person=at.tom, to=1, now=clock.now(), actor_id=at.actor_id
    ),
    "changes places": lambda at: moving.swap(
        at.db, batch=at.batch, one=at.bea, other=at.tom, now=clock.now(), actor_id=at.actor_id
    ),
    "gets new words": lambda at: returning.give_words(
        at.db, batch=at.batch, person=at.tom, actor_id=at.actor_id
    ),
    "wants to go on": lambda at: keep_going(
        at.db, batch=at.batch, person=at.tom, yes=True, now=clock.now()
    ),
    "calls for help": lambda at: desking.call_helper(
        at.db, batch=at.batch, person=at.tom, now=clock.now()
    ),
    "gives dots": lambda at: writing.give_dots(
        at.db, batch=at.batch, person=at.tom, chosen=(), now=clock.now()
    ),
    "takes the pen": lambda at: writing.hold_pen(at.db, batch=at.batch, person=at.tom),
}
ON_CARDS: dict[str, Act] = {
    name: TAPS[name] for name in ("is asked to host", "helps the host", "comes", "does not come")
} | {
    "fills it": lambda at: filling.fill(
        at.db, batch=at.batch, card=at.view.card, typed={"kind": "stall"}, now=clock.now()
    ),
    "says yes to hosting": TAPS["says yes to hosting"],
    "says no to hosting": lambda at: publishing.decline(
        at.db, batch=at.batch, view=at.view, host=at.tom
    ),
    "is published": lambda at: publishing.publish(
        at.db, batch=at.batch, view=at.view, now=clock.now(), actor_id=at.actor_id
    ),
}


@pytest.fixture
def room(database: Database, cast: Cast) -> int:
    """Bea and Tom at a local table, with a card that has a what, a when and a where."""
    with database.unit_of_work() as db:
        _, batch, (bea, _) = seated(db, cast, "Bea", "Tom")
        filled(db, batch, bea)
        return batch.id


def one(db: Session, name: str) -> Participant:
    tables_of = joinedload(Participant.breakout), joinedload(Participant.strategy)
    return db.scalars(select(Participant).where(Participant.name == name).options(*tables_of)).one()


def as_it_was(database: Database) -> tuple[Participant, Participant, CardView]:
    """What a tap has read before it waits: nothing of it is read again by itself."""
    with database.reading() as db:
        bea, tom = one(db, "Bea"), one(db, "Tom")
        view = card_of(db, tom)
        db.expunge_all()
        return bea, tom, view


def tap(
    database: Database, cast: Cast, room: int, was: tuple[Participant, Participant, CardView]
) -> Callable[[Act], object]:
    bea, tom, view = was

    def done(act: Act) -> object:
        with database.unit_of_work() as db:
            db.add_all([bea, tom])
            return act(Waiting(db, db.get_one(Batch, room), tom, bea, view, cast.organiser.id))

    return done


@pytest.mark.parametrize("act", TAPS.values(), ids=TAPS)
def test_who_was_sent_out_meanwhile_does_nothing_more(
    database: Database, cast: Cast, room: int, act: Act
) -> None:
    was = as_it_was(database)
    with database.unit_of_work() as db:
        out(db, room, cast)
    with pytest.raises(NotHere):
        tap(database, cast, room, was)(act)
    with database.reading() as db:
        tom = one(db, "Tom")
        assert (tom.words, tom.willing, tom.convenes, tom.person_id) == (None, None, False, None)
        assert db.scalars(select(Commitment)).all() == []
        card = card_of(db, one(db, "Bea")).card
        assert (card.host_id, card.cohost_id, card.event_id) == (None, None, None)


@pytest.mark.parametrize("act", ON_CARDS.values(), ids=ON_CARDS)
def test_a_card_that_is_gone_meanwhile_is_said_to_be_gone(
    database: Database, cast: Cast, room: int, act: Act
) -> None:
    was = as_it_was(database)
    with database.unit_of_work() as db:
        db.execute(delete(Card))
    with pytest.raises(CardGone):
        tap(database, cast, room, was)(act)


def test_who_changes_phones_while_they_are_sent_out_is_out_with_the_one_in_their_hand(
    database: Database, cast: Cast, room: int
) -> None:
    was = as_it_was(database)
    with database.unit_of_work() as db:
        batch, tom = db.get_one(Batch, room), one(db, "Tom")
        words = returning.give_words(db, batch=batch, person=tom, actor_id=cast.organiser.id)
        returning.come_back(db, batch=batch, words=words)
        in_hand = tom.fingerprint
    tap(database, cast, room, was)(
        lambda at: send_out(
            at.db,
            batch=at.batch,
            person=at.tom,
            reason="behaviour",
            words="",
            now=clock.now(),
            actor_id=at.actor_id,
        )
    )
    with database.reading() as db:
        assert db.scalars(select(SentOut.fingerprint)).one() == in_hand
        assert one(db, "Tom").fingerprint is None


@pytest.mark.storm
def test_words_that_are_given_in_the_moment_of_being_sent_out_bring_nobody_back(
    database: Database, cast: Cast, room: int
) -> None:
    given = list[str]()

    def desk(number: int) -> None:
        with database.unit_of_work() as db:
            tom = one(db, "Tom")
            if number == 0:
                out(db, room, cast, tom)
            else:
                at = db.get_one(Batch, room)
                given.append(
                    returning.give_words(db, batch=at, person=tom, actor_id=cast.organiser.id)
                )

    wrong = [error for error in at_once(5, desk) if isinstance(error, Exception)]
    assert all(isinstance(error, DomainError) for error in wrong), wrong
    for words in given:
        with pytest.raises(DomainError), database.unit_of_work() as db:
            returning.come_back(db, batch=db.get_one(Batch, room), words=words)
    with database.reading() as db:
        assert one(db, "Tom").left_at is not None
        assert [person.name for person in tables.members(db, one(db, "Bea").breakout_id)] == ["Bea"]


def out(db: Session, room: int, cast: Cast, tom: Participant | None = None) -> None:
    """The desk sends Tom out."""
    send_out(
        db,
        batch=db.get_one(Batch, room),
        person=tom or one(db, "Tom"),
        reason="behaviour",
        words="",
        now=clock.now(),
        actor_id=cast.organiser.id,
    )
