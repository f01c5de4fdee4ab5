"""Asking somebody onto the team of an event, and a name for who answers."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from campaign.events.rules.team import PARTS
from campaign.foundation.formfields import AddressField, Form, LineField, Needed


class InviteForm(Form):
    """Whom, and for what."""

    email = AddressField("Their email", validators=[Needed("Type their email address.")])
    role = RadioField(
        "What do they do?",
        choices=[SelectChoice(role.value, part.label) for role, part in PARTS.items()],
        default="co-host",
    )


class AnswerInviteForm(Form):
    """What somebody without an account is called."""

    name = LineField("Your name", most=120, least=2, validators=[Needed("Type your name.")])
