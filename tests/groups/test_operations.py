"""Founding, joining and leaving a group; who is what in it."""

import pytest

from campaign.foundation.database import Database
from campaign.foundation.errors import NotAllowed, NotFound, Refused
from campaign.groups import access, operations, queries
from campaign.groups.models import Group
from campaign.groups.rules import GroupRole, LastConvenor, NameTaken, slug_of
from campaign.people.rules import Standing
from tests.cast import Cast

BRIGHTON = {"place": "Brighton", "lat": 50.82, "lng": -0.13}


def test_a_founder_is_convenor_and_sees_other_peoples_data(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        founder = db.merge(cast.supporter)
        group = operations.found(db, founder=founder, name="Kemp Town’s Own", **BRIGHTON)
        assert group.slug == "kemp-towns-own"
        assert Standing.CONVENOR in queries.standings_in(db, group.id, founder.id)
        db.refresh(founder)
        assert founder.entrusted


def test_a_name_is_taken_once_and_the_rest_of_the_work_stays(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        operations.found(db, founder=cast.supporter, name="Kemptown", **BRIGHTON)
        with pytest.raises(NameTaken):
            operations.found(db, founder=cast.stranger, name="Kemp.town", **BRIGHTON)
    with database.reading() as db:
        assert queries.group_by_slug(db, "kemptown") is not None


@pytest.mark.parametrize("name", ["…", "New", "中文"])
def test_a_name_without_an_address_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        slug_of(name)


def test_the_last_convenor_hands_over_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        with pytest.raises(LastConvenor):
            operations.leave(db, group=group, person_id=cast.organiser.id)
        operations.appoint(
            db,
            group=group,
            person_id=cast.host.id,
            role=GroupRole.CONVENOR,
            actor_id=cast.organiser.id,
        )
        operations.leave(db, group=group, person_id=cast.organiser.id)
        assert Standing.MEMBER not in queries.standings_in(db, group.id, cast.organiser.id)
        with pytest.raises(NotFound):
            operations.leave(db, group=group, person_id=cast.stranger.id)


def test_joining_again_takes_no_role_away(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        follower = GroupRole.FOLLOWER
        operations.join(db, group=group, person_id=cast.organiser.id, role=follower)
        operations.join(db, group=group, person_id=cast.supporter.id, role=follower)
        assert Standing.CONVENOR in queries.standings_in(db, group.id, cast.organiser.id)
        assert Standing.MEMBER not in queries.standings_in(db, group.id, cast.supporter.id)


def test_only_a_convenor_manages_a_group(database: Database, cast: Cast) -> None:
    with database.reading() as db:
        assert access.group_to_manage(db, cast.group.slug, cast.organiser.id).id == cast.group.id
        for person in (cast.host, cast.stranger, cast.supporter, cast.moderator):
            with pytest.raises(NotAllowed):
                access.group_to_manage(db, cast.group.slug, person.id)
        with pytest.raises(NotAllowed):
            access.group_to_manage(db, cast.group.slug, None)


def test_a_follower_is_made_a_member_by_nobody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        given = {"group": group, "person_id": cast.supporter.id}
        operations.join(db, **given, role=GroupRole.FOLLOWER)
        with pytest.raises(Refused, match="only follow"):
            operations.appoint(db, **given, role=GroupRole.MEMBER, actor_id=cast.organiser.id)
        assert Standing.MEMBER not in queries.standings_in(db, group.id, cast.supporter.id)
