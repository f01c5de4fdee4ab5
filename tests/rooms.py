"""Meetups to look at: one in each part of its evening, with somebody's phone in it."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.queries.planned import planned_at
from campaign.events.rules.door import By, Tap
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock, tokens
from campaign.groups.models import Group
from campaign.meetups.models import Batch, DeskDevice, HostAsked, Participant, SeedGroup, SeedInvite
from campaign.meetups.operations import (
    committing,
    expecting,
    filling,
    joining,
    paper,
    publishing,
    running,
    sheets,
    topics,
)
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.operations.marking import mark_table
from campaign.meetups.operations.opening import lay_out, open_room
from campaign.meetups.queries import people, rooms, tables
from campaign.meetups.queries import sheets as written
from campaign.meetups.queries.topics import topics_of
from campaign.meetups.rules.joining import Consents, Whereabouts
from campaign.meetups.rules.needs import NOTHING
from campaign.meetups.rules.sheets import Hands, Line
from campaign.people.models import Person

PHASES = (
    "doors", "plenary", "strategy", "report_back", "ask", "local", "commit", "close", "over",
)  # fmt: skip
IDEAS = (
    "Ring the same street on the same evening, so people talk about it",
    "A stall outside every letting agent for one Saturday",
    "Ask each tenant to bring the flat above and below",
)
TOPICS = (
    "Rents: what would stop the next rise?",
    "Neighbours: how do we meet everybody on a street?",
    "The council: what can it do by May?",
)
HANOVER = ("Hanover Centre", "BN2 9QA", 50.8295, -0.1242)
NEEDS_OF = {"Bea": frozenset({"quiet"}), "Otis": frozenset({"bsl", "step_free"})}
SIGNED_UP = (
    "Ada Obi", "Adam Price", "Aisha Khan", "Bea Moran", "Bilal Shah", "Carys Evans", "Dan Novak",
    "Eira Bevan", "Ewa Kowalska", "Femi Ade", "Grace Lim", "Hamza Aziz", "Idris Pugh", "Joan Mills",
    "Kit Farrow", "Lena Weiss", "Mairi Ross", "Nia Rees", "Olu Bello", "Pat Quinn", "Ravi Nair",
    "Siân Parry", "Tom Adeyemi", "Una Kelly", "Vera Blum", "Wanda Szabo", "Yusuf Demir", "Zoë Hart",
)  # fmt: skip
NAMES = ("Bea", "Tom", "Sian", "Yusuf", "Greta", "Marek", "Ines", "Otis", "Petra")


def a_hall(db: Session, *, group: Group, host: Person, phase: str) -> tuple[str, str, Batch]:
    """A meetup in a part of its evening; its code, and the key of Bea's phone."""
    event = _event(db, group, host)
    meetup = open_room(
        db,
        event=event,
        preset="meetup",
        actor_id=host.id,
        now=clock.now(),
        dice=random.Random(phase),
        steward="Sian and Marek, at the tea table.",
    )
    batch = rooms.batch_of(db, meetup)
    bea = _people(db, batch)
    lay_out(db, batch=batch, floor="1-3 By the stage; 4-9 At the windows", actor_id=host.id)
    for number, key in ((1, "bsl"), (2, "quiet"), (3, "step_free")):
        mark_table(db, batch=batch, number=number, key=key, on=True, actor_id=host.id)
    for text in TOPICS:
        topics.set_topic(db, batch=batch, text=text, now=clock.now())
    offered = [view.topic.public_id for view in topics_of(db, batch.id)]
    for at, person in enumerate(rooms.present(db, batch.id)):
        topics.vote(db, batch=batch, person=person, chosen=offered[at % 3 :])
    for following in PHASES[1 : PHASES.index(phase) + 1]:
        if following == "report_back":
            _write(db, batch)
        if following == "commit":
            _plan(db, batch, bea.participant)
        batch = running.move_on(
            db,
            batch=batch,
            seen=batch.phase,
            to=following,
            now=clock.now(),
            actor_id=host.id,
            naming=lambda table: f"Brighton {table.branch}".strip(),
        )
        if following == "strategy":
            _hold_the_pen(db, batch, bea.participant)
        if following == "report_back":
            _dot(db, batch)
    return meetup.code, bea.key, batch


def _hold_the_pen(db: Session, batch: Batch, bea: Participant) -> None:
    """Bea writes for her table, and has her first idea down."""
    now = clock.now()
    sheets.hold_pen(db, batch=batch, person=bea)
    line = Line(IDEAS[0], Hands(7, 1, 0), bea.public_id)
    sheets.write_proposal(db, batch=batch, person=bea, position=1, line=line, now=now)


