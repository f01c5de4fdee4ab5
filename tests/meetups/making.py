"""Small makers for a room: an opened meetup, people in it, tables that are dealt."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.operations import filling, joining, running
from campaign.meetups.operations.committing import take
from campaign.meetups.operations.filling import CardPlace, ask_host, fill
from campaign.meetups.operations.opening import open_room
from campaign.meetups.operations.publishing import accept
from campaign.meetups.queries import rooms, tables
from campaign.meetups.queries.tables import CardView
from campaign.meetups.queries.wall import wall_for
from campaign.meetups.rules.joining import Consents, Whereabouts
from tests.cast import Cast, an_event

HANOVER = Whereabouts("BN2", 50.8295, -0.1242)
HOVE = Whereabouts("BN3", 50.8279, -0.1688)
CENTRE = CardPlace("venue", "Hanover Centre", "BN2 9QA", 50.8301, -0.1270)
HALL = PlaceChoice(
    kind=PlaceKind.VENUE,
    venue="Hanover Centre",
    postcode="BN2 9QA",
    lat=50.8301,
    lng=-0.1270,
    town="Brighton",
)
HOME = PlaceChoice(
    kind=PlaceKind.HOME,
    venue="7 Rose Walk",
    postcode="BN2 9QA",
    lat=50.8301,
    lng=-0.1270,
    town="Brighton",
)
LEEDS = Whereabouts("LS1", 53.7974, -1.5438)
HOME = PlaceChoice(
    kind=PlaceKind.HOME,
    venue="14 Quince Terrace",
    postcode="BN2 9QA",
    lat=50.8301,
    lng=-0.1270,
    town="Hanover",
)
ONLINE = PlaceChoice(kind=PlaceKind.ONLINE, online_link="https://talk.example/rents")


def a_meetup(db: Session, cast: Cast, **given: object) -> Meetup:
    """The campaign meetup of the cast's group, tonight, with its room open."""
    soon = clock.now() + timedelta(hours=1)
    event: Event = an_event(
        db,
        cast.group,
        cast.organiser,
        "Sussex campaign meetup",
        kind="meetup",
        starts_at=soon,
        ends_at=soon + timedelta(hours=2),
        capacity=250,
    )
    values = {"preset": "short", "actor_id": cast.organiser.id, "now": clock.now()}
    opened = open_room(db, event=event, dice=random.Random(7), **values | given)
    found = rooms.meetup_by_code(db, opened.code)
    assert found is not None
    db.refresh(found, ["event"])
    return found


def a_participant(
    db: Session, batch: Batch, name: str = "Bea", where: Whereabouts = HANOVER, **given: object
) -> joining.Joined:
    """Somebody who came in, with the key of their phone."""
    values = {
        "email": f"{name.lower()}@people.example",
        "now": clock.now(),
        "consents": Consents(contact=True, names=True),
    }
    return joining.join(db, batch=batch, name=name, where=where, **values | given)


def move_to(
    db: Session, batch: Batch, phase: str, actor_id: int, *, preset: str = "short"
) -> Batch:
    """Walk the evening on until it stands where it should."""
    for _ in range(10):
        if batch.phase == phase:
            break
        following = running.phases.neighbours(preset, running.Phase(batch.phase))[1]
        batch = running.move_on(
            db,
            batch=batch,
            seen=batch.phase,
            to=str(following),
            now=clock.now(),
            actor_id=actor_id,
            naming=lambda table: table.branch or "Anywhere",
        )
    return batch


def seated(db: Session, cast: Cast, *names: str) -> tuple[Meetup, Batch, list[Participant]]:
    """A room at its local tables with these people."""
    meetup = a_meetup(db, cast)
    batch = rooms.batch_of(db, meetup)
    people = [a_participant(db, batch, name).participant for name in names]
    return meetup, move_to(db, batch, "local", cast.organiser.id), people


def card_of(db: Session, person: Participant) -> CardView:
    """The first card of somebody's table, as it is now."""
    return tables.cards_of_table(db, person.breakout_id or 0)[0]


def filled(db: Session, batch: Batch, person: Participant, **given: object) -> CardView:
    """The card of somebody's table with a what, a when and a where: a phonebank in two days."""
    now = clock.now()
    typed = {
        "kind": "phonebank",
        "day": (now + timedelta(days=3)).date().isoformat(),
        "start": "11:00",
    }
    place = given.pop("place", CENTRE)
    view = given.pop("view", None) or card_of(db, person)
    fill(db, batch=batch, card=view.card, typed=typed | given, place=place, now=now)
    return fresh(db, batch, view)


def fresh(db: Session, batch: Batch, view: CardView) -> CardView:
    """The same card, read again."""
    found = tables.card_by_public_id(db, batch_id=batch.id, public_id=view.card.public_id)
    assert found is not None
    return found


def asked(db: Session, batch: Batch, host: Participant, **given: object) -> CardView:
    """A filled card that waits for this person's own yes."""
    view = filled(db, batch, host, **given)
    ask_host(db, batch=batch, card=view.card, host=host)
    return fresh(db, batch, view)


def coming(db: Session, batch: Batch, *people: Participant, view: CardView | None = None) -> None:
    """They say that they come to the card of their table."""
    for person in people:
        take(db, batch=batch, view=view or card_of(db, person), person=person, now=clock.now())


def accepted(
    db: Session,
    batch: Batch,
    host: Participant,
    *,
    choice: PlaceChoice | None = None,
    mail: Mail | None = None,
    **given: object,
) -> Event:
    """An event that a table planned: its host has said yes."""
    view = asked(db, batch, host, **given)
    return accept(
        db,
        batch=batch,
        view=view,
        host=host,
        place=choice or HALL,
        now=clock.now(),
        mail=mail,
    )


def statuses(db: object, event: Event) -> dict[str, str]:
    """Who is on the roster of an event, and how."""
    rows = db.execute(
        select(Rsvp.name, Rsvp.status).where(Rsvp.event_id == event.id).order_by(Rsvp.id)
    )
    return {name: status for name, status in rows}


def the_mail(settings: Settings) -> Mail:
    """How letters are written."""
    return Mail(LetterWriter(settings), settings.base_url)


def letters(db: object) -> list[str]:
    """To whom letters go, by their address."""
    return sorted(db.scalars(select(OutboxLetter.to)))


def wall(db: object, batch: Batch, person: Participant) -> list:
    """The wall as somebody sees it now."""
    return wall_for(db, batch.id, person, now=clock.now())


def another(db: object, batch: Batch, person: Participant) -> tables.CardView:
    """A second card for somebody's table."""
    card = filling.begin_card(db, batch=batch, breakout_id=person.breakout_id, now=clock.now())
    return tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)


def at_once(many: int, act: Callable[[int], object]) -> list[object]:
    """Do it in so many threads that start together; what each answered or raised."""
    ready, answers = threading.Barrier(many), [None] * many

    def run(number: int) -> None:
        ready.wait()
        try:
            answers[number] = act(number)
        except Exception as error:
            answers[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
