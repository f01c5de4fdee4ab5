"""``campaign demo``: fills an empty database with a made-up campaign."""

from __future__ import annotations

import random
import time

import click

from campaign.commands import opening
from campaign.commands.demo import calling, diary, society
from campaign.foundation.errors import Refused
from campaign.foundation.web import House
from campaign.home.rules import DEMO_PEOPLE
from campaign.people import queries


@click.command()
@click.option("--size", type=click.Choice(["small"]), default="small", show_default=True)
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same demo.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is somebody already.")
def demo(size: str, seed: int, if_empty: bool) -> None:
    """Fill an empty database with the demo campaign; never touches one with people in it."""
    house = opening.house()
    if house.settings.is_production:
        raise Refused("Production has no demo: it would leave accounts that anybody can use.")
    with house.database.reading() as db:
        held, made_up = queries.person_count(db), bool(queries.demo_people(db))
    if held and not (if_empty and made_up):
        raise Refused(f"This database already holds {held:,} people: the demo wants an empty one.")
    if not held:
        started = time.monotonic()
        told = build(house, seed=seed)
        click.echo(f"{told} In {time.monotonic() - started:.1f} s.")
    say_where(house)


def build(house: House, *, seed: int) -> str:
    """Build the small demo in one transaction; answers a sentence of what there is."""
    dice = random.Random(seed)  # noqa: S311 (the same demo each time is the point)
    with house.database.unit_of_work() as db:
        town = society.settle(db, dice=dice, data_dir=house.settings.data_dir)
        events = diary.fill(db, dice=dice, society=town, data_dir=house.settings.data_dir)
        people = calling.set_up(db, dice=dice, society=town, settings=house.settings)
    return (
        f"The demo is ready: {len(town.groups)} groups, {events:,} events, "
        f"{people:,} made-up people to ring."
    )


def say_where(house: House) -> None:
    """Where to look, and how to sign in as whom."""
    click.echo(f"\nOpen {house.settings.base_url} and press “Sign in as …” for one of:")
    for one in DEMO_PEOPLE:
        click.echo(f"  {one.email:<28} {one.name}, {one.standing}")
    click.echo("Letters land in the mailbox: /mailbox. End the server with Ctrl+C.\n")


COMMANDS = (demo,)
