"""``campaign backup`` and ``campaign restore``: a copy of the database, and back, lawfully."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaign.commands import opening, probe
from campaign.commands.replaying import Missing, replay, replay_here
from campaign.events.models.turns import EventTurn
from campaign.foundation import audit, copies, journal, schema
from campaign.foundation.errors import Refused
from campaign.foundation.journal import Entry, Journal, JournalEntry
from campaign.foundation.web import House
from campaign.foundation.words import plural
from campaign.people import queries

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write a copy of the database into FILE, and its journal beside it, while people work."""
    house = opening.house()
    house.journal.begin()
    journal.carry(house.database, house.journal)
    copies.take(house.database, file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes. It holds numbers and names: encrypt it.")
    beside = _beside(file)
    beside.touch(mode=0o600)
    shutil.copyfile(house.journal.path, beside)
    click.echo(f"{beside}: the journal as it is now. Copy {house.journal.path} often.")


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--replace", is_flag=True, help="Throw away the people the database holds now.")
@click.option(
    "--journal",
    "others",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A journal from elsewhere, besides those in the data folder and beside FILE.",
)
@click.option(
    "--without-journal", is_flag=True, help="There is none: nobody objected since, or it is lost."
)
@click.option(
    "--replay-only", is_flag=True, help="The database was put back by hand: replay the journal."
)
def restore(
    file: Path | None,
    *,
    replace: bool,
    others: Sequence[Path],
    without_journal: bool,
    replay_only: bool,
) -> None:
    """Put the copy in FILE back, and do again what people asked for since.

    Whoever objected to being rung stays on the do-not-call list, whoever was erased is erased
    again, and whoever ended their mails gets none. All of it or nothing: an error leaves the
    database as it was. Twice is no more than once.
    """
    if (file is None) != replay_only:
        raise click.UsageError("Name the FILE to put back, or give --replay-only alone.")
    house = opening.house(ready=replay_only)
    _gather(house, file, others)
    if not house.journal.exists and not without_journal:
        raise Refused(
            f"There is no journal: put it back as {house.journal.path}, or name it with --journal. "
            "Without it, people who objected since would be rung again. If there is none, say "
            "--without-journal."
        )
    if file is None:
        _say(*replay_here(house))
    else:
        _put_back(house, file, replace=replace)


def _gather(house: House, file: Path | None, others: Sequence[Path]) -> None:
    """Have everything in the one journal: what waits in the database, and journals elsewhere."""
    _carry_what_waits(house)
    beside = [_beside(file)] if file is not None and _beside(file).exists() else []
    known = set(house.journal.read().entries) if house.journal.exists else set()
    for path in [*others, *beside]:
        more = Journal(path, house.settings.suppression_key).read().entries
        house.journal.append(entry for entry in more if entry not in known)
        known.update(more)


def _carry_what_waits(house: House) -> None:
    """A process may have been killed between an objection and its line in the journal."""
    if not _is_ours(house):
        return
    try:
        with house.database.reading() as db:
            db.scalar(select(JournalEntry.id).limit(1))
    except DBAPIError:
        return  # of before there was a journal, or damaged: nothing waits in it that we can read
    journal.carry(house.database, house.journal)


def _put_back(house: House, file: Path, *, replace: bool) -> None:
    revision = copies.revision_in(house.database, file)
    if not schema.knows(revision):
        raise Refused(
            f"{file} was made by a newer release (its tables are at {revision}): install that "
            "release first."
        )
    _refuse_people(house, replace)
    entries = house.journal.read().entries if house.journal.exists else []
    done: list[tuple[Missing, int]] = []

    def finish(db: Session) -> None:
        done.append(_finish(db, house, file, entries))

    copies.put_back(house.database, file, finish)
    click.echo(f"{file} is back: {house.database.url.render_as_string()}")
    _say(*done[0])


def _finish(db: Session, house: House, file: Path, entries: list[Entry]) -> tuple[Missing, int]:
    if probe.holds(db, house.settings.suppression_key) is False:
        raise Refused(f"{file}: {probe.OTHER_KEY}.")
    # On another server transactions are counted anew: what was noted there means nothing here.
    db.execute(update(EventTurn).values(turn=0))
    audit.append(db, "database restored", subject="database")
    return replay(db, entries, house.journal)


def _refuse_people(house: House, replace: bool) -> None:
    if replace or not _is_ours(house):
        return
    with house.database.reading() as db:
        held = queries.person_count(db)
    if held:
        raise Refused(
            f"The database holds {plural(held, 'person', 'people')}, and they would be gone: take "
            "a copy with `campaign backup`, then say --replace."
        )


def _is_ours(house: House) -> bool:
    """Whether there is a database already; to look at it must not make one."""
    path = house.database.url.database
    if house.database.is_sqlite and path and not Path(path).exists():
        return False
    try:
        return schema.present(house.database) is not None
    except DBAPIError:
        return False


def _say(found: Missing, erased: int) -> None:
    click.echo(
        f"From the journal: {plural(len(found.suppressed), 'number')} never rung again, "
        f"{plural(len(found.erased), 'erasure')} done again, of which {erased:,} found somebody."
    )


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.journal")


COMMANDS = (backup, restore)
