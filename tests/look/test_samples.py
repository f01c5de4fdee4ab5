"""Every layout and component, as markup: what a reader, a keyboard and a policy need of it."""

from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.look.site import PAGES, sample_app

HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def client() -> FlaskClient:
    return sample_app().test_client()


def read(client: FlaskClient, page: str) -> Any:
    return html5lib.parse(client.get(f"/{page}").get_data(as_text=True))


def all_of(page: Any, tag: str) -> list[Any]:
    return list(page.iter(f"{HTML}{tag}"))


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("page", PAGES)
def test_the_title_begins_with_the_one_heading(client: FlaskClient, page: str) -> None:
    found = read(client, page)
    (heading,) = all_of(found, "h1")
    (title,) = all_of(found, "title")
    assert words(title) == f"{words(heading)} · Fair Rents"


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_label(client: FlaskClient, page: str) -> None:
    found = read(client, page)
    named = {label.get("for") for label in all_of(found, "label")}
    wrapped = {id(part) for label in all_of(found, "label") for part in label.iter()}
    for tag in ("input", "select", "textarea"):
        for control in all_of(found, tag):
            if control.get("type") != "hidden":
                assert control.get("id") in named or id(control) in wrapped


@pytest.mark.parametrize("page", PAGES)
def test_no_id_stands_twice_and_every_reference_has_its_id(client: FlaskClient, page: str) -> None:
    found = read(client, page)
    ids = [element.get("id") for element in found.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    references = ("aria-describedby", "aria-labelledby")
    pointed = " ".join(e.get(name, "") for e in found.iter() for name in references)
    assert set(pointed.split()) <= set(ids)


@pytest.mark.parametrize("page", PAGES)
def test_every_post_form_carries_the_token(client: FlaskClient, page: str) -> None:
    for form in all_of(read(client, page), "form"):
        if form.get("method") == "post":
            names = [part.get("name") for part in form.iter(f"{HTML}input")]
            assert names.count("csrf_token") == 1


@pytest.mark.parametrize("page", PAGES)
def test_nothing_stands_inline(client: FlaskClient, page: str) -> None:
    found = read(client, page)
    assert not all_of(found, "style")
    assert all(script.get("src") for script in all_of(found, "script"))
    for element in found.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("page", PAGES)
def test_every_sheet_script_and_icon_is_there(client: FlaskClient, page: str) -> None:
    found = read(client, page)
    with client.get("/static/img/icons.svg") as answer:
        sprite = answer.get_data(as_text=True)
    addresses = {e.get("href") for e in all_of(found, "link")}
    for address in addresses | {e.get("src") for e in all_of(found, "script")}:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
    for use in found.iter("{http://www.w3.org/2000/svg}use"):
        assert f'id="{use.get("href").split("#")[1]}"' in sprite


def test_the_page_one_is_on_is_marked_in_both_menus(client: FlaskClient) -> None:
    marked = [a for a in all_of(read(client, "events"), "a") if a.get("aria-current") == "page"]
    assert [words(a) for a in marked] == ["Events", "Events"]


def test_what_is_wrong_is_said_above_and_at_the_field(client: FlaskClient) -> None:
    found = read(client, "form")
    (email,) = [e for e in all_of(found, "input") if e.get("id") == "email"]
    assert email.get("aria-invalid") == "true"
    assert email.get("aria-describedby") == "email-hint email-error"
    links = [a.get("href") for a in all_of(found, "a")]
    assert "#email" in links
    assert "#day-0" in links
    assert "CSRF" not in words(all_of(found, "main")[0])


def test_seats_above_a_dozen_are_told_in_words_only(client: FlaskClient) -> None:
    full = [a for a in all_of(read(client, "events"), "article") if "meetup" in words(a)]
    assert "Full: join the waiting list" in words(full[0])
    assert not list(full[0].iter(f"{HTML}i"))


def test_what_people_write_is_escaped(client: FlaskClient) -> None:
    app = sample_app()
    source = '{% from "components/person.html" import person %}{{ person(name) }}'
    with app.test_request_context():
        drawn = app.jinja_env.from_string(source).render(name="<b>Rosa</b>")
    assert "<b>Rosa" not in drawn
