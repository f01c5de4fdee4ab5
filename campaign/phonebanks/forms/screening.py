"""What a lead brings back from a bureau."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from campaign.foundation.formfields import Form, Needed
from campaign.phonebanks.forms.managing import DayField


class AnswerForm(Form):
    """A bureau's answer for this list, and its day."""

    file = FileField(
        "The bureau’s answer (CSV)",
        validators=[FileRequired("Choose the file that the bureau sent back.")],
        description="A table with a column “Phone” and a column “TPS” that says yes or no.",
    )
    dated = DayField(
        "On which day did the bureau screen the list?",
        validators=[Needed("Say on which day the bureau screened it.")],
        description="The 28 days count from the beginning of that day.",
    )
