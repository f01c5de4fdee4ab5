"""The pages of the door: with a script and without, signed in and by a secret link; tickets."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.models import DoorTap, Event, HostLink, Rsvp
from campaign.events.queries import door as doors
from campaign.foundation import clock, limits
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import ONLINE, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient, says

JSON = {"Accept": "application/json"}


@pytest.fixture
def event(database: Database, cast: Cast) -> Event:
    """An event in an hour with two people on its roster."""
    with database.unit_of_work() as db:
        made = announced(db, cast, host=cast.host, starts_at=soon(1), capacity=4)
        signed_up(db, made, "Ada Warren", phone="+447700900123", guests=1)
        signed_up(db, made, "Bea Long")
    return made


def of(database: Database, event: Event, name: str) -> Rsvp:
    with database.reading() as db:
        found = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.name == name)
        rsvp = db.scalars(found).one()
        db.expunge(rsvp)
        return rsvp


def inside(database: Database, event: Event) -> int:
    with database.reading() as db:
        return doors.count_of(db, event.id).inside


def roster_of(event: Event) -> str:
    return f"/events/{event.public_id}/roster"


def test_without_a_script_every_button_is_a_form(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.host)
    roster, ada = roster_of(event), of(database, event, "Ada Warren")
    page = client.get(roster)
    assert page.headers["Cache-Control"] == "no-store"
    assert f'formaction="{roster}/{ada.public_id}" name="mark" value="came"' in page.text
    done = client.post_form(f"{roster}/{ada.public_id}", {"mark": "came"})
    assert done.headers["Location"] == f"{roster}#r-{ada.public_id}"
    assert inside(database, event) == 2
    nonce = re.search(r'name="page" value="([^"]+)"', client.get(roster).text)
    assert nonce is not None
    for _ in range(2):  # a double tap
        client.post_form(f"{roster}/count", {"count": "in", "page": nonce[1]})
    assert inside(database, event) == 3
    last = re.search(r'name="of" value="([^"]+)"', client.get(roster).text)
    assert last is not None
    client.post_form(f"{roster}/count", {"count": "back", "of": last[1], "page": nonce[1]})
    assert inside(database, event) == 2
    client.post_form(f"{roster}/count", {"count": "out", "page": str(uuid4())})
    client.post_form(f"{roster}/{ada.public_id}", {"mark": "unknown"})
    assert inside(database, event) == 0, "never fewer than went out"


def test_what_is_refused_says_why_and_leads_back(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.host)
    roster, bea = roster_of(event), of(database, event, "Bea Long")
    for _ in range(4):
        client.post_form(f"{roster}/count", {"count": "in", "page": str(uuid4())})
    page = client.get(roster)
    assert "in the room: it is full" in page.text
    for path, given in (
        (f"{roster}/count", {"count": "in"}),
        (f"{roster}/{bea.public_id}", {"mark": "came"}),
    ):
        refused = client.post_form(path, given)
        assert refused.status_code == 409
        assert "Stop: the room is full, 4 people are in." in refused.text
        assert f'href="{roster}"' in refused.text
    refused = client.post_form(f"{roster}/walk-in", {"name": "Zed Walk"})
    assert refused.status_code == 422
    assert "the room is full" in refused.text
    assert inside(database, event) == 4
    for path, given in (
        (f"{roster}/count", {"count": "sideways"}),
        (f"{roster}/count", {"count": "back"}),
        (f"{roster}/count", {"count": "in", "nonce": "nonsense"}),
        (f"{roster}/{bea.public_id}", {"mark": "perhaps"}),
    ):
        assert client.post_form(path, given).status_code == 422


def test_a_script_sends_the_same_forms_and_the_same_tap_again_changes_nothing(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.host)
    roster, ada = roster_of(event), of(database, event, "Ada Warren")
    came = {"mark": "came", "nonce": str(uuid4()), "age": "60000"}
    for _ in range(3):
        told = client.post_form(f"{roster}/{ada.public_id}", came, headers=JSON).get_json()
        assert told == {"tap": {"rsvp": ada.public_id, "attendance": "came"}}
    late = {"mark": "did_not_come", "nonce": str(uuid4()), "age": "90000"}
    told = client.post_form(f"{roster}/{ada.public_id}", late, headers=JSON).get_json()
    assert told["tap"]["attendance"] == "came", "an older tap that came later"
    back = {"mark": "unknown", "nonce": str(uuid4()), "age": "90000", "after": came["nonce"]}
    told = client.post_form(f"{roster}/{ada.public_id}", back, headers=JSON).get_json()
    assert told["tap"]["attendance"] == "unknown", "the same phone's next, on a quicker way"
    again = {"mark": "came", "nonce": str(uuid4()), "after": back["nonce"]}
    told = client.post_form(f"{roster}/{ada.public_id}", again, headers=JSON).get_json()
    assert told["tap"]["attendance"] == "came"
    once = {"name": "Zed Walk", "nonce": str(uuid4()), "age": "5000"}
    walked = [client.post_form(f"{roster}/walk-in", once, headers=JSON).get_json() for _ in "ab"]
    assert walked[0] == walked[1]
    assert inside(database, event) == 3
    short = client.post_form(f"{roster}/walk-in", {"name": ""}, headers=JSON)
    assert (short.status_code, short.get_json()) == (422, {"error": "Type the name."})
    full = client.post_form(f"{roster}/walk-in", {"name": "Yan Late"}, headers=JSON)
    assert (full.status_code, full.get_json()["error"][:11]) == (422, "Every place")
    client.sign_out()
    assert client.post_form(f"{roster}/count", {"count": "in"}, headers=JSON).status_code == 401
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(DoorTap)) == 5


def test_another_device_asks_and_hears_only_of_changes(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.host)
    roster, ada = roster_of(event), of(database, event, "Ada Warren")

    def ask(version: str, most_queries: int = 25) -> tuple[int, dict[str, object]]:
        path = f"{roster}/state?v={version}"
        answer = client.get(path, headers=JSON, most_queries=most_queries)
        return answer.status_code, answer.get_json(silent=True) or {}

    version = re.search(r'data-version="(\w+)"', client.get(roster).text)
    assert version is not None
    assert ask(version[1], most_queries=3)[0] == 304, "two for who it is, one look"
    client.post_form(f"{roster}/{ada.public_id}", {"mark": "came"})
    code, told = ask(version[1])
    assert (code, told["here"], told["inside"], told["most"]) == (200, 2, 2, 4)
    assert told["marks"] == {
        ada.public_id: "came",
        of(database, event, "Bea Long").public_id: "unknown",
    }
    assert "Ada" not in str(told), "no names in an answer that is asked for all evening"
    assert ask(str(told["version"]))[0] == 304
    with database.unit_of_work() as db:
        signed_up(db, db.get_one(Event, event.id), "Cy Moss")
    code, newer = ask(str(told["version"]))
    assert (code, newer["shape"] != told["shape"]) == (200, True)
    client.sign_in(cast.stranger)
    assert ask(str(newer["version"]))[0] == 304, "who knows the word learns nothing by it"
    assert ask("guessed")[0] == 404


def test_afterwards_each_is_one_tap_and_the_rest_is_one_too(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.host)
    roster, ada = roster_of(event), of(database, event, "Ada Warren")
    assert "Everybody else did not come" not in client.get(roster).text
    with clock.at(event.ends_at + timedelta(hours=1)):
        client.post_form(f"{roster}/{ada.public_id}", {"mark": "came"})
        page = client.get(roster).text
        assert page.count('aria-pressed="true"') == 2
        client.post_form(f"{roster}/the-rest", {"rest": "1", "page": str(uuid4())})
        assert of(database, event, "Bea Long").attendance == "did_not_come"
        page = client.get(roster).text
        assert "Undo for 1" in page
        last = re.findall(r'name="of" value="([^"]*)"', page)[0]
        given = {"back": "1", "of": last, "page": str(uuid4())}
        client.post_form(f"{roster}/the-rest", given)
        assert of(database, event, "Bea Long").attendance == "unknown"
        assert of(database, event, "Ada Warren").attendance == "came"
        assert "Undo for" not in client.get(roster).text


def test_the_sheet_is_names_numbers_and_boxes(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.stranger)
    assert client.get(f"{roster_of(event)}/sheet").status_code == 404
    client.sign_in(cast.host)
    with database.unit_of_work() as db:
        signed_up(db, db.get_one(Event, event.id), "Zoë Abara")
    by_first = client.get(f"{roster_of(event)}/sheet").text
    by_last = client.get(f"{roster_of(event)}/sheet?by=surname").text
    assert by_first.index("Ada Warren") < by_first.index("Bea Long") < by_first.index("Zoë Abara")
    assert by_last.index("Zoë Abara") < by_last.index("Bea Long") < by_last.index("Ada Warren")
    assert "07700" not in by_first + by_last
    assert "people.example" not in by_first + by_last


def test_a_host_link_opens_names_and_ticks_and_no_way_to_reach_anybody(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    with database.unit_of_work() as db:
        key = operations.host_link(db, event=event)
        other = announced(db, cast, title="Stall in Hove", starts_at=soon(1))
        elsewhere = signed_up(db, other, "Cy Moss").rsvp.public_id
        assert key not in db.scalars(select(HostLink.fingerprint)).all()
    host = f"/hosts/{key}"
    page = client.get(host)
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page.text
    assert '<meta name="referrer" content="no-referrer">' in page.text
    assert "Ada Warren" in page.text
    for secret in ("07700", "people.example", "roster.csv", 'value="yes"'):
        assert secret not in page.text + client.get(f"{host}/sheet").text
    ada = of(database, event, "Ada Warren")
    client.post_form(f"{host}/{ada.public_id}", {"mark": "came"})
    client.post_form(f"{host}/walk-in", {"name": "Zed Walk"})
    client.post_form(f"{host}/count", {"count": "out", "page": str(uuid4())})
    assert client.post_form(f"{host}/walk-in", {"name": ""}).status_code == 422
    assert inside(database, event) == 2
    told = client.get(f"{host}/state?v=0").get_json()
    assert told["here"] == 3
    again = client.get(f"{host}/state?v={told['version']}", most_queries=1)
    assert again.status_code == 304
    assert client.post_form(f"{host}/{ada.public_id}", {"mark": "yes"}).status_code == 422
    assert client.post_form(f"{host}/{elsewhere}", {"mark": "came"}).status_code == 404
    with database.reading() as db:
        link = db.scalars(select(HostLink.id)).one()
        rows = db.scalars(select(AuditRow.details).where(AuditRow.action == "attendance noted"))
        assert rows.all() == [[f"rsvp:{ada.id}", f"host-link:{link}"]]


def test_a_host_link_dies_a_week_after_the_event_when_replaced_and_a_week_after_it_was_called_off(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    with database.unit_of_work() as db:
        old, other = (operations.host_link(db, event=event) for _ in "ab")
    with clock.at(event.ends_at + timedelta(days=6, hours=23)):
        assert client.get(f"/hosts/{old}").status_code == 200
    with clock.at(event.ends_at + timedelta(days=7, minutes=1)):
        for path in (f"/hosts/{old}", f"/hosts/{old}/state?v=0", f"/hosts/{old}/sheet"):
            assert client.get(path).status_code == 404
    with database.unit_of_work() as db:
        new = operations.renew_host_link(db, event=event, actor_id=cast.host.id)
    codes = [client.get(f"/hosts/{key}").status_code for key in (old, other, new)]
    assert codes == [404, 404, 200]
    assert client.post_form(f"/hosts/{old}/count", {"count": "in"}).status_code == 404
    with database.unit_of_work() as db:
        later = announced(db, cast, starts_at=soon(24 * 20), title="Stall in Hove")
        key = operations.host_link(db, event=later)
        operations.cancel(db, event=later, actor_id=cast.organiser.id)
    assert "This event is off" in client.get(f"/hosts/{key}").text
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert client.get(f"/hosts/{key}").status_code == 404


def test_links_are_made_mailed_and_ended_by_who_manages_the_event(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    page = f"/events/{event.public_id}/host-link"
    for person, code in ((cast.stranger, 404), (cast.caller, 403)):
        client.sign_in(person)
        assert client.get(page).status_code == code
        assert client.post_form(page, {"do": "make"}).status_code == code
    client.sign_in(cast.host)
    assert page in client.get(f"/events/{event.public_id}").text
    made = client.post_form(page, {"do": "make", "mail": "1"})
    key = re.search(r"/hosts/([\w-]{20,})", made.text)
    assert key is not None
    assert "<svg" in made.text
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter)).one()
        assert letter.to == cast.host.email
        assert f"/hosts/{key[1]}" in letter.text
        assert f"/hosts/{key[1]}" in letter.html
    assert client.get(f"/hosts/{key[1]}").status_code == 200
    assert key[1] not in client.get(page).text, "shown this once"
    client.post_form(page, {"do": "end"})
    assert client.get(f"/hosts/{key[1]}").status_code == 404
    assert client.post_form(page, {"do": "nothing"}).status_code == 422
    with database.reading() as db:
        said = db.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
        assert [one for one in said if "host link" in one] == ["host link made", "host links ended"]


@pytest.mark.usefixtures("early_in_the_hour")
def test_guessing_at_host_links_is_slowed_down(
    client: ProofReadingClient, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 1)
    codes = [client.get(f"/hosts/guess{number}").status_code for number in range(7)]
    assert codes == [404] * 5 + [429] * 2


def test_a_ticket_checks_in_for_the_team_and_tells_nobody_else_anything(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    event: Event,
) -> None:
    with database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        cy = signed_up(db, held, "Cy Moss", guests=0, mail=mail).rsvp
        key = operations.host_link(db, event=held)
    own = client.get(f"/rsvps/{mail.keys[-1]}").text
    assert 'class="qr"' in own
    assert f'<b class="num">{cy.place_in_line}</b>' in own
    ticket = f"/c/{cy.public_id}"

    def private(path: str) -> bool:
        page = client.get(path)
        assert page.status_code == 200
        return not says(page.text, "Cy") and event.title not in page.text

    assert private(ticket)
    nothing = client.get("/c/nosuchcode").text
    assert client.get(ticket).text.replace(cy.public_id, "nosuchcode") == nothing
    assert client.post_form(ticket).status_code == 404
    for person in (cast.stranger, cast.caller, cast.supporter):
        client.sign_in(person)
        assert private(ticket)
        assert client.post_form(ticket).status_code == 404
    assert of(database, event, "Cy Moss").attendance == "unknown"
    client.sign_in(cast.host)
    assert "Cy Moss" in client.get(ticket).text
    for _ in range(2):
        assert client.post_form(ticket).status_code == 303
    assert "Scan the next one" in client.get(ticket).text
    assert inside(database, event) == 1
    client.sign_out()
    assert private(ticket)
    client.get(f"/hosts/{key}")  # a helper's phone, from now on
    assert "Cy Moss" in client.get(ticket).text
    with database.unit_of_work() as db:
        operations.close_host_links(db, event=event)
    assert private(ticket)


def test_only_who_has_a_place_at_a_door_has_a_ticket(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        small = announced(db, cast, capacity=1, starts_at=soon(5))
        for name in ("Ada Warren", "Bea Long"):
            signed_up(db, small, name, mail=mail)
        signed_up(db, announced(db, cast, place=ONLINE, title="Online"), "Cy Moss", mail=mail)
    ada, bea, cy = mail.keys
    assert 'class="qr"' in client.get(f"/rsvps/{ada}").text
    assert 'class="qr"' not in client.get(f"/rsvps/{bea}").text, "waits"
    assert 'class="qr"' not in client.get(f"/rsvps/{cy}").text, "nobody stands at that door"
    with clock.at(small.ends_at):
        assert 'class="qr"' not in client.get(f"/rsvps/{ada}").text
