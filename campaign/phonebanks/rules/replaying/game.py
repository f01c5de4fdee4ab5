"""The game: every moment in its order, without those of the calls that are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from campaign.phonebanks.rules.before import NUMBER, Picture, picture_from, picture_of
from campaign.phonebanks.rules.outcomes import ContactFacts, Decision, Outcome, Outcomes, decide
from campaign.phonebanks.rules.replaying.calls import CLAIM, OVER, REPORT, Rung, moments_of, said_of
from campaign.phonebanks.rules.replaying.people import learnt, suppress
from campaign.phonebanks.rules.settling import of_the_contact

# What outranks another caller's claim on the same person, and nothing else does.
FINAL = ("suppressed", "held")
FREE = ("ready", "callback", "exhausted")
OFF = ("suppressed", "withdrawn")


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


def play(
    calls: Iterable[Rung], *, out: set[int], terms: Mapping[int, Terms], outcomes: Outcomes
) -> Played:
    """Play all calls with these people and numbers but for those that are taken ``out``.

    ``terms`` names the people who are gone back to what they were: those of whom something is taken
    out, and those whose report hung on it. Of others what their calls say of the numbers is played.
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
        self.at = {call.contact_id: call.number_id for call in calls.values()}

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
        if person is None:
            person = self._hung_on(call, number)
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
        if decision.suppress:
            self._suppress(call.number_id)

    def _hung_on(self, call: Rung, number: str | None) -> Picture | None:
        """Somebody of whom nothing is taken out, from a report on that was weighed by what other
        calls said of the number, where the number was another then."""
        kept = call.before
        if kept is None or number is None or call.contact_id not in self.terms:
            return None
        if not said_of(call).new or kept.get(NUMBER, number) == number:
            return None
        return self.played.people.setdefault(call.contact_id, picture_from(kept))

    def _suppress(self, number_id: int) -> None:
        """A wish is about the number: whoever has it is rung no more."""
        for contact_id, person in self.played.people.items():
            if self.at[contact_id] == number_id:
                suppress(person)

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
