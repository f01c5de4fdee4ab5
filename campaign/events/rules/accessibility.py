"""What helps people to get in and take part in an event: what is known, what nobody has said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """One question; ``yes``, ``no`` and ``gap`` are how a page says the answer or its lack."""

    key: str
    yes: str
    no: str
    gap: str
    online: bool = False


FACTS = (
    Fact("step_free", "Step-free from the street", "Not step-free", "step-free access"),
    Fact("accessible_toilet", "Accessible toilet", "No accessible toilet", "accessible toilet"),
    Fact("hearing_loop", "Hearing loop", "No hearing loop", "hearing loop"),
    Fact("bsl", "BSL interpreter", "No BSL interpreter", "BSL interpreter", online=True),
    Fact("quiet_space", "Quiet space", "No quiet space", "quiet space"),
    Fact("childcare", "Childcare", "No childcare", "childcare"),
    Fact("travel_help", "Help with travel", "No help with travel", "help with travel"),
)
WHOM = "whom to ask"
KEYS = tuple(fact.key for fact in FACTS)
# Seven digits and more are somebody’s telephone, however they are set.
_NUMBER = re.compile(r"(?:\d[\s().+/-]*){7,}")
ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class Told:
    """What a page says of an event: what there is, what there is not, what is not known."""

    yes: list[str]
    no: list[str]
    unknown: list[str]
    ask: str = ""

    @property
    def gap(self) -> str:
        """ "Not known: hearing loop, childcare."; empty where everything is known."""
        return f"Not known: {', '.join(self.unknown)}." if self.unknown else ""


def told_of(event: Any) -> Told:
    """The facts of an event; of an online one only what makes sense on a screen.

    Whom to ask is a fact, too: where nobody is named, that is a gap like the others.
    """
    asked = [fact for fact in FACTS if fact.online or event.place_kind != "online"]
    answers = [(fact, getattr(event, fact.key)) for fact in asked]
    return Told(
        yes=[fact.yes for fact, answer in answers if answer is True],
        no=[fact.no for fact, answer in answers if answer is False],
        unknown=[
            *(fact.gap for fact, answer in answers if answer is None),
            *(() if event.access_contact else (WHOM,)),
        ],
        ask=event.access_contact or "",
    )


def holds_number(text: str) -> bool:
    """Whether there is a telephone number in a text."""
    return bool(_NUMBER.search(text))


def answer_of(fact: bool | None) -> str:
    """ "yes", "no" or "unknown", as a form has it."""
    return next(words for words, known in ANSWERS.items() if known is fact)
