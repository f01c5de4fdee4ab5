"""``campaign rehearse``: a meetup with made-up people, through the real pages."""

from __future__ import annotations

from typing import Any

import click

from campaign.commands import opening
from campaign.commands.rehearse.evening import Evening
from campaign.commands.rehearse.guests import summed_up
from campaign.foundation.errors import NotFound, Refused
from campaign.meetups.rules.phases import PRESETS
from campaign.people import operations, queries


@click.command()
@click.option("--people", default=220, show_default=True, type=click.IntRange(4, 1000))
@click.option(
    "--preset", default="meetup", show_default=True, type=click.Choice(list(PRESETS)),
    help="How the evening is run.",
)  # fmt: skip
@click.option("--speed", type=click.FloatRange(1), help="How much faster than life, at most.")
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same evening.")
@click.option("--desk", is_flag=True, help="Cards go on the map after a look at the desk.")
@click.option(
    "--organiser", default="organiser@demo.example", show_default=True,
    help="Who runs the evening: somebody who runs a group.",
)  # fmt: skip
def rehearse(**given: Any) -> None:
    """Practise a meetup: made-up people join, talk, plan and sign up over HTTP.

    Everything goes through the pages at CAMPAIGN_BASE_URL, where `campaign serve` must be
    running. Only for development and testing: what is planned stands on the public map.
    """
    organiser, people = given["organiser"], given["people"]
    house = opening.house()
    if house.settings.is_production:
        raise Refused("A rehearsal puts made-up events on the map: not in production.")
    with house.database.unit_of_work() as db:
        if queries.person_by_email(db, organiser) is None:
            raise NotFound(f"Nobody has the address {organiser}. Name who runs it: --organiser.")
        key = operations.write_link(db, email=organiser)
    evening = Evening(
        base_url=house.settings.base_url,
        data_dir=house.settings.data_dir,
        preset=given["preset"],
        seed=given["seed"],
        speed=given["speed"],
        desk=given["desk"],
        say=click.echo,
    )
    evening.run(people, f"/sign-in/{key}")
    evening.look_back()
    click.echo(summed_up(people, evening.found))


COMMANDS = (rehearse,)
