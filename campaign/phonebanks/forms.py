"""What organisers and callers type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from campaign.foundation.errors import Refused
from campaign.foundation.formfields import Form, LineField, Needed, TextField
from campaign.phonebanks.rules.lists import BASES

ACCESS = [
    SelectChoice("rostered", "Only people on a session’s roster"),
    SelectChoice("group", "Members of the group"),
    SelectChoice("open", "Everyone who has practised and agreed"),
]
OFF = SelectChoice("", "off")
STARTS = [OFF, *(SelectChoice(text, text) for text in (f"{hour:02}:00" for hour in range(8, 15)))]
UNTIL = [f"{hour:02}:{minute:02}" for hour in range(12, 21) for minute in (0, 30)] + ["21:00"]
ENDS = [OFF, *(SelectChoice(text, text) for text in UNTIL)]


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
        description="One line. The caller reads it before each call.",
    )
    access = RadioField("Who may call?", choices=ACCESS, default="rostered")


class NewForm(DescribeForm):
    """A new phonebank of one of one's groups."""

    group = SelectField("For which group?", validators=[Needed("Choose a group.")])


class ScriptForm(Form):
    """A short script: how it begins, up to three questions with answers, how it ends."""

    opening = TextField(
        "How the call begins",
        most=1200,
        validators=[Needed("Write how the call begins.")],
        description="The organisation’s name first. {first_name} and {caller} are filled in.",
    )
    question1 = TextField("First question", most=600)
    answers1 = TextField("Answers to it, one a line", most=400)
    question2 = TextField("Second question", most=600)
    answers2 = TextField("Answers to it, one a line", most=400)
    question3 = TextField("Third question", most=600)
    answers3 = TextField("Answers to it, one a line", most=400)
    closing = TextField(
        "How the call ends",
        most=1200,
        description="Thank them, and say how to be taken off the list.",
    )

    def questions(self) -> list[tuple[str, list[str]]]:
        """The questions that were written, with their answers."""
        pairs = [
            (self.question1.data, self.answers1.data),
            (self.question2.data, self.answers2.data),
            (self.question3.data, self.answers3.data),
        ]
        return [(text, _lines(labels)) for text, labels in pairs if text]


class HoursForm(Form):
    """When people are rung, by their own clock."""

    week_from = SelectField("Monday to Friday from", choices=STARTS, default="10:00")
    week_until = SelectField("Monday to Friday until", choices=ENDS, default="20:30")
    sat_from = SelectField("Saturday from", choices=STARTS, default="10:00")
    sat_until = SelectField("Saturday until", choices=ENDS, default="18:00")
    sun_from = SelectField("Sunday from", choices=STARTS, default="")
    sun_until = SelectField("Sunday until", choices=ENDS, default="")

    def hours(self) -> dict[str, list[str]]:
        """The week as it is stored."""
        week = _pair(self.week_from.data, self.week_until.data)
        days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), week)
        days["sat"] = _pair(self.sat_from.data, self.sat_until.data)
        days["sun"] = _pair(self.sun_from.data, self.sun_until.data)
        return days


class ImportForm(Form):
    """A file of people, where they come from, and why they may be rung."""

    file = FileField("The file (CSV)", validators=[FileRequired("Choose a file.")])
    source = LineField(
        "Where do these people come from?",
        least=3,
        most=80,
        validators=[Needed("Say where these people come from.")],
        description="For example: petition stall in Worthing.",
    )
    collected_on = DateField(
        "When was it collected?",
        validators=[Needed("Say on which day it was collected.")],
    )
    basis = RadioField(
        "Why may you ring them?",
        choices=[SelectChoice(*pair) for pair in BASES.items()],
        validators=[Needed("Choose one.")],
    )


class AttachForm(Form):
    """An event whose roster shall call."""

    event = SelectField("Session", validators=[Needed("Choose an event.")])


class AgreeForm(Form):
    """A caller's promises."""

    agreed = BooleanField("I agree", validators=[InputRequired("Tick the box if you agree.")])


@dataclass(frozen=True, slots=True)
class Report:
    """What a caller says about a call."""

    outcome: str
    client_uuid: str | None
    note: str
    language: str | None
    callback_at: datetime | None
    anyone: bool
    then: str
    answers: Mapping[str, str] = field(default_factory=dict)


def read_report(sent: Any) -> Report:
    """Read a report. Refuses a time that is none and an id that is too long."""
    callback_at = _moment(sent.get("callback_at", ""))
    # A button that asks once more stands after the choices and outranks them.
    codes = [code for code in sent.getlist("outcome") if code]
    outcome = codes[-1] if codes else "call_later" if callback_at else ""
    client_uuid = sent.get("client_uuid", "").strip()
    if len(client_uuid) > 64:
        raise Refused("The report’s id is too long.", field="client_uuid")
    answers = {
        name.removeprefix("answer-")[:40]: value[:40]
        for name, value in list(sent.items())[:100]
        if name.startswith("answer-") and value
    }
    return Report(
        outcome=outcome,
        client_uuid=client_uuid or None,
        note=sent.get("note", ""),
        language=sent.get("language", "").strip()[:40] or None,
        callback_at=callback_at,
        anyone=sent.get("who") == "anyone",
        then=sent.get("then", "stop"),
        answers=answers,
    )


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("Choose a time from the list.", field="callback_at") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("Europe/London"))
    return moment.astimezone(UTC)


def _lines(text: str | None) -> list[str]:
    return [line.strip()[:60] for line in (text or "").splitlines() if line.strip()][:9]


def _pair(start: str | None, end: str | None) -> list[str]:
    return [start, end] if start and end else []
