"""The practice call: three short ones with somebody made up, and what one learns of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Of the exercises and the quiz. Whoever passed an earlier one is asked again at the next call: the
# quiz alone, since they have practised.
TRAINING_VERSION = 1


@dataclass(frozen=True, slots=True)
class Beat:
    """A moment of a call: what is heard (``sound`` is no words), what to do then, and why."""

    heard: str
    do: str
    why: str
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Exercise:
    """A made-up call. ``outcome`` is what is to be noted, ``answers`` whether answers are, too.

    ``before`` is read while nobody was rung yet, ``slip`` where something else was noted.
    """

    key: str
    title: str
    before: str
    beats: tuple[Beat, ...]
    outcome: str
    slip: str
    answers: bool = False


EXERCISES = (
    Exercise(
        "nobody",
        "Nobody there",
        "Press “Call {first_name}”. On a real call your own phone rings them. Their number shows "
        "only then, and we note that you saw it.",
        (
            Beat(
                "It rings eight times. Nobody picks up.",
                "Press “No answer”. One tap saves it.",
                "{first_name} is tried on another day, at another hour. You need not try again.",
                sound=True,
            ),
        ),
        "no_answer",
        "Nobody picked up, so nothing else happened. Note “No answer” this time.",
    ),
    Exercise(
        "talk",
        "A talk, and a question",
        "That is how it goes most of the time. This time somebody picks up. Press "
        "“Call {first_name}”.",
        (
            Beat(
                "Hello? Who is this?",
                "Read step 1 out, in your own voice. They say yes: press “Yes, go on”.",
                "Who you are comes first. Nobody can say yes to a stranger.",
            ),
            Beat(
                "Thursday, hm. Where did you get my number?",
                "Say it plainly: from the petition they signed. You can take them off right now.",
                "They have a right to know. Under “If they ask” stand the words.",
            ),
            Beat(
                "No, that’s all right. Put me down, I’ll come.",
                "Press “Yes, I’ll come”, then “Talked”, then “Save and next”.",
                "What you press is all that we know of the talk.",
            ),
        ),
        "talked",
        "You talked, and they said yes. Press their answers, then “Talked”.",
        answers=True,
    ),
    Exercise(
        "never",
        "“Never call me again”",
        "That was a conversation. Now the one that everybody dreads, and it is short. Press "
        "“Call {first_name}”.",
        (
            Beat(
                "How often do I have to say it? Never call me again.",
                "Say “I am sorry. I take you off right now.” Press “Never call again”, then yes.",
                "No why, no but. It holds for all of us at once, and nobody can undo it.",
            ),
        ),
        "dnc",
        "Whoever asks for it is taken off, whatever else was said. Press “Never call again”.",
    ),
)
CALLS = len(EXERCISES)


def exercise_of(calls: int) -> Exercise:
    """The exercise that comes after so many; who practises more goes round."""
    return EXERCISES[calls % CALLS]


def is_right(exercise: Exercise, outcome: str, answers: Mapping[str, str]) -> bool:
    """Whether what was noted is what happened."""
    return outcome == exercise.outcome and (not exercise.answers or bool(answers))


def is_trained(calls: int) -> bool:
    """Whether all exercises are done, so that the quiz comes next."""
    return calls >= CALLS
