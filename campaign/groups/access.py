"""Getting a group by its address: the only way a route gets one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.groups import queries
from campaign.groups.models import Group, GroupNote, JoinRequest, Membership
from campaign.groups.rules import Contact
from campaign.people.rules import Action, Standing, may, require


def group_to_see(db: Session, slug: str) -> Group:
    """A group; its page is public."""
    group = queries.group_by_slug(db, slug)
    if group is None:
        raise NotFound("There is no such group. It may have another name now: look at the list.")
    return group


def group_to_manage(db: Session, slug: str, person_id: int | None) -> Group:
    """A group for who may run it; NotAllowed for everybody else."""
    group = group_to_see(db, slug)
    require(Action.MANAGE_GROUP, queries.standings_in(db, group.id, person_id))
    return group


def group_to_weigh(db: Session, slug: str, person_id: int | None) -> Group:
    """A group for who may say how much its area counts; NotAllowed for everybody else."""
    group = group_to_see(db, slug)
    require(Action.SET_PRIORITY, queries.wide_standings(db, person_id))
    return group


def group_to_write_to(db: Session, slug: str, person_id: int | None) -> Group:
    """A group that takes letters from this person; NotFound where it takes none from them."""
    group = group_to_see(db, slug)
    if not may_write_to(db, group, person_id):
        raise NotFound("This group takes no letters here. Come to one of its events.")
    return group


def may_write_to(db: Session, group: Group, person_id: int | None) -> bool:
    """Whether the group takes letters from this person, by its own word."""
    if group.contact != Contact.MEMBERS:
        return group.contact == Contact.EVERYBODY
    inside = {Standing.MEMBER, Standing.ORGANISER, Standing.CONVENOR}
    return bool(inside & queries.standings_in(db, group.id, person_id))


def member_of(db: Session, group: Group, public_id: str) -> Membership:
    """The membership of a person of the group; NotFound for everybody else."""
    held = queries.membership_of(db, group_id=group.id, public_id=public_id)
    if held is None:
        raise NotFound("This person does not belong to the group.")
    return held


def asker_of(db: Session, group: Group, public_id: str) -> JoinRequest:
    """The request of a person who waits to be let in; NotFound where nobody does."""
    held = queries.asker_by_public_id(db, group_id=group.id, public_id=public_id)
    if held is None:
        raise NotFound("They do not wait any more: somebody has answered, or they took it back.")
    return held


def group_to_write_for(db: Session, slug: str, person_id: int | None) -> Group:
    """A group for who may write its notes; NotAllowed for everybody else."""
    group = group_to_see(db, slug)
    require(Action.WRITE_NOTE, queries.standings_in(db, group.id, person_id))
    return group


def note_to_see(db: Session, group: Group, public_id: str, person_id: int | None) -> GroupNote:
    """A note that everybody may read; its team reads also what is not published."""
    note = queries.note_by_public_id(db, group_id=group.id, public_id=public_id)
    team = may(Action.WRITE_NOTE, queries.standings_in(db, group.id, person_id))
    if note is None or not (note.state == "published" or team):
        raise NotFound("There is no such note. Look at the group’s notes.")
    return note


def note_to_edit(db: Session, group: Group, public_id: str, person_id: int | None) -> GroupNote:
    """A note for who may change it: a convenor what is published, its team what waits."""
    note = note_to_see(db, group, public_id, person_id)
    action = Action.MANAGE_GROUP if note.state == "published" else Action.WRITE_NOTE
    require(action, queries.standings_in(db, group.id, person_id))
    return note
