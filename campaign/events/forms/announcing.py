"""Announcing an event: six questions, and calling it off."""

from __future__ import annotations

import datetime
from typing import Any

from wtforms import DateField, RadioField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.accessibility import ANSWERS, FACTS, KEYS, holds_number
from campaign.events.rules.kinds import KINDS, Kind
from campaign.events.rules.openness import CHOICES
from campaign.foundation.formfields import (
    AddressField,
    Form,
    LineField,
    OnceField,
    TextField,
)

STARTS = ("10:00", "11:00", "14:00", "18:00", "19:00")
CAPACITIES = {
    "usual": "The usual",
    **{many: many for many in ("6", "8", "12", "20")},
    "none": "No limit",
}


def _known(place: int) -> RadioField:
    """One of the questions of accessibility; nothing said is not known."""
    return RadioField(
        FACTS[place].yes,
        choices=[
            SelectChoice("yes", "Yes"),
            SelectChoice("no", "No"),
            SelectChoice("unknown", "Not known"),
        ],
        default="unknown",
    )


class AnnounceForm(Form):
    """Six questions; title, end and text are proposed and can be changed."""

    kind = RadioField(
        "What is it?",
        choices=[SelectChoice(kind.value, facts.label) for kind, facts in KINDS.items()],
        default=Kind.PHONEBANK.value,
    )
    date = RadioField("Which day?", validate_choice=False, validators=[Optional()])
    date_own = DateField("Another day", validators=[Optional()])
    start = RadioField(
        "When does it start?",
        choices=[SelectChoice(text, text) for text in STARTS],
        validate_choice=False,
        validators=[Optional()],
    )
    start_own = TimeField("Another time", validators=[Optional()])
    twice = RadioField(
        "Which one?",
        choices=[
            SelectChoice("first", "The first, before the clocks change"),
            SelectChoice("second", "The second"),
        ],
        validators=[Optional()],
    )
    place = RadioField(
        "Where?",
        choices=[
            SelectChoice("venue", "A venue"),
            SelectChoice("home", "Somebody’s home"),
            SelectChoice("online", "Online"),
        ],
        default="venue",
    )
    address_for = RadioField(
        "Who sees the address?",
        choices=[SelectChoice(value.value, words) for value, words in CHOICES.items()],
        validate_choice=False,
        validators=[Optional()],
    )
    where = LineField("Name of the place, or the link of an online event", most=160)
    postcode = LineField("Postcode or town", most=100)
    chosen_place = LineField("Which one?", most=200)
    group = RadioField("Which group hosts it?", choices=[], validate_choice=False)
    capacity = RadioField(
        "Room for how many?",
        choices=[SelectChoice(code, words) for code, words in CAPACITIES.items()],
        validate_choice=False,
        default="usual",
    )
    capacity_own = StringField(
        "Another number",
        validators=[PlainNumber(1, 5000, "Give a number of places from 1 to 5,000.")],
    )
    title = LineField("Title", most=120, least=3)
    end = TimeField("Until", validators=[Optional()])
    end_day = DateField("Ends on another day", validators=[Optional()])
    about = TextField("What should people know?", most=4000)
    # The page has shown what is proposed: a text that is empty now is meant to be.
    about_shown = StringField("The proposal was shown")
    step_free, accessible_toilet, hearing_loop = _known(0), _known(1), _known(2)
    bsl, quiet_space, childcare, travel_help = _known(3), _known(4), _known(5), _known(6)
    # Who announces without an account; ``website`` is a trap that no person sees.
    name = LineField("Your name", most=120, least=2)
    email = AddressField("Your email")
    website = StringField("Leave this empty")
    # There is one like it, and it is another one all the same.
    anyway = StringField("Publish mine as well")
    access_contact = LineField("Who can people ask about it?", most=120)
    client_uuid = OnceField()

    def validate_access_contact(self, field: Any) -> None:
        """Everybody reads it: a name, a place or an email address, and no telephone number."""
        if field.data and holds_number(field.data):
            raise StopValidation(
                "Everybody reads this: leave the telephone number out. "
                "A name or an email address is enough."
            )

    @property
    def access_fields(self) -> list[Any]:
        """The questions of accessibility."""
        return [self[key] for key in KEYS]

    @property
    def access(self) -> dict[str, bool | None]:
        """What was said of accessibility; None is not known."""
        return {key: ANSWERS[self[key].data] for key in KEYS}

    @property
    def access_known(self) -> bool:
        """Whether anything was said of it."""
        said = any(field.data != "unknown" or field.errors for field in self.access_fields)
        return said or bool(self.access_contact.data or self.access_contact.errors)

    @property
    def chosen_day(self) -> datetime.date | None:
        """The day: the one typed, otherwise the one tapped."""
        if self.date_own.data:
            return self.date_own.data  # type: ignore[no-any-return]
        try:
            return datetime.date.fromisoformat(self.date.data or "")
        except ValueError:
            return None

    @property
    def chosen_start(self) -> datetime.time | None:
        """The start: the one typed, otherwise the one tapped."""
        if self.start_own.data:
            return self.start_own.data  # type: ignore[no-any-return]
        try:
            return datetime.time.fromisoformat(self.start.data or "").replace(tzinfo=None)
        except ValueError:
            return None

    @property
    def chosen_capacity(self) -> int | None:
        """The number of places; None is no limit."""
        if self.capacity_own.data:
            return int(self.capacity_own.data)
        text = self.capacity.data or ""
        if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= 5000:
            return int(text)
        return None


class ConfirmForm(Form):
    """Which of the groups nearby it is with."""

    group = StringField("Which group is it with?")


class CancelForm(Form):
    """Why it is off, in a line."""

    note = LineField("Why? People read this in the mail", most=300)
