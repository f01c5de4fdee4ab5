"""What is proposed for each kind of event: the file, who changes it, and where it counts."""

import re
import threading
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.adapters import default_templates, templates_of
from campaign.events.models import Event, EventTemplate
from campaign.events.operations.templates import mark_of
from campaign.events.rules.kinds import Kind
from campaign.events.rules.templates import (
    MOBILIZE_TYPES,
    Template,
    TemplateChanged,
    checked_template,
    mobilize_type,
)
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import SettingsError
from campaign.people.models import Person
from tests.cast import Cast
from tests.events.makers import announced
from tests.proof_reader import ProofReadingClient

FILE = Path(__file__).parents[2] / "config" / "event_templates.toml"
OURS = Template(
    minutes=75,
    about="We knock on doors, and there is soup afterwards.",
    kit=("The big soup pot", "Maps"),
    roles=("Door knocker", "Cook"),
    safety=("Carry the pot in pairs.",),
)
PAGE = "/event-templates/canvass"


def typed(**changed: str) -> dict[str, str]:
    given = {
        "minutes": "75",
        "about": OURS.about,
        "kit": "The big soup pot\n\n  Maps ",
        "roles": "Door knocker\nCook",
        "safety": "Carry the pot in pairs.",
        "seen": "",
    }
    return given | changed


def answers(**changed: str) -> dict[str, str]:
    given = {
        "kind": "canvass",
        "date": (clock.now() + timedelta(days=4)).date().isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN2 1TB",
        "group": "fair-rents-brighton",
        "capacity": "12",
    }
    return given | changed


@pytest.fixture
def changed(database: Database, cast: Cast) -> None:
    """The administrator has changed the template of a canvass."""
    with database.unit_of_work() as db:
        change(db, cast.administrator)


def change(db: Any, person: Person, seen: str = "", **given: Any) -> None:
    operations.change_template(
        db, kind=Kind.CANVASS, template=replace(OURS, **given), seen=seen, actor_id=person.id
    )


def newest(database: Database) -> Event:
    with database.reading() as db:
        found = db.scalars(select(Event).order_by(Event.id.desc())).first()
        assert found is not None
        db.expunge_all()
        return found


# --- the file ---


def test_every_kind_has_a_template_that_can_be_used() -> None:
    templates = templates_of(FILE.read_text(encoding="utf-8"))
    assert set(templates) == set(Kind)
    for template in templates.values():
        assert checked_template(template) is template
        assert template.kit
        assert template.safety
        assert template.about


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_maps_to_a_type_that_mobilize_knows(kind: Kind) -> None:
    assert mobilize_type(kind, default_templates()) in MOBILIZE_TYPES


def test_the_kinds_that_mobilize_has_a_word_for_get_it() -> None:
    words = {kind: mobilize_type(kind, default_templates()) for kind in ("phonebank", "meetup")}
    assert words == {"phonebank": "PHONE_BANK", "meetup": "BARNSTORM"}


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("minutes = 90", 'minutes = "90"', "[training]: minutes is a whole number"),
        ("minutes = 90", "minutes = 5", "[training]: minutes: Give a length from 15 minutes"),
        ("minutes = 90\n", "", "[training]: minutes is missing"),
        ("minutes = 90", "minutes = 90\nlength = 3", "[training]: length means nothing here"),
        ("[training]", "[teaching]", "[teaching]: there is no such kind of event"),
        ('"TRAINING"', '"LESSON"', "[training]: Mobilize knows no type LESSON"),
        ('roles = ["Trainer", ', 'roles = [3, "', "event_templates.toml"),
        ("We learn it together", "At BN1 1AA we learn it together", "[training]: about: Everybody"),
    ],
)
def test_a_mistake_in_the_file_is_said_in_a_sentence(
    before: str, after: str, sentence: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(SettingsError) as refused:
        templates_of(text.replace(before, after))
    assert str(refused.value).startswith("config/event_templates.toml: ")
    assert sentence in str(refused.value)


def test_a_kind_that_is_missing_is_named() -> None:
    text = FILE.read_text(encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\[other\] is missing"):
        templates_of(text[: text.index("[other]")])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"minutes": 14}, "minutes"),
        ({"minutes": 4321}, "minutes"),
        ({"roles": ()}, "roles"),
        ({"roles": ("x" * 41,)}, "roles"),
        ({"roles": ("Opens 12 Elm Grove",)}, "roles"),
        ({"about": "Ring the bell at 12 Elm Grove."}, "about"),
        ({"about": "Near BN2 3DA."}, "about"),
        ({"about": "x" * 2001}, "about"),
        ({"kit": ("x" * 201,)}, "kit"),
        ({"safety": ("Take care.",) * 21}, "safety"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_at_its_field(
    given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        checked_template(replace(OURS, **given))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(60, "1 hour"), (90, "1 hour 30 minutes"), (45, "45 minutes"), (120, "2 hours")],
)
def test_a_length_is_said_in_words(minutes: int, words: str) -> None:
    assert replace(OURS, minutes=minutes).length == words


