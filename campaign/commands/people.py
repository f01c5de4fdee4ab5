"""``campaign people``: accounts, and a way in before mail works."""

from __future__ import annotations

import click

from campaign.commands import opening
from campaign.foundation.addresses import email_address
from campaign.foundation.errors import NotFound
from campaign.people import operations, queries
from campaign.people.rules import Role


@click.group()
def people() -> None:
    """Accounts and sign-in links."""


@people.command()
@click.argument("email")
@click.option("--name", default="", help="What the person is called.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), help="A role for the whole site."
)
def add(email: str, name: str, role: str | None) -> None:
    """Make an account for EMAIL, or give an account a role."""
    address = email_address(email)
    with opening.house().database.unit_of_work() as db:
        person = operations.meet(db, email=address, name=name or address.partition("@")[0])
        if role:
            operations.grant(db, person=person, role=Role(role))
    click.echo(f"{address} has an account{f' as {role}' if role else ''}.")


@people.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a one-time link that signs EMAIL in within ten minutes."""
    address = email_address(email)
    house = opening.house()
    with house.database.unit_of_work() as db:
        if queries.person_by_email(db, address) is None:
            raise NotFound(f"Nobody has the address {address}: `campaign people add {address}`.")
        key = operations.write_link(db, email=address)
    click.echo(f"{house.settings.base_url}/sign-in/{key}")


COMMANDS = (people,)
