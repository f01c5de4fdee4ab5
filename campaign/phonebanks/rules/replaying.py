"""Calls played anew without some of them: where people and numbers would stand then.

Somebody goes back to what they were before the first call that is taken out, and every call after
it that stays is played again, in its order, at its own time and by the same rules as ever. So the
end is as if the others had never been made; calls that stay learn anew what was before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from campaign.phonebanks.rules.before import NUMBER, Picture, picture_from, picture_of
from campaign.phonebanks.rules.outcomes import ContactFacts, Decision, Outcome, Outcomes, decide
from campaign.phonebanks.rules.settling import of_the_contact

# What outranks another caller's claim on the same person, and nothing else does.
FINAL = ("suppressed", "held")
FREE = ("ready", "callback", "exhausted")
OFF = ("suppressed", "withdrawn")
CLAIM, OVER, REPORT = 0, 1, 2


class Rung(Protocol):
    """A call that was made; as its row has it."""

    @property
    def id(self) -> int: ...
    @property
    def contact_id(self) -> int: ...
    @property
    def number_id(self) -> int: ...
    @property
    def caller_id(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def claimed_at(self) -> datetime: ...
    @property
    def revealed_at(self) -> datetime | None: ...
    @property
    def attempted_at(self) -> datetime | None: ...
    @property
    def dialled_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def reported_at(self) -> datetime | None: ...
    @property
    def result_code(self) -> str | None: ...
    @property
    def note(self) -> str: ...
    @property
    def late(self) -> bool: ...
    @property
    def inbound(self) -> bool: ...
    @property
    def before(self) -> dict[str, Any] | None: ...
    @property
    def said(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What decided on a report beside the outcome: kept only where there was something."""

    callback_at: datetime | None = None
    language: str | None = None
    anyone: bool = False
    # The word of a newcomer was weighed.
    new: bool = False
    # The claim had ended without a report before this one came.
    over: bool = False

    def as_json(self) -> dict[str, Any] | None:
        """For the call's row; None where nothing was said."""
        found = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        if self.callback_at:
            found["callback_at"] = self.callback_at.isoformat()
        return found or None


def said_of(call: Rung) -> Said:
    """What decided on a call's report."""
    kept = call.said or {}
    values = {name: kept[name] for name in Said.__slots__ if name in kept}
    if "callback_at" in values:
        values["callback_at"] = datetime.fromisoformat(values["callback_at"])
    return Said(**values)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the person's phonebank and number say about calls with them."""

    max_attempts: int
    cooldown: timedelta
    tz_name: str


@dataclass(slots=True)
class Played:
    """Where everybody stands after it, and what each call that stayed found."""

    people: dict[int, Picture] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)


Moment = tuple[datetime, int, int]


def moments_of(call: Rung) -> list[Moment]:
    """When a call took somebody, let go of them, and was reported; in an order with all others."""
    found = [] if call.inbound else [(call.claimed_at, call.id, CLAIM)]
    if call.status in ("reported", "reversed") and call.reported_at:
        if call.late and said_of(call).over and call.ended_at:
            found.append((call.ended_at, call.id, OVER))
        return [*found, (call.reported_at, call.id, REPORT)]
    return [*found, (call.ended_at, call.id, OVER)] if call.ended_at else found


def changes_of(call: Rung) -> Moment | None:
    """The first moment at which a call changed anybody; None where it never did."""
    for at, key, kind in moments_of(call):
        if kind == REPORT or (kind == OVER and call.revealed_at):
            return at, key, kind
    return None


def play(
    calls: Iterable[Rung], *, out: set[int], terms: Mapping[int, Terms], outcomes: Outcomes
) -> Played:
    """Play all calls with these people and numbers but for those that are taken ``out``.

    ``terms`` names the people who are gone back to what they were; of others only what their calls
    say of the numbers is played.
    """
    game = _Game({call.id: call for call in calls}, out, terms, outcomes)
    game.run()
    return game.played


