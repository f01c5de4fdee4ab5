"""A paper sheet, typed in."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    RadioField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from campaign.foundation.formfields import Form, LineField
from campaign.meetups.forms.cards import PLACES
from campaign.meetups.rules.cards import LENGTHS
from campaign.meetups.rules.paper import LINES


class LineForm(PlainForm):
    """One line of a sheet: a number in the room, or a name and how to reach them."""

    number = LineField("Number", most=5)
    name = LineField("Name", most=60)
    reach = LineField("Phone or email", most=320)
    contact = BooleanField("Host may reach them")


class SheetEntryForm(Form):
    """What stands on a sheet of paper, in the order of the paper."""

    table = LineField("Table number", most=3)
    kind = RadioField("What", choices=[], validators=[DataRequired("Choose what it is.")])
    day = DateField("Day", validators=[DataRequired("Give the day.")])
    start = TimeField("Start", validators=[DataRequired("Write the start like 18:30.")])
    minutes = RadioField(
        "How long",
        choices=[SelectChoice(str(n), f"{n // 60}{'½' if n % 60 else ''} h") for n in LENGTHS],
        default="120",
    )
    where = RadioField("Where", choices=PLACES, default="venue")
    venue = LineField("Name of the place, or street and number of the home", most=160)
    postcode = LineField("Postcode", most=20)
    link = LineField("Link, if online", most=500)
    host_number = LineField("Host: number in the room", most=5)
    host_name = LineField("Host: name", most=60)
    host_reach = LineField("Host: mobile, and email if there is one", most=320)
    read_back = BooleanField(
        "Read back",
        description=(
            "I rang or faced the host and read this number back. They said yes, also to their "
            "first name and initial on the event’s page."
        ),
        validators=[DataRequired("Read the number back to the host first, then tick this.")],
    )
    cohost_number = LineField("Co-host: number in the room", most=5)
    cohost_name = LineField("Co-host: name", most=60)
    cohost_reach = LineField("Co-host: phone or email", most=320)
    coming = FieldList(FormField(LineForm), "Who is coming", min_entries=LINES, max_entries=LINES)
