"""Asking for an export."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from campaign.foundation.formfields import Form, LineField, Needed
from campaign.phonebanks.rules.exports import MOST_WORDS, SHAPES


class ExportForm(Form):
    """Which table, and what for."""

    shape = RadioField(
        "Which table?",
        choices=[SelectChoice(shape.code, shape.label) for shape in SHAPES.values()],
        default="results",
    )
    reason = LineField(
        "What do you need it for?",
        most=MOST_WORDS,
        validators=[Needed("Say what you need it for: a second person reads it.")],
        description="Whoever approves it reads this.",
    )


class Decision(Form):
    """A yes or a no: only the token is checked."""
