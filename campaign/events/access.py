"""Getting an event by its public id: the only way a route gets one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.queries.decisions import latest_about
from campaign.conduct.rules.reasons import Verdict
from campaign.events import queries
from campaign.events.models import (
    Event,
    EventInvite,
    EventKey,
    EventTeam,
    Follow,
    Follower,
    FollowKey,
    HostLink,
    Rsvp,
    RsvpFile,
)
from campaign.events.queries import door as doors
from campaign.events.rules.door import By
from campaign.events.rules.moderation import TakenDown
from campaign.events.rules.states import UNSEEN, State
from campaign.events.rules.team import InviteGone
from campaign.foundation.errors import NotAllowed, NotFound
from campaign.people.models import Person
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Standing, may, require

_INSIDE = frozenset(
    {
        Standing.ATTENDEE,
        Standing.MEMBER,
        Standing.HOST,
        Standing.CO_HOST,
        Standing.STEWARD,
        Standing.EVENT_DATA,
        Standing.SAFEGUARDING_CONTACT,
        Standing.ORGANISER,
        Standing.CONVENOR,
        Standing.MODERATOR,
    }
)


# Who sees a draft; what waits for a yes is seen by who may say it, too.
_TEAM = (Action.MANAGE_EVENT, Action.SEE_ROSTER)


def event_to_see(db: Session, public_id: str, person_id: int | None = None) -> Event:
    """An event: listed or live by its link, its page is open to everybody.

    A draft, and what waits for somebody's yes, only its team can see.
    What was taken down only its team and the moderators see; others hear why (TakenDown).
    """
    event = queries.event_by_public_id(db, public_id)
    if event is None or (event.state in UNSEEN and not _in_team(db, event, person_id)):
        raise NotFound("There is no such event. It may have been taken down: look at the list.")
    _check_not_taken_down(db, event, person_id)
    return event


def _in_team(db: Session, event: Event, person_id: int | None) -> bool:
    standings = queries.standings_for(db, event=event, person_id=person_id)
    waits = event.state == State.WAITING.value and may(Action.LIST_EVENT, standings)
    return waits or any(may(action, standings) for action in _TEAM)


def _is_others_draft(event: Event, standings: set[Standing]) -> bool:
    """Whether it is a draft of a team to which these standings do not belong."""
    team = any(may(action, standings) for action in _TEAM)
    return event.state == State.DRAFT.value and not team


def _check_not_taken_down(db: Session, event: Event, person_id: int | None) -> None:
    if event.hidden_at is None:
        return
    standings = queries.standings_for(db, event=event, person_id=person_id)
    if not any(may(action, standings) for action in (Action.MANAGE_EVENT, Action.HIDE_EVENT)):
        hiding = hiding_of(db, event)
        raise TakenDown(
            category=hiding.category if hiding else "", public=hiding.public if hiding else ""
        )


def hiding_of(db: Session, event: Event) -> Decision | None:
    """The decision that took the event down, where it is down."""
    if event.hidden_at is None:
        return None
    return latest_about(db, kind="event", public_id=event.public_id, verdict=Verdict.HIDDEN)


def event_to_manage(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host and for who runs its group."""
    return _event_for(db, public_id, person_id, Action.MANAGE_EVENT)


