"""What organisers type: a phonebank, its hours, its sessions, a file of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from campaign.foundation.formfields import AddressField, Form, LineField, Needed
from campaign.phonebanks.rules.lists import BASES

ACCESS = (
    ("rostered", "Only people on a session’s roster"),
    ("group", "Members of the group"),
    ("open", "Everyone who has practised and agreed"),
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFF = ("", "nobody")
STARTS = (OFF, *((f"{hour:02}:00", f"{hour:02}:00") for hour in range(8, 20)))
ENDS = (
    OFF,
    *((f"{hour:02}:{half}", f"{hour:02}:{half}") for hour in range(9, 21) for half in ("00", "30")),
    ("21:00", "21:00"),
)
ENCODINGS = (
    ("", "Find out"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows (Western Europe)"),
    ("iso8859-15", "Latin-9"),
    ("mac-roman", "Old Macintosh"),
)


def choices_of(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """What WTForms offers, of values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


class DayField(DateField):
    """A day, as browsers send it; None where empty."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; refuse what is none."""
        self.data = None
        if any(text.strip() for text in valuelist):
            try:
                super().process_formdata(valuelist)
            except ValueError:
                raise ValueError("Write the day as year, month, day: 2026-11-14.") from None


class DescribeForm(Form):
    """What a phonebank is called, why it rings, who may call."""

    title = LineField(
        "Name of the phonebank", least=3, most=120, validators=[Needed("Give it a name.")]
    )
    reason = LineField(
        "Why do we ring?",
        least=3,
        most=240,
        validators=[Needed("Say in one line why you ring.")],
        description="One line. Callers read it before each call.",
    )
    access = RadioField("Who may call?", choices=choices_of(ACCESS), default="rostered")
    last_day = DayField(
        "Last day of calling",
        validators=[Optional()],
        description="Nobody is rung after it. Leave it empty if you do not know yet.",
    )


class NewForm(DescribeForm):
    """A new phonebank of one of one's groups."""

    group = SelectField("Which group rings?", validate_choice=False)


class HoursForm(Form):
    """When people are rung, by their own clock."""

    week_from = SelectField("Monday to Friday from", choices=choices_of(STARTS), default="")
    week_until = SelectField("Monday to Friday until", choices=choices_of(ENDS), default="")
    sat_from = SelectField("Saturday from", choices=choices_of(STARTS), default="")
    sat_until = SelectField("Saturday until", choices=choices_of(ENDS), default="")
    sun_from = SelectField("Sunday from", choices=choices_of(STARTS), default="")
    sun_until = SelectField("Sunday until", choices=choices_of(ENDS), default="")

    def hours(self) -> dict[str, list[str]]:
        """The week as it is stored; a window with one end is kept, to be refused."""
        pairs = {
            WEEKDAYS: (self.week_from, self.week_until),
            ("sat",): (self.sat_from, self.sat_until),
            ("sun",): (self.sun_from, self.sun_until),
        }
        return {
            day: [text for text in (start.data, end.data) if text]
            for days, (start, end) in pairs.items()
            for day in days
        }

    @staticmethod
    def typed_before(week: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """A stored week as the form shows it; Monday stands for the days until Friday."""
        typed: dict[str, str] = {}
        for name, day in (("week", "mon"), ("sat", "sat"), ("sun", "sun")):
            start, end = week.get(day) or ("", "")
            typed |= {f"{name}_from": start, f"{name}_until": end}
        return typed


class ImportForm(Form):
    """A file of people, where they come from, and why they may be rung."""

    file = FileField(
        "The file (CSV)",
        validators=[FileRequired("Choose a file.")],
        description="A CSV file of up to 50 MB. The first row holds the headings; one is “Phone”.",
    )
    source = LineField(
        "Where do these people come from?",
        least=3,
        most=80,
        validators=[Needed("Say where these people come from.")],
        description="For example: petition stall in Worthing.",
    )
    collected_on = DayField(
        "When was it collected?",
        validators=[Needed("Say on which day it was collected.")],
    )
    basis = RadioField(
        "Why may you ring them?",
        choices=choices_of(BASES.items()),
        validate_choice=False,
        validators=[Needed("Choose one.")],
    )
    encoding = SelectField(
        "How is the text written?",
        choices=choices_of(ENCODINGS),
        default="",
        validators=[Optional()],
        description="Choose another where names come out garbled.",
    )


class LeadForm(Form):
    """Somebody who shall lead the phonebank too."""

    email = AddressField("Their email address", validators=[Needed("Write their address.")])


class AttachForm(Form):
    """An event whose roster shall call."""

    event = RadioField(
        "Which event?", validate_choice=False, validators=[Needed("Choose an event.")]
    )
