"""What is proposed for a kind of event."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.templates import LONGEST, LONGEST_ABOUT, SHORTEST
from campaign.foundation.formfields import Form, Needed, TextField

LENGTH = "Give a length from 15 minutes to 72 hours, in minutes."


class TemplateForm(Form):
    """One kind's template; lists are one thing a line."""

    minutes = StringField(
        "How long, in minutes",
        description="Where its host does not say when it ends.",
        validators=[Needed(LENGTH), PlainNumber(SHORTEST, LONGEST, LENGTH)],
    )
    about = TextField(
        "What people read",
        most=LONGEST_ABOUT,
        description="Stands on the event’s page where its host writes nothing, for everybody. "
        "True wherever it is held, without a postcode or a house number.",
    )
    kit = TextField(
        "What to bring",
        most=4500,
        description="One thing a line. Who runs the event reads it, and it is printed with the "
        "sheet for the door.",
    )
    roles = TextField(
        "Who does what",
        most=1000,
        description="One role a line, of 40 characters at most. They are proposed for shifts, the "
        "first as the usual one.",
    )
    safety = TextField(
        "Keeping people safe",
        most=4500,
        description="One note a line, for who runs the event.",
    )
    seen = HiddenField("What you looked at")
