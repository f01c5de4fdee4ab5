"""What is proposed for each kind of event: the file, and how an administrator changes it."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.adapters import default_templates, templates_of
from campaign.events.models import EventTemplate
from campaign.events.operations.templates import mark_of
from campaign.events.rules.kinds import Kind
from campaign.events.rules.templates import (
    MOBILIZE_TYPES,
    TemplateChanged,
    checked_template,
    mobilize_type,
)
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.settings import SettingsError
from tests.cast import Cast
from tests.events.proposing import OURS, change
from tests.proof_reader import ProofReadingClient

FILE = Path(__file__).parents[2] / "config" / "event_templates.toml"
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
    database: Database, cast: Cast, our_template: None
) -> None:
    with database.reading() as db:
        found = queries.template_for(db, "canvass", default_templates())
        assert found == replace(OURS, mobilize="CANVASS")
        assert queries.template_for(db, "stall", default_templates()).minutes == 120
        row = db.scalars(select(AuditRow).where(AuditRow.action.like("event template%"))).one()
        assert (row.subject, row.actor_id) == ("event template:canvass", cast.administrator.id)


def test_going_back_lets_the_file_count_again(
    database: Database, cast: Cast, our_template: None
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


def test_who_looked_at_an_older_one_is_told(
    database: Database, cast: Cast, our_template: None
) -> None:
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
    client: ProofReadingClient, database: Database, cast: Cast, our_template: None
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
