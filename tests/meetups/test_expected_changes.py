"""A page that follows the list at the door hears what changed since, and nothing else."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Meetup
from campaign.meetups.operations import joining, sending_out
from campaign.meetups.queries import rooms
from campaign.meetups.rules.changes import GROUPS, HEADER, PARTS
from campaign.people.models import Person
from tests.cast import Cast, an_rsvp
from tests.events.makers import signed_up
from tests.meetups.expecting import ANN, an_evening, bring
from tests.meetups.making import a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")

LINE = re.compile(r'<li id="r-(\w+)" data-find="(.*?) (\d+)"(?: data-after="(\w*)")?.*?</li>', re.S)
MANY = 1000
NAMES = ("Ann Barnes", "Bob Carr", "Cai Dunn", "Will West", "Xena Wu", "Zoe Young")
Act = Callable[[Session, Meetup, Cast], object]


class Page:
    """What a browser shows that puts in what it is told, as static/js/behaviours/room_lines.js."""

    def __init__(self, desk: ProofReadingClient, address: str) -> None:
        self.desk, self.address = desk, address
        self.bytes = 0
        self.load()

    def load(self) -> None:
        text = self.desk.get(self.address).text
        self.lists = {
            name: [(one[1], one[0]) for one in LINE.finditer(part)] for name, part in uls(text)
        }
        self.holds = re.search(r'data-holds="(.*?)"', text)[1].split(" ")  # type: ignore[index]
        self.count = words(text, "expected-count")
        self.last = words(text, "expected-last")

    def ask(self, address: str = "") -> int:
        """One question; answers its status. A whole page fails."""
        answer = self.desk.get(address or self.address, headers={HEADER: " ".join(self.holds)})
        self.bytes = len(answer.data)
        if answer.status_code == 200:
            assert "<!doctype" not in answer.text.lower(), "the whole page"
            self.take(answer.text)
        return answer.status_code

    def tap(self, **told: str) -> None:
        sent = self.desk.post_form(self.address, told, page=self.address)
        assert sent.status_code == 303
        self.ask(sent.headers["Location"])

    def take(self, text: str) -> None:
        changed = dict(
            one.split(":")
            for one in re.search(r'data-changed="(.*?) *"', text)[1].split()  # type: ignore[index]
        )
        sent = {one[1] for one in LINE.finditer(text)}
        for name, lines in self.lists.items():
            self.lists[name] = [
                line for line in lines if not (group(line[1]) in changed and line[0] not in sent)
            ]
        for name, part in uls(text):
            for one in LINE.finditer(part):
                for lines in self.lists.values():
                    lines[:] = [line for line in lines if line[0] != one[1]]
                ids = [line[0] for line in self.lists[name]]
                at = ids.index(one[4]) + 1 if one[4] else 0
                self.lists[name].insert(at, (one[1], re.sub(r' data-after="\w*"', "", one[0])))
        for at, digest in changed.items():
            self.holds[int(at)] = digest
        self.count = words(text, "expected-count") or self.count
        self.last = words(text, "expected-last") or self.last

    def seen(self) -> tuple[object, ...]:
        """What it shows and holds, but for the words about the last tap."""
        return self.lists, self.count, [*self.holds[:2], *self.holds[3:]]


def uls(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<ul (?:class="expected-list" id|data-lines)="(\w+)">(.*?)</ul>', text, re.S)


def group(line: str) -> str:
    return str(len(PARTS) + int(LINE.match(line)[3]) % GROUPS)  # type: ignore[index]


def words(text: str, part: str) -> str:
    found = re.search(rf'<div id="{part}".*?</div>', text, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


@pytest.fixture
def desk(client: ProofReadingClient, cast: Cast) -> ProofReadingClient:
    client.sign_in(cast.organiser)
    return client


def letters_of(number: int) -> str:
    return "".join(chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))


def many_sign_ups(db: Session, cast: Cast, many: int) -> tuple[Meetup, list[str]]:
    meetup, _ = an_evening(db, cast)
    event, ids = db.get_one(Event, meetup.event_id), []
    for ticket in range(1, many + 1):
        person = Person(name="Pia Quist", made_at=event.starts_at)
        person.email = f"p{ticket}@people.example"
        db.add(person)
        db.flush()
        name = f"{letters_of(ticket * 7).title()} Quist"
        ids.append(an_rsvp(db, event, person, name=name, place_in_line=ticket).public_id)
    return meetup, ids


def test_of_a_thousand_a_tap_and_a_look_cost_what_changed(
    desk: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, ids = many_sign_ups(db, cast, MANY)
    address = f"/m/{meetup.code}/door/list"
    door, other = Page(desk, address), Page(desk, address)
    assert (door.ask(), door.bytes) == (304, 0)
    door.tap(came=ids[500])
    assert door.bytes < 5_000
    assert f"{letters_of(501 * 7).title()} Q. is number 1" in door.last
    assert "1 of 1000 who signed up is here" in door.count
    assert other.ask() == 200
    assert other.bytes < 4_000
    assert other.ask() == 304
    door.tap(back=ids[500])
    assert door.bytes < 5_000
    other.ask()
    assert door.seen() == other.seen() == Page(desk, address).seen()
    assert len(" ".join(door.holds)) < 1_000, "what a page says of itself"


def cancels(db: Session, meetup: Meetup, cast: Cast) -> None:
    del meetup, cast
    rsvp_of(db, "Ann Barnes").status = "cancelled"


def is_sent_out(db: Session, meetup: Meetup, cast: Cast) -> None:
    held = bring(db, cast, meetup, rsvp_of(db, "Ann Barnes"))
    assert held is not None
    told = {"reason": "behaviour", "words": "", "actor_id": cast.organiser.id}
    batch = rooms.batch_of(db, meetup)
    sending_out.send_out(db, batch=batch, person=held, now=clock.now(), **told)  # type: ignore[arg-type]


def signs_up(db: Session, meetup: Meetup, cast: Cast) -> None:
    del cast
    signed_up(db, db.get_one(Event, meetup.event_id), "Abe Adams")


def is_a_namesake(db: Session, meetup: Meetup, cast: Cast) -> None:
    """Two lines are called otherwise, and stand in another order."""
    del cast
    signed_up(db, db.get_one(Event, meetup.event_id), "Ann Bacon", email="bacon@people.example")


def joins_by_phone(db: Session, meetup: Meetup, cast: Cast) -> None:
    del cast
    a_participant(db, rooms.batch_of(db, meetup), "Ann", email=ANN)


def leaves_by_phone(db: Session, meetup: Meetup, cast: Cast) -> None:
    batch = rooms.batch_of(db, meetup)
    held = a_participant(db, batch, "Ann", email=ANN).participant
    joining.leave(db, batch=batch, person=held, now=clock.now())
    bring(db, cast, meetup, rsvp_of(db, "Bob Carr"))


def takes_a_name(db: Session, meetup: Meetup, cast: Cast) -> None:
    """The last of the alphabet becomes the first."""
    del meetup, cast
    rsvp_of(db, "Zoe Young").name = "Abe Young"


def gets_another_ticket(db: Session, meetup: Meetup, cast: Cast) -> None:
    """Who cancelled signs up anew: the line moves to another group."""
    del meetup, cast
    rsvp_of(db, "Ann Barnes").place_in_line = 77


def loses_the_place(db: Session, meetup: Meetup, cast: Cast) -> None:
    del meetup, cast
    rsvp_of(db, "Bob Carr").status = "waiting"


def gets_a_place(db: Session, meetup: Meetup, cast: Cast) -> None:
    del meetup, cast
    rsvp_of(db, "Will West").status = "accepted"


def walks_in(db: Session, meetup: Meetup, cast: Cast) -> None:
    """Nobody of the list; the hall has one more."""
    del cast
    a_participant(db, rooms.batch_of(db, meetup), "Tom")


def rsvp_of(db: Session, name: str) -> Rsvp:
    return db.scalars(select(Rsvp).where(Rsvp.name == name)).one()


ACTS = [
    *(cancels, is_sent_out, signs_up, is_a_namesake, joins_by_phone, leaves_by_phone),
    *(takes_a_name, gets_another_ticket, loses_the_place, gets_a_place, walks_in),
]


@pytest.fixture
def evening(database: Database, cast: Cast) -> str:
    """Some have a place and two wait; the address of the list."""
    with database.unit_of_work() as db:
        meetup, _ = an_evening(db, cast, *NAMES)
        for name in ("Will West", "Xena Wu"):
            rsvp_of(db, name).status = "waiting"
        return f"/m/{meetup.code}/door/list"


def happens(database: Database, cast: Cast, evening: str, act: Act) -> None:
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, evening.split("/")[2])
        assert meetup is not None
        act(db, meetup, cast)


@pytest.mark.parametrize("act", ACTS)
def test_a_page_that_is_told_what_changed_is_as_one_that_is_loaded_anew(
    desk: ProofReadingClient, database: Database, cast: Cast, evening: str, act: Act
) -> None:
    door = Page(desk, evening)
    before = door.seen()
    happens(database, cast, evening, act)
    assert door.ask() == 200
    fresh = Page(desk, evening).seen()
    assert door.seen() == fresh != before
    assert door.ask() == 304


def test_answers_in_the_wrong_order_are_mended_by_the_next(
    desk: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    door = Page(desk, evening)
    asked = {HEADER: " ".join(door.holds)}
    happens(database, cast, evening, joins_by_phone)
    early = desk.get(evening, headers=asked).text
    happens(database, cast, evening, takes_a_name)
    happens(database, cast, evening, lambda db, meetup, cast: _gone(db, meetup))
    late = desk.get(evening, headers=asked).text
    door.take(late)
    door.take(early)
    assert door.seen() != Page(desk, evening).seen(), "what came last was the older one"
    assert door.ask() == 200
    assert door.seen() == Page(desk, evening).seen()


def _gone(db: Session, meetup: Meetup) -> None:
    """Ann's phone goes: her line is as it was at first."""
    batch = rooms.batch_of(db, meetup)
    (held,) = rooms.present(db, batch.id)
    joining.leave(db, batch=batch, person=held, now=clock.now())


