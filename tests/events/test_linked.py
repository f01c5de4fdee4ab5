"""The event for machines that read pages, taken out of the page and read by a JSON-LD library."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest
from pyld import jsonld

from campaign.events import operations
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.makers import HOME, ONLINE, announced, signed_up
from tests.proof_reader import ProofReadingClient

SCHEMA = "https://schema.org/"
# The part of schema.org's own context that an event needs: no test asks another machine.
CONTEXT = {
    "@vocab": SCHEMA,
    "url": {"@type": "@id"},
    "eventStatus": {"@type": "@id"},
    "eventAttendanceMode": {"@type": "@id"},
    "startDate": {"@type": f"{SCHEMA}DateTime"},
    "endDate": {"@type": f"{SCHEMA}DateTime"},
}


def raw(page: str) -> str:
    """The text of the one data block of a page, as a browser cuts it out."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    blocks = [one for one in root.iter("script") if one.get("type") == "application/ld+json"]
    assert len(blocks) == 1
    return "".join(blocks[0].itertext())


def understood(page: str) -> dict[str, Any]:
    """What the library makes of it: every name a full address, every value a node."""
    told = json.loads(raw(page))
    assert told["@context"] == "https://schema.org"
    (event,) = jsonld.expand(told | {"@context": CONTEXT})
    assert isinstance(event, dict)
    return event


def value(node: dict[str, Any], *path: str) -> Any:
    """The value at the end of a path of schema.org's names."""
    found: Any = node
    for name in path:
        (found,) = found[f"{SCHEMA}{name}"]
    return found.get("@value", found.get("@id"))


def page_of(client: ProofReadingClient, event: Any) -> str:
    return str(client.get(f"/events/{event.public_id}").text)


def test_a_reader_of_pages_learns_what_when_where_and_how_many(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, about="Bring headphones.")
        signed_up(db, event, "Ada Warren", guests=1)
    told = understood(page_of(client, event))
    assert told["@type"] == [f"{SCHEMA}Event"]
    assert told["@id"].endswith(f"/events/{event.public_id}")
    assert value(told, "name") == "Ring round Hove"
    assert value(told, "description") == "Bring headphones."
    assert datetime.fromisoformat(value(told, "startDate")) == event.starts_at
    assert datetime.fromisoformat(value(told, "endDate")) == event.ends_at
    assert value(told, "eventStatus") == f"{SCHEMA}EventScheduled"
    assert value(told, "eventAttendanceMode") == f"{SCHEMA}OfflineEventAttendanceMode"
    assert value(told, "location", "address", "streetAddress") == "Brighthelm Centre"
    assert value(told, "location", "address", "postalCode") == "BN1 1YD"
    assert value(told, "location", "geo", "latitude") == 50.82633
    assert value(told, "organizer", "name") == cast.group.name
    assert value(told, "maximumAttendeeCapacity") == 12
    assert value(told, "remainingAttendeeCapacity") == 10
    assert value(told, "isAccessibleForFree") is True


def test_what_is_off_says_so_and_has_no_places(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    told = understood(page_of(client, event))
    assert value(told, "eventStatus") == f"{SCHEMA}EventCancelled"
    assert value(told, "remainingAttendeeCapacity") == 0


def test_a_home_is_a_town_without_a_point(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME)
    page = page_of(client, event)
    told = understood(page)
    assert value(told, "location", "address", "addressLocality") == "Brighton"
    assert f"{SCHEMA}geo" not in told[f"{SCHEMA}location"][0]
    for secret in ("Elm Grove", "BN2 3DA", "50.83051"):
        assert secret not in page


def test_an_online_event_names_its_page_and_never_its_link_even_to_who_may_see_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=ONLINE)
        signed_up(db, event, cast.supporter.name, person=cast.supporter)
    client.sign_in(cast.supporter)
    with clock.at(event.starts_at - timedelta(minutes=10)):
        page = page_of(client, event)
    assert "meet.example" in page
    assert "meet.example" not in raw(page)
    told = understood(page)
    assert told[f"{SCHEMA}location"][0]["@type"] == [f"{SCHEMA}VirtualLocation"]
    assert value(told, "location", "url").endswith(f"/events/{event.public_id}")
    assert value(told, "eventAttendanceMode") == f"{SCHEMA}OnlineEventAttendanceMode"


@pytest.mark.parametrize(
    "title", ["</script><script>window.pwn=1</script>", "<!--<script>", "a & b \u2028 c ]]>"]
)
def test_no_title_ends_the_data_block(
    client: ProofReadingClient, database: Database, cast: Cast, title: str
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, title=title, about=title)
    page = page_of(client, event)
    assert value(understood(page), "name") == title
    assert "<script>window" not in page


@pytest.mark.parametrize("day", ["2026-10-20", "2026-10-27", "2027-03-23", "2027-03-30"])
def test_seven_in_the_evening_is_seven_on_both_sides_of_a_clock_change(
    client: ProofReadingClient, database: Database, cast: Cast, day: str
) -> None:
    london = ZoneInfo("Europe/London")
    starts_at = datetime.fromisoformat(f"{day}T19:00").replace(tzinfo=london)
    with clock.at(starts_at - timedelta(days=2)):
        with database.unit_of_work() as db:
            event = announced(db, cast, starts_at=starts_at)
        page = page_of(client, event)
    assert value(understood(page), "startDate").startswith(f"{day}T19:00+0")
    assert "19:00–21:00" in page
