"""What a moderator decides, why, and what the host reads; what a host asks for."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from campaign.foundation.formfields import Form, LineField, Needed, TextField

VERDICTS = (
    ("listed", "Put on the map"),
    ("link-only", "Only by link"),
    ("asked", "Ask the host"),
    ("hidden", "Take it down"),
    ("shown", "Show it again"),
)


class DecideForm(Form):
    """One decision. ``seen`` is the last decision that stood on the page."""

    verdict = RadioField(
        "Your decision",
        choices=[SelectChoice(value, words) for value, words in VERDICTS],
        validators=[InputRequired("Choose what becomes of it.")],
    )
    reason = RadioField("Because", choices=[], validate_choice=False, validators=[Optional()])
    note = TextField("To the host", most=2000)
    tell_guests = BooleanField("Call it off as well: everybody who signed up gets a mail")
    seen = StringField("What stood here")


class TrustForm(Form):
    """Why a host is trusted."""

    note = LineField("Why?", most=300, least=3, validators=[Needed("Say why, in a line.")])


class AppealForm(Form):
    """Why a second look is wanted."""

    text = TextField(
        "What should we know?",
        most=4000,
        least=10,
        validators=[Needed("Write a line or two: what did we get wrong, or what did you change?")],
    )
