"""What came of an event: a few numbers and a paragraph."""

from __future__ import annotations

from typing import Any

from wtforms import StringField

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.reports import ASKS, MOST, NUMBERS
from campaign.foundation.formfields import Form, TextField


def _number(name: str) -> StringField:
    sentence = f"Give a number from 0 to {MOST:,}, in digits."
    return StringField(ASKS[name], validators=[PlainNumber(0, MOST, sentence)])


class ReportForm(Form):
    """Numbers may stay empty: nobody counted them."""

    people, calls = _number("people"), _number("calls")
    doors, leaflets = _number("doors"), _number("leaflets")
    story = TextField("What happened?", most=2000)

    @property
    def numbers(self) -> dict[str, int | None]:
        """The numbers as they were given."""
        return {
            name: None if self[name].data in (None, "") else int(self[name].data)
            for name in NUMBERS
        }

    def show(self, values: Any) -> None:
        """Fill in what was written before."""
        for name in NUMBERS:
            number = getattr(values, name)
            self[name].data = "" if number is None else str(number)
        self.story.data = values.story
