"""What people shall hear of a change."""

from __future__ import annotations

from wtforms import BooleanField

from campaign.foundation.formfields import Form, LineField


class TellingForm(Form):
    """A line for the mail that a change sends, or no mail at all."""

    change_note = LineField("What should people know about this change?", most=300)
    quiet = BooleanField("Do not write to people about this change")
