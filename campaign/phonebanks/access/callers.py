"""A phonebank for its callers: who is admitted, and what comes before their first call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.foundation.errors import NotAllowed, NotFound
from campaign.people.queries import roles_of
from campaign.people.rules import Role
from campaign.phonebanks.access.banks import may_manage, phonebank_to_see
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board, callers
from campaign.phonebanks.queries.at_hand import AtHand
from campaign.phonebanks.queries.caller import Entry, entry_of
from campaign.phonebanks.rules.ringing_back import AFTERWARDS
from campaign.phonebanks.rules.trust import FEEDBACK, HELD_BACK, STOPPED, SUSPENDED

# Settings and accounts without contacts; rights and evidence without campaigning.
NO_CALLERS = {Role.ADMINISTRATOR, Role.DATA_OFFICER}
REMOVED = (
    "A lead has taken you off this phonebank. If you think that is a mistake, ask them, or write "
    "to the address on its page."
)
STOPPED_CALLING = (
    "Your calling has been stopped. If you think that is a mistake, ask a lead, or write to the "
    "address on the phonebank’s page."
)


class NotYet(NotAllowed):
    """Somebody on a roster whose session has not begun: they can get ready meanwhile."""

    def __init__(self, phonebank: Phonebank, entry: Entry) -> None:
        super().__init__(
            "Your session has not begun. The screen opens a quarter of an hour before it."
        )
        self.phonebank, self.first = phonebank, _first(entry)


@dataclass(frozen=True, slots=True)
class Admission:
    """A phonebank for somebody who may call, and what they have to do before the first call.

    ``first`` is "held_back" (a lead talks to them), "practise", "agree" or "feedback" (they read
    what was found in a call of theirs); empty where the next person may come.
    """

    phonebank: Phonebank
    first: str
    session_id: int | None = None
    session: Event | None = None


def phonebank_to_call(db: Session, public_id: str, person_id: int, *, now: datetime) -> Admission:
    """A phonebank for its callers. A link alone admits nobody: a place or a membership does.

    NotAllowed for everybody else, with what they can do about it.
    """
    return admission_to(db, phonebank_to_see(db, public_id, person_id), person_id, now=now)


def admission_to(db: Session, phonebank: Phonebank, person_id: int, *, now: datetime) -> Admission:
    """The same for a phonebank at hand, such as that of a claim."""
    entry = entry_of(db, phonebank.id, person_id, now=now)
    if entry.removed:
        raise NotAllowed(REMOVED)
    if entry.standing == SUSPENDED:
        raise NotAllowed(STOPPED_CALLING)
    if phonebank.is_practice:
        return Admission(phonebank, "")
    if not NO_CALLERS.isdisjoint(entry.roles):
        raise NotAllowed("Administrators and data officers do not call: they see no lists.")
    found = None
    if entry.has_session:
        found = board.open_session_for(db, phonebank.id, person_id, now=now)
    if found is None and not _is_admitted(db, phonebank, person_id):
        if board.is_on_any_roster(db, phonebank.id, person_id, now=now):
            raise NotYet(phonebank, entry)
        raise NotAllowed(_how_to_get_in(phonebank))
    session_id, session = found or (None, None)
    return Admission(phonebank, _first(entry), session_id, session)


def phonebank_rung_back(db: Session, public_id: str, person_id: int, *, now: datetime) -> Admission:
    """A phonebank for somebody whom its people may ring back: also after their session is over.

    NotAllowed for who was taken off it, and a day after it ended.
    """
    phonebank = phonebank_to_see(db, public_id, person_id)
    if phonebank.is_practice:
        raise NotFound("Nobody rings back in practice.")
    if board.is_removed(db, phonebank.id, person_id):
        raise NotAllowed(REMOVED)
    if callers.is_suspended(db, person_id):
        raise NotAllowed(STOPPED_CALLING)
    if not NO_CALLERS.isdisjoint(roles_of(db, person_id)):
        raise NotAllowed("Administrators and data officers do not call: they see no lists.")
    ended = phonebank.closes_at is not None and now > phonebank.closes_at + AFTERWARDS
    if phonebank.status == "closed" or ended:
        raise NotAllowed(
            "This phonebank has ended. Somebody who rings back and wants no more calls: type "
            "their number at “Never call me”, in the foot of each page."
        )
    return Admission(phonebank, "")


def is_simply_admitted(found: AtHand, roles: frozenset[str]) -> bool:
    """Whether the caller is admitted by what is known of them already.

    Where not, ``admission_to`` decides: it looks at rosters and groups, or says why not.
    """
    caller = found.caller
    ready = caller.practised and caller.agreed and not caller.removed
    ready = ready and caller.standing not in STOPPED
    known = found.terms.access == "open" and not caller.has_session
    return ready and known and NO_CALLERS.isdisjoint(roles)


def _is_admitted(db: Session, phonebank: Phonebank, person_id: int) -> bool:
    if phonebank.access == "open":
        return True
    if phonebank.access == "group" and board.is_member(db, phonebank.group_id, person_id):
        return True
    return may_manage(db, phonebank, person_id)


def _first(entry: Entry) -> str:
    if entry.standing == HELD_BACK:
        return HELD_BACK
    if not entry.practised:
        return "practise"
    if not entry.agreed:
        return "agree"
    return FEEDBACK if entry.standing == FEEDBACK else ""


def _how_to_get_in(phonebank: Phonebank) -> str:
    if phonebank.access == "group":
        return "Members of the group call here. Join it, or sign up to one of the sessions."
    return "Sign up to one of the sessions to call here. They stand on the phonebank’s page."
