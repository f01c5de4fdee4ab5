"""An address that is not for everybody leaves by no door: every address of the site is tried."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import Rule

from campaign.events import operations
from campaign.events.models import Event, Rsvp
from campaign.events.rules.openness import AddressFor, checked
from campaign.events.rules.shifts import Slot
from campaign.events.rules.venues import PlaceChoice, PlaceKind, check_home_text
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import OutboxLetter
from campaign.places import lookup
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient

POSTCODE = "BN2 4HA"
STREET = "Quillfeather Passage"
HIDDEN = (AddressFor.AREA, AddressFor.SIGNED_UP, AddressFor.APPROVED)
CHOSEN = {"here": "everybody", **{value.value: value.value for value in HIDDEN}}


@pytest.fixture
def secret(places_dir: Path) -> PlaceChoice:
    """A home with an address that nothing else of the site says."""
    spot = lookup.find(places_dir, POSTCODE)[0]
    return PlaceChoice(PlaceKind.HOME, f"7 {STREET}", POSTCODE, spot.lat, spot.lng, "Brighton")


def canaries(place: PlaceChoice) -> list[str]:
    """Every form in which the place could be said, down to three decimals of a degree."""
    assert place.lat is not None
    assert place.lng is not None
    spaced = [POSTCODE.replace(" ", sign) for sign in (" ", "", "+", "%20", "-")]
    words = [STREET.partition(" ")[0], *spaced]
    degrees = [f"{place.lat:.6f}"[:6], f"{abs(place.lng):.6f}"[:5]]
    return [word.casefold() for word in [*words, *degrees]]


def filled_in(rule: Rule, value: str) -> str:
    """The address of a rule with each of its parts filled in."""
    parts = {
        name: 1 if type(rule._converters[name]).__name__ == "RowNumber" else value
        for name in rule.arguments
    }
    built = rule.build(parts, append_unknown=False)
    assert built is not None, rule
    return built[1]


def every_address(app: Flask, values: list[str]) -> list[str]:
    """All that a browser can fetch, from the application's own list of addresses."""
    return sorted(
        {
            filled_in(rule, value)
            for rule in app.url_map.iter_rules()
            for value in values
            if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "places.tile")
        }
    )


def hidden_events(database: Database, cast: Cast, home: PlaceChoice) -> list[str]:
    """A home, and a venue for each way of hiding its address; all listed, all tonight's week."""
    with database.unit_of_work() as db:
        made = [announced(db, cast, title="At a home", place=home)]
        for told_to in HIDDEN:
            venue = replace(home, kind=PlaceKind.VENUE, address_for=told_to)
            made.append(announced(db, cast, title=f"For {told_to}", place=venue))
        for event in made:
            signed_up(db, event)
        return [event.public_id for event in made]


SEARCHES = (
    "/events?near=BN1+1AA&radius_km=25&sort=distance",
    "/events.geojson?near=BN1+1AA&radius_km=25&zoom=18",
    "/events.geojson?zoom=3",
    "/events.ics?near=BN1+1AA&radius_km=25",
    "/embed/map?near=BN1+1AA",
)


@pytest.mark.parametrize("who", ["nobody", "stranger", "supporter"])
def test_no_address_of_the_site_says_where_a_hidden_event_is(
    app: Flask,
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    secret: PlaceChoice,
    who: str,
) -> None:
    ids = hidden_events(database, cast, secret)
    if who == "supporter":  # who asked to come, and whose host has not said yes
        with database.unit_of_work() as db:
            for event in db.scalars(select(Event).where(Event.public_id.in_(ids))):
                if event.address_for != "signed_up":
                    operations.sign_up(
                        db, event=event, name="Sam", email=None, person=cast.supporter
                    )
    if who != "nobody":
        client.sign_in(cast.everybody[who])
    tried = [*every_address(app, [*ids, cast.group.slug]), *SEARCHES]
    told = 0
    for address in tried:
        answer = FlaskClient.open(client, address)  # some of these are no pages
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
        text = (answer.get_data(as_text=False).decode("utf-8", "replace") + headers).casefold()
        told += "at a home" in text
        for canary in canaries(secret):
            assert canary not in text, f"{address} says {canary}"
    assert len(tried) > 60
    assert told > 5, "the event itself is in the lists"


def test_the_canaries_would_be_seen(
    client: ProofReadingClient, database: Database, cast: Cast, secret: PlaceChoice
) -> None:
    with database.unit_of_work() as db:
        open_venue = replace(secret, kind=PlaceKind.VENUE)
        public_id = announced(db, cast, place=open_venue).public_id
    said = "".join(
        client.get(address).text for address in (f"/events/{public_id}", "/events.geojson")
    ).casefold()
    street, postcode, *_, lat, lng = canaries(secret)
    for canary in (street, postcode, lat, lng):
        assert canary in said


