"""Following a group or an area by mail, joining a group by mail, pausing, stopping."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from campaign.events import messages, queries
from campaign.events.messages import Mail
from campaign.events.models import Follow, Follower, FollowKey
from campaign.events.rules.following import MOST_FOLLOWS, WORDING, TooMany, Wanted
from campaign.foundation import audit, clock, journal, tokens
from campaign.foundation.errors import NotFound
from campaign.foundation.outbox import post
from campaign.groups import operations as groups
from campaign.groups.models import Group
from campaign.groups.rules import GroupRole
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave, meet


def ask_to_follow(db: Session, *, email: str, wanted: Wanted, what: str, mail: Mail) -> None:
    """Mail a link that confirms it; nothing is sent before somebody has pressed its button.

    The same happens whether the address is known or not. ``what`` is said in the letter.
    """
    follower = _follower(db, email)
    follow = _put(db, follower, wanted)
    key = write_follow_key(db, follower=follower, follow=follow)
    letter = messages.confirm_follow(
        mail, to=follower.email, what=what, joins=wanted.wants == "join", key=key
    )
    post(db, letter, key=f"follow:{tokens.fingerprint(key)}")


def follow_now(db: Session, *, email: str, wanted: Wanted) -> Follow:
    """Somebody who is signed in follows: their address is confirmed. Again changes nothing.

    Refuses who follows twenty things already.
    """
    follower = _follower(db, email)
    follow = _put(db, follower, wanted)
    if follow is None:
        raise TooMany
    _confirm(db, follower, follow)
    return follow


def confirm_follow(db: Session, *, held: FollowKey) -> Group | None:
    """The button of the mailed link: they follow from now on, or they join the group.

    Answers the group that somebody joined, or asked to join; None for following. Pressing it
    again changes nothing; NotFound for a key that was not mailed to confirm, or worn out.
    """
    follow = held.follow
    if follow is None:
        raise NotFound("This link has done its work, or it is too old. Ask for a new one.")
    if follow.wants == "hear":
        _confirm(db, held.follower, follow)
        return None
    group = db.get_one(Group, follow.group_id)
    person = meet(db, email=held.follower.email, name=follow.name)
    if person.disabled_at is not None:
        raise NotFound("This link has done its work, or it is too old. Ask for a new one.")
    if person.email_confirmed_at is None:
        person.email_confirmed_at = clock.now()
    groups.join(db, group=group, person_id=person.id)
    stop_follow(db, follow=follow)
    return group


def stop_follow(db: Session, *, follow: Follow) -> None:
    """One thing less; an address that follows nothing is kept no longer."""
    follower_id = follow.follower_id
    known = db.scalar(select(Follower.public_id).where(Follower.id == follower_id))
    journal.note_erased(db, "follow", f"{known}:{follow.id}")
    db.execute(delete(Follow).where(Follow.id == follow.id))
    left = select(Follow.id).where(Follow.follower_id == follower_id).limit(1)
    if db.scalar(left) is None:
        db.execute(delete(Follower).where(Follower.id == follower_id))
    audit.append(db, "follow stopped", subject=f"follower:{follower_id}")
    db.expire_all()


def stop_following(db: Session, *, key: str) -> None:
    """No more mails, at once; never refused, also for a key that opens nothing any more."""
    fingerprint = tokens.fingerprint(key)
    held = select(FollowKey.follower_id).where(FollowKey.fingerprint == fingerprint)
    follower_id = db.scalar(held)
    if follower_id is None:
        return
    journal.note_erased(db, "unsubscribed", db.get_one(Follower, follower_id).email)
    db.execute(delete(Follower).where(Follower.id == follower_id))
    audit.append(db, "unsubscribed", subject=f"follower:{follower_id}")
    db.expire_all()


def pause_follower(db: Session, *, follower: Follower, paused: bool) -> None:
    """No mails until they say so; what comes up meanwhile is not told later."""
    values: dict[str, Any] = {"paused_at": clock.now() if paused else None}
    if not paused:
        values["told_up_to"] = queries.newest_news(db)
    db.execute(update(Follower).where(Follower.id == follower.id).values(**values))
    db.expire_all()


def change_radius(db: Session, *, follow: Follow, radius_km: float) -> None:
    """Look further, or less far; nothing for a group."""
    if follow.group_id is None:
        follow.radius_km = radius_km
        db.flush()


def come_in(db: Session, *, group: Group, person: Person, role: GroupRole) -> bool:
    """Somebody who is signed in joins, or follows and hears of the events by mail.

    False where they wait for a convenor's yes now.
    """
    if role is GroupRole.FOLLOWER and person.email:
        follow_now(db, email=person.email, wanted=Wanted(group_id=group.id))
    return groups.join(db, group=group, person_id=person.id, role=role)


def leave_group(db: Session, *, group: Group, person: Person) -> None:
    """Leave a group, or stop following it, with its mails. The last convenor cannot."""
    groups.leave(db, group=group, person_id=person.id)
    stop_hearing(db, group=group, email=person.email or "")


def stop_hearing(db: Session, *, group: Group, email: str) -> None:
    """No more mails of one group to an address."""
    held = db.scalars(
        select(Follow)
        .join(Follow.follower)
        .where(Follower.email == email.lower(), Follow.group_id == group.id)
        .order_by(Follow.id)
    ).all()
    for follow in held:
        stop_follow(db, follow=follow)


def write_follow_key(db: Session, *, follower: Follower, follow: Follow | None = None) -> str:
    """A new key to what an address follows; with a follow it also confirms that."""
    key = tokens.secret()
    db.add(
        FollowKey(
            fingerprint=tokens.fingerprint(key),
            follower_id=follower.id,
            follow_id=follow.id if follow else None,
            made_at=clock.now(),
        )
    )
    db.flush()
    return key


def _follower(db: Session, email: str) -> Follower:
    """The row of an address, held until the transaction ends."""
    insert_or_leave(
        db,
        Follower,
        public_id=tokens.public_id(),
        email=email.lower(),
        made_at=clock.now(),
        told_up_to=queries.newest_news(db),
    )
    query = select(Follower).where(Follower.email == email.lower()).with_for_update()
    return db.scalars(query).one()


def _put(db: Session, follower: Follower, wanted: Wanted) -> Follow | None:
    """The row of what they want, made now if there is none; None where there are too many."""
    values = {
        "wants": wanted.wants,
        "group_id": wanted.group_id,
        "place": wanted.place,
        "lat": wanted.lat,
        "lng": wanted.lng,
        "kinds": " ".join(wanted.kinds),
        "step_free": wanted.step_free,
    }
    alike = [getattr(Follow, name).is_not_distinct_from(value) for name, value in values.items()]
    held = db.scalar(select(Follow).where(Follow.follower_id == follower.id, *alike))
    if held is not None:
        if held.confirmed_at is None:
            held.name, held.radius_km, held.made_at = wanted.name, wanted.radius_km, clock.now()
        return held
    if not _room_for_one(db, follower):
        return None
    follow = Follow(
        follower_id=follower.id,
        name=wanted.name,
        radius_km=wanted.radius_km,
        wording=WORDING,
        made_at=clock.now(),
        **values,
    )
    db.add(follow)
    db.flush()
    return follow


def _room_for_one(db: Session, follower: Follower) -> bool:
    """Whether one more may follow; what strangers typed and nobody confirmed gives way."""
    of_theirs = Follow.follower_id == follower.id
    if (db.scalar(select(func.count()).where(of_theirs)) or 0) < MOST_FOLLOWS:
        return True
    oldest = select(Follow.id).where(of_theirs, Follow.confirmed_at.is_(None))
    key = db.scalar(oldest.order_by(Follow.made_at, Follow.id).limit(1))
    if key is None:
        return False
    db.execute(delete(Follow).where(Follow.id == key))
    return True


def _confirm(db: Session, follower: Follower, follow: Follow) -> None:
    if follow.confirmed_at is not None:
        return
    others = select(Follow.id).where(
        Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None)
    )
    if db.scalar(others.limit(1)) is None:
        # What stood in the lists before is not new to them.
        follower.told_up_to = queries.newest_news(db)
    follow.confirmed_at, follow.wording = clock.now(), WORDING
    db.flush()
    audit.append(
        db, "follow confirmed", subject=f"follower:{follower.id}", details=[follow.wording]
    )
