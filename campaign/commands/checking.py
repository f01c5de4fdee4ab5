"""``campaign check``: one line for each thing an installation needs, and how to mend it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import click
from sqlalchemy import func, select, text

from campaign.commands import opening, probe, replaying
from campaign.conduct.queries.reports import officers
from campaign.foundation import clock, schema, settings
from campaign.foundation.carriers import SmtpCarrier
from campaign.foundation.journal import JournalEntry
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.web import House
from campaign.people import queries
from campaign.people.rules import Role
from campaign.phonebanks.adapters import calling_rules
from campaign.places import lookup as places

WAITED = timedelta(minutes=5)
REACH_SECONDS = 5
FEWEST_SIGNS = 10
FEWEST_OFFICERS = 2
Look = Callable[[House], str | None]


@click.command()
def check() -> None:
    """Say what is wrong, one line each, and how to mend it."""
    wrong = 0
    for name, problem in findings():
        click.echo(f"ok   {name}" if problem is None else f"NOT  {name}: {problem}")
        wrong += problem is not None
    for name, advice in warnings():
        click.echo(f"WARN {name}: {advice}")
    sys.exit(1 if wrong else 0)


def findings() -> Iterator[tuple[str, str | None]]:
    """Each thing with what is wrong about it, in the order in which to mend them."""
    try:
        house = opening.house(ready=False)
    except (settings.SettingsError, ValueError) as error:
        yield "settings", str(error)
        return
    yield "settings", None
    for name, (look, mend) in LOOKS.items():
        try:
            yield name, look(house)
        except Exception as error:
            first = (str(error).splitlines() or [""])[0]
            yield name, f"{mend} ({type(error).__name__}: {first})"


def warnings() -> Iterator[tuple[str, str]]:
    """What an installation runs without, and ought to have; nothing where it cannot be known."""
    try:
        house = opening.house(ready=False)
        with house.database.reading() as db:
            named = len(officers(db, Role.SAFEGUARDING))
    except Exception:
        return  # what is wrong with the settings or the database is a finding, and told as one
    if named < FEWEST_OFFICERS:
        yield (
            "safeguarding officers",
            f"{named} of at least {FEWEST_OFFICERS} are named, and nobody looks at a report about "
            'themselves: `campaign people add EMAIL --role "safeguarding officer"`',
        )


def _database(house: House) -> str | None:
    with house.database.reading() as db:
        db.execute(text("SELECT 1"))
    return None


def _migrations(house: House) -> str | None:
    held, wanted = schema.present(house.database), schema.newest()
    return None if held == wanted else f"it is at {held or 'nothing'}: run `campaign init`"


def _queue(house: House) -> str | None:
    house.queue.huey.pending_count()
    with house.database.reading() as db:
        waiting = select(func.count()).where(
            OutboxLetter.state == "queued", OutboxLetter.not_before < clock.now() - WAITED
        )
        number = db.scalar(waiting) or 0
    if number:
        return f"{number:,} letters have waited over five minutes: is `campaign work` running?"
    return None


def _places(house: House) -> str | None:
    places.find(house.settings.data_dir, "BN1 1AA")
    return None


def _mail(house: House) -> str | None:
    carrier = house.carrier
    if isinstance(carrier, SmtpCarrier):
        with socket.create_connection((carrier.host, carrier.port), timeout=REACH_SECONDS):
            return None
    if house.settings.is_production:
        return "CAMPAIGN_MAIL_URL names no mail server: nobody would get their sign-in link"
    return None


def _keys(house: House) -> str | None:
    held = {
        "CAMPAIGN_SECRET_KEY": house.settings.secret_key,
        "CAMPAIGN_SUPPRESSION_KEY": house.settings.suppression_key,
    }
    if len(set(held.values())) < len(held):
        return "both keys are the same: give the secret key a value of its own"
    for name, value in held.items():
        if len(value.encode()) < 32 or len(set(value)) < FEWEST_SIGNS:
            return f"{name} can be guessed: make one with `openssl rand -hex 32`"
    return None


def _probe(house: House) -> str | None:
    with house.database.reading() as db:
        held = probe.holds(db, house.settings.suppression_key)
    if held is None:
        return "the list has no mark of its key yet: run `campaign init`"
    return None if held else probe.OTHER_KEY


def _journal(house: House) -> str | None:
    waiting = select(func.count()).where(
        JournalEntry.carried_at.is_(None), JournalEntry.at < clock.now() - WAITED
    )
    with house.database.reading() as db:
        number = db.scalar(waiting) or 0
    if number:
        return f"{number:,} lines wait to be written into {house.journal.path}: can it be written?"
    return replaying.trouble(house)


def _imprint(house: House) -> str | None:
    imprint = house.settings.imprint
    made_up = "example" in imprint.lower() or "made up" in imprint.lower()
    if not imprint.strip():
        return "CAMPAIGN_IMPRINT must say who publishes this, with a postal address"
    if house.settings.is_production and made_up:
        return "CAMPAIGN_IMPRINT still holds the example’s words: say who publishes this, and where"
    return None


def _names(house: House) -> str | None:
    """In production nothing may go out in the name of the made-up campaign."""
    held = house.settings
    given = {
        "CAMPAIGN_NAME": held.name == "Fair Rents",
        "CAMPAIGN_MAIL_FROM": ".example" in held.mail_from,
        "CAMPAIGN_CONTACT_EMAIL": ".example" in held.contact_email,
    }
    made_up = [name for name, still in given.items() if still]
    if made_up and held.is_production:
        return f"still the example’s: set {', '.join(made_up)}"
    return None


def _demo(house: House) -> str | None:
    with house.database.reading() as db:
        number = len(queries.demo_people(db))
    if number and house.settings.is_production:
        return f"{number} accounts of the demo are in it: begin with an empty database"
    return None


def _holidays(house: House) -> str | None:
    """A year's notice: without them every day is taken for a holiday, and nobody is rung."""
    last = calling_rules().last_year
    if clock.now().date() < date(last, 1, 1):
        return None
    return (
        f"config/calling_rules.toml knows them until the end of {last}, and after that nobody is "
        "rung on any day: add the next years from gov.uk/bank-holidays"
    )


LOOKS: dict[str, tuple[Look, str]] = {
    "database": (_database, "it does not answer: look at CAMPAIGN_DATABASE_URL"),
    "migrations": (_migrations, "run `campaign init`"),
    "queue": (_queue, "look at CAMPAIGN_REDIS_URL, or whether the data folder can be written"),
    "places": (_places, "run `campaign init`"),
    "mail": (_mail, "the mail server does not answer: look at CAMPAIGN_MAIL_URL"),
    "secret keys": (_keys, "look at both keys"),
    "suppression probe": (_probe, "run `campaign init`"),
    "journal": (_journal, "look at the journal in the data folder"),
    "imprint": (_imprint, "look at CAMPAIGN_IMPRINT"),
    "name and sender": (_names, "look at CAMPAIGN_NAME and CAMPAIGN_MAIL_FROM"),
    "demo accounts": (_demo, "run `campaign init`"),
    "bank holidays": (_holidays, "look at config/calling_rules.toml"),
}

COMMANDS = (check,)
