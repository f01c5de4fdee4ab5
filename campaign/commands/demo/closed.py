"""The demo's meetups that are over: one with what was kept of its promises, one of last night."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain, zip_longest

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from campaign.commands.demo.placing import in_days
from campaign.commands.demo.scribe import Scribe
from campaign.commands.demo.sitting import Guest, Plan, Sitting
from campaign.commands.demo.society import Society
from campaign.events import operations as events
from campaign.events.models import Event
from campaign.events.queries.planned import planned_at
from campaign.foundation import clock
from campaign.home.rules import MEETUP_HELD, MEETUP_LAST
from campaign.meetups.operations.answering import NOT_HELD, answer_for
from campaign.meetups.queries.following import hosts_of
from campaign.meetups.rules.following import Answer
from campaign.people.models import Person

# Long enough ago for what follows on the seventh day.
DAYS_AGO = 9
IDEAS = (
    "Ring every tenant of one street on one evening, then the next street",
    "One letter to the council with two thousand names on it",
    "A stall outside every letting agent on the first Saturday",
    "Ask each tenant to bring the flat above and the flat below",
    "A map of what each landlord owns, made by those who rent from them",
    "Meet in the launderette: everybody is there anyway",
    "Go to the council meeting in one colour and say nothing",
    "Pairs of two callers, one who has done it and one who has not",
    "A helper in every block who knows who is behind with the rent",
)
PLANS = (
    Plan("Brighton", "phonebank", 1, "18:30", "Hanover Centre"),
    Plan("Hove", "stall", 2, "11:00", "Hove Library"),
    Plan("Brighton", "canvass", 3, "14:00", "Elm Grove Corner"),
    Plan("Lewes", "leafleting", 4, "10:00", "Cliffe Bridge"),
    Plan("Brighton", "phonebank", 5, "18:00", "Exeter Hall"),
    Plan("Hove", "phonebank", 6, "18:30"),
    Plan("Brighton", "phonebank", 8, "18:30", "Phoenix Community Centre"),
    Plan("Lewes", "social", 13, "19:00", "The Needlemakers"),
)
# What the hosts reported, in the order of the plans: of the last but one nobody has heard yet.
REPORTS: tuple[tuple[dict[str, int], str], ...] = (
    ({"people": 9, "calls": 212}, "Nine of us and one kettle. Forty-one said they would come."),
    ({"people": 6, "leaflets": 240}, "Two hours in the wind. The table held."),
    ({"people": 7, "doors": 163}, "Both sides of Elm Grove. Bring a pen that writes when wet."),
    ({"people": 0}, f"{NOT_HELD} Gales all day, and nobody should stand on a bridge in those."),
    ({"people": 8, "calls": 187}, "Half of us had never rung anybody. All of us will again."),
    ({"people": 5, "calls": 96}, "Five at a kitchen table is the right number of people."),
)
SOON = (
    Plan("Hove", "phonebank", 2, "18:30", "Hove Library"),
    Plan("Hove", "canvass", 4, "11:00", "St Ann’s Well Gardens"),
    Plan("Brighton", "stall", 5, "11:00", "The Level"),
)


def hold(scribe: Scribe, *, dice: random.Random, society: Society) -> int:
    """Hold the two evenings; answers how many events there are more by them."""
    _held(scribe.db, dice, society)
    _last_night(scribe.db, dice, society)
    return 2 + len(PLANS) + len(SOON)


def _held(db: Session, dice: random.Random, society: Society) -> None:
    organiser = society.cast["organiser"]
    coming = _guests(db, society, {"brighton": 12, "hove": 7, "lewes": 6})
    event = Sitting(
        db,
        dice,
        public_id=MEETUP_HELD,
        title="Brighton campaign meetup",
        preset="meetup",
        group=society.group("brighton"),
        host=organiser,
        starts_at=in_days(-DAYS_AGO, 19),
        venue="Friends’ Meeting House",
        guests=[*coming, Guest(organiser, society.group("brighton"))],
        plans=PLANS,
        ideas=IDEAS,
    ).hold()
    with clock.at(event.ends_at + timedelta(hours=14)):
        for host in hosts_of(db, event.id):
            answer_for(
                db, held=host, answer=Answer.YES, now=clock.now(), mail=None, actor_id=organiser.id
            )
    _report(db, event, {"people": len(coming) + 1}, "Talked for an hour, planned for another.")
    for one, (numbers, story) in zip(_planned(db, event), REPORTS, strict=False):
        _report(db, one, numbers, story)


def _planned(db: Session, meeting: Event) -> Iterator[Event]:
    return (one.event for one in planned_at(db, meeting.id, now=clock.now()))


def _report(db: Session, event: Event, numbers: dict[str, int], story: str) -> None:
    """The host's report, an hour after the end."""
    with clock.at(event.ends_at + timedelta(hours=1)):
        events.write_report(db, event=event, numbers=numbers, story=story, actor_id=event.host_id)


def _last_night(db: Session, dice: random.Random, society: Society) -> None:
    """Closed last night: one host has said that it is on, one asks for help, one is silent."""
    organiser = society.cast["regional"]
    event = Sitting(
        db,
        dice,
        public_id=MEETUP_LAST,
        title="Hove campaign meetup",
        preset="short",
        group=society.group("hove"),
        host=organiser,
        starts_at=in_days(-1, 19),
        venue="Hove Library",
        guests=_guests(db, society, {"hove": 9, "brighton": 5}),
        plans=SOON,
    ).hold()
    for host, answer in zip(hosts_of(db, event.id), (Answer.YES, Answer.HELP), strict=False):
        answer_for(db, held=host, answer=answer, now=clock.now(), mail=None, actor_id=organiser.id)


def _guests(db: Session, society: Society, wanted: dict[str, int]) -> list[Guest]:
    """So many members of each group, nobody twice, in turn."""
    taken: set[int] = set()
    rows = []
    for slug, number in wanted.items():
        group = society.group(slug)
        ids = [one.id for one in society.members[group.id] if one.id not in taken][:number]
        taken.update(ids)
        people = {person.id: person for person in db.scalars(_people(ids))}
        rows.append([Guest(people[key], group) for key in ids])
    return _in_turn(rows)


def _people(ids: Iterable[int]) -> Select[Person]:
    return select(Person).where(Person.id.in_(ids)).order_by(Person.id)


def _in_turn(rows: list[list[Guest]]) -> list[Guest]:
    return [one for one in chain.from_iterable(zip_longest(*rows)) if one is not None]
