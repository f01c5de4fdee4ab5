"""Who rang back: a first name."""

from __future__ import annotations

from campaign.foundation.formfields import Form, LineField, Needed


class RangBackForm(Form):
    """The first name that somebody gave on the telephone."""

    first_name = LineField(
        "Their first name", most=80, validators=[Needed("Type the first name they gave.")]
    )
