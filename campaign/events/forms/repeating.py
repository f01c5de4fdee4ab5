"""Does it repeat? A question beside the six."""

from __future__ import annotations

import datetime

from wtforms import DateField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from campaign.events.forms.numbers import PlainNumber
from campaign.events.rules.repeating import (
    DAY_NAMES,
    DAYS,
    MOST_OFTEN,
    MOST_TIMES,
    PLACES,
    Rule,
    read_gaps,
)
from campaign.foundation.formfields import Form, LineField


class RepeatForm(Form):
    """Each week on some days, or each month on, say, its first Tuesday."""

    repeats = RadioField(
        "Does it repeat?",
        choices=[
            SelectChoice("no", "No"),
            SelectChoice("weekly", "Every week"),
            SelectChoice("monthly", "Every month"),
        ],
        default="no",
    )
    every = StringField(
        "Only every so many weeks or months",
        default="1",
        validators=[PlainNumber(1, MOST_OFTEN, f"Give a number from 1 to {MOST_OFTEN}.")],
    )
    days = SelectMultipleField(
        "On more days of the week",
        choices=[SelectChoice(code, name[:3]) for code, name in zip(DAYS, DAY_NAMES, strict=True)],
    )
    weeks = SelectMultipleField(
        "In more weeks of the month",
        choices=[SelectChoice(str(place), name.capitalize()) for place, name in PLACES.items()],
    )
    until = DateField("Until", validators=[Optional()])
    times = StringField(
        "or so many times",
        validators=[PlainNumber(2, MOST_TIMES, f"Give a number from 2 to {MOST_TIMES}.")],
    )
    gaps = LineField("But not on", most=400)

    @property
    def wanted(self) -> bool:
        """Whether anything was asked for."""
        return self.repeats.data in ("weekly", "monthly")

    @property
    def left_out(self) -> tuple[datetime.date, ...]:
        """The days that are left out."""
        return read_gaps(self.gaps.data)

    def rule_from(self, first: datetime.date) -> Rule:
        """The rule that was asked for; the day of the first event is in it by itself."""
        name = DAYS[first.weekday()]
        monthly = self.repeats.data == "monthly"
        chosen = [f"{week}{name}" for week in self.weeks.data or []] if monthly else self.days.data
        return Rule(
            monthly=monthly,
            days=tuple(chosen or []),
            interval=int(self.every.data or 1),
            until=self.until.data,
            count=int(self.times.data) if self.times.data else None,
        )
