"""``campaign contacts import``: a file of people, read, counted and brought in."""

from __future__ import annotations

import csv
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import click

from campaign.commands import opening
from campaign.foundation import clock
from campaign.foundation.errors import NotFound, Refused
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.models import ImportBatch
from campaign.phonebanks.operations import importing, working
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.lists import BASES, lacks_consent_column
from campaign.phonebanks.tasks import shop_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
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
    """Bring the people of a CSV FILE into a phonebank, all or none.

    The work is the same as that of a file given on a page: killed, it goes on by itself with the
    worker of the house.
    """
    house = opening.house()
    shop = shop_of(house.database, house.settings)
    with house.database.unit_of_work() as db, file.open("rb") as opened:
        phonebank = board.phonebank_by_public_id(db, public_id)
        if phonebank is None:
            raise NotFound(f"There is no phonebank {public_id}: its id stands in its address.")
        batch_id = importing.take_file(
            db,
            opened,
            folder=shop.folder,
            phonebank=phonebank,
            file_name=file.name,
            source=source,
            basis=basis,
            collected_on=date(collected.year, collected.month, collected.day),
            now=clock.now(),
            actor_id=None,
        ).id
    batch = _finish(shop, batch_id, "Reading")
    if dry_run:
        _say(batch, Kept(shop.folder, batch.public_id).rejects)
    with house.database.unit_of_work() as db:
        held = db.get_one(ImportBatch, batch_id)
        if dry_run:
            importing.stop(db, batch=held, actor_id=None, mail=shop.mail)
        else:
            importing.bring_in(db, batch=held, now=clock.now(), actor_id=None)
    if not dry_run:
        batch = _finish(shop, batch_id, "Bringing in")
        _say(batch, Kept(shop.folder, batch.public_id).rejects)
    working.clear_away(shop, batch_id)
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")


def _finish(shop: working.Shop, batch_id: int, label: str) -> ImportBatch:
    """Work on a file until its stage is over, or watch a worker that was quicker."""
    with click.progressbar(length=1000, label=label) as bar:
        batch = working.see_through(shop, batch_id, lambda done: bar.update(done - bar.pos))
        bar.update(1000 - bar.pos)
    if batch.state == "failed":
        raise Refused(batch.trouble)
    if batch.state == "dropped":
        raise Refused("Somebody threw this file away meanwhile. Nobody was brought in.")
    return batch


def _say(batch: ImportBatch, rejects: Path) -> None:
    if lacks_consent_column(batch.basis, batch.columns):
        click.echo(f"No column says who agreed, so all {batch.counts['held']:,} are held.")
    for name, count in batch.counts.items():
        click.echo(f"{name:<10} {count:>9,}")
    click.echo(f"{'rows':<10} {sum(batch.counts.values()):>9,}")
    with rejects.open(encoding="utf-8-sig", newline="") as opened:
        lines = csv.reader(opened)
        next(lines, None)
        for number, column, why in islice(lines, 20):
            click.echo(f"  row {number}{f', {column}' if column else ''}: {why}")
        more = sum(1 for _ in lines)
    if more:
        click.echo(f"  and {more:,} more")
