"""What a lead puts on everybody's screen, and what a session is said to be."""

from __future__ import annotations

from campaign.foundation.formfields import Form, LineField
from campaign.phonebanks.rules.shift import MOST_IN_LINE


class LineForm(Form):
    """A line for everybody who calls."""

    words = LineField(
        "A line for everybody who calls",
        most=MOST_IN_LINE,
        least=3,
        description="It stands on their screens until you take it down. No name of anybody rung.",
    )


class LanguagesForm(Form):
    """In which languages a session rings."""

    languages = LineField("Languages", most=120)
