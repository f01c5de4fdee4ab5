"""Call outcomes as data, and the one decision what an outcome does to a contact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.hours import other_daypart

GROUPS = ("main", "nobody", "somebody", "care", "final", "skip")
CHOICES: dict[str, tuple[str, ...]] = {
    "group": GROUPS,
    "next": ("done", "callback", "ready", "next_number", "held", "suppressed"),
    "otherwise": ("", "held", "exhausted"),
    "verdict": ("", "ok", "wrong_person", "disconnected"),
    "asks": ("", "callback", "language"),
    "suppress": ("", "number", "person"),
}
A_DAY = timedelta(hours=20)
NO_MESSAGE = "voicemail_none"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of outcomes.toml, which says what each field means."""

    code: str
    button: str
    label: str
    help: str
    group: str
    icon: str
    next: str
    key: str = ""
    reached: bool = False
    attempt: bool = False
    voicemail: bool = False
    otherwise: str = ""
    delay_minutes: int = 0
    other_daypart: bool = False
    most_a_day: int = 0
    verdict: str = ""
    confirm: bool = False
    asks: str = ""
    suppress: str = ""
    second_report: bool = False
    not_again: bool = False
    care: bool = False
    van: str = ""
    aapor: str = ""

    @property
    def is_skip(self) -> bool:
        """Whether the caller did not ring at all."""
        return self.group == "skip"

    @property
    def is_objection(self) -> bool:
        """Whether the person asked for peace, which is never refused for the rest of a report."""
        return self.suppress == "number"

    @property
    def takes_time(self) -> bool:
        """Whether a time to call again makes sense: somebody was there to promise it to."""
        return self.verdict == "ok" and self.next in ("done", "ready", "callback")


class Outcomes:
    """The outcomes of this installation, in the order of their file."""

    def __init__(self, rows: tuple[Outcome, ...]) -> None:
        self._rows = {row.code: row for row in rows}

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __getitem__(self, code: str) -> Outcome:
        """Find an outcome by its code. Refuses a code that does not exist."""
        try:
            return self._rows[code]
        except KeyError:
            raise Refused("Choose how the call went.", field="outcome") from None

    def group(self, name: str) -> list[Outcome]:
        """List the outcomes of a group; ``main`` are the large buttons beside “More”."""
        return [row for row in self if row.group == name]

    def main(self, *, may_leave_message: bool) -> list[Outcome]:
        """List the large buttons; once the messages are used up the one for a message is another.

        Where one was left all the same, a report that comes late says so: by then it is what
        happened. While the person is still in the caller's hands ``reporting`` refuses it.
        """
        rows = self.group("main")
        if may_leave_message:
            return rows
        return [self[NO_MESSAGE] if row.voicemail else row for row in rows]


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What a decision needs to know of a contact, before the outcome is added.

    ``like_reports`` counts what other callers reported in the same sense of the same number or
    person; ``same_today`` the earlier reports of this outcome on the person's day;
    ``promised_at`` is the callback this call was to keep.
    """

    attempts: int = 0
    max_attempts: int = 4
    same_today: int = 0
    other_numbers: int = 0
    like_reports: int = 0
    caller_is_new: bool = False
    tz_name: str = "Europe/London"
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an outcome does. ``not_before`` is the earliest next offer; None: not of itself.

    ``provisional`` says that the person-level change (suppression, verdict) waits for a second
    report or an organiser; the contact is off the queue meanwhile. The caps on attempts and the
    calling hours are judged at the claim, not here.
    """

    state: str
    not_before: datetime | None = None
    counts_attempt: bool = False
    counts_voicemail: bool = False
    reached: bool = False
    verdict: str | None = None
    suppress: str | None = None
    next_number: bool = False
    provisional: bool = False
    not_again: bool = False
    care: bool = False
    hold_reason: str | None = None
    language: str | None = None


def load_outcomes(raw: Mapping[str, Any]) -> Outcomes:
    """Read outcomes.toml as parsed. Raises ValueError, naming the row that is wrong."""
    rows = tuple(_outcome(row) for row in raw["outcome"])
    codes = [row.code for row in rows]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"outcome {min(twice)}: there are two of this code")
    return Outcomes(rows)


