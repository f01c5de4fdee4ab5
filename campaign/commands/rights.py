"""``campaign rights``: what is held under an address or a number, and all of it gone.

For people without an account, such as those on call lists: whoever has one does this for
themself, on their own page.
"""

from __future__ import annotations

import json

import click

from campaign.commands import opening
from campaign.foundation import phone
from campaign.foundation.errors import Refused
from campaign.foundation.settings import Settings
from campaign.people import operations as people


@click.group()
def rights() -> None:
    """What is held of somebody, by mail address or telephone number."""


@rights.command()
@click.argument("who")
def show(who: str) -> None:
    """Print everything that is held under WHO, a mail address or a telephone number, as JSON."""
    house = opening.house()
    email, e164 = _read(who, house.settings)
    with house.database.reading() as db:
        held = (
            people.export_address(db, email=email) if email else people.export_number(db, e164=e164)
        )
    click.echo(json.dumps(held, indent=2, ensure_ascii=False))


@rights.command()
@click.argument("who")
@click.option("--sure", is_flag=True, help="Make sure first who asks: this cannot be taken back.")
def erase(who: str, sure: bool) -> None:
    """Forget everything that is held under WHO, everywhere and at once.

    Under an address, the account with it goes, too. Under a number, an account keeps all but the
    number. A do-not-call stays: to add one, use `campaign suppress add`.
    """
    house = opening.house()
    email, e164 = _read(who, house.settings)
    if not sure:
        raise Refused("Look with `campaign rights show` first, then say --sure.")
    with house.database.unit_of_work() as db:
        if email:
            people.erase_address(db, email=email)
        else:
            people.erase_number(db, e164=e164)
    click.echo("All of it is forgotten.")


def _read(who: str, settings: Settings) -> tuple[str, str]:
    """An address or a number, whichever it is."""
    who = who.strip()
    if "@" in who:
        return who.lower(), ""
    number = phone.parse(who, allow_unassigned=settings.is_development, allow_abroad=True)
    return "", number.e164


COMMANDS = (rights,)
