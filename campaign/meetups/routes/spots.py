"""What a typed place means, for every form of the room."""

from __future__ import annotations

from campaign.foundation import web
from campaign.foundation.errors import Refused, at_field
from campaign.places import lookup
from campaign.places.rules import Precision, Spot


def found(text: str | None, *, field: str) -> list[Spot]:
    """The spots of a postcode or a town; none for nothing. A refusal names ``field``."""
    if not text:
        return []
    with at_field(field):
        return lookup.find(web.settings().data_dir, text)


def one_of(text: str | None, *, field: str) -> list[Spot]:
    """The spot, or none for nothing; Refused where a town's name means several."""
    spots = found(text, field=field)
    if len(spots) > 1:
        raise Refused("There are several. Give the postcode.", field=field)
    return spots


def in_full(text: str, *, field: str) -> Spot:
    """The spot of a whole postcode; Refused for a town, a part of one, or one nobody knows."""
    spot = found(text, field=field)[0]
    if spot.precision is not Precision.POSTCODE:
        raise Refused("Write the postcode in full, such as BN1 1AA.", field=field)
    return spot
