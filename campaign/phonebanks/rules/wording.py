"""What a caller reads when there is nobody to ring, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class State:
    """A designed state: what is so, why, and how many dots of the picture are filled."""

    heading: str
    sentence: str
    dots: int
    may_try: bool = False
    button: str = "Next person"


STATES = {
    "ready": State(
        "Ready when you are",
        "Take a breath. One person at a time.",
        8,
        True,
        "Give me the first person",
    ),
    "finished": State("Everyone has been rung", "This list is finished. Thank you.", 8),
    "passed_over": State(
        "Nobody left for you", "Others ring the people you passed on. Thank you for your calls.", 7
    ),
    "waiting": State(
        "Nobody just now",
        "Everybody who is left is in a call, waits to be called back at a promised time, or rests "
        "since the last try.",
        6,
        True,
        "Look again",
    ),
    "closed": State("Closed for now", "We do not ring people at this hour.", 5),
    "paused": State(
        "Paused",
        "A lead has paused the calling, and nobody is handed out. Nothing you noted is lost.",
        5,
        True,
        "Look again",
    ),
    "held_back": State(
        "A lead will talk to you",
        "Your calling rests until then: something about the last calls looked unusual, and they "
        "would like to hear from you how it went. What you noted is kept.",
        5,
    ),
    "not_open": State("Not open yet", "The calling has not begun.", 4),
    "ended": State("This phonebank has ended", "Thank you for every call.", 8),
    "pace": State("A moment", "The next person comes in a few seconds.", 7, True),
    "hour_limit": State(
        "60 in an hour. Have some tea",
        "Each call deserves its minute, so an hour holds sixty.",
        6,
        True,
        "Look again",
    ),
    "day_limit": State(
        "You reached today’s limit",
        "250 calls in a day are enough for anybody. Thank you: go on tomorrow.",
        8,
    ),
    "newcomer_limit": State(
        "Slowly at first",
        "Until your first calls are noted, an hour holds fewer of them. Have some tea.",
        6,
        True,
    ),
    "elsewhere": State(
        "You still have somebody", "Finish your call in the other phonebank first.", 7
    ),
    "never": State(
        "Please do not ring",
        "This person has just asked never to be called. Take the next one.",
        7,
        True,
    ),
    "resting": State("Rung a moment ago", "Somebody else has just rung this number.", 7, True),
    "no_need": State(
        "No need to ring them", "This has settled itself. Take the next one.", 7, True
    ),
    "not_at_home": State(
        "They cannot be taken just now",
        "Somebody else has them, or they are not to be rung now. Take the next one.",
        7,
        True,
    ),
    "household": State(
        "Somebody they live with was rung",
        "Their household is left in peace for a day. Take the next one.",
        7,
        True,
    ),
    "no_number": State("The number is out", "It was just reported not to work.", 7, True),
    "no_consent": State("Not this person", "They have not agreed to be rung.", 7, True),
    "on_tps": State("Not this person", "They have just been found on the TPS.", 7, True),
    "tps_old": State(
        "The TPS check is too old",
        "Who was only checked against the TPS is not rung until a lead has a new check made.",
        5,
        True,
    ),
    "oneself": State("That was you", "This was your own number.", 7, True),
    "real_number": State("Not for practice", "This number is real, so it is not shown.", 7, True),
}

# Why people on a list cannot be rung now, in the order of the board; with "ready" they add up.
REASONS = {
    "ready": ("Ready now", "k1"),
    "in_call": ("In a call", "k2"),
    "elsewhere": ("In a call from another phonebank", "k2"),
    "callback": ("Promised a callback", "k3"),
    "resting": ("Resting since the last try", "k4"),
    "household": ("Somebody they live with was just rung", "k4"),
    "hours": ("Outside the hours", "k4"),
    "finished": ("Finished", "k5"),
    "never": ("Asked never to be called", "k6"),
    "no_number": ("No working number", "k6"),
    "tried": ("Tried as often as allowed", "k6"),
    "no_consent": ("No consent on record", "k6"),
    "on_tps": ("On the TPS", "k6"),
    "tps_old": ("TPS check too old", "k6"),
    "organiser": ("Waiting for an organiser", "k6"),
    "signed_up": ("Signed up by themselves", "k5"),
    "withdrawn": ("Taken off the list", "k6"),
}


def state_of(reason: str, *, rang: bool = False) -> State:
    """The state of a reason; an unknown one is simply ready. Who rang today has met the first."""
    state = STATES.get(reason, STATES["ready"])
    return replace(state, button="Next person") if rang and state is STATES["ready"] else state


def gone(name: str, *, by_lead: bool, ended: bool, shown: bool) -> str:
    """What a caller reads whose person is no longer kept for them."""
    why = (
        "The phonebank has ended."
        if ended
        else f"A lead has taken {name} back."
        if by_lead
        else f"{name} is no longer kept for you."
    )
    return f"{why} {'If you spoke, say how it went.' if shown else 'Nobody was rung.'}"
