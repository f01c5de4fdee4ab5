"""A number of one's own that is put on a list."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from campaign.foundation.formfields import Form, LineField, Needed
from campaign.phonebanks.rules.canaries import KINDS


class OwnNumberForm(Form):
    """The number, the name callers ask for, and what happens there."""

    number = LineField(
        "The number", most=40, validators=[Needed("Type the number.")],
        description="Your own, or one that belongs to your group. Leave it on.",
    )  # fmt: skip
    first_name = LineField(
        "The first name callers ask for", most=80, validators=[Needed("Type a first name.")]
    )
    town = LineField("Town", most=80)
    kind = RadioField(
        "What happens when it is rung?",
        choices=[SelectChoice(kind.code, kind.label) for kind in KINDS.values()],
        default="nobody",
    )
    agreed = BooleanField(
        "It is mine to give, and I agree that callers ring it now and then",
        validators=[InputRequired("Tick the box if you agree to be rung.")],
    )
