"""Incidents, help, and who is sent out."""

from __future__ import annotations

from wtforms import (
    RadioField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from campaign.conduct.rules.kept_out import REASONS
from campaign.foundation.formfields import Form, LineField, Needed, TextField
from campaign.meetups.rules.incidents import (
    CATEGORIES,
    LONGEST_ACTION,
    LONGEST_APPEAL,
    LONGEST_PLACE,
    LONGEST_REASON,
)


class IncidentForm(Form):
    """A line of the incident log."""

    category = RadioField(
        "What was it?",
        choices=[SelectChoice(code, words) for code, words in CATEGORIES.items()],
        validators=[DataRequired("Say what kind of thing it was.")],
    )
    place = LineField("Where?", most=LONGEST_PLACE)
    action = TextField(
        "What was done?", most=LONGEST_ACTION, validators=[Needed("Say what was done about it.")]
    )


class HelpForm(Form):
    """Where somebody waits for help."""

    where = LineField("Where are you?", most=LONGEST_PLACE)


class SendOutForm(Form):
    """Why somebody has to leave."""

    reason = RadioField(
        "Why?",
        choices=[SelectChoice(code, words) for code, words in REASONS.items()],
        validators=[DataRequired("Choose why.")],
    )
    words = LineField("What happened, in a few words?", most=LONGEST_REASON)


class AppealForm(Form):
    """Why it was wrong to send somebody out."""

    words = TextField("Why was it wrong?", most=LONGEST_APPEAL, validators=[Needed("Write why.")])


class DecideOutForm(Form):
    """What comes of somebody's being sent out."""

    decision = RadioField(
        "What comes of it?",
        choices=[SelectChoice("in", "Let them in"), SelectChoice("everywhere", "Keep them out")],
        validators=[DataRequired("Choose what comes of it.")],
    )
    answer = LineField("What they are told", most=300)
