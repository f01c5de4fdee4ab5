"""A table goes on as a group: asked by letter, joined by one's own yes, looked at before it stands.

Nobody is enrolled: a tick in a hall is a wish. Where a group is near already there is none to make.
The middle of a table is that of its people's homes, and of one home where the others said nothing:
so a group stands on the public map in the middle of the square kilometre, as a home does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.foundation import audit, tokens
from campaign.foundation.database import Database, refusing
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.outbox import post
from campaign.groups import operations as groups
from campaign.groups.models import Group
from campaign.groups.queries import groups_for, runners
from campaign.meetups import messages
from campaign.meetups.models import (
    Batch,
    Breakout,
    KeepGoing,
    Meetup,
    Participant,
    Recap,
    SeedGroup,
    SeedInvite,
)
from campaign.meetups.operations.locking import lock_open
from campaign.people.models import Person
from campaign.people.operations import meet
from campaign.places.rules import cell_centre

ENOUGH = 2
NEAR_KM = 3.0
PLANTED_WITHIN = timedelta(days=2)
OUTCODE_LENGTH = 4


def keep_going(db: Session, *, batch: Batch, person: Participant, yes: bool, now: datetime) -> None:
    """Tick "keep this group going" at one's table, or take it back."""
    lock_open(db, batch.id, person)
    if person.breakout_id is None:
        raise Refused("You have no table yet.")
    db.execute(delete(KeepGoing).where(KeepGoing.participant_id == person.id))
    if yes:
        db.add(KeepGoing(participant_id=person.id, breakout_id=person.breakout_id, made_at=now))
    db.flush()


def plant(database: Database, *, mail: Mail, now: datetime) -> int:
    """After an evening: a seed for each table of which two or more want to go on, where no group
    is near, and a letter to each of them; how many letters. Once for a table."""
    with database.reading() as db:
        tables = _to_plant(db, now)
    sent = 0
    for breakout_id, meeting_id in tables:
        try:
            with database.unit_of_work() as db:
                sent += _plant(db, breakout_id, meeting_id, mail=mail, now=now)
        except Conflict:
            continue  # another worker was first
    return sent


def _to_plant(db: Session, now: datetime) -> list[tuple[int, int]]:
    wanted = (
        select(Breakout.id, Meetup.event_id)
        .join(Batch, Batch.id == Breakout.batch_id)
        .join(Meetup, Meetup.id == Batch.meetup_id)
        .join(Recap, Recap.batch_id == Batch.id)
        .join(KeepGoing, KeepGoing.breakout_id == Breakout.id)
        .outerjoin(SeedGroup, SeedGroup.breakout_id == Breakout.id)
        .where(
            Batch.phase == "over",
            Recap.closed_at > now - PLANTED_WITHIN,
            SeedGroup.id.is_(None),
            Breakout.lat.is_not(None),
        )
        .group_by(Breakout.id, Meetup.event_id)
        .having(func.count(KeepGoing.participant_id) >= ENOUGH)
        .order_by(Breakout.id)
    )
    return [(breakout_id, meeting_id) for breakout_id, meeting_id in db.execute(wanted)]


def _plant(db: Session, breakout_id: int, meeting_id: int, *, mail: Mail, now: datetime) -> int:
    table = db.get_one(Breakout, breakout_id)
    people = _who_ticked(db, breakout_id)
    if len(people) < ENOUGH or _is_near(db, table, people):
        return 0
    shown = cell_centre(table.lat or 0.0, table.lng or 0.0)
    seed = SeedGroup(
        meeting_id=meeting_id,
        breakout_id=breakout_id,
        name=table.name,
        lat=shown.lat,
        lng=shown.lng,
        made_at=now,
    )
    with refusing(db, {"uq_seed_group_breakout_id": lambda: Conflict("It is planted already.")}):
        db.add(seed)
    meeting = db.get_one(Event, meeting_id)
    for person in people:
        key = tokens.secret()
        invite = SeedInvite(
            seed_id=seed.id,
            email=person.email or "",
            name=person.name,
            fingerprint=tokens.fingerprint(key),
        )
        db.add(invite)
        db.flush()
        letter = messages.seed_invite(
            mail, to=invite.email, name=person.name, seed=seed.name, many=len(people),
            meetup=meeting.title, key=key,
        )  # fmt: skip
        post(db, letter, key=f"seed-invite:{invite.id}")
    audit.append(db, "group proposed by a table", subject=f"seed:{seed.id}")
    return len(people)


def _who_ticked(db: Session, breakout_id: int) -> list[Participant]:
    """One for each address: who has none cannot be asked, and is not enrolled by others."""
    query = (
        select(Participant)
        .join(KeepGoing, KeepGoing.participant_id == Participant.id)
        .where(
            KeepGoing.breakout_id == breakout_id,
            Participant.email.is_not(None),
            Participant.is_practice.is_(False),
        )
        .order_by(Participant.number)
    )
    by_address = {one.email: one for one in reversed(list(db.scalars(query)))}
    return sorted(by_address.values(), key=lambda one: one.number)


