"""An evening of the demo that is over, held by the room's own operations, from doors to close."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy.orm import Session

from campaign.commands.demo.placing import venue_of
from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import clock
from campaign.groups.models import Group
from campaign.meetups.models import Batch, Breakout, Participant
from campaign.meetups.operations import filling, joining, running, sheets
from campaign.meetups.operations.committing import take
from campaign.meetups.operations.filling import CardPlace
from campaign.meetups.operations.opening import open_room
from campaign.meetups.operations.publishing import accept
from campaign.meetups.queries import rooms, tables
from campaign.meetups.queries import sheets as written
from campaign.meetups.queries.tables import CardView
from campaign.meetups.rules.joining import Consents, Whereabouts
from campaign.meetups.rules.phases import Phase, plan
from campaign.meetups.rules.sheets import Hands, Line
from campaign.people.models import Person

ANNOUNCED, DOORS_OPEN = timedelta(days=14), timedelta(minutes=30)
HOME = "The green door"
# A range for drama: nobody has these numbers.
NUMBER = "+4477009004{:02}"


@dataclass(frozen=True)
class Plan:
    """An event that a table of a town plans, so many days after the evening; without a venue it
    is at a home."""

    town: str
    kind: str
    days: int
    start: str
    venue: str = ""


@dataclass(frozen=True)
class Guest:
    """Somebody who comes, and the group they come from."""

    person: Person
    group: Group


@dataclass
class Sitting:
    """One evening: what stands of it before anybody comes in."""

    db: Session
    dice: random.Random
    public_id: str
    title: str
    preset: str
    group: Group
    host: Person
    starts_at: datetime
    venue: str
    guests: Sequence[Guest]
    plans: Sequence[Plan]
    ideas: Sequence[str] = ()

    def hold(self) -> Event:
        """Hold it from the announcement to the close, each part at its own hour."""
        steps = plan(self.preset)
        length = timedelta(minutes=sum(step.minutes or 0 for step in steps))
        with clock.at(self.starts_at - ANNOUNCED):
            event = self._announce(self.starts_at + length)
        with clock.at(self.starts_at - DOORS_OPEN):
            self._come_in(event)
        moment = self.starts_at
        for step in steps[1:]:
            with clock.at(moment):
                self._go_to(step.phase)
            moment += timedelta(minutes=step.minutes or 0)
        return event

    @property
    def _towns(self) -> dict[str, str]:
        """The town of each outcode from which somebody comes."""
        return {_outcode(one.group): town_of(one.group) for one in self.guests}

    def _announce(self, ends_at: datetime) -> Event:
        return events.announce(
            self.db,
            group=self.group,
            host=self.host,
            kind="meetup",
            title=self.title,
            starts_at=self.starts_at,
            ends_at=ends_at,
            place=venue_of(self.group, self.venue, town=town_of(self.group)),
            capacity=60,
            about="Talk in small groups, then plan what we do next with the people near you.",
            listed=True,
            public_id=self.public_id,
        )

    def _come_in(self, event: Event) -> None:
        opened = open_room(
            self.db,
            event=event,
            preset=self.preset,
            actor_id=self.host.id,
            now=clock.now(),
            dice=self.dice,
        )
        self.batch: Batch = rooms.batch_of(self.db, opened)
        for at, guest in enumerate(self.guests):
            self._join(guest, at)

    def _join(self, guest: Guest, at: int) -> None:
        first, _, last = guest.person.name.rpartition(" ")
        home = guest.group
        assert home.lat is not None and home.lng is not None  # a group of the demo has a place
        near = Whereabouts(
            _outcode(home),
            home.lat + self.dice.uniform(-0.012, 0.012),
            home.lng + self.dice.uniform(-0.012, 0.012),
        )
        joined = joining.join(
            self.db,
            batch=self.batch,
            name=first,
            initial=last[:1],
            email=guest.person.email,
            phone=NUMBER.format(at),
            where=near,
            consents=Consents(contact=True, names=True),
            person_id=guest.person.id,
            now=clock.now(),
        ).participant
        joining.tell(
            self.db, batch=self.batch, person=joined, leads=at % 5 == 0, is_new=at % 3 == 2
        )

    def _go_to(self, phase: Phase) -> None:
        running.move_on(
            self.db,
            batch=self.batch,
            seen=self.batch.phase,
            to=phase.value,
            now=clock.now(),
            actor_id=self.host.id,
            naming=lambda table: self._towns[table.branch],
        )
        acts: dict[Phase, Callable[[], None]] = {
            Phase.STRATEGY: self._write_sheets,
            Phase.REPORT_BACK: self._give_dots,
            Phase.ASK: self._raise_hands,
            Phase.LOCAL: self._plan,
        }
        acts.get(phase, lambda: None)()

    def _write_sheets(self) -> None:
        ideas = iter(self.ideas)
        there = rooms.present(self.db, self.batch.id)
        for view in written.sheets_of(self.db, self.batch.id):
            sitting = [person for person in there if person.strategy_id == view.table.id]
            for position, text in zip((1, 2, 3), ideas, strict=False):
                agree = self.dice.randint(len(sitting) // 2, len(sitting))
                hands = Hands(agree=agree, unsure=len(sitting) - agree)
                if position == 1:
                    sheets.hold_pen(self.db, batch=self.batch, person=sitting[0])
                sheets.write_proposal(
                    self.db,
                    batch=self.batch,
                    person=sitting[0],
                    position=position,
                    line=Line(text, hands),
                    now=clock.now(),
                )

    def _give_dots(self) -> None:
        ideas = written.proposals_of(self.db, self.batch.id)
        by_number = [view.proposal.public_id for view in sorted(ideas, key=_by_table)]
        weights = range(len(by_number), 0, -1)
        for person in rooms.present(self.db, self.batch.id):
            chosen = set(self.dice.choices(by_number, weights=weights, k=3))
            sheets.give_dots(
                self.db, batch=self.batch, person=person, chosen=chosen, now=clock.now()
            )

    def _raise_hands(self) -> None:
        for at, person in enumerate(rooms.present(self.db, self.batch.id)):
            willing = "host" if at % 3 == 0 else ("cohost", "come")[at % 2]
            joining.raise_hand(self.db, batch=self.batch, person=person, willing=willing)

    def _plan(self) -> None:
        dealt = [table for table, _ in rooms.tables(self.db, self.batch.id)]
        in_turn = {table.id: cycle(tables.members(self.db, table.id)) for table in dealt}
        of_town = {
            town: cycle([table for table in dealt if table.name == town])
            for town in self._towns.values()
        }
        for planned in self.plans:
            table = next(of_town[planned.town])
            self._fill(planned, table, next(in_turn[table.id]), next(in_turn[table.id]))

    def _fill(self, planned: Plan, table: Breakout, host: Participant, helper: Participant) -> None:
        db, batch, now = self.db, self.batch, clock.now()
        card = next(
            (view.card for view in tables.cards_of_table(db, table.id) if view.card.kind is None),
            None,
        ) or filling.begin_card(db, batch=batch, breakout_id=table.id, now=now)
        group = next(one.group for one in self.guests if one.person.id == host.person_id)
        point: dict[str, Any] = {"postcode": group.place, "lat": table.lat, "lng": table.lng}
        typed = {
            "kind": planned.kind,
            "day": (self.starts_at + timedelta(days=planned.days)).date().isoformat(),
            "start": planned.start,
            "capacity": "12",
            "step_free": "yes" if planned.venue else "unknown",
        }
        where = CardPlace("venue", planned.venue, **point) if planned.venue else CardPlace("home")
        filling.fill(db, batch=batch, card=card, typed=typed, place=where, now=now)
        filling.ask_host(db, batch=batch, card=card, host=host)
        filling.help_host(db, batch=batch, card=card, cohost=helper, yes=True)
        for person in tables.members(db, table.id):
            if person.id != host.id and self.dice.random() < 0.8:
                take(db, batch=batch, view=self._view(card.public_id), person=person, now=now)
        kind = PlaceKind.VENUE if planned.venue else PlaceKind.HOME
        choice = PlaceChoice(kind, venue=planned.venue or HOME, town=town_of(group), **point)
        accept(db, batch=batch, view=self._view(card.public_id), host=host, place=choice, now=now)

    def _view(self, public_id: str) -> CardView:
        found = tables.card_by_public_id(self.db, batch_id=self.batch.id, public_id=public_id)
        assert found is not None  # begun a moment ago
        return found


def town_of(group: Group) -> str:
    """The town of one of the demo's groups: it is called after it."""
    return group.name.rpartition(" ")[2]


def _outcode(group: Group) -> str:
    return group.place.partition(" ")[0]


def _by_table(view: written.ProposalView) -> tuple[int, int]:
    return view.table, view.proposal.position
