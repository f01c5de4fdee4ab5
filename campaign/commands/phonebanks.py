"""``campaign contacts`` and ``campaign suppress``: lists of people, and who is never rung."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.orm import Session

from campaign.commands import opening
from campaign.foundation import clock, phone
from campaign.foundation.errors import NotFound
from campaign.foundation.web import House
from campaign.people import operations as people
from campaign.phonebanks import adapters
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import answering, importing, never, tps, waiting
from campaign.phonebanks.queries import board, screening
from campaign.phonebanks.rules.answers import read_answer
from campaign.phonebanks.rules.lists import BASES, lacks_consent_column
from campaign.phonebanks.rules.never import encoding_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def contacts() -> None:
    """Lists of people to ring."""


@contacts.command("import")
@click.argument("file", type=FILE)
@click.option("--phonebank", "public_id", required=True, help="The phonebank's id in addresses.")
@click.option("--source", required=True, help="Where these people come from.")
@click.option(
    "--basis",
    type=click.Choice(list(BASES)),
    default="column",
    show_default=True,
    help="Why they may be rung: a column says who agreed, all agreed, screened, or neither.",
)
@click.option(
    "--collected",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The day on which the list was made, such as 2026-11-14.",
)
@click.option("--dry-run", is_flag=True, help="Count what would happen and change nothing.")
def import_file(
    file: Path, *, public_id: str, source: str, basis: str, collected: datetime, dry_run: bool
) -> None:
    """Bring the people of a CSV FILE into a phonebank, all or none."""
    house = opening.house()
    with house.database.unit_of_work() as db:
        phonebank = _phonebank(db, public_id)
        batch = importing.preview(
            db,
            file.read_bytes(),
            phonebank=phonebank,
            file_name=file.name,
            source=source,
            basis=basis,
            collected_on=date(collected.year, collected.month, collected.day),
            key=house.settings.suppression_key.encode(),
            now=clock.now(),
            actor_id=None,
            allow_unassigned=house.settings.is_development,
        )
        if dry_run:
            _say(batch)
            db.rollback()
            click.echo("Nothing was changed: this was a dry run.")
            return
        _bring_in(db, house, phonebank, batch)
        _say(batch)


@contacts.command("wait-anew")
def wait_anew() -> None:
    """Have people wait as config/outcomes.toml says now; `campaign init` does the same."""
    moved = waiting.wait_anew(opening.house().database, outcomes=adapters.outcomes())
    click.echo(f"People who wait until another time now: {moved:,}.")


def _phonebank(db: Session, public_id: str) -> Phonebank:
    phonebank = board.phonebank_by_public_id(db, public_id)
    if phonebank is None:
        raise NotFound(f"There is no phonebank {public_id}: its id stands in its address.")
    return phonebank


def _bring_in(db: Session, house: House, phonebank: Phonebank, batch: ImportBatch) -> None:
    importing.bring_in(
        db,
        batch=batch,
        phonebank=phonebank,
        key=house.settings.suppression_key.encode(),
        now=clock.now(),
        actor_id=None,
        allow_unassigned=house.settings.is_development,
    )


def _say(batch: ImportBatch) -> None:
    if lacks_consent_column(batch.basis, batch.columns):
        click.echo(f"No column says who agreed, so all {batch.counts['held']:,} are held.")
    for name, count in batch.counts.items():
        click.echo(f"{name:<10} {count:>9,}")
    click.echo(f"{'rows':<10} {sum(batch.counts.values()):>9,}")
    for number, column, why in batch.rejects[:20]:
        click.echo(f"  row {number}{f', {column}' if column else ''}: {why}")
    if len(batch.rejects) > 20:
        click.echo(f"  and {len(batch.rejects) - 20:,} more")


@click.group()
def suppress() -> None:
    """Numbers that nobody may ring."""


@suppress.command()
@click.argument("number")
def add(number: str) -> None:
    """Never ring NUMBER again, from any phonebank."""
    house = opening.house()
    found = phone.parse(number, allow_unassigned=house.settings.is_development, allow_abroad=True)
    with house.database.unit_of_work() as db:
        people.suppress(
            db,
            hmac=phone.hmac_key(found.e164, house.settings.suppression_key.encode()),
            reason="staff",
            source="command",
        )
    click.echo("Nobody rings that number any more.")


@suppress.command()
@click.argument("file", type=FILE)
@click.option(
    "--source",
    type=click.Choice(["tps", "list"]),
    default="list",
    show_default=True,
    help="The Telephone Preference Service's file, or a list of your own.",
)
@click.option(
    "--phonebank", "public_id", help="The file is a bureau's answer for this phonebank's list only."
)
@click.option(
    "--smaller-is-right", is_flag=True, help="Load a file much smaller than the last one, too."
)
@click.option(
    "--dated",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the TPS file or of the answer: the 28 days count from its first minute.",
)
def load(
    file: Path,
    *,
    source: str,
    public_id: str | None,
    smaller_is_right: bool,
    dated: datetime | None,
) -> None:
    """Never ring the numbers of FILE: one a line, or a table with a column of flags.

    The TPS file replaces the last one: people without consent who came in as screened against
    the TPS are rung for 28 days from then, save those whose numbers it holds. A bureau's answer
    for one phonebank counts for that list alone: who it lists is not rung without consent, and
    who it clears may be rung for 28 days from its day.
    """
    day = dated.date() if dated else None
    if public_id is not None:
        if day is None or source == "tps" or smaller_is_right:
            raise click.UsageError("--phonebank goes with --dated, and with no other option.")
        _take_answer(file, public_id, day)
        return
    if day is not None and source != "tps":
        raise click.UsageError("--dated is for the TPS file: a list of your own has no end.")
    house = opening.house()
    work = house.database.unit_of_work
    given: dict[str, Any] = {
        "key": house.settings.suppression_key.encode(),
        "now": clock.now(),
        "allow_unassigned": house.settings.is_development,
        "smaller_is_right": smaller_is_right,
    }
    with _lines(file) as lines:
        if source == "tps":
            loaded = tps.load_tps(work, lines, dated=day, **given)
        else:
            loaded = never.load(work, lines, reason="imported", source=source, **given)
    became = "are on the TPS" if source == "tps" else "are never rung"
    click.echo(
        f"{loaded.never:,} numbers {became}. {loaded.clear:,} lines are clear, "
        f"{loaded.unreadable:,} hold no number."
    )


def _take_answer(file: Path, public_id: str, day: date) -> None:
    house = opening.house()
    with house.database.reading() as db:
        ours = screening.keys_of_list(db, _phonebank(db, public_id).id)
    with _lines(file) as lines:
        answer = read_answer(
            lines,
            ours,
            key=house.settings.suppression_key.encode(),
            allow_unassigned=house.settings.is_development,
        )
    with house.database.unit_of_work() as db:
        made = answering.take_answer(
            db,
            answer,
            phonebank=_phonebank(db, public_id),
            file_name=file.name,
            dated=day,
            now=clock.now(),
            actor_id=None,
        )
        counts = {name: f"{count:,}" for name, count in made.counts.items()}
    click.echo(
        f"Of this list, on the TPS: {counts['listed']}; clear: {counts['clear']}; not in the file, "
        f"so they stay as they are: {counts['missing']}. In the file, not on the list: "
        f"{counts['elsewhere']}; not readable: {counts['unreadable']}."
    )


def _lines(file: Path) -> IO[str]:
    with file.open("rb") as opened:
        encoding = encoding_of(opened.read(4))
    return file.open(encoding=encoding, errors="replace", newline=None)


COMMANDS = (contacts, suppress)
