"""Who may come in where: every endpoint says it, and what stands in the lists stays.

The lists are snapshots. After a wanted change write them anew and read the difference:

    CAMPAIGN_WRITE_SNAPSHOTS=1 python -m pytest tests/house/test_doors.py
"""

import os
from pathlib import Path

import pytest
from flask import Flask

from campaign import registry
from campaign.app import create_app
from campaign.foundation import web
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.people.rules import MAY, Action

HERE = Path(__file__).parent
ANEW = "CAMPAIGN_WRITE_SNAPSHOTS=1 python -m pytest tests/house/test_doors.py"
UNSPOKEN = {"HEAD", "OPTIONS"}


@pytest.fixture
def bare(settings: Settings, tmp_path: Path) -> Flask:
    """The application on a database nobody asks."""
    return create_app(settings, Database(f"sqlite:///{tmp_path}/none.db"))


def routes_of(app: Flask) -> list[str]:
    """Every address: methods, rule, endpoint, and who may."""
    return sorted(
        f"{','.join(sorted((rule.methods or set()) - UNSPOKEN)):9} {rule.rule}  {rule.endpoint}  "
        f"{' | '.join(web.standing_of(app, rule.endpoint))}"
        for rule in app.url_map.iter_rules()
    )


def permissions() -> list[str]:
    """Every action with the standings that allow it."""
    return [f"{action}: {', '.join(sorted(MAY[action]))}" for action in sorted(Action)]


def keep(name: str, present: list[str]) -> None:
    """Write the snapshot anew where that is asked for."""
    if os.environ.get("CAMPAIGN_WRITE_SNAPSHOTS"):
        (HERE / name).write_text("\n".join(present) + "\n", encoding="utf-8")


def compare(name: str, present: list[str]) -> None:
    """The snapshot is what it was."""
    before = (HERE / name).read_text(encoding="utf-8").splitlines()
    gone = [f"- {line}" for line in before if line not in present]
    new = [f"+ {line}" for line in present if line not in before]
    assert gone + new == [], f"{name} has changed. If that is wanted: {ANEW}"


def test_no_address_vanishes_or_changes_who_may_come(bare: Flask) -> None:
    keep("routes.txt", routes_of(bare))
    compare("routes.txt", routes_of(bare))


def test_the_table_of_who_may_do_what_is_what_it_was() -> None:
    keep("permissions.txt", permissions())
    compare("permissions.txt", permissions())


def test_a_vanished_address_is_found(bare: Flask) -> None:
    with pytest.raises(AssertionError, match=r"routes\.txt has changed"):
        compare("routes.txt", routes_of(bare)[1:])


def test_every_endpoint_says_who_may_come(bare: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in bare.url_map.iter_rules()
        if not web.standing_of(bare, rule.endpoint)
    ]
    assert silent == []


def test_an_endpoint_that_says_nothing_stops_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from flask import Blueprint

    planted = Blueprint("planted", __name__)
    planted.add_url_rule("/planted", "silent", lambda: "anybody")
    monkeypatch.setattr(registry, "BLUEPRINTS", (*registry.BLUEPRINTS, planted))
    with pytest.raises(RuntimeError, match=r"planted\.silent says neither @public nor @needs"):
        create_app(settings, Database(f"sqlite:///{tmp_path}/none.db"))


def test_every_standing_an_endpoint_asks_for_exists(bare: Flask) -> None:
    from campaign.people.rules import Role

    known = {web.PUBLIC, web.SIGNED_IN, web.DEVICE, *Role}
    asked = {
        standing
        for rule in bare.url_map.iter_rules()
        for standing in web.standing_of(bare, rule.endpoint)
    }
    assert asked <= known


def test_an_unsafe_address_is_not_open_to_everybody_by_mistake(bare: Flask) -> None:
    """Whoever opens a POST to everybody adds it here, after thinking of who will find it."""
    public = {
        rule.endpoint
        for rule in bare.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and web.PUBLIC in web.standing_of(bare, rule.endpoint)
    }
    assert public <= OPEN_TO_EVERYBODY, f"think, then add: {sorted(public - OPEN_TO_EVERYBODY)}"


OPEN_TO_EVERYBODY = {
    "conduct.follow",
    "conduct.report",
    "events.cannot_host",  # the mailed key is the right
    "events.invitation",
    "events.came",
    "events.did_not_come",
    "events.take_over",
    "meetups.held",  # the mailed key is the right
    "meetups.still_on",
    "meetups.keep",  # the phone’s cookie is the right
    "meetups.hold_desk",  # the key of the link is the right, once
    "meetups.keep_going",  # the mailed key is the right
    "meetups.helper",  # the phone’s cookie is the right
    "people.sign_in",
    "people.confirm",
    "people.sign_out",
    "people.do_not_call",
    "home.sign_in_as",  # the demo's made-up people, never in production
    "events.new",  # announcing needs no account: nobody sees it before the mailed key
    "events.confirm",  # opened by the mailed key
    "events.rsvp",  # signing up needs no account
    # The team of an event with its secret link, or signed in: the ticket alone opens nothing.
    "events.check_in",
    "events.host_count",
    "events.host_mark",
    "events.host_the_rest",
    "events.host_walk_in",
    "events.change",  # opened by the mailed key
    "events.join_group",  # without an account it only mails a link, which confirms it
    "events.follow",  # the same
    "events.followed",  # opened by the mailed key
    "events.pause_mails",
    "events.change_follow",
    "events.unsubscribe",  # never refused
    "events.coming",  # and so are these three
    "events.not_coming",
    "events.take",
    "events.no_thanks",
    "events.forget_it",
    "groups.write",  # writing to a group needs no account where it says so
    "meetups.about",  # a phone of the room, by its cookie
    "meetups.appeal",  # by the cookie of the phone that was sent out, once
    "meetups.back",  # by four words, whose guesses are counted
    "meetups.dots",
    "meetups.pen",
    "meetups.write",
    "meetups.you",
    "meetups.join",  # a phone in the hall has no account; the others ask for its cookie
    "meetups.willing",
    "meetups.leave",
    "meetups.hold",
    "meetups.begin",
    "meetups.fill",
    "meetups.ask",
    "meetups.cohost",
    "meetups.coming",
    "meetups.host",
    "meetups.take",
    "meetups.tap",
    "meetups.move",
    "meetups.vote",
    "meetups.propose",
    "phonebanks.come_again",  # with the key of a letter of thanks
}
