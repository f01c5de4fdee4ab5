"""What people type to sign in, to be called by a name, and to be left alone."""

from __future__ import annotations

from wtforms import HiddenField

from campaign.foundation.formfields import AddressField, Form, LineField, Needed


class SignInForm(Form):
    """An address to send a link to."""

    email = AddressField("Your email", validators=[Needed("Type your email address.")])
    next = HiddenField()


class NameForm(Form):
    """What we call you."""

    name = LineField(
        "Your name", most=120, least=2, validators=[Needed("Type what we may call you.")]
    )


class DoNotCallForm(Form):
    """A number that nobody shall ring."""

    number = LineField(
        "Your telephone number", most=40, validators=[Needed("Type the number we should not ring.")]
    )
