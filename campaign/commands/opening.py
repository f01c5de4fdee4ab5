"""What every command begins with: settings, and a database that is ready."""

from __future__ import annotations

from campaign.app import open_house
from campaign.commands import probe
from campaign.foundation import schema, settings
from campaign.foundation.errors import Refused
from campaign.foundation.web import House


def house(*, ready: bool = True) -> House:
    """The house of this installation; Refused where its database is not ready yet.

    Refused too where the suppression key is another than the list's: people who asked never to
    be rung would be rung.
    """
    held = open_house(settings.load())
    if not ready:
        return held
    if schema.present(held.database) != schema.newest():
        raise Refused("The database is not ready: run `campaign init` first.")
    with held.database.reading() as db:
        if probe.holds(db, held.settings.suppression_key) is False:
            raise Refused(f"{probe.OTHER_KEY}.")
    return held


def bring_up(house: House) -> None:
    """Create or upgrade the tables, and leave the mark of the suppression key."""
    schema.upgrade(house.database)
    with house.database.unit_of_work() as db:
        probe.leave(db, house.settings.suppression_key)
