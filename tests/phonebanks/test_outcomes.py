"""Outcomes: every row of the table, and what each does to a contact."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.outcomes import ContactFacts, Outcome, decide, load_outcomes

FILE = Path(__file__).parents[2] / "config" / "outcomes.toml"
ROOT = FILE.parents[1]
NOW = datetime(2026, 11, 24, 18, 10, tzinfo=UTC)  # a Tuesday evening
LATER = datetime(2026, 11, 26, 11, tzinfo=UTC)
FRESH = ContactFacts()


def raw() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


OUTCOMES = load_outcomes(raw())


def after(code: str, facts: ContactFacts = FRESH, **extra: Any) -> Any:
    if OUTCOMES[code].next == "callback":
        extra.setdefault("callback_at", LATER)
    if OUTCOMES[code].asks == "language":
        extra.setdefault("language", "pl")
    return decide(OUTCOMES[code], facts, now=NOW, **extra)


# code, reached, attempt, state, minutes until the next offer, verdict, suppress
TABLE = [
    ("talked", True, True, "done", None, "ok", None),
    ("talked_partial", True, True, "ready", 1200, "ok", None),
    ("other_person", False, True, "ready", 180, "ok", None),
    ("no_answer", False, True, "ready", 1200, None, None),
    ("busy", False, False, "ready", 20, None, None),
    ("voicemail_left", False, True, "ready", 2880, None, None),
    ("voicemail_none", False, True, "ready", 1200, None, None),
    ("refused_soft", True, True, "done", None, "ok", None),
    ("dnc", True, True, "suppressed", None, None, "number"),
    ("wrong_person", False, True, "held", None, "wrong_person", None),
    ("dead_number", False, True, "exhausted", None, "disconnected", None),
    ("language", True, True, "ready", 0, "ok", None),
    ("moved", True, True, "held", None, "ok", None),
    ("deceased", True, True, "held", None, None, "person"),
    ("hostile", True, True, "held", None, None, None),
    ("already_done", True, True, "done", None, "ok", None),
    ("under_18", True, True, "held", None, None, "person"),
    ("vulnerable", True, True, "held", None, None, "person"),
    ("skip_know", False, False, "ready", 0, None, None),
    ("skip_conflict", False, False, "ready", 0, None, None),
    ("skip_late", False, False, "ready", 0, None, None),
    ("skip_comfort", False, False, "ready", 0, None, None),
    ("skip_other", False, False, "ready", 0, None, None),
    ("tech", False, False, "ready", 0, None, None),
]


@pytest.mark.parametrize(
    ("code", "reached", "attempt", "state", "minutes", "verdict", "suppress"), TABLE
)
def test_every_outcome_does_what_the_table_says(
    code: str,
    reached: bool,
    attempt: bool,
    state: str,
    minutes: int | None,
    verdict: str | None,
    suppress: str | None,
) -> None:
    decision = after(code)
    assert (decision.reached, decision.counts_attempt) == (reached, attempt)
    assert (decision.state, decision.verdict, decision.suppress) == (state, verdict, suppress)
    wait = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert decision.not_before == wait
    assert not decision.provisional


def test_the_table_and_the_file_have_the_same_outcomes() -> None:
    assert {row[0] for row in TABLE} | {"call_later"} == {outcome.code for outcome in OUTCOMES}


def test_three_large_buttons_stand_beside_more() -> None:
    assert [outcome.code for outcome in OUTCOMES.group("main")] == [
        "talked",
        "no_answer",
        "voicemail_left",
    ]
    assert [outcome.code for outcome in OUTCOMES.group("final")] == ["dnc", "deceased"]
    assert all(outcome.is_skip for outcome in OUTCOMES.group("skip"))
    assert not OUTCOMES["talked"].is_skip


def test_every_button_has_a_sentence_and_an_icon_that_exists() -> None:
    icons = (ROOT / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    for outcome in OUTCOMES:
        assert outcome.help.endswith(".")
        assert f'id="i-{outcome.icon}"' in icons, outcome.icon


def test_no_two_keys_are_the_same() -> None:
    keys = [outcome.key for outcome in OUTCOMES if outcome.key]
    assert len(keys) == len(set(keys))


def test_what_cannot_be_taken_back_asks_once_more() -> None:
    asking = {outcome.code for outcome in OUTCOMES if outcome.confirm}
    assert asking == {"dnc", "deceased", "under_18", "vulnerable"}


def test_a_promised_call_keeps_its_time() -> None:
    decision = after("call_later")
    assert (decision.state, decision.not_before) == ("callback", LATER)
    assert after("talked_partial", callback_at=LATER).state == "callback"


KEEPS = {"talked", "talked_partial", "call_later", "refused_soft", "other_person", "language"}
KEEPS |= {"already_done"}


@pytest.mark.parametrize("code", sorted(row.code for row in OUTCOMES if not row.is_skip))
def test_a_time_to_call_again_is_kept_or_refused_and_never_dropped(code: str) -> None:
    if code == "dnc":
        decision = after(code, callback_at=LATER)
        assert (decision.state, decision.not_before) == ("suppressed", None)
    elif code in KEEPS:
        decision = after(code, ContactFacts(attempts=3), callback_at=LATER)
        assert (decision.state, decision.not_before) == ("callback", LATER)
    else:
        with pytest.raises(Refused, match="do not go together") as caught:
            after(code, callback_at=LATER)
        assert caught.value.field == "callback_at"


def test_call_later_needs_a_time_and_another_language_its_name() -> None:
    with pytest.raises(Refused, match="when") as caught:
        decide(OUTCOMES["call_later"], FRESH, now=NOW)
    assert caught.value.field == "callback_at"
    with pytest.raises(Refused, match="language") as caught:
        decide(OUTCOMES["language"], FRESH, now=NOW)
    assert caught.value.field == "language"
    assert after("language", language="cy").language == "cy"


def test_a_language_is_only_noted_where_it_was_asked_for() -> None:
    assert after("talked", language="cy").language is None


def test_no_answer_in_the_morning_waits_for_the_evening() -> None:
    morning = datetime(2026, 11, 24, 11, tzinfo=UTC)
    decision = decide(OUTCOMES["no_answer"], FRESH, now=morning)
    assert decision.not_before == datetime(2026, 11, 25, 17, tzinfo=UTC)


def test_the_last_attempt_exhausts() -> None:
    assert after("no_answer", ContactFacts(attempts=2)).state == "ready"
    decision = after("no_answer", ContactFacts(attempts=3))
    assert (decision.state, decision.not_before) == ("exhausted", None)
    assert after("no_answer", ContactFacts(attempts=1, max_attempts=2)).state == "exhausted"


def test_a_conversation_at_the_last_attempt_is_done_and_a_promise_is_kept() -> None:
    assert after("talked", ContactFacts(attempts=3)).state == "done"
    assert after("call_later", ContactFacts(attempts=3)).state == "callback"


def test_the_third_engaged_line_of_a_day_counts_and_waits() -> None:
    second = after("busy", ContactFacts(same_today=1))
    assert (second.counts_attempt, second.not_before) == (False, NOW + timedelta(minutes=20))
    third = after("busy", ContactFacts(same_today=2))
    assert (third.counts_attempt, third.not_before) == (True, NOW + timedelta(hours=20))
    assert after("busy", ContactFacts(attempts=3, same_today=2)).state == "exhausted"


@pytest.mark.parametrize("code", ["wrong_person", "dead_number"])
def test_a_bad_number_gives_way_to_the_next(code: str) -> None:
    decision = after(code, ContactFacts(other_numbers=1))
    assert (decision.state, decision.next_number, decision.not_before) == ("ready", True, NOW)
    assert not after(code).next_number


def test_a_skip_goes_to_somebody_else_and_a_promise_stands() -> None:
    assert after("skip_know").not_again
    assert not after("tech").not_again
    promised = ContactFacts(attempts=4, promised_at=LATER)
    for code in ("skip_know", "tech"):
        decision = after(code, promised)
        assert (decision.state, decision.not_before) == ("callback", LATER)
    due = ContactFacts(promised_at=NOW - timedelta(minutes=5))
    engaged = after("busy", due)
    assert (engaged.state, engaged.not_before) == ("callback", NOW + timedelta(minutes=20))
    assert after("no_answer", due).state == "ready"


@pytest.mark.parametrize("code", ["wrong_person", "dead_number", "deceased", "under_18"])
def test_a_newcomers_word_about_a_person_waits_for_a_second_report(code: str) -> None:
    new = ContactFacts(caller_is_new=True, other_numbers=1)
    first = after(code, new)
    assert first.provisional
    assert (first.state, first.hold_reason) == ("held", code)
    assert (first.verdict, first.suppress, first.next_number) == (None, None, False)
    second = after(code, replace(new, like_reports=1))
    assert not second.provisional
    assert second.verdict or second.suppress


def test_never_call_again_is_honoured_at_once_whoever_says_it() -> None:
    decision = after("dnc", ContactFacts(caller_is_new=True, attempts=9))
    assert (decision.state, decision.suppress) == ("suppressed", "number")
    assert not decision.provisional


def test_a_hard_call_looks_after_the_caller() -> None:
    assert after("hostile").care
    assert after("deceased").care
    assert after("hostile").hold_reason == "hostile"


def test_a_voicemail_left_is_counted_as_one() -> None:
    assert after("voicemail_left").counts_voicemail
    assert not after("voicemail_none").counts_voicemail


def test_an_unknown_code_is_refused_at_its_field() -> None:
    assert "nonsense" not in OUTCOMES
    with pytest.raises(Refused, match="how the call went") as caught:
        OUTCOMES["nonsense"]
    assert caught.value.field == "outcome"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group": "nowhere"}, "group is one of"),
        ({"next": "away"}, "next is one of"),
        ({"colour": "red"}, "unknown setting colour"),
        ({"code": "no_answer"}, "two of this code"),
        ({"next": "next_number"}, "what happens otherwise"),
        ({"label": None}, "label"),
    ],
)
def test_a_file_with_a_mistake_names_the_row(change: dict[str, Any], words: str) -> None:
    data = raw()
    row = data["outcome"][0]
    row.update(change)
    if row["label"] is None:
        del row["label"]
    with pytest.raises(ValueError, match=words):
        load_outcomes(data)


def test_outcomes_are_data_and_a_changed_delay_changes_the_decision() -> None:
    slow: Outcome = replace(OUTCOMES["other_person"], delay_minutes=600)
    assert decide(slow, FRESH, now=NOW).not_before == NOW + timedelta(hours=10)