def decide(
    outcome: Outcome,
    facts: ContactFacts,
    *,
    now: datetime,
    callback_at: datetime | None = None,
    language: str | None = None,
) -> Decision:
    """Say what an outcome does to a contact.

    Refuses a “call later” without a time, “another language” without its name, and what
    ``promised_time`` refuses. That a promised time is lawful is for
    ``callbacks.check_callback``; an outcome itself is always accepted.
    """
    callback_at = promised_time(outcome, callback_at)
    _refuse_missing(outcome, callback_at, language)
    provisional = outcome.second_report and facts.caller_is_new and facts.like_reports == 0
    counts = outcome.attempt or _last_of_the_day(outcome, facts)
    attempts = facts.attempts + counts
    state, next_number = _state(outcome, facts, attempts, callback_at, provisional)
    return Decision(
        state=state,
        not_before=_not_before(outcome, facts, state, now, callback_at),
        counts_attempt=counts,
        counts_voicemail=outcome.voicemail,
        reached=outcome.reached,
        verdict=None if provisional else outcome.verdict or None,
        suppress=None if provisional else outcome.suppress or None,
        next_number=next_number,
        provisional=provisional,
        not_again=outcome.not_again,
        care=outcome.care,
        hold_reason=outcome.code if state == "held" else None,
        language=language if outcome.asks == "language" else None,
    )


def promised_time(outcome: Outcome, callback_at: datetime | None) -> datetime | None:
    """Answer with the time to call again that an outcome keeps.

    A promise is never dropped without a word: with whatever was said by somebody who was there it
    is kept, with anything else it is refused. An objection is never refused, and drops the time.
    """
    if callback_at is None or outcome.is_objection:
        return None
    if not outcome.takes_time:
        raise Refused(
            f"“{outcome.label}” and a time to call again do not go together. Take the time "
            "back, or choose another outcome.",
            field="callback_at",
        )
    return callback_at


def _refuse_missing(outcome: Outcome, callback_at: datetime | None, language: str | None) -> None:
    if outcome.next == "callback" and callback_at is None:
        raise Refused("Choose when to ring again.", field="callback_at")
    if outcome.asks == "language" and not language:
        raise Refused("Choose the language they speak.", field="language")


def _last_of_the_day(outcome: Outcome, facts: ContactFacts) -> bool:
    return 0 < outcome.most_a_day <= facts.same_today + 1


def _state(
    outcome: Outcome,
    facts: ContactFacts,
    attempts: int,
    callback_at: datetime | None,
    provisional: bool,
) -> tuple[str, bool]:
    """Give the next state, and whether it comes with the person's next number."""
    if provisional:
        return "held", False
    if callback_at:
        return "callback", False
    if outcome.next not in ("ready", "next_number"):
        return outcome.next, False
    return _offered_again(outcome, facts, attempts)


def _offered_again(outcome: Outcome, facts: ContactFacts, attempts: int) -> tuple[str, bool]:
    if outcome.next == "next_number" and not facts.other_numbers:
        return outcome.otherwise, False
    if facts.promised_at and attempts == facts.attempts:
        # Nobody was rung (a skip, a failed or engaged line): the promise stands.
        return "callback", False
    if attempts >= facts.max_attempts:
        return "exhausted", False
    return "ready", outcome.next == "next_number"


def _not_before(
    outcome: Outcome,
    facts: ContactFacts,
    state: str,
    now: datetime,
    callback_at: datetime | None,
) -> datetime | None:
    if state not in ("ready", "callback"):
        return None
    if callback_at:
        return callback_at
    last = _last_of_the_day(outcome, facts)
    if state == "callback" and facts.promised_at:
        return max(now + _delay(outcome, last_of_day=last), facts.promised_at)
    return waits_until(outcome, since=now, last_of_day=last, tz_name=facts.tz_name)


def waits_until(outcome: Outcome, *, since: datetime, last_of_day: bool, tz_name: str) -> datetime:
    """Until when somebody waits after an outcome, as the rules are now."""
    after = since + _delay(outcome, last_of_day=last_of_day)
    return other_daypart(since, after, tz_name) if outcome.other_daypart else after


def _delay(outcome: Outcome, *, last_of_day: bool) -> timedelta:
    return A_DAY if last_of_day else timedelta(minutes=outcome.delay_minutes)


def _outcome(row: Mapping[str, Any]) -> Outcome:
    code = row.get("code", "?")
    known = {field.name: field.type for field in fields(Outcome)}
    if unknown := set(row) - set(known):
        raise ValueError(f"outcome {code}: unknown setting {min(unknown)}")
    for name, choices in CHOICES.items():
        if row.get(name, choices[0]) not in choices:
            raise ValueError(f"outcome {code}: {name} is one of {', '.join(filter(None, choices))}")
    try:
        outcome = Outcome(**row)
    except TypeError as error:
        raise ValueError(f"outcome {code}: {error}") from None
    if outcome.next == "next_number" and not outcome.otherwise:
        raise ValueError(f"outcome {code}: say what happens otherwise")
    return outcome