def _write(db: Session, batch: Batch) -> None:
    """Every table has somebody who writes two more ideas, a worry, and what they need."""
    for view in written.sheets_of(db, batch.id):
        sitting = written.at_table(db, view.table.id)
        writer = view.recorder or next((p for p in sitting if not p.is_practice), sitting[0])
        sheets.hold_pen(db, batch=batch, person=writer)
        for position, text in enumerate(IDEAS[1:], start=2):
            line = Line(f"{text}, table {view.table.number}", Hands(6, 1, 1))
            sheets.write_proposal(
                db, batch=batch, person=writer, position=position, line=line, now=clock.now()
            )
        sheets.write_lines(
            db, batch=batch, person=writer, worry="It gets dark early", ask="Leaflets in Polish",
            now=clock.now(),
        )  # fmt: skip


def _dot(db: Session, batch: Batch) -> None:
    """Most of the room has given its dots, Bea not yet; one idea is hidden."""
    ideas = written.proposals_of(db, batch.id)
    for at, person in enumerate(rooms.present(db, batch.id)[1:20]):
        chosen = {ideas[at % len(ideas)].proposal.public_id, ideas[0].proposal.public_id}
        sheets.give_dots(db, batch=batch, person=person, chosen=chosen, now=clock.now())
    sheets.hide(
        db, batch=batch, public_id=ideas[-1].proposal.public_id, why="It names a neighbour.",
        now=clock.now(), actor_id=batch.meetup.opened_by,
    )  # fmt: skip


def asked(db: Session, batch: Batch) -> str:
    """The card that Bea is asked to host, complete but for her yes."""
    bea = rooms.present(db, batch.id)[0]
    return _card(db, batch, bea, "canvass").card.public_id


def _event(db: Session, group: Group, host: Person) -> Event:
    soon = clock.now() + timedelta(hours=1)
    return events.announce(
        db,
        group=group,
        host=host,
        kind="meetup",
        title="Hanover campaign meetup",
        starts_at=soon,
        ends_at=soon + timedelta(hours=2),
        place=PlaceChoice(
            PlaceKind.VENUE, venue=HANOVER[0], postcode=HANOVER[1], lat=HANOVER[2], lng=HANOVER[3]
        ),
        capacity=120,
        listed=True,
    )


def _people(db: Session, batch: Batch) -> joining.Joined:
    dice = random.Random(4417)
    bea = None
    for name in NAMES:
        joined = joining.join(
            db,
            batch=batch,
            consents=Consents(contact=True, names=True),
            name=name,
            initial="M",
            email=f"{name.lower()}@people.example",
            needs=NEEDS_OF.get(name, NOTHING),
            where=Whereabouts("BN2", HANOVER[2] + dice.gauss(0, 0.004), HANOVER[3]),
            now=clock.now(),
        )
        joining.raise_hand(
            db, batch=batch, person=joined.participant, willing=dice.choice(["host", "come"])
        )
        bea = bea or joined
    assert bea is not None
    bea.participant.willing = None
    joining.bring_in(
        db,
        batch=batch,
        name="Winifred",
        initial="K",
        where=Whereabouts("BN2", HANOVER[2], HANOVER[3]),
        access_needs="A chair near the door",
        needs=frozenset({"step_free"}),
        now=clock.now(),
        actor_id=batch.meetup.opened_by,
    )
    for _ in range(3):
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=batch.meetup.opened_by)
    return bea


def _card(db: Session, batch: Batch, bea: Participant, kind: str) -> tables.CardView:
    """A card of Bea's table with a what, a when and a where, that waits for her."""
    view = tables.cards_of_table(db, bea.breakout_id or 0)[-1]
    now = clock.now()
    filling.fill(
        db,
        batch=batch,
        card=view.card,
        typed={
            "kind": kind,
            "day": (now + timedelta(days=3)).date().isoformat(),
            "start": "11:00",
        },
        place=CardPlace("venue", *HANOVER),
        now=now,
    )
    filling.ask_host(db, batch=batch, card=view.card, host=bea)
    return tables.cards_of_table(db, bea.breakout_id or 0)[-1]


