"""Signs that calls were not made as they were noted: each with its figures, none of them proof.

A sign is *strong* where hardly anybody who rings people shows it, and two strong ones at once have
a lead talk to the caller. Whatever an ordinary evening can bring (nobody answers, a number typed
into a telephone by hand) is weak, and only shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

# What is judged: the calls of so long, and those of an hour for the pace.
WINDOW, HOUR = timedelta(hours=2), timedelta(hours=1)
TALKED = "talked"
FAST_SECONDS, FAST_CALLS = 12, 5
MOST_AN_HOUR = 40
ONE_CODE_PERCENT, ONE_CODE_CALLS = 90, 20
TIMES_OTHERS, HARMFUL_CALLS, HARMFUL_LEAST = 3, 20, 5
# So many calls of others say what is usual; before that, and at least, these of a hundred.
OTHERS_CALLS, USUAL_PERCENT, LEAST_PERCENT = 50, 5, 2
SKIPPED_PERCENT, SKIPPED_CALLS = 40, 10
UNREPORTED_PERCENT, UNREPORTED_CALLS = 33, 6
MINUTE, MINUTE_CALLS = 60, 10
# A telephone is not even let ring out in so short a time.
RINGS_OUT_SECONDS = 20
DIALLED_CALLS = 10
STRONG_TO_PAUSE = 2


@dataclass(frozen=True, slots=True)
class Made:
    """One claim and what came of it. ``code`` is None where nothing was noted.

    ``is_over`` says that nothing can come of it any more in time; ``dialled`` whether the number
    was tapped, copied or carried to a phone, None where that is not known.
    """

    claimed_at: datetime
    shown: bool = True
    code: str | None = None
    reported_at: datetime | None = None
    is_over: bool = True
    skipped: bool = False
    dialled: bool | None = None

    @property
    def seconds(self) -> float:
        """From the claim to the report."""
        assert self.reported_at is not None
        return (self.reported_at - self.claimed_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Kinds:
    """What outcomes are: those that take somebody off, and those of which nobody was there."""

    harmful: frozenset[str]
    unanswered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign: ``figures`` are what it rests on, in the order of its sentence."""

    code: str
    strong: bool
    figures: tuple[float, ...]
    word: str = ""


def judge(
    calls: Sequence[Made],
    *,
    others: Mapping[str, int],
    kinds: Kinds,
    now: datetime,
    wrong_checks: int = 0,
) -> list[Signal]:
    """What a caller's calls of the last hours show; ``others`` counts others' outcomes meanwhile.

    ``wrong_checks`` is how many numbers whose outcome we know they noted wrongly.
    """
    recent = [call for call in calls if call.claimed_at > now - WINDOW]
    reported = [call for call in recent if call.code is not None and call.reported_at is not None]
    found = (
        _fast(reported),
        _many(reported, now),
        _one_code(reported, kinds),
        _harmful(reported, others, kinds),
        _skips(recent),
        _unreported(recent),
        _first_minute(reported),
        _undialled(reported),
        Signal("checks", wrong_checks > 1, (wrong_checks,)) if wrong_checks else None,
    )
    return [signal for signal in found if signal is not None]


def pauses(signals: Iterable[Signal]) -> bool:
    """Whether a lead talks to the caller before the next call."""
    return sum(signal.strong for signal in signals) >= STRONG_TO_PAUSE


def _fast(reported: Sequence[Made]) -> Signal | None:
    taken = [call.seconds for call in reported if call.code == TALKED]
    if len(taken) < FAST_CALLS or median(taken) >= FAST_SECONDS:
        return None
    return Signal("fast", True, (round(median(taken)), len(taken)))


def _many(reported: Sequence[Made], now: datetime) -> Signal | None:
    in_hour = sum(1 for call in reported if call.reported_at and call.reported_at > now - HOUR)
    return Signal("many", True, (in_hour,)) if in_hour > MOST_AN_HOUR else None


