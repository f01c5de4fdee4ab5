"""``campaign contacts`` and ``campaign suppress``: lists of people, and who is never rung."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.orm import Session

from campaign.commands import opening
from campaign.commands.importing import import_file
from campaign.foundation import clock, phone
from campaign.foundation.errors import NotFound
from campaign.people import operations as people
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import answering, never, tps, waiting
from campaign.phonebanks.queries import board, screening
from campaign.phonebanks.rules.answers import read_answer
from campaign.phonebanks.rules.never import encoding_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def contacts() -> None:
    """Lists of people to ring."""


contacts.add_command(import_file)


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
