"""The short quiz before the first real call: what is lawful and decent, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, and what is read once it was chosen."""

    key: str
    words: str
    why: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers, one of which is right."""

    key: str
    asks: str
    choices: tuple[Choice, ...]

    @property
    def right(self) -> str:
        """The key of the right answer."""
        return next(choice.key for choice in self.choices if choice.right)


@dataclass(frozen=True, slots=True)
class Marks:
    """What became of answers: the questions that were answered wrongly, and those left out."""

    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all are right."""
        return not self.wrong and not self.missing


QUESTIONS = (
    Question(
        "first",
        "Somebody picks up. What do you say first?",
        (
            Choice(
                "matter",
                "Why it matters so much",
                "They cannot weigh the why before they know the who.",
            ),
            Choice(
                "who",
                "Who I am, and whom I ring for",
                "Your name and ours, before all else. It is decent, and the law asks for it.",
                right=True,
            ),
            Choice(
                "hook",
                "A question, so that they stay on",
                "That is how people are sold things. Say who you are first.",
            ),
        ),
    ),
    Question(
        "never",
        "“Don’t ring me again.” What do you do?",
        (
            Choice(
                "press",
                "I press “Never call again”, now",
                "One tap and one yes. From that moment nobody here rings that number.",
                right=True,
            ),
            Choice(
                "why",
                "I ask why, and offer another day",
                "They have answered already. To be asked again is what people complain of.",
            ),
            Choice(
                "note",
                "I note it for the next caller",
                "A note stops nobody. Only the button does.",
            ),
        ),
    ),
    Question(
        "hours",
        "It is late. You remember somebody who was out at six. May you try them once more?",
        (
            Choice(
                "quick",
                "Yes, if I keep it short",
                "A short call wakes people just as well.",
            ),
            Choice(
                "agreed",
                "Yes, they agreed to be rung",
                "They did, at decent hours. Late in the evening is not one.",
            ),
            Choice(
                "screen",
                "No. I ring only whom the screen gives me",
                "It knows the hours where they live, and how often they were tried.",
                right=True,
            ),
        ),
    ),
    Question(
        "keep",
        "It was a lovely talk, and you want to stay in touch. What do you do?",
        (
            Choice(
                "save",
                "I save their number in my phone",
                "They gave it to us, not to you. Nobody could take it back from there.",
            ),
            Choice(
                "tell",
                "I tell them where to write to us",
                "So it is their choice. You keep no number, no name and no note.",
                right=True,
            ),
            Choice(
                "paper",
                "I write it on paper, for later",
                "Paper gets lost, and nobody can forget what is on it for them.",
            ),
        ),
    ),
    Question(
        "upset",
        "Somebody cries, shouts or sounds unwell. What now?",
        (
            Choice(
                "end",
                "I thank them and end the call",
                "You need not explain. Take a breath, and press Help if you want to talk.",
                right=True,
            ),
            Choice(
                "script",
                "I go on with the script, more softly",
                "The script can wait. Somebody in distress cannot.",
            ),
            Choice(
                "win",
                "I try to win them over",
                "Nobody was ever won over in tears. Let them go.",
            ),
        ),
    ),
    Question(
        "outcome",
        "What does it cost to press the wrong outcome?",
        (
            Choice(
                "nothing",
                "Nothing, somebody checks it",
                "Nobody hears your calls. What you press is all that we know.",
            ),
            Choice(
                "figures",
                "Only my own figures",
                "Figures are the least of it: somebody is rung for it, or is not.",
            ),
            Choice(
                "people",
                "People are rung again, or never, by mistake",
                "The next caller goes by it. If it slips, say so to whoever hosts you.",
                right=True,
            ),
        ),
    ),
)


def mark(answers: Mapping[str, str], questions: tuple[Question, ...] = QUESTIONS) -> Marks:
    """Which answers are wrong or missing. One that the question does not offer is missing."""
    wrong, missing = [], []
    for question in questions:
        given = answers.get(question.key, "")
        if given not in {choice.key for choice in question.choices}:
            missing.append(question.key)
        elif given != question.right:
            wrong.append(question.key)
    return Marks(tuple(wrong), tuple(missing))
