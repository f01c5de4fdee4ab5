"""``campaign people``: accounts, and a way in before mail works."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email

from campaign.commands import opening
from campaign.foundation.errors import NotFound, Refused
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
    address = _address(email)
    with opening.house().database.unit_of_work() as db:
        person = operations.meet(db, email=address, name=name or address.partition("@")[0])
        if role:
            operations.grant(db, person=person, role=Role(role))
    click.echo(f"{address} has an account{f' as {role}' if role else ''}.")


@people.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a one-time link that signs EMAIL in within ten minutes."""
    address = _address(email)
    house = opening.house()
    with house.database.unit_of_work() as db:
        if queries.person_by_email(db, address) is None:
            raise NotFound(f"Nobody has the address {address}: `campaign people add {address}`.")
        key = operations.write_link(db, email=address)
    click.echo(f"{house.settings.base_url}/sign-in/{key}")


def _address(text: str) -> str:
    if text.lower().endswith(".example"):
        return text.lower()
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Refused(f"“{text}” is not an email address: write name@example.org.") from error


COMMANDS = (people,)