@pytest.mark.parametrize("held", ["", "x", "a" * 5000, "AAAAA " * 131, "<b>", "AAAA\xe9 " * 132])
def test_who_does_not_say_what_they_hold_gets_the_whole_page(
    desk: ProofReadingClient, evening: str, held: str
) -> None:
    answer = desk.get(evening, headers={HEADER: held})
    assert answer.status_code == 200
    assert "<!doctype html>" in answer.text.lower()
    assert len(LINE.findall(answer.text)) == len(NAMES)


def test_whoever_looks_for_a_name_gets_the_whole_page_and_holds_nothing(
    desk: ProofReadingClient, evening: str
) -> None:
    door = Page(desk, evening)
    answer = desk.get(f"{evening}?q=bo", headers={HEADER: " ".join(door.holds)})
    assert "1 found for “bo”" in answer.text
    assert 'data-holds=""' in answer.text


@pytest.mark.parametrize("names", [(), NAMES[:1]])
def test_what_frames_the_lines_comes_with_the_whole_page(
    desk: ProofReadingClient, database: Database, cast: Cast, names: tuple[str, ...]
) -> None:
    with database.unit_of_work() as db:
        meetup, _ = an_evening(db, cast, *names)
        a_participant(db, rooms.batch_of(db, meetup), "Tom")
    address = f"/m/{meetup.code}/door/list"
    door = Page(desk, address)
    if names:
        happens(database, cast, address, lambda db, *_: _over(db, meetup, cast))
    else:
        happens(database, cast, address, signs_up)
    answer = desk.get(address, headers={HEADER: " ".join(door.holds)})
    assert "<!doctype html>" in answer.text.lower()
    assert ("This meetup is over." if names else "Abe A.") in answer.text


def _over(db: Session, meetup: Meetup, cast: Cast) -> None:
    move_to(db, rooms.batch_of(db, meetup), "over", cast.organiser.id)


def test_a_tap_sent_again_is_answered_by_nothing_new(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    with database.reading() as db:
        ann = rsvp_of(db, "Ann Barnes").public_id
    door = Page(desk, evening)
    told = {"came": ann, "tap_mark": "6b1f9a52-3c1e-4f9b-8a57-0d2f6a1b7c90"}
    door.tap(**told)
    sent = desk.post_form(evening, told, page=evening)
    assert door.ask(sent.headers["Location"]) == 304


def test_nobody_hears_what_changed_who_may_not_see_the_list(
    client: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    client.sign_in(cast.organiser)
    held = {HEADER: " ".join(Page(client, evening).holds)}
    happens(database, cast, evening, joins_by_phone)
    for person in (cast.stranger, cast.supporter, cast.caller, cast.lead):
        client.sign_in(person)
        answer = client.get(evening, headers=held)
        assert answer.status_code == 404
        assert "Ann" not in answer.text
    client.sign_out()
    assert client.get(evening, headers=held).status_code == 303
