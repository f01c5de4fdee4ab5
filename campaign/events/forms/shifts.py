"""The shifts of an event."""

from __future__ import annotations

from wtforms import DateField, StringField, TimeField
from wtforms.validators import Optional

from campaign.events.forms.numbers import PlainNumber
from campaign.foundation.formfields import Form, LineField, Needed

PLACES = PlainNumber(1, 5000, "Give a number of places from 1 to 5,000.")
PEOPLE = PlainNumber(0, 5000, "Give a number of people from 0 to 5,000.")


class ShiftForm(Form):
    """One shift, by the event's own clock."""

    day = DateField("Day", validators=[Optional()])
    start = TimeField("From", validators=[Needed("Say when it begins, such as 18:30.")])
    end = TimeField("Until", validators=[Needed("Say when it ends, such as 20:00.")])
    role = LineField("As what?", most=40)
    capacity = StringField("Places", validators=[PLACES])
    needed = StringField("Needed at least", validators=[PEOPLE])


class FillForm(ShiftForm):
    """Shifts of one length, one after the other."""

    minutes = StringField(
        "Minutes each",
        default="60",
        validators=[PlainNumber(15, 1440, "Give a length from 15 to 1,440 minutes.")],
    )


class RemoveShiftForm(Form):
    """Where the people of a shift go that is taken away."""

    into = StringField("Where do they go?")