class _Game:
    def __init__(
        self, calls: dict[int, Rung], out: set[int], terms: Mapping[int, Terms], outcomes: Outcomes
    ) -> None:
        self.calls, self.out, self.terms, self.outcomes = calls, out, terms, outcomes
        self.played = Played()
        self.held: dict[int, int] = {}
        self.reported: list[Rung] = []

    def run(self) -> None:
        moments = sorted(moment for call in self.calls.values() for moment in moments_of(call))
        for _at, key, kind in moments:
            call = self.calls[key]
            if key in self.out:
                self._begin(call, kind)
            elif kind == CLAIM:
                self.held[call.contact_id] = key
            elif kind == OVER:
                self._over(call)
            else:
                self._report(call)

    def _begin(self, call: Rung, kind: int) -> None:
        """The first that is taken out says what was before it."""
        kept = call.before
        if kept is None or kind == CLAIM:
            return
        if call.contact_id in self.terms and (kind == REPORT or call.revealed_at):
            self.played.people.setdefault(call.contact_id, picture_from(kept))
        if kind == REPORT and NUMBER in kept:
            self.played.numbers.setdefault(call.number_id, kept[NUMBER])

    def _over(self, call: Rung) -> None:
        if self.held.get(call.contact_id) != call.id:
            return
        del self.held[call.contact_id]
        person = self.played.people.get(call.contact_id)
        if person is None or call.revealed_at is None:
            return
        self._note_before(call, person)
        terms = self.terms[call.contact_id]
        person.attempts += 1
        person.not_before = (call.dialled_at or call.revealed_at) + terms.cooldown
        if person.state in FREE:
            worn_out = person.attempts >= terms.max_attempts
            person.state = (
                "callback" if person.promised_at else "exhausted" if worn_out else "ready"
            )

    def _note_before(self, call: Rung, person: Picture, **more: str) -> None:
        found = self.played.before.setdefault(call.id, picture_of(person, person.state))
        found.update(more)

    def _report(self, call: Rung) -> None:
        outcome = self.outcomes[call.result_code or ""]
        holds = self.held.get(call.contact_id) == call.id
        if holds:
            del self.held[call.contact_id]
        person = self.played.people.get(call.contact_id)
        number = self.played.numbers.get(call.number_id)
        self.reported.append(call)
        if person is None and number is None:
            return
        decision = self._decision(call, outcome, person or Picture())
        if person is not None:
            told = {NUMBER: number or (call.before or {}).get(NUMBER, "ok")}
            self._note_before(call, person, **told)
            self._settle(call, outcome, decision, person, holds=holds)
        elif number is not None and call.before is not None:
            self.played.before[call.id] = {**call.before, NUMBER: number}
        if number is not None:
            self.played.numbers[call.number_id] = learnt(number, decision)

    def _decision(self, call: Rung, outcome: Outcome, person: Picture) -> Decision:
        assert call.reported_at is not None
        said, terms = said_of(call), self.terms.get(call.contact_id)
        number = self.played.numbers.get(call.number_id) or (call.before or {}).get(NUMBER)
        doubted = said.new and number == "suspect"
        facts = ContactFacts(
            attempts=person.attempts,
            max_attempts=terms.max_attempts if terms else 0,
            same_today=person.busy_count if person.busy_day == call.reported_at.date() else 0,
            like_reports=self._others_who_said(call) if doubted else 0,
            caller_is_new=said.new,
            tz_name=terms.tz_name if terms else "Europe/London",
            promised_at=person.promised_at,
        )
        # What was erased since is not known any more, and decides nothing here.
        at = said.callback_at or (call.reported_at if outcome.next == "callback" else None)
        language = said.language or ("?" if outcome.asks else None)
        return decide(outcome, facts, now=call.reported_at, callback_at=at, language=language)

    def _others_who_said(self, call: Rung) -> int:
        return len(
            {
                other.caller_id
                for other in self.reported
                if other.number_id == call.number_id
                and other.caller_id != call.caller_id
                and other.result_code == call.result_code
            }
        )

    def _settle(
        self, call: Rung, outcome: Outcome, decision: Decision, person: Picture, *, holds: bool
    ) -> None:
        """As ``reporting`` settles it. The row is not asked: it was there."""
        now, said = call.reported_at, said_of(call)
        assert now is not None
        if said.language:
            person.language = said.language
        if decision.reached:
            person.reached_at = now
        other = self.held.get(call.contact_id)
        free = other is None and person.state in FREE
        if not holds and not free and decision.state not in FINAL:
            return
        if person.state in OFF:
            return
        if not holds and other is not None:
            self._over(self.calls[other])
        values = of_the_contact(
            person,
            call,
            outcome,
            decision,
            note=call.note,
            now=now,
            anyone=said.anyone,
            counted=not holds and call.revealed_at is not None,
        )
        for name, value in values.items():
            setattr(person, name, value)
        if decision.suppress:
            suppress(person)


def learnt(number: str, decision: Decision) -> str:
    """What is known of a number after a report."""
    if decision.provisional:
        return "suspect"
    return decision.verdict if decision.verdict in ("disconnected", "ok") else number


def among_others(
    person: Picture, *, state: str, hold_reason: str | None, goal_met: bool, outcomes: Outcomes
) -> bool:
    """Fit somebody who was played into what others than callers have said of them since.

    ``state`` and ``hold_reason`` are as they are now. What somebody asked, or a list or a goal
    says, is never taken back; whoever is off the list stays as they are (False).
    """
    if state == "withdrawn" and not goal_met:
        return False
    if state == "suppressed":
        suppress(person)
    elif state == "held" and hold_reason not in outcomes:
        person.state, person.hold_reason = state, hold_reason
    elif goal_met and person.state in ("ready", "callback"):
        person.state = "withdrawn"
    return True


def suppress(person: Picture) -> None:
    """Nobody rings them any more, and nothing is promised."""
    person.state = "suppressed"
    person.not_before = person.promised_at = person.callback_owner_id = None