@pytest.mark.parametrize("search", ["q=Quillfeather", "q=BN2+4HA", "near=BN2+4HA&radius_km=1"])
def test_a_search_does_not_feel_for_the_address(
    client: ProofReadingClient, database: Database, cast: Cast, secret: PlaceChoice, search: str
) -> None:
    """By the words nothing is found that the title does not say; by distance the area decides."""
    hidden_events(database, cast, secret)
    elsewhere = replace(secret, lat=50.9, lng=-0.3)
    centre = secret.shown_point
    assert centre is not None
    with database.unit_of_work() as db:
        # Far from the postcode, yet shown in the very same square as the others.
        decoy = announced(db, cast, title="A decoy", place=elsewhere)
        decoy.shown_lat, decoy.shown_lng = centre
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.title == "A decoy")).one()
        operations.edit(
            db,
            event=event,
            actor_id=event.host_id,
            title=event.title,
            about="",
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            capacity=event.capacity,
        )
    for path in ("/events", "/events.geojson", "/events.ics"):
        text = client.get(f"{path}?{search}").text
        assert ("At a home" in text) == ("A decoy" in text), path


def pins(client: ProofReadingClient) -> str:
    features = (client.get("/events.geojson").json or {})["features"]
    assert features
    return str([feature["geometry"] for feature in features])


def test_a_homes_pin_stands_still(
    client: ProofReadingClient, database: Database, cast: Cast, secret: PlaceChoice
) -> None:
    with database.unit_of_work() as db:
        public_id = announced(db, cast, place=secret).public_id
    answers = {pins(client) for _ in range(100)}
    assert len(answers) == 1
    assert secret.lat is not None
    assert secret.lng is not None
    centre = secret.shown_point
    assert centre is not None
    # To the other side of the square's middle: still the same square.
    moved = replace(secret, lat=2 * centre[0] - secret.lat, lng=2 * centre[1] - secret.lng)
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        operations.edit(
            db,
            event=event,
            actor_id=event.host_id,
            title=event.title,
            about=event.about,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            capacity=event.capacity,
            place=replace(moved, venue="9 Elsewhere Street"),
        )
        assert (event.shown_lat, event.shown_lng) == centre
    assert pins(client) in answers