def _one_code(reported: Sequence[Made], kinds: Kinds) -> Signal | None:
    if len(reported) < ONE_CODE_CALLS:
        return None
    ((code, times),) = Counter(call.code for call in reported).most_common(1)
    if not _above(times, len(reported), ONE_CODE_PERCENT):
        return None
    # On some evenings nobody is at home.
    return Signal("one_code", code not in kinds.unanswered, (times, len(reported)), code or "")


def _harmful(reported: Sequence[Made], others: Mapping[str, int], kinds: Kinds) -> Signal | None:
    mine = sum(1 for call in reported if call.code in kinds.harmful)
    if len(reported) < HARMFUL_CALLS or mine < HARMFUL_LEAST:
        return None
    theirs, all_of_them = sum(others.get(code, 0) for code in kinds.harmful), sum(others.values())
    usual = 100 * theirs / all_of_them if all_of_them >= OTHERS_CALLS else USUAL_PERCENT
    usual = max(usual, LEAST_PERCENT)
    share = 100 * mine / len(reported)
    return Signal("harmful", True, (mine, len(reported), round(usual))) if (
        share > TIMES_OTHERS * usual
    ) else None  # fmt: skip


def _skips(recent: Sequence[Made]) -> Signal | None:
    decided = [call for call in recent if call.skipped or call.code is not None]
    skipped = sum(call.skipped for call in decided)
    if len(decided) < SKIPPED_CALLS or not _above(skipped, len(decided), SKIPPED_PERCENT):
        return None
    return Signal("skips", False, (skipped, len(decided)))


def _unreported(recent: Sequence[Made]) -> Signal | None:
    shown = [call for call in recent if call.shown and (call.code is not None or call.is_over)]
    silent = sum(call.code is None and not call.skipped for call in shown)
    if silent < UNREPORTED_CALLS or not _above(silent, len(shown), UNREPORTED_PERCENT):
        return None
    return Signal("unreported", True, (silent, len(shown)))


def _first_minute(reported: Sequence[Made]) -> Signal | None:
    taken = [call.seconds for call in reported]
    if len(taken) < MINUTE_CALLS or max(taken) >= MINUTE:
        return None
    usual = median(taken)
    return Signal("minute", usual < RINGS_OUT_SECONDS, (len(taken), round(usual)))


def _undialled(reported: Sequence[Made]) -> Signal | None:
    known = [call for call in reported if call.dialled is not None]
    if len(known) < DIALLED_CALLS or any(call.dialled for call in known):
        return None
    # Whoever types a number into another telephone taps nothing.
    return Signal("undialled", False, (len(known),))


def _above(part: int, whole: int, percent: int) -> bool:
    return 100 * part > percent * whole


# The figure in large, and what it says.
SENTENCES = {
    "fast": ("{0:.0f} s", "from the name to “talked”, as a rule, in {1:.0f} calls"),
    "many": ("{0:.0f}", "calls noted within an hour"),
    "one_code": ("{0:.0f} of {1:.0f}", "noted as “{word}”"),
    "harmful": (
        "{0:.0f} of {1:.0f}",
        "take somebody off the list; of a hundred calls of others, {2:.0f} do",
    ),
    "skips": ("{0:.0f} of {1:.0f}", "people were passed on"),
    "unreported": ("{0:.0f} of {1:.0f}", "numbers were shown, and nothing was noted"),
    "minute": ("{1:.0f} s", "for a call, as a rule; all {0:.0f} were over within a minute"),
    "undialled": ("0 of {0:.0f}", "numbers were tapped or copied"),
    "checks": ("{0:.0f}", "of our own numbers noted as what they were not"),
}


def in_words(code: str, figures: Sequence[float], word: str = "") -> tuple[str, str]:
    """A sign for a lead: its figure, and what the figure says."""
    figure, sentence = SENTENCES[code]
    return figure.format(*figures), sentence.format(*figures, word=word)
