"""A call, for whom it belongs to: in hand, handed over, late, or to be taken back by a lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.phonebanks.access.banks import phonebank_to_manage, phonebank_to_see
from campaign.phonebanks.access.callers import Admission, phonebank_rung_back
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.queries import at_hand, board
from campaign.phonebanks.queries.at_hand import AtHand
from campaign.phonebanks.rules.claims import USUAL_PACE, Pace
from campaign.phonebanks.rules.hand_over import read_key
from campaign.phonebanks.rules.ringing_back import AFTERWARDS

RUN_OUT = (
    "This code opens nothing any more: it lasts five minutes, for one call and its own caller. "
    "Point the camera at the one that your computer shows now."
)


@dataclass(frozen=True, slots=True)
class Handed:
    """A call that its caller takes over on their phone, and until when."""

    held: board.Held
    phonebank: Phonebank
    until: datetime


def call_in_hand(db: Session, public_id: str, person_id: int, *, now: datetime) -> Admission | None:
    """A phonebank in which somebody has a number on their screen, for that one report only."""
    phonebank = phonebank_to_see(db, public_id, person_id)
    held = board.held_claim(db, person_id, now=now)
    if held is None or held.call.phonebank_id != phonebank.id or not held.call.revealed_at:
        return None
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