# --- changing one ---


def test_what_an_administrator_changes_counts_and_is_noted(
    database: Database, cast: Cast, changed: None
) -> None:
    with database.reading() as db:
        found = queries.template_for(db, "canvass", default_templates())
        assert found == replace(OURS, mobilize="CANVASS")
        assert queries.template_for(db, "stall", default_templates()).minutes == 120
        row = db.scalars(select(AuditRow).where(AuditRow.action.like("event template%"))).one()
        assert (row.subject, row.actor_id) == ("event template:canvass", cast.administrator.id)


def test_going_back_lets_the_file_count_again(
    database: Database, cast: Cast, changed: None
) -> None:
    with database.unit_of_work() as db:
        seen = mark_of(db.get(EventTemplate, "canvass"))
        operations.back_to_default(db, kind=Kind.CANVASS, seen=seen, actor_id=cast.administrator.id)
    with database.reading() as db:
        assert db.get(EventTemplate, "canvass") is None
        assert (
            queries.template_for(db, "canvass", default_templates())
            == default_templates()[Kind.CANVASS]
        )
        actions = db.scalars(select(AuditRow.action).where(AuditRow.action.like("event template%")))
        assert "event template back to the default" in list(actions)


def test_who_looked_at_an_older_one_is_told(database: Database, cast: Cast, changed: None) -> None:
    with database.unit_of_work() as db, pytest.raises(TemplateChanged):
        change(db, cast.administrator, minutes=30)
    with database.unit_of_work() as db, pytest.raises(TemplateChanged):
        operations.back_to_default(db, kind=Kind.CANVASS, seen="", actor_id=cast.administrator.id)
    with database.reading() as db:
        assert db.get_one(EventTemplate, "canvass").minutes == OURS.minutes


def test_of_two_who_change_the_same_one_at_once_one_hears_of_the_other(
    database: Database, cast: Cast
) -> None:
    start, saved, refused = threading.Barrier(2), [], []

    def work(minutes: int) -> None:
        start.wait()
        try:
            with database.unit_of_work() as db:
                change(db, cast.administrator, minutes=minutes)
            saved.append(minutes)
        except TemplateChanged:
            refused.append(minutes)

    threads = [threading.Thread(target=work, args=(minutes,)) for minutes in (30, 45)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(saved), len(refused)) == (1, 1)
    with database.reading() as db:
        assert db.get_one(EventTemplate, "canvass").minutes == saved[0]


# --- the pages ---


