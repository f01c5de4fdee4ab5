"""A forecast is a range from how much the past differed, and none where that was too little."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from campaign.figures.rules import forecast, pace
from campaign.figures.rules.forecast import Held, Planned, Range
from campaign.phonebanks.rules.funnel import Funnel

TODAY = date(2026, 11, 27)
CALLS = st.lists(st.integers(0, 500), min_size=forecast.LEAST_DAYS, max_size=forecast.DAYS)
SESSIONS = st.lists(
    st.builds(
        Held,
        hours=st.floats(0.5, 8),
        callers=st.integers(1, 60),
        calls=st.integers(1, 900),
        talks=st.just(0),
    ),
    min_size=forecast.LEAST_SESSIONS,
    max_size=20,
)
PLANNED = st.lists(
    st.builds(Planned, hours=st.floats(0.25, 8), seats=st.one_of(st.none(), st.integers(1, 200))),
    min_size=1,
    max_size=20,
)
TO_GO = st.floats(0.1, 1e6)


@given(left=st.integers(0, 300_000), through=st.integers(0, 300_000), calls=st.integers(0, 10**6))
def test_calls_to_go_are_as_many_for_each_as_it_took_before(
    left: int, through: int, calls: int
) -> None:
    found = forecast.calls_to_go(left=left, through=through, calls=calls)
    if left == 0:
        assert found == 0
    elif calls < forecast.LEAST_CALLS or through == 0:
        assert found is None
    else:
        assert found is not None
        assert abs(found / left - calls / through) < 1e-6 * max(1, found)


@given(CALLS)
def test_the_daily_pace_lies_within_its_range(calls: list[int]) -> None:
    found = forecast.daily_pace(calls)
    if sum(calls) < forecast.LEAST_CALLS:
        assert found is None
    else:
        assert found is not None
        assert 0 <= found.low <= found.middle <= found.high
        assert found.middle <= max(calls)


@given(st.integers(1, 500), st.integers(forecast.LEAST_DAYS, forecast.DAYS))
def test_days_that_were_all_alike_leave_no_doubt(calls: int, days: int) -> None:
    assume(calls * days >= forecast.LEAST_CALLS)
    assert forecast.daily_pace([calls] * days) == Range(calls, calls, calls)


@given(st.lists(st.integers(0, 500), max_size=forecast.LEAST_DAYS - 1))
def test_two_days_say_nothing(calls: list[int]) -> None:
    assert forecast.daily_pace(calls) is None


@given(TO_GO, CALLS)
def test_the_days_come_in_order_and_more_calls_take_no_less(to_go: float, calls: list[int]) -> None:
    found = forecast.daily_pace(calls)
    assume(found is not None)
    assert found is not None
    done = forecast.done_on(to_go, found, today=TODAY)
    known = [day or date.max for day in (done.earliest, done.middle, done.latest)]
    assert known == sorted(known)
    more = forecast.done_on(to_go * 1.5, found, today=TODAY)
    assert (more.middle or date.max) >= (done.middle or date.max)
    if done.middle is not None:
        days = (done.middle - TODAY).days
        assert days * found.middle >= to_go * (1 - 1e-5) - 1e-5
        assert (days - 1) * found.middle < to_go * (1 + 1e-5) + 1e-5


def test_nothing_to_do_is_done_today_and_what_takes_years_has_no_day() -> None:
    slow = Range(0.0, 1.0, 2.0)
    assert forecast.done_on(0, slow, today=TODAY).middle == TODAY
    far = forecast.done_on(400, slow, today=TODAY)
    assert (far.middle, far.latest) == (None, None)
    assert far.earliest == TODAY + timedelta(days=200)


@given(SESSIONS)
def test_the_pace_of_callers_lies_among_those_of_past_sessions(held: list[Held]) -> None:
    found = forecast.caller_pace(held)
    if sum(one.calls for one in held) < forecast.LEAST_CALLS:
        assert found is None
    else:
        assert found is not None
        rates = [one.calls / one.callers / one.hours for one in held]
        tolerance = 1e-9 * max(rates)
        assert min(rates) - tolerance <= found.low <= found.middle <= found.high
        assert found.high <= max(rates) + tolerance


@given(st.lists(st.builds(Held, st.just(2.0), st.just(0), st.just(0), st.just(0)), max_size=9))
def test_sessions_in_which_nobody_called_say_nothing(held: list[Held]) -> None:
    assert forecast.caller_pace(held) is None


@given(TO_GO, SESSIONS, PLANNED)
def test_so_many_callers_make_so_many_calls_and_one_less_does_not(
    to_go: float, held: list[Held], planned: list[Planned]
) -> None:
    found = forecast.caller_pace(held)
    assume(found is not None)
    assert found is not None
    needed = forecast.callers_needed(to_go, found, planned)
    assert needed is not None
    assert needed.callers.low <= needed.callers.middle <= needed.callers.high
    one = found.middle * sum(session.hours for session in planned)
    assert needed.callers.middle * one >= to_go * (1 - 1e-5) - 1e-5 * one
    assert (needed.callers.middle - 1) * one < to_go * (1 + 1e-5) + 1e-5 * one
    longer = [*planned, Planned(2.0, None)]
    more = forecast.callers_needed(to_go, found, longer)
    assert more is not None
    assert more.callers.middle <= needed.callers.middle
    if any(session.seats is None for session in planned):
        assert needed.seats is None
        assert needed.in_time


def test_without_a_planned_session_nobody_is_asked_for() -> None:
    assert forecast.callers_needed(100, Range(5, 6, 7), []) is None


def facts(**given: object) -> pace.Facts:
    calls = {TODAY - timedelta(days=n): Funnel(calls=100) for n in range(1, 11)}
    usual: dict[str, object] = {
        "left": 600,
        "through": 600,
        "calls": 1000,
        "days": calls,
        "held": [Held(2.0, 5, 100, 30), Held(2.0, 5, 110, 30), Held(2.0, 5, 120, 30)],
        "planned": [Planned(2.0, 30), Planned(2.0, 30)],
        "today": TODAY,
        "closes": date(2026, 12, 4),
    }
    return pace.Facts(**{**usual, **given})  # type: ignore[arg-type]


def test_the_outlook_says_the_day_and_the_callers() -> None:
    found = pace.outlook(facts())
    assert found.heading == "At this pace done on Monday 7 December"
    told = " ".join(found.sentences)
    assert "600 people can still be rung; at 1.7 calls each that is about 1,000 calls." in told
    assert "23 callers (22 to 24) needed on each of the 2 planned sessions" in told
    assert "to be done by Friday 4 December" in told
    assert "60 seats in all. That is enough." in told
    assert found.marks[-1] == "Closes Fri 4 Dec"
    assert found.track is not None


def test_the_outlook_is_honest_about_what_it_does_not_know() -> None:
    few = pace.outlook(facts(calls=29))
    assert few.heading == "Too little to say yet"
    assert few.track is None
    no_days = pace.outlook(facts(days={TODAY: Funnel(calls=500)}))
    assert no_days.heading == "Too little to say yet"
    assert "23 callers" in " ".join(no_days.sentences)
    no_session = pace.outlook(facts(planned=[]))
    assert "No session is planned" in " ".join(no_session.sentences)
    new = pace.outlook(facts(held=[Held(2.0, 5, 100, 30)]))
    assert "After 3 sessions" in " ".join(new.sentences)
    assert pace.outlook(facts(left=0)).heading == "Everybody has been rung"
    small = pace.outlook(facts(planned=[Planned(2.0, 3)]))
    assert "not enough" in " ".join(small.sentences)


def test_days_without_calls_count_into_the_pace() -> None:
    days = {TODAY - timedelta(days=4): Funnel(calls=90), TODAY: Funnel(calls=7)}
    assert pace.calls_by_day(days, TODAY) == [90, 0, 0, 0]
    assert pace.calls_by_day({}, TODAY) == []
