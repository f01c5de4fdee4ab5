"""Who changes what is proposed for events."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotAllowed, NotFound
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Standing, may


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