def test_an_administrator_sees_all_and_changes_one(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    assert 'href="/event-templates"' in client.get("/me").text
    assert "Canvasser, Team lead, Driver" in client.get("/event-templates").text
    assert "nobody has changed it" in client.get(PAGE).text
    assert client.post_form(PAGE, typed()).headers["Location"] == "/event-templates"
    page = client.get("/event-templates").text
    assert "1 hour 15 minutes · Door knocker, Cook" in page
    assert "Changed by Ada Administrator, on " in page
    page = client.get(PAGE).text
    assert "The big soup pot\nMaps" in page
    assert "Back to the default" in page
    with database.reading() as db:
        seen = mark_of(db.get(EventTemplate, "canvass"))
    assert client.post_form(f"{PAGE}/default", {"seen": seen}).status_code == 303
    assert "nobody has changed it" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"minutes": "soon"}, "Give a length from 15 minutes"),
        ({"minutes": ""}, "Give a length from 15 minutes"),
        ({"roles": ""}, "Name one role at least"),
        ({"about": "At 12 Elm Grove, BN2 3DA."}, "take the postcode and the house number out"),
        ({"kit": "x" * 250}, "shorten"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_typed_is_lost(
    client: ProofReadingClient, cast: Cast, given: dict[str, str], sentence: str
) -> None:
    client.sign_in(cast.administrator)
    answer = client.post_form(PAGE, typed(**given))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Carry the pot in pairs." in answer.text


def test_who_was_second_keeps_what_they_typed_and_may_send_it_again(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    client.sign_in(cast.administrator)
    answer = client.post_form(PAGE, typed(minutes="35"))
    assert answer.status_code == 409
    assert "Somebody else has changed this template" in answer.text
    assert 'value="35"' in answer.text
    with database.reading() as db:
        seen = mark_of(db.get(EventTemplate, "canvass"))
    assert seen in answer.text.replace("&#43;", "+")
    assert client.post_form(PAGE, typed(minutes="35", seen=seen)).status_code == 303


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("officer", 403),
        ("moderator", 403),
        ("organiser", 404),
        ("host", 404),
        ("supporter", 404),
        ("stranger", 404),
    ],
)
def test_nobody_but_an_administrator_gets_in(
    client: ProofReadingClient, database: Database, cast: Cast, who: str, code: int
) -> None:
    client.sign_in(cast.everybody[who])
    assert client.get("/event-templates").status_code == code
    assert client.get(PAGE).status_code == code
    assert client.post_form(PAGE, typed()).status_code == code
    assert client.post_form(f"{PAGE}/default", {"seen": ""}).status_code == code
    with database.reading() as db:
        assert db.get(EventTemplate, "canvass") is None


def test_a_visitor_is_asked_to_sign_in(client: ProofReadingClient, cast: Cast) -> None:
    assert "/sign-in" in client.get("/event-templates").headers["Location"]


