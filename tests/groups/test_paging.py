"""Long lists of groups and members come page by page, nobody twice and nobody left out."""

import re

from flask.testing import FlaskClient
from sqlalchemy import insert, select

from campaign.foundation import clock, tokens
from campaign.foundation.database import Database
from campaign.groups import queries
from campaign.groups.models import Group, Membership
from campaign.people.models import Person
from tests.cast import Cast

GROUPS, MEMBERS = 120, 230


def test_groups_of_one_name_stand_on_one_page_each(database: Database, client: FlaskClient) -> None:
    with database.unit_of_work() as db:
        rows = [
            {"public_id": tokens.public_id(), "slug": f"group-{number:03}", "name": "Hove",
             "about": "", "place": "BN3", "lat": 50.8, "lng": -0.1, "made_at": clock.now()}
            for number in range(GROUPS)
        ]  # fmt: skip
        db.execute(insert(Group), rows)
    seen: list[str] = []
    address: str | None = "/groups"
    while address:
        page = client.get(address).text
        seen += re.findall(r"/groups/(group-\d+)", page)
        found = re.search(r'href="(/groups\?after=[^"]+)" rel="next"', page)
        address = found and found[1]
    assert seen == [f"group-{number:03}" for number in range(GROUPS)]


def test_an_address_that_is_gone_begins_the_list_anew(database: Database, cast: Cast) -> None:
    with database.reading() as db:
        assert queries.all_groups(db, after="gone") == queries.all_groups(db)


def test_members_who_joined_at_one_instant_stand_on_one_page_each(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        now = clock.now()
        db.execute(
            insert(Person),
            [
                {"public_id": tokens.public_id(), "name": f"Nobody {number}", "made_at": now}
                for number in range(MEMBERS)
            ],
        )
        group_id = db.scalars(select(Group.id).order_by(Group.id)).first()
        assert group_id
        strangers = select(Person.id).where(Person.name.like("Nobody %"))
        db.execute(
            insert(Membership),
            [
                {"group_id": group_id, "person_id": key, "role": "member", "joined_at": now}
                for key in db.scalars(strangers)
            ],
        )
    seen: list[int] = []
    after: str | None = None
    with database.reading() as db:
        while True:
            page, after = queries.members(db, group_id, after=after)
            assert len(page) <= 100
            seen += [held.id for held in page]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == queries.belonging_count(db, group_id) > MEMBERS
