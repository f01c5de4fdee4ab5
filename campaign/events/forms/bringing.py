"""A file of people for an event."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from campaign.foundation.formfields import Form


class BringForm(Form):
    """A CSV file."""

    file = FileField(
        "The file (CSV)",
        validators=[FileRequired("Choose a file.")],
        description="At most 500 people. Bring a longer list in parts.",
    )
