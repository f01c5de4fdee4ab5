"""The ``campaign`` command line: one file for each group of commands."""

from __future__ import annotations

import sys

import click

from campaign.commands import (
    bench,
    checking,
    data,
    demo,
    people,
    phonebanks,
    places,
    rehearse,
    restoring,
    retention,
    rights,
    serving,
    signups,
)
from campaign.foundation.errors import DomainError
from campaign.foundation.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="campaign")
def cli() -> None:
    """Campaign: fill a room, plan dozens of phonebanks, put them on a map, and ring."""


GROUPS = (
    bench,
    checking,
    data,
    demo,
    people,
    phonebanks,
    places,
    rehearse,
    restoring,
    retention,
    rights,
    serving,
    signups,
)
for group in GROUPS:
    for command in group.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and a non-zero exit."""
    try:
        cli()
    except (DomainError, SettingsError) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