def event_to_list(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for who may put it on the map."""
    return _event_for(db, public_id, person_id, Action.LIST_EVENT)


def roster_to_see(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose roster one may see; to a stranger there is no such page."""
    return _event_for(db, public_id, person_id, Action.SEE_ROSTER)


def door_to_see(
    db: Session, public_id: str, person_id: int | None, *, to_tick: bool = False
) -> tuple[Event, set[Standing]]:
    """An event whose roster one may see, or also tick, and what one is to it."""
    action = Action.CHECK_IN if to_tick else Action.SEE_ROSTER
    return _event_and_standings(db, public_id, person_id, action)


def contacts_to_see(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose roster one may see with how to reach people."""
    return _event_for(db, public_id, person_id, Action.SEE_ROSTER_CONTACTS)


def team_to_see(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose team one may see."""
    return _event_for(db, public_id, person_id, Action.SEE_TEAM)


def team_to_manage(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event onto whose team one may ask people."""
    return _event_for(db, public_id, person_id, Action.MANAGE_TEAM)


def event_to_hand_over(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host, and for who runs its group, to give to somebody else."""
    return _event_for(db, public_id, person_id, Action.HAND_OVER_EVENT)


def event_to_take_over(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event that one may host when nobody does: who signed up before its host went, and who
    runs its group."""
    event = _event_for(db, public_id, person_id, Action.TAKE_OVER_EVENT)
    if not may_take_over(db, event=event, person_id=person_id):
        raise NotAllowed("Who signed up before the host went may take it over. Ask an organiser.")
    return event


def check_offer(db: Session, held: EventKey) -> None:
    """Refuse an offer to host whose reader has left the roster meanwhile."""
    hosts = held.event.host_id == held.person_id
    if not hosts and not may_take_over(db, event=held.event, person_id=held.person_id):
        raise NotAllowed("You are not on the list any more, so you cannot host it.")


def may_take_over(db: Session, *, event: Event, person_id: int | None) -> bool:
    """Whether this person may become the host.

    Not who signed up after the sign "needs a host" stood on the map: a roster is no prize.
    """
    standings = queries.standings_for(db, event=event, person_id=person_id)
    if not may(Action.TAKE_OVER_EVENT, standings):
        return False
    if standings & {Standing.ORGANISER, Standing.CONVENOR} or event.hostless_at is None:
        return True
    held = queries.rsvp_of(db, event_id=event.id, person_id=person_id)
    return held is not None and held.made_at < event.hostless_at


def part_to_change(db: Session, event: Event, public_id: str) -> EventTeam:
    """A part of somebody in this event; NotFound for every other."""
    held = queries.part_of(db, event_id=event.id, public_id=public_id)
    if held is None:
        raise NotFound("They are not on the team of this event any more.")
    return held


def invite_to_answer(db: Session, key: str) -> EventInvite:
    """The invitation that a mailed key opens."""
    held = queries.invite_by_key(db, key)
    if held is None:
        raise InviteGone
    return held


def invite_of_event(db: Session, event: Event, public_id: str) -> EventInvite:
    """An open invitation of this event."""
    for held in queries.invites_of(db, event.id):
        if held.public_id == public_id:
            return held
    raise InviteGone


def invite_to_me(db: Session, public_id: str, invite: str, *, email: str) -> EventInvite:
    """An open invitation to the address somebody is signed in with."""
    event = event_to_see(db, public_id)
    for held in queries.invites_for(db, email=email, event_id=event.id):
        if held.public_id == invite:
            return held
    raise InviteGone


def event_to_leave(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host alone, to say that they cannot; also to who hosted it last."""
    event = event_to_see(db, public_id)
    if person_id is None or event.host_id != person_id:
        raise NotFound("There is nothing here, or not for you.")
    return event


def event_key(db: Session, key: str, *, purpose: str) -> EventKey:
    """What a mailed key for one thing about an event opens."""
    held = queries.event_key(db, key, purpose=purpose)
    if held is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return held


def host_page_to_see(db: Session, key: str, *, now: datetime) -> tuple[HostLink, Event]:
    """The event whose host's page a secret link opens, until a week after it."""
    found = doors.host_link_by_key(db, key, now=now)
    if found is None:
        raise NotFound(
            "This host link opens nothing any more. Ask who organises the event for a new one."
        )
    return found


def ticket_to_check_in(
    db: Session, ticket: str, *, person_id: int | None, keys: Iterable[str], now: datetime
) -> tuple[Rsvp, By]:
    """The sign-up of a ticket, for its event's team: signed in, or with a host link.

    NotFound for everybody else, whether or not there is such a ticket.
    """
    rsvp = doors.rsvp_by_ticket(db, ticket)
    if rsvp is not None:
        standings = queries.standings_for(db, event=rsvp.event, person_id=person_id)
        if may(Action.CHECK_IN, standings):
            return rsvp, By(person_id=person_id)
        for key in keys:
            found = doors.host_link_by_key(db, key, now=now)
            if found is not None and found[1].id == rsvp.event_id:
                return rsvp, By(link_id=found[0].id)
    raise NotFound("There is nothing here, or not for you.")


def rsvp_to_change(db: Session, key: str) -> Rsvp:
    """The sign-up that a mailed key opens."""
    rsvp = queries.rsvp_by_key(db, key)
    if rsvp is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return rsvp


def file_to_manage(
    db: Session, public_id: str, file_id: str, person_id: int | None
) -> tuple[Event, RsvpFile]:
    """A file of sign-ups, for who manages its event; of another event there is no such file."""
    event = event_to_manage(db, public_id, person_id)
    file = queries.file_of(db, event_id=event.id, public_id=file_id)
    if file is None:
        raise NotFound("There is no such file here. Bring it once more.")
    return event, file


def own_rsvp(db: Session, public_id: str, person_id: int | None) -> Rsvp:
    """The sign-up of who is signed in to this event."""
    event = event_to_see(db, public_id)
    rsvp = queries.own_rsvp(db, event_id=event.id, person_id=person_id)
    if rsvp is None:
        raise NotFound("You have not signed up to this event with this account.")
    return rsvp


def person_of_calendar(db: Session, key: str) -> Person:
    """Whose calendar a secret address opens."""
    person = queries.person_by_calendar_key(db, key)
    if person is None:
        raise NotFound("There is no such calendar. Make a new address on your page.")
    return person


def _event_for(db: Session, public_id: str, person_id: int | None, action: Action) -> Event:
    return _event_and_standings(db, public_id, person_id, action)[0]


def _event_and_standings(
    db: Session, public_id: str, person_id: int | None, action: Action
) -> tuple[Event, set[Standing]]:
    event = queries.event_by_public_id(db, public_id)
    standings = (
        set() if event is None else queries.standings_for(db, event=event, person_id=person_id)
    )
    if event is not None and may(action, standings) and not _is_others_draft(event, standings):
        return event, standings
    event = event_to_see(db, public_id, person_id)
    if _INSIDE.isdisjoint(standings):
        raise NotFound("There is nothing here, or not for you.")
    require(action, standings)
    return event, standings


@dataclass(frozen=True)
class Followed:
    """What one address follows; ``key`` where a mailed link led here."""

    follower: Follower | None
    key: FollowKey | None = None

    @property
    def follows(self) -> list[Follow]:
        """What it hears of."""
        held = self.follower.follows if self.follower else []
        return [follow for follow in held if follow.confirmed_at is not None]

    @property
    def waiting(self) -> Follow | None:
        """What the link was mailed for, until somebody has pressed its button."""
        follow = self.key.follow if self.key else None
        return follow if follow is not None and follow.confirmed_at is None else None


def followed_by_key(db: Session, key: str, visitor: Any) -> Followed:
    """What the address of a mailed key follows; "mine" is that of who is signed in."""
    if key == "mine":
        if not visitor.is_authenticated:
            raise NotFound("Sign in first, or use the link in your latest mail from us.")
        return Followed(queries.follower_by_email(db, visitor.email))
    held = queries.follow_key(db, key)
    if held is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return Followed(held.follower, held)


def follow_of(held: Followed, public_id: str) -> Follow:
    """One of the things an address follows; NotFound for anybody else's."""
    for follow in held.follows:
        if follow.public_id == public_id:
            return follow
    raise NotFound("You do not follow that any more.")


def queue_to_work(db: Session, person_id: int | None) -> int:
    """Who looks at what was announced: moderators everywhere, convenors in their groups."""
    if person_id is None or not queries.may_look(db, person_id):
        raise NotFound("There is nothing here, or not for you.")
    return person_id


def event_to_look_at(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for who may list it; to everybody else there is no such page."""
    event = queries.event_by_public_id(db, public_id)
    standings = set() if event is None else queries.looking_standings(db, event, person_id)
    listing = event is not None and may(Action.LIST_EVENT, standings)
    if event is None or not listing or _is_others_draft(event, standings):
        raise NotFound("There is nothing here, or not for you.")
    return event


def event_to_moderate(db: Session, public_id: str, person_id: int | None, action: Action) -> Event:
    """The same for more than listing: taking down, or trusting its host."""
    event = event_to_look_at(db, public_id, person_id)
    require(action, queries.looking_standings(db, event, person_id))
    return event


def templates_to_manage(db: Session, person_id: int | None) -> int:
    """Who changes what is proposed for events: an administrator.

    Others with a standing for the whole installation hear that it is not theirs to do; to
    everybody else there is no such page.
    """
    roles = roles_of(db, person_id) if person_id is not None else frozenset()
    if person_id is None or not roles:
        raise NotFound("There is nothing here, or not for you.")
    if not may(Action.MANAGE_TEMPLATES, {Standing(role) for role in roles}):
        raise NotAllowed("Administrators change what is proposed for events. Ask one of them.")
    return person_id
