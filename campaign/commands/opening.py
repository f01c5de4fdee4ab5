"""What every command begins with: settings, and a database that is ready."""

from __future__ import annotations

from campaign.app import open_house
from campaign.foundation import schema, settings
from campaign.foundation.errors import Refused
from campaign.foundation.web import House


def house(*, ready: bool = True) -> House:
    """The house of this installation; Refused where its database is not ready yet."""
    held = open_house(settings.load())
    if ready and schema.present(held.database) != schema.newest():
        raise Refused("The database is not ready: run `campaign init` first.")
    return held
