"""``campaign demo``: fills an empty database with a made-up campaign."""

from __future__ import annotations

import random
import time

import click

from campaign.commands import opening
from campaign.commands.demo import (
    calling,
    closed,
    colours,
    conduct,
    diary,
    evenings,
    hall,
    holding,
    life,
    line,
    society,
)
from campaign.commands.demo.scribe import Scribe, Tell
from campaign.commands.demo.size import SIZES, SMALL, Size
from campaign.foundation import clock, schema
from campaign.foundation.errors import Refused
from campaign.foundation.web import House
from campaign.foundation.words import human_day
from campaign.home.rules import DEMO_PEOPLE
from campaign.people import queries


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), help="How much of it; usually small.")
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same demo.")
@click.option("--if-empty", is_flag=True, help="Keep today's demo; make an older one anew.")
@click.option("--anew", is_flag=True, help="Take the demo that is there away first.")
def demo(size: str | None, seed: int, if_empty: bool, anew: bool) -> None:
    """Fill an empty database with the demo campaign; never touches one with people in it."""
    house = opening.house()
    if house.settings.is_production:
        raise Refused("Production has no demo: it would leave accounts that anybody can use.")
    with house.database.reading() as db:
        held = holding.look(db)
    wanted = SIZES[size] if size else held.size if held.made_on else SMALL
    if _to_be_filled(house, held, if_empty=if_empty, anew=anew):
        started = time.monotonic()
        with click.progressbar(length=wanted.steps, label=f"The {wanted.name} demo") as bar:
            told = build(house, seed=seed, size=wanted, tell=bar.update)
        click.echo(f"{told} In {time.monotonic() - started:.1f} s.")
    say_where(house)


def _to_be_filled(house: House, held: holding.Holding, *, if_empty: bool, anew: bool) -> bool:
    """Whether to build: empties a stale demo, and nothing that holds anybody real."""
    if not held.people:
        return True
    if held.made_on is None:
        raise Refused(f"This database already holds {held.people:,} people: {WANTS_EMPTY}")
    today = clock.now().astimezone(holding.ZONE).date()
    made, stale = human_day(held.made_on), held.made_on < today
    if not held.is_demo_alone:
        if if_empty:
            old = f" The demo is of {made}, its days are over." if stale else ""
            click.echo(f"You have added people of your own, so all stays as it is.{old}")
            return False
        raise Refused(f"This database holds people besides the demo of {made}: {WANTS_EMPTY}")
    if anew or (if_empty and stale):
        click.echo(f"The demo of {made} is taken away and made anew for today.")
        _empty(house)
        return True
    if if_empty:
        return False
    raise Refused(
        f"This database already holds the {held.size.name} demo of {made}, "
        f"{held.people:,} people. To make it anew: `campaign demo --anew`."
    )


WANTS_EMPTY = "the demo wants an empty one. Name one with CAMPAIGN_DATA_DIR or _DATABASE_URL."


def _empty(house: House) -> None:
    # The audit log can be taken away with its table only.
    schema.downgrade(house.database, "base")
    opening.bring_up(house)


def build(house: House, *, seed: int, size: Size = SMALL, tell: Tell = bool) -> str:
    """Build a demo in one transaction; answers a sentence of what there is.

    Refuses a database with anybody in it.
    """
    dice = random.Random(seed)  # noqa: S311 (the same demo each time is the point)
    settings = house.settings
    with house.database.unit_of_work() as db:
        if queries.person_count(db):
            raise Refused(f"Somebody was here first: {WANTS_EMPTY}")
        scribe = Scribe(db, tell)
        town = society.settle(scribe, dice=dice, size=size, data_dir=settings.data_dir)
        events = diary.fill(scribe, dice=dice, society=town, size=size, data_dir=settings.data_dir)
        colours.colour(scribe, town)
        events += life.go_on(scribe, dice=dice, society=town)
        people = calling.set_up(scribe, dice=dice, society=town, size=size, settings=settings)
        events += evenings.fill(scribe, town)
        line.fill_up(scribe, dice=dice, society=town)
        conduct.open_cases(db, town)
        hall.open_hall(db, dice=dice, organiser=town.cast["organiser"])
        events += closed.hold(scribe, dice=dice, society=town)
    return (
        f"The demo is ready: {len(town.groups):,} groups, {events:,} events, "
        f"{people:,} made-up people to ring."
    )


def say_where(house: House) -> None:
    """Where to look, and how to sign in as whom."""
    click.echo(f"\nOpen {house.settings.base_url} and press “Sign in as …” for one of:")
    for one in DEMO_PEOPLE:
        click.echo(f"  {one.email:<28} {one.name}, {one.standing}")
    click.echo("Letters land in the mailbox: /mailbox. End the server with Ctrl+C.\n")


COMMANDS = (demo,)
