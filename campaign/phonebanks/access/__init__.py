"""Getting a phonebank or a claim: the only way a route gets one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.foundation.errors import NotAllowed, NotFound
from campaign.people.models import Person
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Role, Standing, may, require
from campaign.phonebanks.models import (
    Call,
    ContactExport,
    ImportBatch,
    Phonebank,
)
from campaign.phonebanks.queries import at_hand, board, callers, exporting
from campaign.phonebanks.queries.at_hand import AtHand
from campaign.phonebanks.queries.caller import Entry, entry_of
from campaign.phonebanks.rules.claims import USUAL_PACE, Pace
from campaign.phonebanks.rules.hand_over import read_key
from campaign.phonebanks.rules.ringing_back import AFTERWARDS
from campaign.phonebanks.rules.trust import FEEDBACK, HELD_BACK, STOPPED, SUSPENDED

BELONGS = {Standing.MEMBER, Standing.LEAD, Standing.ORGANISER, Standing.CONVENOR}
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
RUN_OUT = (
    "This code opens nothing any more: it lasts five minutes, for one call and its own caller. "
    "Point the camera at the one that your computer shows now."
)
NO_SUCH = "There is no such phonebank. It may have ended: look at the list."


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


@dataclass(frozen=True, slots=True)
class Handed:
    """A call that its caller takes over on their phone, and until when."""

    held: board.Held
    phonebank: Phonebank
    until: datetime


def phonebank_to_see(db: Session, public_id: str, person_id: int | None) -> Phonebank:
    """A phonebank; a draft only for who may manage it."""
    phonebank = board.phonebank_by_public_id(db, public_id)
    if phonebank is None:
        raise NotFound(NO_SUCH)
    if phonebank.status == "draft" and not may_manage(db, phonebank, person_id):
        raise NotFound(NO_SUCH)
    return phonebank


def phonebank_to_manage(db: Session, public_id: str, person_id: int | None) -> Phonebank:
    """A phonebank for its leads and for who runs its group.

    Its own members are told that it is not theirs to do; to a stranger the page is not there.
    """
    phonebank = phonebank_to_see(db, public_id, person_id)
    standings = board.standings(db, phonebank, person_id)
    if standings.isdisjoint(BELONGS):
        raise NotFound(NO_SUCH)
    require(Action.MANAGE_PHONEBANK, standings)
    return phonebank


def may_manage(db: Session, phonebank: Phonebank, person_id: int | None) -> bool:
    """Whether somebody leads the phonebank or runs its group."""
    return may(Action.MANAGE_PHONEBANK, board.standings(db, phonebank, person_id))


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


def call_in_hand(db: Session, public_id: str, person_id: int, *, now: datetime) -> Admission | None:
    """A phonebank in which somebody has a number on their screen, for that one report only."""
    phonebank = phonebank_to_see(db, public_id, person_id)
    held = board.held_claim(db, person_id, now=now)
    if held is None or held.call.phonebank_id != phonebank.id or not held.call.revealed_at:
        return None
    return Admission(phonebank, "")


def phonebank_rung_back(db: Session, public_id: str, person_id: int, *, now: datetime) -> Admission:
    """A phonebank for somebody whom its people may ring back: also after their session is over.

    NotAllowed for who was taken off it, and a day after it ended.
    """
    phonebank = phonebank_to_see(db, public_id, person_id)
    if phonebank.is_practice:
        raise NotFound("Nobody rings back in practice.")
    if board.is_removed(db, phonebank.id, person_id):
        raise NotAllowed(REMOVED)
    profile = callers.profile_of(db, person_id)
    if profile is not None and profile.trust == SUSPENDED:
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


def call_rung_back(
    db: Session, public_id: str, claim_id: str, person_id: int, *, now: datetime
) -> tuple[Admission, board.Rung]:
    """The last call with somebody whom the caller rang lately; to everybody else there is none."""
    admission = phonebank_rung_back(db, public_id, person_id, now=now)
    for rung in board.rung_by(db, admission.phonebank.id, person_id, now=now):
        if rung.call.public_id == claim_id:
            return admission, rung
    raise NotFound("You did not ring this person lately. Look again by their first name.")


def caller_to_manage(
    db: Session, public_id: str, caller_id: str, person_id: int
) -> tuple[Phonebank, Person]:
    """Somebody who has called for a phonebank, for its leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    caller = board.caller_by_public_id(db, phonebank.id, caller_id)
    if caller is None:
        raise NotFound("There is no such caller here. Look at the board.")
    return phonebank, caller


def claim_of(db: Session, claim_id: str, person_id: int) -> tuple[Call, Phonebank]:
    """The caller's own claim; to everybody else there is none."""
    found = board.call_with_phonebank(db, claim_id)
    if found is None or found[0].caller_id != person_id:
        raise NotFound("There is no such call of yours. Take the next person.")
    return found


def claim_in_hand(
    db: Session, claim_id: str, person_id: int, *, now: datetime
) -> tuple[board.Held, Phonebank]:
    """The caller's own claim while it lives; to everybody else, and afterwards, there is none."""
    call, phonebank = claim_of(db, claim_id, person_id)
    held = board.held_claim(db, person_id, now=now)
    if held is None or held.call.id != call.id:
        raise NotFound("This person is no longer kept for you. Take the next one.")
    return held, phonebank