def test_a_kind_that_does_not_exist_has_no_page(client: ProofReadingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert client.get("/event-templates/carnival").status_code == 404


# --- where it counts ---


def test_what_was_left_empty_comes_from_the_template(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    client.sign_in(cast.organiser)
    assert client.post_form("/events/new", answers()).status_code == 303
    event = newest(database)
    assert event.about == OURS.about
    assert event.ends_at - event.starts_at == timedelta(minutes=75)
    assert event.title == "Canvass at Trinity Hall"


def test_what_was_typed_stays(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers(about="Our own words.", end="20:00"))
    event = newest(database)
    assert event.about == "Our own words."
    assert event.ends_at - event.starts_at == timedelta(hours=1)


def test_who_saw_the_proposal_and_emptied_it_gets_no_words(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers(about="", about_shown="1"))
    assert newest(database).about == ""


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_announced_at_a_home_with_the_words_that_are_proposed(
    client: ProofReadingClient, database: Database, cast: Cast, kind: Kind
) -> None:
    client.sign_in(cast.organiser)
    at_home = answers(kind=kind.value, place="home", where="12 Elm Grove", postcode="BN2 3DA")
    assert client.post_form("/events/new", at_home).status_code == 303
    assert newest(database).about == default_templates()[kind].about


def test_changing_an_event_proposes_no_words(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    client.post_form("/events/new", answers())
    event = newest(database)
    day = event.starts_at.replace(tzinfo=UTC).date().isoformat()
    change = {"kind": "canvass", "date_own": day, "start_own": "19:00", "end": "20:00"}
    change |= {"place": "venue", "title": "Doors", "about": "", "capacity": "none"}
    assert client.post_form(f"/events/{event.public_id}/edit", change).status_code == 303
    assert newest(database).about == ""


def test_the_page_carries_the_proposals_and_no_seventh_question(
    client: ProofReadingClient, cast: Cast, changed: None
) -> None:
    client.sign_in(cast.organiser)
    page = client.get("/events/new?kind=canvass").text
    assert "for the usual length: <span data-length>1 hour 15 minutes</span>" in page
    assert "there is soup afterwards" in page
    assert page.count('class="six-no"') == 6


@pytest.mark.parametrize("who", ["host", "organiser"])
def test_who_runs_the_event_reads_what_to_bring_and_what_is_safe(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None, who: str
) -> None:
    with database.unit_of_work() as db:
        held = announced(db, cast, kind="canvass", host=cast.host).public_id
    client.sign_in(cast.everybody[who])
    for page in (f"/events/{held}", f"/events/{held}/roster", f"/events/{held}/roster/sheet"):
        text = client.get(page).text
        assert "The big soup pot" in text, page
        assert "Carry the pot in pairs." in text, page


@pytest.mark.parametrize("who", [None, "caller", "supporter", "stranger", "administrator"])
def test_nobody_else_reads_it(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None, who: str | None
) -> None:
    with database.unit_of_work() as db:
        held = announced(db, cast, kind="canvass", host=cast.host).public_id
    if who:
        client.sign_in(cast.everybody[who])
    page = client.get(f"/events/{held}")
    assert page.status_code == 200
    assert "The big soup pot" not in page.text
    assert "Carry the pot in pairs." not in page.text


def test_the_roles_are_proposed_for_shifts_the_first_as_the_usual_one(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, kind="canvass", host=cast.host)
        held = event.public_id
        first = operations.add_shift(
            db, event=event, starts_at=event.starts_at, ends_at=event.ends_at, capacity=4
        )
        assert first.role == "Door knocker"
    client.sign_in(cast.host)
    page = client.get(f"/events/{held}/shifts").text
    assert '<option value="Cook"></option>' in page
    assert page.count('value="Door knocker"') >= 3


def test_the_new_host_is_told_what_to_bring(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, kind="canvass", host=cast.host)
        event.hostless_at = clock.now()
        held = event.public_id
    client.sign_in(cast.organiser)
    assert client.post_form(f"/events/{held}/take-over", {}).status_code == 303
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id.desc())).first()
        assert letter is not None
        assert "- The big soup pot" in letter.text
        assert "The big soup pot" in letter.html


def test_a_helper_with_the_host_link_reads_it_too(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, kind="canvass", host=cast.host)
        key = operations.host_link(db, event=event, actor_id=cast.host.id)
    for page in (f"/hosts/{key}", f"/hosts/{key}/sheet"):
        assert "Carry the pot in pairs." in client.get(page).text, page


def test_who_announced_without_an_account_gets_the_words_and_is_told_what_to_bring(
    client: ProofReadingClient, database: Database, cast: Cast, changed: None
) -> None:
    mine = {"name": "Ada Warren", "email": "ada@people.example"}
    assert client.post_form("/events/new", answers() | mine).status_code == 303
    with database.reading() as db:
        text = db.scalars(select(OutboxLetter.text)).one()
    link = re.search(r"/events/confirm/\S+", text)
    assert link is not None
    assert client.post_form(link[0], {}).status_code == 303
    event = newest(database)
    assert event.about == OURS.about
    assert event.ends_at - event.starts_at == timedelta(minutes=75)
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id.desc())).first()
        assert letter is not None
        assert "- The big soup pot" in letter.text
        assert "The big soup pot" in letter.html
