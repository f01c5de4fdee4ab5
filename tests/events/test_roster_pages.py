"""The pages of an event further on: its roster, its calendar, its doors."""

from datetime import timedelta

from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Rsvp
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.spreadsheets import unguarded
from tests.cast import Cast, an_event, an_rsvp
from tests.events.makers import HOME, ONLINE, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient


def test_the_roster_is_for_the_host_and_who_runs_the_group(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host)
        rsvp = signed_up(db, event, "Ada Warren", phone="+447700900123").rsvp
    roster = f"/events/{event.public_id}/roster"
    assert client.get(roster).status_code == 303
    for person, code in ((cast.stranger, 404), (cast.caller, 403), (cast.supporter, 404)):
        client.sign_in(person)
        assert client.get(roster).status_code == code
        assert client.get(f"{roster}.csv").status_code == code
        refused = client.post_form(f"{roster}/{rsvp.public_id}", {"mark": "came"})
        assert refused.status_code == code
        assert "roster" not in client.get(f"/events/{event.public_id}").text
    for person in (cast.organiser, cast.host):
        client.sign_in(person)
        page = client.get(roster)
        assert "Ada Warren" in page.text
        assert "07700 900123" in page.text
    client.post_form(f"{roster}/{rsvp.public_id}", {"mark": "came"})
    client.post_form(f"{roster}/walk-in", {"name": "Zed Walk"})
    assert client.post_form(f"{roster}/walk-in", {"name": ""}).status_code == 422
    assert client.post_form(f"{roster}/{rsvp.public_id}", {"mark": "x"}).status_code == 422
    with database.reading() as db:
        came = db.scalars(select(Rsvp.name).where(Rsvp.attendance == "came").order_by(Rsvp.name))
        assert list(came) == ["Ada Warren", "Zed Walk"]


def test_the_roster_as_a_table_is_harmless_and_noted(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "=HYPERLINK(A1)", email="x@people.example")
    client.sign_in(cast.organiser)
    answer = client.get(f"/events/{event.public_id}/roster.csv")
    assert answer.mimetype == "text/csv"
    line = answer.text.splitlines()[1]
    assert line.startswith("'=HYPERLINK(A1)")
    assert unguarded(line.split(",")[0]) == "=HYPERLINK(A1)"
    with database.reading() as db:
        noted = select(AuditRow.actor_id).where(AuditRow.action == "roster downloaded")
        assert db.scalars(noted).all() == [cast.organiser.id]


def test_a_homes_address_leaves_by_no_door(
    client: ProofReadingClient, database: Database, cast: Cast, mail: object
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon(30), title="Calls from a front room")
        rsvp = signed_up(db, event, "Ada Warren", mail=mail).rsvp
        operations.answer_request(
            db,
            event=event,
            rsvp_id=rsvp.public_id,
            yes=True,
            mail=mail,  # type: ignore[arg-type]
        )
    key = mail.keys[-1]  # type: ignore[attr-defined]
    pages = [f"/events/{event.public_id}", "/events?near=BN2 3DA", "/events", "/events.geojson"]
    pages += [f"/groups/{cast.group.slug}", f"/rsvps/{key}", "/events.ics"]
    pages += [f"/events/{event.public_id}.ics", f"/groups/{cast.group.slug}/events.ics"]

    def leaks() -> list[str]:
        secrets = ("Elm Grove", "BN2 3DA", "50.8305", "-0.1231", "0.12311")
        found = []
        for path in pages:
            text = client.get(path).text.replace('value="BN2 3DA"', "")
            text = text.replace('near <span class="nowrap">BN2 3DA', "")
            found += [f"{path}: {one}" for one in secrets if one in text.replace("BN2+3DA", "")]
        return found

    assert leaks() == []
    client.sign_in(cast.organiser)
    pages += [f"/events/{event.public_id}/edit", f"/events/{event.public_id}/roster"]
    pages.remove(f"/events/{event.public_id}")  # its host may read the address in its time
    assert leaks() == []
    client.sign_out()
    letters = mail.letters  # type: ignore[attr-defined]
    assert not any("Elm Grove" in one.text + one.html + one.subject for one in letters)
    with clock.at(event.starts_at - timedelta(hours=23)):
        assert "12 Elm Grove" in client.get(f"/rsvps/{key}").text
        assert "Elm Grove" not in client.get(f"/events/{event.public_id}").text
        with database.unit_of_work() as db:
            assert operations.send_addresses(db, mail=mail, now=clock.now()) == 1  # type: ignore[arg-type]
            assert operations.send_addresses(db, mail=mail, now=clock.now()) == 0  # type: ignore[arg-type]
        assert "12 Elm Grove, BN2 3DA" in letters[-1].text
        assert "Elm" not in letters[-1].subject
    with clock.at(event.ends_at + timedelta(hours=25)):
        assert "Elm Grove" not in client.get(f"/rsvps/{key}").text


