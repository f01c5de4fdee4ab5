"""``campaign init`` and ``audit``: the database and the places."""

from __future__ import annotations

import click

from campaign.commands import opening, replaying
from campaign.foundation import audit as log
from campaign.foundation.errors import Refused
from campaign.phonebanks import adapters
from campaign.phonebanks.operations.homes import fill_in_homes
from campaign.phonebanks.operations.waiting import wait_anew
from campaign.places.loading import load_places


@click.command()
def init() -> None:
    """Create or upgrade the database, and load the postcodes."""
    house = opening.house(ready=False)
    house.settings.data_dir.mkdir(parents=True, exist_ok=True)
    opening.bring_up(house)
    fill_in_homes(house.database, key=house.settings.suppression_key.encode())
    wait_anew(house.database, outcomes=adapters.outcomes())
    click.echo(f"Database ready: {house.database.url.render_as_string()}")
    missed, _ = replaying.replay_here(house)
    if missed:
        click.echo(f"The journal held what this database did not: {missed.in_words()}, done now.")
    with click.progressbar(length=100, label="Postcodes") as bar:
        done = 0

        def progress(now: int, of: int) -> None:
            nonlocal done
            share = now * 100 // max(of, 1)
            bar.update(share - done)
            done = share

        found = load_places(house.settings.data_dir, progress=progress)
        bar.update(100 - done)
    click.echo(f"Places ready: {found.units:,} postcodes, {found.places:,} place names.")


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
def verify() -> None:
    """Check the chain of the audit log; names the first broken row or seal."""
    with opening.house().database.reading() as db:
        found = log.verify(db)
    if found.broken:
        raise Refused(f"The audit log is broken: {found.broken}.")
    click.echo(
        f"The audit log holds: {found.rows:,} rows in {found.seals:,} seals, "
        f"{found.unsealed:,} not sealed yet."
    )
    if found.removed:
        click.echo(f"{found.removed:,} rows of earlier months went as the settings say.")


COMMANDS = (init, audit)
