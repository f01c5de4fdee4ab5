"""Signing in by a mailed link, as a newcomer on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.journey


def sign_in(page, site: Site, email: str, *, name: str) -> None:
    """Walk through the mailed link, and say what one is called where asked."""
    page.goto("/sign-in")
    page.get_by_role("textbox", name="Your email").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    letter = next(one for one in reversed(site.letters) if one.to == email)
    page.goto(re.search(r"https?://\S+/sign-in/\S+", letter.text)[0])
    page.get_by_role("button", name="Yes, sign me in").click()
    # Which page it leads to is known once it has come.
    page.wait_for_url(lambda url: "/sign-in/" not in url or "/sign-in/name" in url)
    if page.get_by_role("heading", name="What may we call you?").is_visible():
        page.get_by_role("textbox", name="Your name").fill(name)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_newcomer_signs_in_by_the_mailed_link_and_out_again(site: Site, somebody: Walker) -> None:
    page = somebody()
    sign_in(page, site, "wren@people.example", name="Wren Selby")
    expect(page.get_by_role("heading", level=1, name="Hello, Wren Selby")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto("/me")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your email is your key")
