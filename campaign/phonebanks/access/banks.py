"""A phonebank, for who may see or lead it, and those who call for it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.people.models import Person
from campaign.people.rules import Action, Standing, may, require
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board

BELONGS = {Standing.MEMBER, Standing.LEAD, Standing.ORGANISER, Standing.CONVENOR}
NO_SUCH = "There is no such phonebank. It may have ended: look at the list."


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


def caller_to_manage(
    db: Session, public_id: str, caller_id: str, person_id: int
) -> tuple[Phonebank, Person]:
    """Somebody who has called for a phonebank, for its leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    caller = board.caller_by_public_id(db, phonebank.id, caller_id)
    if caller is None:
        raise NotFound("There is no such caller here. Look at the board.")
    return phonebank, caller
