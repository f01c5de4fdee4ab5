"""``campaign signups``: forgetting who signed up to what is long over."""

from __future__ import annotations

from datetime import timedelta

import click

from campaign.commands import opening
from campaign.events.operations import forgetting
from campaign.foundation import clock
from campaign.foundation.words import plural


@click.group()
def signups() -> None:
    """Sign-ups to events."""


@signups.command()
@click.option("--dry-run", is_flag=True, help="Count them and change nothing.")
def purge(dry_run: bool) -> None:
    """Forget who signed up to events that are over for longer than rsvp_kept_days.

    The worker does the same each night.
    """
    house = opening.house()
    days = house.settings.rsvp_kept_days
    ended_before = clock.now() - timedelta(days=days)
    if dry_run:
        with house.database.reading() as db:
            due = forgetting.due_to_be_forgotten(db, ended_before=ended_before)
        click.echo(f"{plural(due, 'sign-up')} would be forgotten, over for more than {days} days.")
        return
    done = forgetting.purge(house.database, ended_before=ended_before)
    click.echo(f"{plural(done, 'sign-up')} forgotten.")


COMMANDS = (signups,)