def _plan(db: Session, batch: Batch, bea: Participant) -> None:
    """Two events on the wall: one that Bea hosts, and one she may take."""
    place = PlaceChoice(
        PlaceKind.VENUE, venue=HANOVER[0], postcode=HANOVER[1], lat=HANOVER[2], lng=HANOVER[3]
    )
    others = [one for one in rooms.present(db, batch.id) if not one.is_practice]
    second = next(one for one in others if one.breakout_id == bea.breakout_id and one is not bea)
    for host, kind in ((bea, "phonebank"), (second, "stall")):
        view = _card(db, batch, host, kind)
        publishing.accept(db, batch=batch, view=view, host=host, place=place, now=clock.now())
        view = tables.cards_of_table(db, bea.breakout_id or 0)[-1]
        for one in rooms.present(db, batch.id)[:24]:
            if one.is_practice and one.breakout_id == bea.breakout_id:
                committing.take(db, batch=batch, view=view, person=one, now=clock.now())
        filling.begin_card(db, batch=batch, breakout_id=bea.breakout_id or 0, now=clock.now())


def halls(db: Session) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Names for the addresses of every part of the evening, and the phones that are in them."""
    group = db.scalars(select(Group).where(Group.slug == "brighton")).one()
    host = db.scalars(select(Person).where(Person.email == "organiser@demo.example")).one()
    named = {"unopened": _event(db, group, host).public_id}
    phones = []
    for phase in (*PHASES, "asked"):
        code, key, batch = a_hall(
            db, group=group, host=host, phase="local" if phase == "asked" else phase
        )
        named[f"{phase}_room"] = code
        named[f"{phase}_event"] = batch.meetup.event.public_id
        phones.append((code, key))
        if phase == "doors":
            _sign_up(db, batch, host)
        if phase in ("doors", "commit"):
            named |= _desk_devices(db, batch, host)
        if phase == "report_back":
            named["phoneless"] = people.brought_in(db, batch.id)[0].public_id
        if phase == "local":
            made = paper.print_sheets(db, batch=batch, many=3, now=clock.now(), actor_id=host.id)
            named["paper"] = made[0].code
        if phase == "asked":
            named["card"] = asked(db, batch)
        if phase == "over":
            named |= _answers(db, batch)
    return named, phones


def _sign_up(db: Session, batch: Batch, host: Person) -> None:
    """People signed up: some are here by the list at the door, Wanda by her phone, two wait."""
    event = batch.meetup.event
    for at, name in enumerate(SIGNED_UP):
        email = f"{name.split()[0].lower()}@people.example"
        made = events.sign_up(db, event=event, name=name, email=email, guests=2 * (at == 6)).rsvp
        made.status = "waiting" if at in (9, 20) else made.status
        db.flush()
        if at % 4 == 0:
            tap = Tap(By(person_id=host.id), clock.now())
            given = {"public_id": made.public_id, "lives": lambda _: Whereabouts(), "tap": tap}
            expecting.bring_in_expected(db, batch=batch, **given)  # type: ignore[arg-type]
    joining.join(db, batch=batch, name="Wanda", email="wanda@people.example", now=clock.now())


def _desk_devices(db: Session, batch: Batch, host: Person) -> dict[str, str]:
    """A link that opens the desk elsewhere, and where people sign up a laptop that holds it."""
    now, key, token = clock.now(), tokens.secret(), tokens.secret()
    later = now + timedelta(hours=3)
    held = DeskDevice(
        meetup_id=batch.meetup_id,
        given_by=host.id,
        given_at=now,
        link=tokens.fingerprint(key),
        link_ends_at=later,
    )
    db.add(held)
    if batch.phase == "doors":
        return {"desk_key": key}
    held.name, held.fingerprint = "Laptop at the door", tokens.fingerprint(token)
    held.opened_at, held.ends_at = now, later
    return {"desk_device": token}


def _answers(db: Session, batch: Batch) -> dict[str, str]:
    """Keys of the letters to a host: is it on, and did it take place."""
    event = planned_at(db, batch.meetup.event_id, now=clock.now())[0].event
    keys = {"seed_key": _seed(db, batch, event.host_id)}
    for question in ("on", "held"):
        keys[f"{question}_key"] = key = tokens.secret()
        db.add(
            HostAsked(
                event_id=event.id,
                person_id=event.host_id,
                question=question,
                fingerprint=tokens.fingerprint(key),
                asked_at=clock.now(),
            )
        )
    db.flush()
    return keys


def _seed(db: Session, batch: Batch, convenor_id: int) -> str:
    """A table that goes on as a group; the key of who was asked."""
    seed = SeedGroup(
        meeting_id=batch.meetup.event_id,
        name="Newhaven BN9",
        lat=50.79,
        lng=0.05,
        convenor_id=convenor_id,
        made_at=clock.now(),
    )
    db.add(seed)
    db.flush()
    key = tokens.secret()
    asked = {"email": "tom@people.example", "name": "Tom", "fingerprint": tokens.fingerprint(key)}
    db.add(SeedInvite(seed_id=seed.id, **asked))
    return key
