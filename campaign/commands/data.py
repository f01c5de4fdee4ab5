"""``campaign init``, ``check`` and ``audit``: the database, the places, and whether all is well."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click
from sqlalchemy import text

from campaign.commands import opening
from campaign.foundation import audit as log
from campaign.foundation import schema, settings
from campaign.foundation.errors import Refused
from campaign.foundation.web import House
from campaign.places import lookup as places
from campaign.places.loading import load_places


@click.command()
def init() -> None:
    """Create or upgrade the database, and load the postcodes."""
    house = opening.house(ready=False)
    house.settings.data_dir.mkdir(parents=True, exist_ok=True)
    schema.upgrade(house.database)
    click.echo(f"Database ready: {house.database.url.render_as_string()}")
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


@click.command()
def check() -> None:
    """Say what is wrong, one line each, and how to mend it."""
    wrong = 0
    for name, problem in _findings():
        click.echo(
            f"{'ok  ' if problem is None else 'NOT '} {name}{f': {problem}' if problem else ''}"
        )
        wrong += problem is not None
    sys.exit(1 if wrong else 0)


def _findings() -> Iterator[tuple[str, str | None]]:
    try:
        house = opening.house(ready=False)
    except settings.SettingsError as error:
        yield "settings", str(error)
        return
    yield "settings", None
    for name, look in {"database": _database, "places": _places, "mail": _mail}.items():
        yield name, _problem(look, house)


def _problem(look: Callable[[House], str | None], house: House) -> str | None:
    try:
        return look(house)
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def _database(house: House) -> str | None:
    with house.database.reading() as db:
        db.execute(text("SELECT 1"))
    return None if schema.present(house.database) == schema.newest() else "run `campaign init`"


def _places(house: House) -> str | None:
    places.find(house.settings.data_dir, "BN1 1AA")
    return None


def _mail(house: House) -> str | None:
    if house.settings.is_production and not house.settings.mail_url.startswith("smtp"):
        return "CAMPAIGN_MAIL_URL does not name a mail server: nobody will get their link"
    return None


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


COMMANDS = (init, check, audit)
