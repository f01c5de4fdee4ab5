"""``campaign retention``: forgetting what is older than we keep it. The worker does it nightly."""

from __future__ import annotations

import sys

import click

from campaign import registry
from campaign.commands import opening
from campaign.foundation import clock
from campaign.foundation.retention import Kept
from campaign.foundation.web import House


@click.command()
@click.option("--dry-run", is_flag=True, help="Count what would go and change nothing.")
def retention(dry_run: bool) -> None:
    """Forget what is kept long enough, and say how much of each kind.

    It may be stopped at any moment, and again goes on. One kind that fails does not stop the
    next, and the command then ends with 1. How long each is kept stands in config/default.toml.
    """
    house = opening.house()
    failed = 0
    click.echo(f"{'would go' if dry_run else 'gone':>10}  {'older than':>10}  what")
    for kept in registry.RETENTION:
        try:
            number = f"{_do(house, kept, dry_run):,}"
        except Exception as error:
            number, failed = type(error).__name__, failed + 1
        days = f"{kept.days(house.settings):,} days"
        click.echo(f"{number:>10}  {days:>10}  {kept.what}")
    if dry_run:
        click.echo("Each is counted by itself: what goes with one is gone before the next.")
        click.echo("Nothing was changed: this was a dry run.")
    sys.exit(1 if failed else 0)


def _do(house: House, kept: Kept, dry_run: bool) -> int:
    before = kept.before(house.settings, clock.now())
    if not dry_run:
        return kept.forget(house.database, before)
    with house.database.reading() as db:
        return kept.due(db, before)


COMMANDS = (retention,)