def _is_near(db: Session, table: Breakout, people: list[Participant]) -> bool:
    """Whether there is a group for this place: its area holds it, or it meets next door."""
    branches = [one.branch for one in people if 2 <= len(one.branch) <= OUTCODE_LENGTH]
    outcode = max(sorted(set(branches)), key=branches.count) if branches else None
    near = groups_for(db, lat=table.lat or 0.0, lng=table.lng or 0.0, outcode=outcode)
    return any(one.holds or (one.away_km or 0.0) <= NEAR_KM for one in near)


def answer_seed(
    db: Session, *, invite: SeedInvite, answer: str, mail: Mail | None, now: datetime
) -> SeedGroup:
    """Somebody who was asked says that they convene it, join it, or do not; the latest counts.

    The first who convenes it does. Once the group stands a yes makes a member at once. Refuses a
    seed that somebody said no to.
    """
    seed = _lock(db, invite.seed_id)
    if answer not in ("convene", "join", "no"):
        raise Refused("Press one of the buttons of the page.")
    if seed.closed_at is not None:
        raise Refused("This group does not come about. Look for one near you, or found your own.")
    if answer == "convene" and _is_taken(db, seed, invite):
        answer = "join"
    invite.answer, invite.answered_at = answer, now
    if answer == "no":
        if (
            seed.group_id is None
            and seed.convenor_id
            and _person(db, invite).id == seed.convenor_id
        ):
            seed.convenor_id = None
        db.flush()
        return seed
    person = _person(db, invite)
    if answer == "convene" and seed.convenor_id is None:
        seed.convenor_id = person.id
        _ask_for_a_look(db, seed, mail)
    if seed.group_id is not None:
        groups.join(db, group=db.get_one(Group, seed.group_id), person_id=person.id)
    audit.append(
        db, "group proposed: answered", subject=f"seed:{seed.id}", actor_id=person.id,
        details=[answer],
    )  # fmt: skip
    db.flush()
    return seed


def _is_taken(db: Session, seed: SeedGroup, invite: SeedInvite) -> bool:
    return seed.convenor_id is not None and seed.convenor_id != _person(db, invite).id


def _person(db: Session, invite: SeedInvite) -> Person:
    """The owner of the mailbox: the link came there."""
    person = meet(db, email=invite.email, name=invite.name)
    if person.disabled_at is not None:
        raise Refused("This account is closed.")
    return person


def _ask_for_a_look(db: Session, seed: SeedGroup, mail: Mail | None) -> None:
    meeting = db.get_one(Event, seed.meeting_id)
    if mail is None:
        return
    for held in runners(db, meeting.group_id):
        if held.role == "convenor" and held.person.email:
            letter = messages.seed_waits(
                mail, to=held.person.email, seed=seed.name,
                path=f"/events/{meeting.public_id}/seeds",
            )  # fmt: skip
            post(db, letter, key=f"seed-waits:{seed.id}:{held.person_id}:{seed.convenor_id}")


def found_seed(db: Session, *, seed: SeedGroup, name: str, place: str, actor_id: int) -> Group:
    """Somebody has looked: the group stands, with its convenor and those who said that they join.

    Refuses while nobody convenes it; NameTaken. Founded already, it is the group that is there.
    """
    seed = _lock(db, seed.id)
    if seed.group_id is not None:
        return db.get_one(Group, seed.group_id)
    if seed.closed_at is not None or seed.convenor_id is None:
        raise Refused("Nobody convenes it yet: a group needs somebody who does.")
    convenor = db.get_one(Person, seed.convenor_id)
    shown = cell_centre(seed.lat, seed.lng)
    group = groups.found(
        db, founder=convenor, name=name, place=place, lat=shown.lat, lng=shown.lng,
    )  # fmt: skip
    seed.group_id, seed.name = group.id, name[:80]
    db.flush()
    said_yes = select(SeedInvite).where(
        SeedInvite.seed_id == seed.id, SeedInvite.answer.in_(("join", "convene"))
    )
    for invite in db.scalars(said_yes.order_by(SeedInvite.id)):
        person = _person(db, invite)
        if person.id != convenor.id:
            groups.join(db, group=group, person_id=person.id)
    audit.append(db, "group approved", subject=f"group:{group.id}", actor_id=actor_id)
    return group


def close_seed(db: Session, *, seed: SeedGroup, now: datetime, actor_id: int) -> None:
    """Say no to a group that a table wants; what was asked opens nothing any more."""
    seed = _lock(db, seed.id)
    if seed.group_id is not None:
        raise Refused("The group stands already. Its convenor looks after it.")
    seed.closed_at = seed.closed_at or now
    db.flush()
    audit.append(db, "group not approved", subject=f"seed:{seed.id}", actor_id=actor_id)


def _lock(db: Session, seed_id: int) -> SeedGroup:
    return db.scalars(
        select(SeedGroup)
        .where(SeedGroup.id == seed_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
