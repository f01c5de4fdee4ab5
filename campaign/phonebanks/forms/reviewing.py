"""What a lead says of a call."""

from __future__ import annotations

from campaign.foundation.formfields import Form, TextField


class VerdictForm(Form):
    """A word on a call; the buttons say how it was."""

    feedback = TextField(
        "A word to the caller",
        most=1000,
        description="They read it. Say what to do next time; no names and no numbers.",
    )
