"""What a phonebank asks people to come to."""

from __future__ import annotations

from wtforms import SelectField

from campaign.foundation.formfields import Form


class GoalForm(Form):
    """One event, a series, or any event of a kind."""

    goal = SelectField("What do we ask people to come to?", validate_choice=False, default="")