def test_an_online_link_is_shown_only_to_who_has_a_place_and_only_in_time(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=ONLINE, starts_at=soon(5))
        signed_up(db, event, "Sam Supporter", email=cast.supporter.email)
    with clock.at(event.starts_at - timedelta(minutes=20)):
        assert "meet.example" not in client.get(f"/events/{event.public_id}").text
        client.sign_in(cast.supporter)
        assert "meet.example" in client.get(f"/events/{event.public_id}").text
    assert "meet.example" not in client.get(f"/events/{event.public_id}").text


def test_the_roster_link_of_the_room_above_is_for_who_has_a_place(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        operations.attach_roster(db, event=event, path="/phonebanks/x/call", label="Start calling")
        signed_up(db, event, "Sam Supporter", email=cast.supporter.email)
    assert "Start calling" not in client.get(f"/events/{event.public_id}").text
    for person, sees in ((cast.stranger, False), (cast.supporter, True), (cast.organiser, True)):
        client.sign_in(person)
        assert ("Start calling" in client.get(f"/events/{event.public_id}").text) is sees


def test_groups_are_joined_left_and_run(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    group = f"/groups/{cast.group.slug}"
    assert "Fair Rents Brighton" in client.get("/groups").text
    near = client.get("/groups?near=BN1 1AA").text
    assert near.index("Fair Rents Brighton") < near.index("Fair Rents Lewes")
    assert "No group here yet" in client.get("/groups?near=Leeds").text
    assert "We could not find" in client.get("/groups?near=ZZ99 9ZZ").text
    assert client.get("/groups/nosuch").status_code == 404
    client.sign_in(cast.supporter)
    client.post_form(f"{group}/join", {"role": "member"})
    assert "You are a member" in client.get(group).text
    assert client.get(f"{group}/members").status_code == 403
    client.sign_in(cast.organiser)
    page = client.get(f"{group}/members")
    assert "Sam Supporter" in page.text
    member = f"{group}/members/{cast.supporter.public_id}"
    assert client.post_form(f"{group}/leave").status_code == 409
    client.post_form(member, {"role": "convenor"})
    assert client.post_form(f"{group}/leave").status_code == 303
    assert client.get(f"{group}/members").status_code == 403


def test_the_call_sheet_says_how_to_reach_people_to_who_may_see_it_and_each_look_is_noted(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.host)
        an_rsvp(db, event, cast.supporter, phone="+447700900123")
        address = f"/events/{event.public_id}/roster/calls"
    client.sign_in(cast.host)
    page = client.get(address).text
    assert cast.supporter.name in page
    assert "07700 900123" in page
    assert cast.supporter.email in page
    with database.reading() as db:
        noted = select(AuditRow).where(AuditRow.action == "call sheet seen")
        assert len(db.scalars(noted).all()) == 1
    for who in (cast.stranger, cast.supporter):
        client.sign_in(who)
        assert client.get(address).status_code in (403, 404)
