"""Signs that calls were not made as they were noted, at their very edges."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.phonebanks import adapters
from campaign.phonebanks.operations.watching import kinds_of_outcomes
from campaign.phonebanks.rules.sampling import Shares, is_chosen
from campaign.phonebanks.rules.signals import Kinds, Made, Signal, in_words, judge, pauses
from tests.phonebanks.making import NOON

KINDS = Kinds(
    frozenset({"dnc", "wrong_person", "dead_number", "deceased", "under_18", "vulnerable"}),
    frozenset({"no_answer", "busy", "voicemail_left", "voicemail_none", "tech"}),
)


def call(code: str = "no_answer", seconds: float = 90, ago: float = 20) -> Made:
    at = NOON - timedelta(minutes=ago)
    return Made(at, code=code, reported_at=at + timedelta(seconds=seconds), dialled=True)


def signs(calls: Sequence[Made], others: dict[str, int] | None = None) -> dict[str, Signal]:
    found = judge(calls, others=others or {}, kinds=KINDS, now=NOON)
    return {one.code: one for one in found}


def test_the_outcomes_of_this_installation_are_of_these_kinds() -> None:
    assert kinds_of_outcomes().harmful == KINDS.harmful
    assert kinds_of_outcomes().unanswered >= KINDS.unanswered
    assert all(adapters.outcomes()[code].label for code in KINDS.harmful)


@pytest.mark.parametrize(
    ("seconds", "calls", "found"), [(11, 5, True), (12, 5, False), (1, 4, False)]
)
def test_a_talk_takes_longer_than_twelve_seconds(seconds: int, calls: int, found: bool) -> None:
    signal = signs([call("talked", seconds)] * calls + [call(seconds=300)]).get("fast")
    assert (signal is not None) is found
    if signal:
        assert (signal.strong, signal.figures) == (True, (11, 5))


def test_the_usual_talk_counts_and_not_the_quickest() -> None:
    calls = [call("talked", 2)] * 4 + [call("talked", 200)] * 5
    assert "fast" not in signs(calls)


@pytest.mark.parametrize(("calls", "found"), [(40, False), (41, True)])
def test_more_than_forty_an_hour(calls: int, found: bool) -> None:
    assert ("many" in signs([call(ago=50)] * calls)) is found
    assert "many" not in signs([call(ago=62)] * 60), "an hour ago is over"


@pytest.mark.parametrize(
    ("code", "times", "of", "strong"),
    [
        ("refused_soft", 19, 20, True),
        ("refused_soft", 18, 20, None),
        ("refused_soft", 19, 19, None),
        ("no_answer", 20, 20, False),
    ],
)
def test_more_than_nine_of_ten_alike(code: str, times: int, of: int, strong: bool | None) -> None:
    calls = [call(code)] * times + [call("busy")] * (of - times)
    signal = signs(calls).get("one_code")
    assert (signal.strong if signal else None) is strong


def test_one_code_needs_more_than_ninety_of_a_hundred() -> None:
    assert "one_code" not in signs([call("talked")] * 27 + [call()] * 3)
    assert "one_code" in signs([call("talked")] * 28 + [call()] * 3)


def test_who_takes_people_off_three_times_as_often_as_others() -> None:
    others = {"no_answer": 92, "wrong_person": 8}
    calls = [call("wrong_person")] * 6 + [call()] * 19
    assert "harmful" not in signs(calls, others), "24 of a hundred are three times eight"
    assert signs([*calls[:6], call("dnc"), *calls[6:]], others)["harmful"].figures == (7, 26, 8)
    assert "harmful" not in signs([call("dnc")] * 4 + [call()] * 16, {"no_answer": 100})
    assert "harmful" in signs([call("dnc")] * 5 + [call()] * 15, {"no_answer": 100})
    assert "harmful" in signs([call("dnc")] * 5 + [call()] * 15), "where nobody else has called"


def test_numbers_that_were_shown_and_of_which_nothing_was_noted() -> None:
    silent = Made(NOON - timedelta(minutes=30))
    held = Made(NOON - timedelta(minutes=1), is_over=False)
    unshown = Made(NOON - timedelta(minutes=30), shown=False)
    assert "unreported" not in signs([silent] * 5)
    assert "unreported" not in signs([held] * 9 + [unshown] * 9), "it may yet come"
    assert signs([silent] * 6)["unreported"].strong
    assert "unreported" not in signs([silent] * 6 + [call()] * 13)
    assert "unreported" in signs([silent] * 6 + [call()] * 12)


def test_passing_people_on_is_shown_and_pauses_nobody() -> None:
    skip = Made(NOON - timedelta(minutes=9), shown=False, skipped=True)
    assert "skips" not in signs([skip] * 4 + [call()] * 6)
    signal = signs([skip] * 5 + [call()] * 6)["skips"]
    assert (signal.strong, signal.figures) == (False, (5, 11))
    assert "skips" not in signs([skip] * 5)


def test_all_within_a_minute_is_strong_where_no_telephone_rings_out_so_fast() -> None:
    assert "minute" not in signs([call(seconds=30)] * 9)
    assert "minute" not in signs([call(seconds=30)] * 9 + [call(seconds=60)])
    assert not signs([call(seconds=20)] * 10)["minute"].strong
    assert signs([call(seconds=19)] * 10)["minute"].strong


def test_no_number_tapped_is_weak() -> None:
    typed = [Made(NOON - timedelta(minutes=5), code="busy", reported_at=NOON, dialled=False)] * 10
    assert not signs(typed)["undialled"].strong
    assert "undialled" not in signs(typed[:9])
    assert "undialled" not in signs([*typed, call()])


def test_what_is_older_than_two_hours_is_nobodys_sign() -> None:
    assert signs([call("talked", 2, ago=121)] * 60) == {}


@pytest.mark.parametrize(
    ("strengths", "paused"), [((True,), False), ((True, False, False), False), ((True, True), True)]
)
def test_two_strong_signs_pause(strengths: tuple[bool, ...], paused: bool) -> None:
    found = [Signal(f"s{number}", strong, ()) for number, strong in enumerate(strengths)]
    assert pauses(found) is paused


def test_each_sign_says_its_figures() -> None:
    assert in_words("fast", (4, 31)) == ("4 s", "from the name to “talked”, as a rule, in 31 calls")
    assert in_words("one_code", (29, 31), "refused_soft")[0] == "29 of 31"


HUMAN = st.lists(
    st.tuples(
        st.sampled_from(["no_answer", "voicemail_none", "talked", "refused_soft", "call_later"]),
        st.integers(25, 400),
    ),
    max_size=30,
)


@settings(max_examples=100, deadline=None)
@given(HUMAN)
def test_nobody_who_takes_their_time_is_paused(evening: list[tuple[str, int]]) -> None:
    """Each call of 25 seconds or more, at most thirty an hour: whatever became of them."""
    calls = [call(code, seconds, ago=100 - 2 * n) for n, (code, seconds) in enumerate(evening)]
    assert not pauses(judge(calls, others={}, kinds=KINDS, now=NOON))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 11), st.integers(20, 60))
def test_a_robot_that_talks_is_always_paused(seconds: int, calls: int) -> None:
    made = [call("talked", seconds, ago=30 - number / 4) for number in range(calls)]
    assert pauses(judge(made, others={}, kinds=KINDS, now=NOON))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10**12), st.integers(0, 100))
def test_a_larger_share_has_all_of_a_smaller_one(call_id: int, percent: int) -> None:
    key = b"key"
    assert is_chosen(call_id, 100, key=key)
    assert not is_chosen(call_id, 0, key=key)
    if is_chosen(call_id, percent, key=key):
        assert is_chosen(call_id, min(percent + 1, 100), key=key)


def test_shares_are_what_they_say_and_another_key_chooses_others() -> None:
    of = [number for number in range(10_000) if is_chosen(number, 15, key=b"key")]
    other = [number for number in range(10_000) if is_chosen(number, 15, key=b"other")]
    assert 1400 < len(of) < 1600
    assert len(set(of) & set(other)) < 400
    shares = Shares()
    assert [shares.of(trust) for trust in ("new", "regular", "trusted", "lead", "suspended")] == [
        100, 15, 2, 2, 100,
    ]  # fmt: skip
