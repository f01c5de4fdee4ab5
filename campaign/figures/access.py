"""Whose figures one may read: those of what one leads, and of the groups one runs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotAllowed, NotFound
from campaign.groups import access as groups_access
from campaign.groups.models import Group
from campaign.people.rules import Action, Standing, may
from campaign.phonebanks import access as phonebanks_access
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board

NOT_YOURS = "The figures of a phonebank are for its leads and organisers. Ask them what came of it."
# Who may read single answers reads small numbers of them, too.
SEE_ALL = {Standing.ORGANISER, Standing.CONVENOR}


def phonebank_to_reckon(
    db: Session, public_id: str, person_id: int | None
) -> tuple[Phonebank, bool]:
    """A phonebank for its leads and organisers, and whether small numbers are shown to them.

    Its callers are told that it is not for them; to a stranger the page is not there.
    """
    phonebank = phonebanks_access.phonebank_to_see(db, public_id, person_id)
    if phonebank.is_practice:
        raise NotFound("A practice list has no figures: nobody is rung.")
    standings = board.standings(db, phonebank, person_id)
    if may(Action.MANAGE_PHONEBANK, standings):
        return phonebank, not SEE_ALL.isdisjoint(standings)
    if Standing.MEMBER in standings or board.has_called(db, phonebank.id, person_id):
        raise NotAllowed(NOT_YOURS)
    raise NotFound(phonebanks_access.NO_SUCH)


def group_to_reckon(db: Session, slug: str, person_id: int | None) -> Group:
    """A group for who runs it; its members are told so, and to others the page is not there."""
    group = groups_access.group_to_see(db, slug)
    standings = board.standings_in_group(db, group.id, person_id or 0)
    if may(Action.OPEN_PHONEBANK, standings):
        return group
    if Standing.MEMBER in standings:
        raise NotAllowed("The figures of a group are for who runs it. Ask an organiser.")
    raise NotFound("There is nothing here, or not for you.")


def groups_to_reckon(db: Session, person_id: int) -> list[Group]:
    """The groups that somebody runs; to who runs none there is no such page."""
    groups = board.groups_run_by(db, person_id)
    if not groups:
        raise NotFound("There is nothing here, or not for you.")
    return groups


def phonebank_called_for(db: Session, public_id: str, person_id: int) -> Phonebank:
    """A phonebank for who has called there, or leads it; to others this page is not there."""
    phonebank = phonebanks_access.phonebank_to_see(db, public_id, person_id)
    if phonebank.is_practice:
        raise NotFound("A practice list has no figures: nobody is rung.")
    if not board.has_called(db, phonebank.id, person_id):
        phonebanks_access.phonebank_to_manage(db, public_id, person_id)
    return phonebank
