"""Writing to who runs a group, by people who do not see their addresses."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.outbox import post
from campaign.groups import queries
from campaign.groups.messages import Mail, Written, to_the_group
from campaign.groups.models import Group


def write_to_group(
    db: Session, *, group: Group, written: Written, mail: Mail, once: str | None
) -> int:
    """A letter to each convenor and organiser who has an address; answers how many.

    ``once`` is the same for the same form sent twice: then nobody gets a second.
    """
    readers = [held.person for held in queries.runners(db, group.id) if held.person.email]
    for reader in readers:
        assert reader.email is not None
        letter = to_the_group(
            mail, to=reader.email, group=group.name, slug=group.slug, written=written
        )
        post(db, letter, key=f"to group:{group.id}:{reader.id}:{once}")
    return len(readers)
