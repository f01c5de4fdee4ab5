"""Who may do what: one table; and how long a sign-in lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from campaign.foundation.errors import NotAllowed, Refused

LINK_LASTS = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)


class Role(StrEnum):
    """A standing for the whole installation, given by an administrator."""

    ADMINISTRATOR = "administrator"
    DATA_OFFICER = "data officer"
    MODERATOR = "moderator"
    SAFEGUARDING = "safeguarding officer"


class Standing(StrEnum):
    """What somebody is to the thing in question."""

    VISITOR = "visitor"
    SUPPORTER = "supporter"
    ATTENDEE = "attendee"
    CALLER = "caller"
    MEMBER = "member"
    HOST = "host"
    CO_HOST = "co-host"
    STEWARD = "steward"
    EVENT_DATA = "data keeper of an event"
    SAFEGUARDING_CONTACT = "safeguarding contact of an event"
    LEAD = "phonebank lead"
    ORGANISER = "organiser"
    CONVENOR = "convenor"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"
    DATA_OFFICER = "data officer"
    SAFEGUARDING = "safeguarding officer"


class Action(StrEnum):
    """What one may want to do with a thing."""

    FOUND_GROUP = "found a group"
    MANAGE_GROUP = "manage a group"
    REVIEW_GROUP = "let a group stand that a table wants"
    SET_PRIORITY = "say how much a group's area counts"
    WRITE_NOTE = "write a note of a group"
    ANNOUNCE_EVENT = "announce an event for a group"
    PROPOSE_EVENT = "announce an event that is looked at first"
    SEE_UNLISTED_EVENT = "see an event by its link"
    MANAGE_EVENT = "manage an event"
    SEE_ROSTER = "see a roster"
    SEE_ROSTER_CONTACTS = "see how to reach people on a roster"
    CHECK_IN = "note who came to an event"
    SEE_TEAM = "see who is on an event's team"
    MANAGE_TEAM = "ask people onto an event's team"
    HAND_OVER_EVENT = "hand an event over to another host"
    TAKE_OVER_EVENT = "become the host of an event without one"
    LIST_EVENT = "put an event on the map"
    HIDE_EVENT = "take an event down"
    TRUST_HOST = "trust a host"
    SEE_CONTENT_CASE = "see a report about content"
    SEE_CONDUCT_CASE = "see a report about harassment or discrimination"
    KEEP_APART = "keep two people apart"
    RUN_MEETUP = "run a meetup"
    SHUT_OUT = "say who stays out of everything"
    OPEN_PHONEBANK = "start a phonebank for a group"
    MANAGE_PHONEBANK = "manage a phonebank"
    IMPORT_CONTACTS = "import contacts"
    CALL = "call for a phonebank"
    MANAGE_ACCOUNTS = "manage accounts"
    EXPORT_CONTACTS = "ask for an export of contacts"
    APPROVE_EXPORT = "approve an export of contacts"
    MANAGE_TEMPLATES = "manage what is proposed for events"
    MANAGE_SUPPRESSIONS = "manage the do-not-call list"


S = Standing
# The one table. Administrators look after settings and accounts and see no contacts; the data
# officer looks after rights and cannot campaign.
MAY: dict[Action, frozenset[Standing]] = {
    Action.FOUND_GROUP: frozenset({S.SUPPORTER}),
    Action.MANAGE_GROUP: frozenset({S.CONVENOR}),
    Action.REVIEW_GROUP: frozenset({S.CONVENOR, S.MODERATOR}),
    Action.SET_PRIORITY: frozenset({S.MODERATOR}),
    Action.WRITE_NOTE: frozenset({S.ORGANISER, S.CONVENOR}),
    Action.ANNOUNCE_EVENT: frozenset({S.MEMBER, S.ORGANISER, S.CONVENOR}),
    Action.PROPOSE_EVENT: frozenset({S.VISITOR}),
    Action.SEE_UNLISTED_EVENT: frozenset({S.VISITOR}),
    Action.MANAGE_EVENT: frozenset({S.HOST, S.CO_HOST, S.ORGANISER, S.CONVENOR}),
    Action.SEE_ROSTER: frozenset(
        {S.HOST, S.CO_HOST, S.STEWARD, S.EVENT_DATA, S.ORGANISER, S.CONVENOR}
    ),
    Action.SEE_ROSTER_CONTACTS: frozenset(
        {S.HOST, S.CO_HOST, S.EVENT_DATA, S.ORGANISER, S.CONVENOR}
    ),
    Action.CHECK_IN: frozenset({S.HOST, S.CO_HOST, S.STEWARD, S.ORGANISER, S.CONVENOR}),
    Action.SEE_TEAM: frozenset(
        {
            *(S.HOST, S.CO_HOST, S.STEWARD, S.EVENT_DATA, S.SAFEGUARDING_CONTACT),
            *(S.ORGANISER, S.CONVENOR),
        }
    ),
    Action.MANAGE_TEAM: frozenset({S.HOST, S.CO_HOST, S.ORGANISER, S.CONVENOR}),
    Action.HAND_OVER_EVENT: frozenset({S.HOST, S.ORGANISER, S.CONVENOR}),
    Action.TAKE_OVER_EVENT: frozenset({S.ATTENDEE, S.CO_HOST, S.ORGANISER, S.CONVENOR}),
    Action.LIST_EVENT: frozenset({S.CONVENOR, S.MODERATOR}),
    Action.HIDE_EVENT: frozenset({S.MODERATOR}),
    Action.TRUST_HOST: frozenset({S.MODERATOR}),
    # Never an administrator, a data officer, or who runs the group.
    Action.SEE_CONTENT_CASE: frozenset({S.MODERATOR}),
    Action.SEE_CONDUCT_CASE: frozenset({S.SAFEGUARDING}),
    Action.KEEP_APART: frozenset({S.SAFEGUARDING}),
    Action.RUN_MEETUP: frozenset({S.HOST, S.CO_HOST, S.ORGANISER, S.CONVENOR}),
    Action.SHUT_OUT: frozenset({S.MODERATOR, S.SAFEGUARDING}),
    Action.OPEN_PHONEBANK: frozenset({S.ORGANISER, S.CONVENOR}),
    Action.MANAGE_PHONEBANK: frozenset({S.LEAD, S.ORGANISER, S.CONVENOR}),
    Action.IMPORT_CONTACTS: frozenset({S.LEAD, S.ORGANISER, S.CONVENOR}),
    Action.CALL: frozenset({S.CALLER, S.LEAD}),
    Action.MANAGE_ACCOUNTS: frozenset({S.ADMINISTRATOR}),
    Action.EXPORT_CONTACTS: frozenset({S.ORGANISER, S.CONVENOR}),
    Action.APPROVE_EXPORT: frozenset({S.MODERATOR, S.DATA_OFFICER}),
    Action.MANAGE_TEMPLATES: frozenset({S.ADMINISTRATOR}),
    Action.MANAGE_SUPPRESSIONS: frozenset({S.DATA_OFFICER}),
}


def may(action: Action, standings: Iterable[Standing]) -> bool:
    """Whether one of these standings allows the action."""
    return not MAY[action].isdisjoint(standings)


def require(action: Action, standings: Iterable[Standing]) -> None:
    """Refuse the action to who has none of the standings it needs; NotAllowed names it."""
    if not may(action, standings):
        raise NotAllowed(f"You may not {action.value} here. An organiser of the group can.")


def lifetimes(*, entrusted: bool, rings: bool = False) -> tuple[timedelta, timedelta]:
    """How long a sign-in lasts: idle, and in all. Shorter for who sees other people's data, and
    where numbers were shown to who ``rings``."""
    if entrusted:
        return timedelta(minutes=30), timedelta(hours=12)
    if rings:
        return timedelta(minutes=60), timedelta(hours=12)
    return timedelta(days=14), timedelta(days=30)


def is_alive(*, seen_at: datetime, ends_at: datetime, idle: timedelta, now: datetime) -> bool:
    """Whether a sign-in session still opens doors at ``now``."""
    return now < ends_at and now - seen_at <= idle


class LinkWornOut(Refused):
    """The sign-in link was used, is too old or was never ours; it is the same to a stranger."""

    def __init__(self) -> None:
        super().__init__(
            "This link has done its work: it was used, or its ten minutes are over. "
            "A new one takes a moment."
        )
