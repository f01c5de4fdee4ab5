"""The table of pages to look at covers exactly what the list of routes has."""

from pathlib import Path

from campaign.foundation import web
from campaign.home.rules import DEMO_PEOPLE
from tests.every_page import NO_PAGE, PAGES

ROUTES = Path(__file__).parent / "routes.txt"


def shown() -> dict[str, str]:
    """The endpoints that a GET reaches, with who may come, from the snapshot."""
    found = {}
    for line in ROUTES.read_text(encoding="utf-8").splitlines():
        methods, _, endpoint, standing = (part.strip() for part in line.split(maxsplit=3))
        if "GET" in methods:
            found[endpoint] = standing
    return found


def test_every_endpoint_is_a_page_to_look_at_or_says_why_not() -> None:
    pages = {page.endpoint for page in PAGES}
    assert pages & set(NO_PAGE) == set()
    assert pages | set(NO_PAGE) == set(shown())


def test_every_endpoint_that_gives_no_page_says_what_it_gives() -> None:
    assert all(NO_PAGE.values())


def test_a_page_that_asks_who_you_are_is_looked_at_by_somebody_of_the_demo() -> None:
    people = {one.key for one in DEMO_PEOPLE}
    standings = shown()
    for page in PAGES:
        assert page.who in people | {""}
        needs_nobody = (web.PUBLIC, web.DEVICE)  # a device that was let in is in the browser, too
        assert page.who or standings[page.endpoint].endswith(needs_nobody), page


def test_no_page_is_looked_at_twice_by_the_same_person() -> None:
    looks = [(page.address, page.who) for page in PAGES]
    assert len(looks) == len(set(looks))