def test_no_letter_says_the_address_before_the_host_said_yes(
    database: Database, cast: Cast, secret: PlaceChoice, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        venue = replace(secret, kind=PlaceKind.VENUE, address_for="approved")
        for place in (secret, venue):
            event = announced(db, cast, place=place, starts_at=soon(hours=20))
            asked = signed_up(db, event, mail=mail)
            assert asked.status == "waiting"
        operations.send_addresses(db, mail=mail, now=clock.now())
        assert STREET not in "".join(letter.text + letter.html for letter in mail.letters)
        assert POSTCODE not in "".join(letter.text + letter.html for letter in mail.letters)
        rsvp = asked.rsvp
        operations.answer_request(db, event=event, rsvp_id=rsvp.public_id, yes=True, mail=mail)
        assert STREET in mail.letters[-1].text
        assert STREET not in "".join(letter.subject for letter in mail.letters)


def test_who_signs_up_gets_the_address_by_mail_and_who_waits_does_not(
    client: ProofReadingClient, database: Database, cast: Cast, secret: PlaceChoice
) -> None:
    with database.unit_of_work() as db:
        venue = replace(secret, kind=PlaceKind.VENUE, address_for="signed_up")
        public_id = announced(db, cast, place=venue, capacity=1).public_id
    for name in ("Ada", "Bea"):
        given = {"name": f"{name} Warren", "email": f"{name.lower()}@people.example"}
        sent = client.post_form(f"/events/{public_id}/rsvp", given)
        # Anybody can type an address: only its owner reads where it is.
        assert STREET not in client.get(sent.headers["Location"]).text
    with database.reading() as db:
        letters = {letter.to: letter.text for letter in db.scalars(select(OutboxLetter))}
    assert STREET in letters["ada@people.example"]
    assert STREET not in letters["bea@people.example"]
    key = letters["ada@people.example"].partition("/rsvps/")[2].split()[0]
    assert STREET in client.get(f"/rsvps/{key}").text
    key = letters["bea@people.example"].partition("/rsvps/")[2].split()[0]
    assert STREET not in client.get(f"/rsvps/{key}").text


def test_where_nobody_is_told_no_letter_ever_says_it(
    database: Database, cast: Cast, secret: PlaceChoice, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        venue = replace(secret, kind=PlaceKind.VENUE, address_for="area")
        event = announced(db, cast, place=venue, starts_at=soon(hours=20))
        assert signed_up(db, event, mail=mail).status == "accepted"
        assert operations.send_addresses(db, mail=mail, now=clock.now()) == 0
        text = "".join(letter.text for letter in mail.letters)
    assert STREET not in text
    assert "the host says where exactly" in text


def test_the_database_keeps_a_home_hidden(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event_id = announced(db, cast, place=replace(HOME, address_for="everybody")).id
        assert db.get_one(Event, event_id).address_for == "approved"
    with pytest.raises(IntegrityError), database.unit_of_work() as db:
        db.get_one(Event, event_id).address_for = "everybody"
        db.flush()


@pytest.mark.parametrize(
    ("kind", "chosen", "told_to"),
    [
        ("venue", None, "everybody"),
        ("venue", "area", "area"),
        ("venue", "nonsense", "everybody"),
        ("home", "everybody", "approved"),
        ("online", "everybody", "signed_up"),
    ],
)
def test_only_a_venue_has_a_choice(kind: str, chosen: str | None, told_to: str) -> None:
    assert checked(kind, chosen) == told_to


def test_no_public_text_gives_a_hidden_venue_away(secret: PlaceChoice) -> None:
    venue = replace(secret, kind=PlaceKind.VENUE, address_for="signed_up")
    for texts in ({"title": f"Tea at 7 {STREET}"}, {"access_contact": f"Ring at {POSTCODE}"}):
        with pytest.raises(Refused, match="gives the address away"):
            check_home_text(venue, **texts)
    check_home_text(replace(venue, address_for="everybody"), about=f"7 {STREET}")


@pytest.mark.parametrize("kind", list(PlaceKind)[:2])
def test_nothing_else_that_a_host_writes_gives_a_hidden_place_away(
    database: Database, cast: Cast, secret: PlaceChoice, kind: PlaceKind
) -> None:
    """The role of a shift and a report stand on the page; a note goes to who only asked."""
    place = replace(secret, kind=kind, address_for=None if kind == "home" else "approved")
    said = f"Bell at 7 {STREET}"[:40]
    with database.unit_of_work() as db:
        event = announced(db, cast, place=place)
        times = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        with pytest.raises(Refused, match="away") as refused:
            operations.add_shift(db, event=event, capacity=4, role=said, **times)
        assert refused.value.field == "role"
        shift = operations.add_shift(db, event=event, capacity=4, role="Caller", **times)
        slot = Slot(event.starts_at, event.ends_at, 4, None, said)
        with pytest.raises(Refused, match="away"):
            operations.change_shift(
                db, event=event, shift_id=shift.public_id, slot=slot, actor_id=cast.organiser.id
            )
        whole = {"title": event.title, "about": "", "capacity": None, **times}
        with pytest.raises(Refused, match="away") as refused:
            operations.edit(
                db, event=event, actor_id=cast.organiser.id, note=f"Now at 7 {STREET}", **whole
            )
        assert refused.value.field == "change_note"
        with pytest.raises(Refused, match="away"):
            operations.cancel(
                db, event=event, actor_id=cast.organiser.id, note=f"Nobody at 7 {STREET}"
            )
        with clock.at(event.ends_at), pytest.raises(Refused, match="away") as refused:
            operations.write_report(
                db,
                event=event,
                numbers={"people": 3},
                story=f"We rang from 7 {STREET}.",
                actor_id=cast.organiser.id,
            )
        assert refused.value.field == "story"
        db.rollback()


def test_a_host_hides_a_venue_and_shows_it_again(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
    client.sign_in(cast.organiser)
    given = {
        "kind": "phonebank",
        "date_own": event.starts_at.date().isoformat(),
        "start_own": "19:30",
        "end": "21:30",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN1 1YD",
        "capacity_own": "12",
        "address_for": "signed_up",
    }
    page = f"/events/{event.public_id}"
    assert client.post_form(f"{page}/edit", given).status_code == 303
    assert "Trinity Hall" not in client.get("/events").text
    assert "Trinity Hall" not in client.get(f"{page}/edit").text
    again = given | {"where": "", "postcode": "", "address_for": "everybody"}
    assert client.post_form(f"{page}/edit", again).status_code == 303
    assert "Trinity Hall" in client.get("/events").text
    with database.reading() as db:
        held = db.get_one(Event, event.id)
        assert held.shown_lat == pytest.approx(50.826, abs=0.002)
        assert db.scalar(select(Rsvp.id).where(Rsvp.event_id == event.id)) is None
