"""In whose bank holidays somebody lives, as far as their postcode says."""

from __future__ import annotations

# The areas of Royal Mail. TD and DG reach across the border: those few are left in peace on a
# Scottish holiday, too. Glasgow's area is one letter, so a digit follows.
SCOTTISH = "AB DD DG EH FK G0 G1 G2 G3 G4 G5 G6 G7 G8 G9 HS IV KA KW KY ML PA PH TD ZE"
SCOTLAND = frozenset(SCOTTISH.split(" "))
NORTHERN_IRELAND = frozenset({"BT"})
AREAS = {"scotland": SCOTLAND, "northern-ireland": NORTHERN_IRELAND}


def nation_of_postcode(postcode: str | None) -> str | None:
    """Say whose bank holidays are kept there; None: nothing better than the usual is known."""
    begins = (postcode or "").strip().upper()[:2]
    return next((nation for nation, areas in AREAS.items() if begins in areas), None)
