"""``campaign places``: what a postcode or a place name resolves to."""

from __future__ import annotations

import click

from campaign.foundation import settings
from campaign.places import lookup


@click.group()
def places() -> None:
    """Postcodes and place names."""


@places.command()
@click.argument("text")
def find(text: str) -> None:
    """Print what TEXT resolves to: name, latitude, longitude, precision, council area."""
    for spot in lookup.find(settings.load().data_dir, text):
        click.echo(
            f"{spot.name}\t{spot.lat:.5f}\t{spot.lng:.5f}\t{spot.precision}\t{spot.council or '-'}"
        )
        if spot.note:
            click.echo(spot.note, err=True)


COMMANDS = (places,)
