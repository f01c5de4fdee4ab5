"""A card, its host's word, and what became of it."""

from __future__ import annotations

from wtforms import (
    RadioField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.reports import MOST
from campaign.foundation.formfields import AddressField, Form, LineField, Needed
from campaign.meetups.rules.cards import LONGEST_NOTE

PLACES = [
    SelectChoice("venue", "A place"),
    SelectChoice("home", "At a home"),
    SelectChoice("online", "Online"),
]


YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]


class CardForm(Form):
    """A tap on a card, or several."""

    kind = RadioField("What", choices=[], validate_choice=False, validators=[Optional()])
    day = RadioField("Day", choices=[], validate_choice=False, validators=[Optional()])
    start = RadioField("Start", choices=[], validate_choice=False, validators=[Optional()])
    start_own = TimeField("Another time", validators=[Optional()])
    minutes = RadioField("How long", choices=[], validate_choice=False, validators=[Optional()])
    capacity = RadioField("Room for", choices=[], validate_choice=False, validators=[Optional()])
    place = RadioField("Where", choices=[], validate_choice=False, validators=[Optional()])
    venue = LineField("Name of the place", most=120)
    postcode = LineField("Its postcode", most=20)
    needed = RadioField(
        "Needs at least", choices=[], validate_choice=False, validators=[Optional()]
    )
    step_free = RadioField("Step-free?", choices=[], validate_choice=False, validators=[Optional()])
    note = LineField("What to bring, how to get in", most=LONGEST_NOTE)


class AcceptForm(Form):
    """What only the host can give, on their own phone."""

    email = AddressField("Your email")
    address = LineField("Street and number", most=160)
    postcode = LineField("Postcode", most=20)
    link = LineField("Link", most=500)


class HeldForm(Form):
    """Did it take place, and how many came?"""

    people = StringField(
        "How many came, you too?",
        validators=[PlainNumber(0, MOST, f"Give a number from 0 to {MOST:,}, in digits.")],
    )
    answer = StringField(validators=[Needed("Press one of the two buttons.")])


class SeedForm(Form):
    """Under which name a group stands."""

    name = LineField("Name of the group", most=80, validators=[Needed("Give it a name.")])
