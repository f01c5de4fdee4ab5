"""Settings, area, asking to join, handing over: through the pages and at the same moment."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campaign.events import operations as events
from campaign.events.queries import standing_for
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import OutboxLetter
from campaign.groups import operations, queries
from campaign.groups.models import Group, Membership
from campaign.groups.rules import (
    GroupRole,
    LastConvenor,
    area_in_words,
    holds,
    outcodes_of,
)
from tests.cast import Cast, a_group, a_member, a_person, an_event
from tests.events.conftest import RecordingMail, mail, settings  # noqa: F401 (fixtures)
from tests.proof_reader import ProofReadingClient

SETTINGS = {
    "about": "We ring on Thursdays.",
    "kind": "branch",
    "parent": "",
    "outcodes": "bn1, BN2",
    "radius_km": "5",
    "contact": "everybody",
    "joining": "asked",
}


def role(database: Database, group: Group, person: Any) -> str | None:
    with database.reading() as db:
        return queries.role_in(db, group_id=group.id, person_id=person.id)


def two_convenors(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        held = db.scalars(select(Membership).where(Membership.person_id == cast.host.id)).one()
        held.role = "convenor"


def test_a_postcode_gives_a_group_its_point_and_council(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.supporter)
    sent = client.post_form("/groups/new", {"name": "Seven Dials", "near": "BN1 4GG"})
    assert sent.status_code == 303
    with database.reading() as db:
        group = db.scalars(select(Group).where(Group.slug == "seven-dials")).one()
        assert group.council == "Brighton and Hove"
        assert (round(group.lat, 2), round(group.lng, 2)) == (50.83, -0.14)
        assert (group.kind, group.is_open) == ("local", True)


def test_settings_stand_on_the_public_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = f"/groups/{cast.group.slug}"
    client.sign_in(cast.organiser)
    assert client.post_form(f"{page}/settings", SETTINGS).status_code == 303
    client.sign_out()
    shown = client.get(page).text
    for words in ("Branch, since", "BN1, BN2 and up to 5 km", "Everybody may write", "Ask to join"):
        assert words in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcodes": "BN1 Brighton"}, "is not the first half of a postcode"),
        ({"outcodes": "ZZ9"}, "We do not know the postcode ZZ9"),
        ({"kind": "party"}, "Not a valid choice"),
        ({"parent": "fair-rents-lewes"}, "Not a valid choice"),
    ],
)
def test_settings_that_make_no_sense_are_said_at_the_field(
    client: ProofReadingClient, cast: Cast, given: dict[str, str], said: str
) -> None:
    client.sign_in(cast.organiser)
    answer = client.post_form(f"/groups/{cast.group.slug}/settings", SETTINGS | given)
    assert answer.status_code == 422
    assert said in answer.text
    assert "We ring on Thursdays." in answer.text


def test_settings_are_the_convenors_alone(client: ProofReadingClient, cast: Cast) -> None:
    for person in (cast.host, cast.stranger, cast.supporter):
        client.sign_in(person)
        for path in ("settings", "hand-over", "members"):
            assert client.get(f"/groups/{cast.group.slug}/{path}").status_code == 403
        answer = client.post_form(f"/groups/{cast.group.slug}/settings", SETTINGS)
        assert answer.status_code == 403


def test_a_group_is_part_of_another_and_no_ring_comes_about(database: Database, cast: Cast) -> None:
    given: dict[str, Any] = {"actor_id": cast.organiser.id, "about": ""}
    with database.unit_of_work() as db:
        upper, middle, lower = (a_group(db, name) for name in ("Upper", "Middle", "Lower"))
        operations.describe(db, group=middle, parent=upper, **given)
        operations.describe(db, group=lower, parent=middle, **given)
        for wrong in (lower, upper):
            with pytest.raises(Refused, match="part of yours"):
                operations.describe(db, group=upper, parent=wrong, **given)
        assert [group.name for group in queries.parts_of(db, upper.id)] == ["Middle"]


def test_the_group_whose_area_holds_the_place_comes_first_and_says_why(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        a_group(db, "Nearest", lat=50.8265, lng=-0.1415)
        a_group(db, "For all of it", lat=50.95, lng=-0.2, outcodes="BN1 BN2")
        a_group(db, "In a circle", lat=50.90, lng=-0.14, radius_km=10)
        a_group(db, "Too far", lat=51.5, lng=-0.1)
        a_group(db, "Far but for us", lat=51.5, lng=-0.1, outcodes="BN1")
    page = client.get("/groups?near=BN1+1AA").text
    order = ["In a circle", "For all of it", "Far but for us", "Nearest"]
    assert [page.index(name) for name in order] == sorted(page.index(name) for name in order)
    assert "Too far" not in page
    assert "Its area holds BN1" in page
    assert "km away" in page


def test_where_there_is_none_one_starts_one_with_the_place_filled_in(
    client: ProofReadingClient, cast: Cast
) -> None:
    page = client.get("/groups?near=CF10+1AA").text
    assert "/groups/new?near=CF10" in page
    client.sign_in(cast.supporter)
    assert 'value="CF10 1AA"' in client.get("/groups/new?near=CF10+1AA").text


def test_who_asks_to_join_is_in_once_a_convenor_says_so(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = f"/groups/{cast.group.slug}"
    with database.unit_of_work() as db:
        db.get_one(Group, cast.group.id).is_open = False
    client.sign_in(cast.supporter)
    client.post_form(f"{page}/join", {"role": "member"})
    client.post_form(f"{page}/join", {"role": "member"})
    assert role(database, cast.group, cast.supporter) is None
    assert "You have asked to join" in client.get(page).text
    client.sign_in(cast.host)
    asking = f"{page}/asking/{cast.supporter.public_id}"
    assert client.post_form(asking, {"answer": "yes"}).status_code == 403
    client.sign_in(cast.organiser)
    assert "1 person asks" in client.get(page).text
    assert client.post_form(asking, {"answer": "yes"}).status_code == 303
    assert client.post_form(asking, {"answer": "yes"}).status_code == 404
    assert role(database, cast.group, cast.supporter) == "member"


def test_a_no_leaves_them_outside(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        group.is_open = False
        assert not operations.join(db, group=group, person_id=cast.supporter.id)
        given = {"group": group, "person_id": cast.supporter.id, "actor_id": cast.organiser.id}
        operations.answer_asker(db, **given, let_in=False)
        assert not queries.askers(db, group.id)
    assert role(database, cast.group, cast.supporter) is None


def test_the_last_convenor_is_led_to_handing_over(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = f"/groups/{cast.group.slug}"
    client.sign_in(cast.organiser)
    refused = client.post_form(f"{page}/leave", {})
    assert refused.status_code == 409
    assert f"{page}/hand-over" in refused.text
    assert cast.host.name in client.get(f"{page}/hand-over").text
    stranger = client.post_form(f"{page}/hand-over", {"person": cast.stranger.public_id})
    assert stranger.status_code == 404
    nobody = client.post_form(f"{page}/hand-over", {})
    assert nobody.status_code == 422
    assert "Choose who runs the group next." in nobody.text
    sent = client.post_form(f"{page}/hand-over", {"person": cast.host.public_id})
    assert sent.status_code == 303
    assert role(database, cast.group, cast.host) == "convenor"
    assert role(database, cast.group, cast.organiser) is None


def test_a_fellow_convenor_stands_before_the_members_where_the_group_is_handed_over(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        group = db.get_one(Group, cast.group.id)
        operations.join(db, group=group, person_id=cast.supporter.id)
    two_convenors(database, cast)
    with database.reading() as db:
        listed = queries.successors(db, group_id=cast.group.id, person_id=cast.organiser.id)
        assert [one.role for one in listed][:1] == ["convenor"]
        assert "member" in [one.role for one in listed]


@pytest.mark.parametrize("way", ["leave", "step down"])
def test_two_convenors_who_go_at_once_leave_one(database: Database, cast: Cast, way: str) -> None:
    two_convenors(database, cast)
    refused, both = [], threading.Barrier(2)

    def go(person_id: int) -> None:
        try:
            with database.unit_of_work() as db:
                group = db.get_one(Group, cast.group.id)
                if not database.is_sqlite:  # where writers are not alone, both begin first
                    both.wait(timeout=60)
                given = {"group": group, "person_id": person_id}
                if way == "leave":
                    operations.leave(db, **given)
                else:
                    operations.appoint(db, **given, role=GroupRole.MEMBER, actor_id=person_id)
        except LastConvenor as refusal:
            refused.append(refusal)

    people = (cast.organiser.id, cast.host.id)
    threads = [threading.Thread(target=go, args=(key,)) for key in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with database.reading() as db:
        assert queries.convenor_count(db, cast.group.id) == 1


# --- how a group stands ---


def grown(database: Database, cast: Cast, *, days_ago: float, **given: Any) -> None:
    """Two convenors, five members, and an event that ended so many days ago."""
    two_convenors(database, cast)
    ended = clock.now() - timedelta(days=days_ago)
    with database.unit_of_work() as db:
        a_member(db, cast.group, a_person(db, "Fifth Member"))
        began = {"starts_at": ended - timedelta(hours=2), "ends_at": ended}
        an_event(db, cast.group, cast.host, **began, **given)


def standing(database: Database, cast: Cast) -> str:
    with database.reading() as db:
        key = cast.group.id
        counts = {
            "convenors": queries.convenor_count(db, key),
            "members": queries.member_count(db, key),
        }
        return standing_for(db, group_id=key, **counts, now=clock.now()).standing


def test_a_group_is_a_seed_until_all_three_are_true(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = client.get(f"/groups/{cast.group.slug}").text
    assert "So it is a <b>seed</b>" in page
    assert "Two convenors or more: 1" in page
    two_convenors(database, cast)
    assert standing(database, cast) == "seed"
    grown(database, cast, days_ago=10, state="unlisted")
    assert standing(database, cast) == "seed"  # what nobody could find was not public


def test_it_is_established_of_itself_and_dormant_after_sixty_days(
    database: Database, cast: Cast
) -> None:
    grown(database, cast, days_ago=1)
    assert standing(database, cast) == "established"
    start = clock.now()
    with clock.at(start + timedelta(days=57)):  # the event of the cast ended in three days
        assert standing(database, cast) == "established"
    with clock.at(start + timedelta(days=65)):
        assert standing(database, cast) == "dormant"


def quiet(database: Database) -> list[str]:
    with database.reading() as db:
        query = select(OutboxLetter.to).where(OutboxLetter.key.like("group-quiet:%"))
        return sorted(db.scalars(query))


def test_convenors_hear_once_after_46_days(
    database: Database,
    cast: Cast,
    mail: RecordingMail,  # noqa: F811
) -> None:
    grown(database, cast, days_ago=45)
    with database.unit_of_work() as db:
        db.delete(db.get_one(type(cast.event), cast.event.id))
    now = clock.now()
    assert events.warn_quiet_groups(database, mail=mail, now=now) == 0  # type: ignore[arg-type]
    later = now + timedelta(days=1, minutes=1)
    for _ in range(2):
        events.warn_quiet_groups(database, mail=mail, now=later)  # type: ignore[arg-type]
    assert quiet(database) == sorted([cast.organiser.email or "", cast.host.email or ""])


def test_a_hundred_small_groups_in_front_keep_no_warning_back(
    database: Database,
    cast: Cast,
    mail: RecordingMail,  # noqa: F811
) -> None:
    ended = clock.now() - timedelta(days=50)
    with database.unit_of_work() as db:
        for number in range(100):
            began = {"starts_at": ended - timedelta(hours=2), "ends_at": ended}
            an_event(db, a_group(db, f"Small group {number}"), cast.host, **began)
        late = a_group(db, "The last of them")
        for number in range(5):
            role = "convenor" if number < 2 else "member"
            a_member(db, late, a_person(db, f"Late {number}"), role)
        an_event(db, late, cast.host, **began)
    events.warn_quiet_groups(database, mail=mail, now=clock.now())  # type: ignore[arg-type]
    assert quiet(database) == ["late-0@people.example", "late-1@people.example"]


def test_nobody_is_warned_where_something_comes_up_in_time(
    database: Database,
    cast: Cast,
    mail: RecordingMail,  # noqa: F811
) -> None:
    grown(database, cast, days_ago=50)  # the event of the cast is in three days
    assert events.warn_quiet_groups(database, mail=mail, now=clock.now()) == 0  # type: ignore[arg-type]


# --- the rules ---


def test_outcodes_are_read_as_people_write_them() -> None:
    assert outcodes_of(" bn1; BN2,bn1\n") == "BN1 BN2"
    assert outcodes_of(None) == ""
    with pytest.raises(Refused):
        outcodes_of("BN1 1AA1")


def test_an_area_holds_by_outcode_or_by_distance() -> None:
    given: dict[str, Any] = {"outcodes": "BN1 BN21", "radius_km": 5.0}
    assert holds(**given, outcode="BN1", away_km=90)
    assert not holds(**given, outcode="BN2", away_km=5.1)
    assert holds(**given, outcode=None, away_km=5.0)
    assert not holds(outcodes="", radius_km=None, outcode="BN1", away_km=0)
    assert area_in_words("", None) == ""
