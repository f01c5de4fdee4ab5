"""The sheet of a strategy table, and what a moderator hides."""

from __future__ import annotations

from wtforms import (
    RadioField,
    SelectField,
)
from wtforms.validators import Optional

from campaign.foundation.formfields import Form, LineField
from campaign.meetups.forms.cards import YES_NO
from campaign.meetups.rules.sheets import LONGEST, LONGEST_LINE


class SheetForm(Form):
    """One step of a strategy sheet: an idea with its hands, or the two lines at its end."""

    text = LineField("The idea, in a line", most=LONGEST)
    carrier = SelectField("Who will carry it on?", choices=[], validate_choice=False)
    worry = LineField("One worry", most=LONGEST_LINE)
    ask = LineField("One thing you need from the centre", most=LONGEST_LINE)


class HideForm(Form):
    """Why a proposal is taken off the screen."""

    why = LineField("Why?", most=160)


class AboutForm(Form):
    """What helps to mix the strategy tables."""

    leads = RadioField("Lead", choices=YES_NO, validators=[Optional()])
    is_new = RadioField("New", choices=YES_NO, validators=[Optional()])
    came_with = LineField("Their numbers", most=20)