def call_handed_over(
    db: Session, key: str, person_id: int, *, now: datetime, secret: str
) -> Handed:
    """A call in the caller's own hands, by the key that their other screen shows.

    The key alone opens nothing: whoever holds it has to be signed in as that caller.
    """
    read = read_key(key, person_id, now=now, secret=secret)
    if read is None:
        raise NotFound(RUN_OUT)
    try:
        held, phonebank = claim_in_hand(db, read[0], person_id, now=now)
    except NotFound as gone:
        raise NotFound(RUN_OUT) from gone
    return Handed(held, phonebank, read[1])


def claim_to_take_back(
    db: Session, public_id: str, claim_id: str, person_id: int
) -> tuple[Phonebank, Call]:
    """A call of a phonebank, for its leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    found = board.call_with_phonebank(db, claim_id)
    if found is None or found[1].id != phonebank.id:
        raise NotFound("There is no such call here. Look at the board.")
    return phonebank, found[0]


def call_to_report_late(
    db: Session, public_id: str, person_id: int, *, now: datetime
) -> tuple[Admission, board.Held]:
    """The caller's last call of a phonebank, which ended without a report less than a day ago.

    Also for who is not admitted any more: what was said is not lost.
    """
    phonebank = phonebank_to_see(db, public_id, person_id)
    late = board.late_call(db, phonebank.id, person_id, since=now - AFTERWARDS)
    if late is None or late.call.revealed_at is None:
        raise NotFound("No call of yours waits to be noted here.")
    return Admission(phonebank, ""), late


def call_at_hand(
    db: Session, claim_id: str, person_id: int, *, now: datetime, pace: Pace = USUAL_PACE
) -> AtHand:
    """The same with all that decides on its report, in one look and as plain values."""
    found = at_hand.call_at_hand(db, claim_id, person_id, now=now, pace=pace)
    if found is None:
        raise NotFound("There is no such call of yours. Take the next person.")
    return found


def phonebank_of(db: Session, found: AtHand) -> Phonebank:
    """The phonebank of a call at hand."""
    return db.get_one(Phonebank, found.terms.id)


def is_simply_admitted(found: AtHand, roles: frozenset[str]) -> bool:
    """Whether the caller is admitted by what is known of them already.

    Where not, ``admission_to`` decides: it looks at rosters and groups, or says why not.
    """
    caller = found.caller
    ready = caller.practised and caller.agreed and not caller.removed
    ready = ready and caller.standing not in STOPPED
    known = found.terms.access == "open" and not caller.has_session
    return ready and known and NO_CALLERS.isdisjoint(roles)


def batch_to_manage(
    db: Session, public_id: str, batch_id: str, person_id: int
) -> tuple[Phonebank, ImportBatch]:
    """A file that was read for a phonebank, for who may import there."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    require(Action.IMPORT_CONTACTS, board.standings(db, phonebank, person_id))
    batch = board.batch_by_public_id(db, phonebank.id, batch_id)
    if batch is None:
        raise NotFound("This file is no longer here. Bring it again.")
    return phonebank, batch


def phonebank_to_screen(db: Session, public_id: str, person_id: int) -> Phonebank:
    """A phonebank for who may say which of its people were screened; nobody screens practice."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    require(Action.IMPORT_CONTACTS, board.standings(db, phonebank, person_id))
    if phonebank.is_practice:
        raise NotFound("A practice list holds made-up numbers only: nobody screens it.")
    return phonebank


def phonebank_to_export(db: Session, public_id: str, person_id: int) -> Phonebank:
    """A phonebank for who may ask for an export of its contacts."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    require(Action.EXPORT_CONTACTS, board.standings(db, phonebank, person_id))
    return phonebank


def may_export(db: Session, phonebank: Phonebank, person_id: int) -> bool:
    """Whether somebody may ask for an export of the phonebank's contacts."""
    return may(Action.EXPORT_CONTACTS, board.standings(db, phonebank, person_id))


def export_to_fetch(
    db: Session, public_id: str, export_id: str, person_id: int
) -> tuple[Phonebank, ContactExport]:
    """Somebody's own export of a phonebank that they may still export."""
    phonebank = phonebank_to_export(db, public_id, person_id)
    export = exporting.export_by_public_id(db, export_id)
    if export is None or export.phonebank_id != phonebank.id or export.asked_by != person_id:
        raise NotFound("There is no such export of yours. Ask for it again.")
    return phonebank, export


def check_decides_on_exports(db: Session, person_id: int) -> None:
    """Whether somebody may decide on exports; to all others there is no such page."""
    standings = {Standing(role) for role in roles_of(db, person_id)}
    if not may(Action.APPROVE_EXPORT, standings):
        raise NotFound("There is nothing here, or not for you.")


def check_keeps_accounts(db: Session, person_id: int) -> None:
    """Whether somebody looks after accounts; to all others there is no such page."""
    standings = {Standing(role) for role in roles_of(db, person_id)}
    if not may(Action.MANAGE_ACCOUNTS, standings):
        raise NotFound("There is nothing here, or not for you.")


def export_to_decide(db: Session, export_id: str, person_id: int) -> ContactExport:
    """An export for who may decide on it."""
    check_decides_on_exports(db, person_id)
    export = exporting.export_by_public_id(db, export_id)
    if export is None:
        raise NotFound("There is no such export. It may have been taken back.")
    return export


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
