"""What organisers write for callers: steps with answers, cards, a message, the goodbye."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import wtforms
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from campaign.foundation.formfields import Form, LineField, TextField
from campaign.phonebanks.rules.drafts import (
    BRANCH,
    MOST_CARDS,
    VOICEMAIL,
    Card,
    Choice,
    Draft,
    Sheet,
)
from campaign.phonebanks.rules.scripts import CLOSING, END, MOST_ANSWERS, MOST_BLOCKS, SIGN_UP
from campaign.phonebanks.rules.ways import NOWHERE, short_name

# Rows that stand there empty, to be filled.
ANSWERS, STEPS = 3, 2
LONGEST = 1200
# An answer that signs them up is a yes as it is (rules.asks).
GOAL = "goal"
EFFECTS = (
    ("", "Nothing more"),
    (SIGN_UP, "Signs them up to an event"),
    (GOAL, "Counts as the yes we ask for"),
)


class AnswerFields(wtforms.Form):
    """One answer, where it leads, and what it does besides."""

    words = LineField("Answer", most=60)
    way = SelectField("goes to", validate_choice=False, default="")
    effect = SelectField(
        "and also", choices=[SelectChoice(*pair) for pair in EFFECTS], validate_choice=False
    )
    tag = LineField("tag", most=40)
    key = HiddenField()


class StepFields(wtforms.Form):
    """What the caller says, and the answers to it."""

    title = LineField("Short name", most=60)
    say = TextField("The caller says", most=LONGEST)
    unnamed = TextField("Where we do not know their name", most=LONGEST)
    answers = FieldList(FormField(AnswerFields), min_entries=ANSWERS, max_entries=MOST_ANSWERS)
    opinion = BooleanField(
        "It asks for an opinion on politics, health or faith",
        description="Kept only where they agreed to that. Only organisers see it, in exports.",
    )
    way = SelectField("Without an answer it goes to", validate_choice=False, default="")
    on = SelectField("It looks back to", validate_choice=False, default="")
    kind = HiddenField()
    key = HiddenField()


class CardFields(wtforms.Form):
    """What to say where they ask or object."""

    title = LineField("If they say", most=80)
    say = TextField("The caller says", most=LONGEST)
    key = HiddenField()


class ScriptForm(Form):
    """A script: its steps in their order, cards, a message for a machine, the goodbye."""

    steps = FieldList(FormField(StepFields), min_entries=STEPS, max_entries=MOST_BLOCKS)
    cards = FieldList(FormField(CardFields), min_entries=1, max_entries=MOST_CARDS)
    closing = TextField(
        "Goodbye",
        most=LONGEST,
        description="Thank them, and say how to be taken off the list.",
    )
    voicemail = TextField(
        "Voicemail",
        most=LONGEST,
        description="Shown where a message may be left. Short, and with our name.",
    )

    def sheet(self) -> Sheet:
        """The script as typed."""
        return Sheet(
            steps=tuple(_draft(step) for step in self.steps),
            closing=self.closing.data or "",
            voicemail=self.voicemail.data or "",
            cards=tuple(
                Card(card.title.data or "", card.say.data or "", card.key.data or "")
                for card in self.cards
            ),
        )

    def offer_ways(self) -> None:
        """Let each select offer the steps there are, by their numbers and words."""
        names = [(str(n), f"{n} {_name(step)}") for n, step in enumerate(self.steps, 1)]
        asked = [
            pair
            for pair, step in zip(names, self.steps, strict=True)
            if any(answer.words.data for answer in step.answers) and step.kind.data != BRANCH
        ]
        for number, step in enumerate(self.steps, 1):
            others = [pair for pair in names if pair[0] != str(number)]
            for field in [step.way, *(answer.way for answer in step.answers)]:
                _offer(field, others)
            step.on.choices = [SelectChoice("", "Choose a question"), *_choices(asked)]

    @staticmethod
    def typed_before(sheet: Sheet) -> dict[str, Any]:
        """A kept script as the form shows it, with room for one answer and one card more."""
        steps = [
            {
                **{name: getattr(step, name) for name in SAME},
                "answers": [
                    *(_typed(one) for one in step.answers),
                    *({} for _ in range(step.kind != BRANCH and len(step.answers) < MOST_ANSWERS)),
                ],
            }
            for step in sheet.steps
        ]
        cards = [{"title": card.title, "say": card.say, "key": card.key} for card in sheet.cards]
        more: list[dict[str, str]] = [{}] if len(cards) < MOST_CARDS else []
        given = {"steps": steps, "cards": [*cards, *more]}
        return given | {CLOSING: sheet.closing, VOICEMAIL: sheet.voicemail}


SAME = ("title", "say", "unnamed", "opinion", "way", "on", "kind", "key")


def _typed(one: Choice) -> dict[str, str]:
    effect = SIGN_UP if one.signs_up else GOAL if one.is_goal else ""
    return {"words": one.words, "way": one.way, "effect": effect, "tag": one.tag, "key": one.key}


def _draft(step: Any) -> Draft:
    kind = BRANCH if step.kind.data == BRANCH else ""
    return Draft(
        say="" if kind else step.say.data or "",
        answers=tuple(_choice(one, kind) for one in step.answers if one.words.data),
        opinion=bool(step.opinion.data),
        title=step.title.data or "",
        way=_way(step.way.data),
        unnamed=step.unnamed.data or "",
        kind=kind,
        on=(step.on.data or "")[:2] if kind else "",
        key=(step.key.data or "")[:40],
    )


def _choice(one: Any, kind: str) -> Choice:
    if kind:
        return Choice(one.words.data, _way(one.way.data))
    return Choice(
        one.words.data,
        _way(one.way.data),
        (one.key.data or "")[:40],
        one.effect.data == SIGN_UP,
        one.tag.data or "",
        one.effect.data == GOAL,
    )


def _way(sent: str | None) -> str:
    way = sent or ""
    known = way in ("", CLOSING, END, NOWHERE) or (way.isascii() and way.isdigit())
    return way[:2] if known and way.isdigit() else way if known else NOWHERE


def _name(step: Any) -> str:
    if step.kind.data == BRANCH and not step.title.data:
        return "A turning"
    return short_name({"title": step.title.data, "say": step.say.data}, 28) or "(empty)"


def _choices(pairs: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(*pair) for pair in pairs]


def _offer(field: Any, steps: Sequence[tuple[str, str]]) -> None:
    """What a select offers; what leads nowhere is shown as that."""
    if field.data and str(field.data).startswith(NOWHERE):
        field.data = NOWHERE
    nowhere = [(NOWHERE, "Nowhere yet")] if field.data == NOWHERE else []
    ends = [(CLOSING, "Goodbye"), (END, "The end, at once")]
    field.choices = _choices([("", "The next step"), *steps, *ends, *nowhere])
