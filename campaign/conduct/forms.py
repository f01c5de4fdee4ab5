"""What people type about conduct: a report, a return code, what a case comes to, two addresses."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from campaign.conduct.rules.categories import CATEGORIES
from campaign.foundation.formfields import AddressField, Form, LineField, Needed, TextField


class ReportForm(Form):
    """What happened, and who must not see it."""

    kind = HiddenField("Kind")
    about = HiddenField("About")
    category = RadioField(
        "What is it?",
        choices=[SelectChoice(one.value, facts.label) for one, facts in CATEGORIES.items()],
        validators=[InputRequired("Choose what comes closest.")],
    )
    text = TextField(
        "What happened?",
        most=8000,
        least=10,
        validators=[Needed("Tell us in a few words: without them we cannot look into it.")],
    )
    keep_from = LineField("Who must not see this? Names, if there is anybody", most=300)


class FollowForm(Form):
    """The return code, and what one adds."""

    code = LineField(
        "Your return code", most=80, validators=[Needed("Type the code that you were given.")]
    )
    add = TextField("Add something", most=8000)


class CaseNoteForm(Form):
    """What one found out."""

    text = TextField("What did you find out?", most=8000, validators=[Needed("Write it down.")])


class InterimForm(Form):
    """What is done at once."""

    what = RadioField(
        "What now?",
        choices=[
            SelectChoice("hide", "Take the page down"),
            SelectChoice("bar", "Bar who made it from announcing and running events"),
        ],
        validators=[InputRequired("Choose what to do.")],
    )
    reason = RadioField(
        "The public reason", choices=[], validate_choice=False, validators=[Optional()]
    )


class OutcomeForm(Form):
    """What the case comes to."""

    upheld = RadioField(
        "Is it right?",
        choices=[SelectChoice("yes", "Upheld"), SelectChoice("no", "Not upheld")],
        validators=[InputRequired("Say whether the report was right.")],
    )
    hide = BooleanField("Take the page down")
    reason = RadioField(
        "The public reason", choices=[], validate_choice=False, validators=[Optional()]
    )
    answer = TextField(
        "To who reported it",
        most=2000,
        least=10,
        validators=[Needed("Write what who reported it reads.")],
    )
    to_host = TextField("To the host", most=2000)


class ApartForm(Form):
    """Two people by their addresses."""

    one = AddressField("Email of one", validators=[Needed("Give both addresses.")])
    other = AddressField("Email of the other", validators=[Needed("Give both addresses.")])
