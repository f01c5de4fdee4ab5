"""The pure decisions of the room: the evening, the card, the code."""

import random
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from campaign.events.adapters import default_templates
from campaign.events.rules.kinds import KINDS
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.rules import cards, joining, phases
from campaign.meetups.rules.cards import Facts, State
from campaign.meetups.rules.phases import Clock, Phase

NOW = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
BLANK = Facts(
    kind=None,
    day=None,
    start=None,
    minutes=120,
    place_kind=None,
    place_found=False,
    host=None,
    host_accepted=False,
    cohost=None,
    names=0,
)


def facts(**given: object) -> Facts:
    """A card that a host can say yes to, unless it says otherwise."""
    values = {
        "kind": "phonebank",
        "day": date(2026, 11, 28),
        "start": time(11),
        "place_kind": "venue",
        "place_found": True,
    }
    return Facts(**vars(BLANK) | values | given)  # type: ignore[arg-type]


@pytest.mark.parametrize("preset", phases.PRESETS)
def test_an_evening_goes_from_the_doors_to_its_end_one_step_at_a_time(preset: str) -> None:
    clock = phases.start(preset, Phase.DOORS, now=NOW)
    assert clock.ends_at is None
    walked = [clock.phase]
    while following := phases.neighbours(preset, clock.phase)[1]:
        clock = phases.move(preset, clock, seen=clock.phase, to=following, now=NOW)
        walked.append(clock.phase)
    assert walked == [step.phase for step in phases.plan(preset)]
    assert walked[0] is Phase.DOORS
    assert walked[-1] is Phase.OVER


def test_a_part_runs_for_the_minutes_that_are_planned() -> None:
    clock = phases.move("short", Clock(Phase.DOORS), seen="doors", to="plenary", now=NOW)
    assert clock.ends_at == NOW + timedelta(minutes=10)


def test_one_can_go_back_by_one_step_and_no_further() -> None:
    at_local = Clock(Phase.LOCAL, ends_at=NOW)
    assert phases.move("short", at_local, seen="local", to="ask", now=NOW).phase is Phase.ASK
    for far in ("doors", "close", "over", "local", "", "nowhere"):
        with pytest.raises(Refused, match="one step at a time"):
            phases.move("short", at_local, seen="local", to=far, now=NOW)


def test_who_looked_at_an_earlier_part_is_told_so_instead_of_skipping_one() -> None:
    with pytest.raises(Conflict, match="moved the evening on"):
        phases.move("short", Clock(Phase.PLENARY), seen="doors", to="ask", now=NOW)


def test_before_the_doors_and_after_the_end_there_is_nothing() -> None:
    assert phases.neighbours("barnstorm", Phase.DOORS) == (None, Phase.PLENARY)
    assert phases.neighbours("barnstorm", Phase.OVER) == (Phase.CLOSE, None)
    with pytest.raises(Refused, match="one step"):
        phases.move("barnstorm", Clock(Phase.OVER), seen="over", to="None", now=NOW)


def test_two_minutes_more_count_from_now_where_the_time_is_up() -> None:
    left = Clock(Phase.ASK, ends_at=NOW + timedelta(minutes=1))
    assert phases.extend(left, now=NOW).ends_at == NOW + timedelta(minutes=3)
    late = Clock(Phase.ASK, ends_at=NOW - timedelta(minutes=9))
    assert phases.extend(late, now=NOW).ends_at == NOW + timedelta(minutes=2)
    rests = Clock(Phase.ASK, left=timedelta(seconds=30))
    assert phases.extend(rests, now=NOW) == Clock(Phase.ASK, left=timedelta(seconds=150))


def test_a_clock_that_was_paused_goes_on_with_what_was_left() -> None:
    runs = Clock(Phase.LOCAL, ends_at=NOW + timedelta(minutes=7))
    rests = phases.pause(runs, now=NOW)
    assert rests == Clock(Phase.LOCAL, left=timedelta(minutes=7))
    later = NOW + timedelta(hours=1)
    assert phases.pause(rests, now=later).ends_at == later + timedelta(minutes=7)
    over = phases.pause(Clock(Phase.LOCAL, ends_at=NOW - timedelta(minutes=1)), now=NOW)
    assert over.left == timedelta()


@pytest.mark.parametrize("phase", [Phase.DOORS, Phase.OVER])
def test_what_has_no_length_is_neither_paused_nor_made_longer(phase: Phase) -> None:
    for act in (phases.extend, phases.pause):
        with pytest.raises(Refused, match="no fixed length"):
            act(Clock(phase), now=NOW)


def test_an_evening_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        phases.plan("weekend")
    assert refused.value.field == "preset"


def test_a_card_says_what_it_still_needs_in_the_order_in_which_one_fills_it() -> None:
    assert cards.missing(BLANK) == ["what it is", "a day", "a start", "a place", "a host"]
    assert cards.missing(facts()) == ["a host"]
    assert cards.missing(facts(host="Bea M.")) == ["Bea M.’s own yes"]
    assert cards.missing(facts(host="Bea M.", host_accepted=True)) == []
    assert len(cards.lines(BLANK)) == 6


def test_a_card_is_blank_then_part_filled_then_ready_then_published() -> None:
    assert cards.state_of(BLANK) is State.EMPTY
    assert cards.state_of(Facts(**vars(BLANK) | {"start": time(11)})) is State.PART
    assert cards.state_of(Facts(**vars(BLANK) | {"host": "Bea"})) is State.PART
    assert cards.state_of(facts()) is State.PART
    assert cards.state_of(facts(host="Bea", host_accepted=True)) is State.READY
    assert cards.state_of(facts(host="Bea", host_accepted=True, published=True)) is State.PUBLISHED


@pytest.mark.parametrize(
    ("given", "can"),
    [
        ({}, True),
        ({"kind": None}, False),
        ({"day": None}, False),
        ({"start": None}, False),
        ({"place_kind": None}, False),
        ({"place_found": False}, False),
        ({"place_kind": "home", "place_found": False}, True),
        ({"place_kind": "online", "place_found": False}, True),
    ],
)
def test_nobody_says_yes_to_a_card_without_a_what_a_when_and_a_where(
    given: dict[str, object], can: bool
) -> None:
    assert cards.can_be_hosted(facts(**given)) is can


def test_a_card_is_solid_with_a_co_host_and_three_names() -> None:
    solid = {"host": "Bea", "host_accepted": True, "cohost": "Tom", "names": 3}
    assert cards.is_solid(facts(**solid))
    for less in ({"cohost": None}, {"names": 2}, {"host_accepted": False}):
        assert not cards.is_solid(facts(**solid | less))


def test_the_days_are_tomorrow_and_the_thirteen_after_it_as_london_counts() -> None:
    assert cards.days(NOW) == [date(2026, 11, 27) + timedelta(days=n) for n in range(14)]
    # Half past midnight in London, the evening before in UTC.
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert cards.days(summer)[0] == date(2026, 7, 3)


def test_a_card_plans_the_next_three_weeks() -> None:
    def at(day: date, start: time = time(11)) -> tuple[datetime, datetime]:
        return cards.times(day=day, start=start, minutes=90, now=NOW)

    assert at(date(2026, 11, 28)) == (
        datetime(2026, 11, 28, 11, 0, tzinfo=UTC),
        datetime(2026, 11, 28, 12, 30, tzinfo=UTC),
    )
    assert at(date(2026, 12, 17), time(19))[0] == NOW + timedelta(days=21)
    for day, start in [
        (date(2026, 11, 26), time(19)),
        (date(2026, 11, 25), time(11)),
        (date(2026, 12, 17), time(19, 1)),
        (date(2026, 12, 18), time(11)),
    ]:
        with pytest.raises(Refused) as refused:
            at(day, start)
        assert refused.value.field == "day"


def test_the_night_of_the_clock_change_has_no_half_past_one_and_one_that_comes_twice() -> None:
    spring = datetime(2026, 3, 20, 19, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="clocks go forward") as refused:
        cards.times(day=date(2026, 3, 29), start=time(1, 30), minutes=60, now=spring)
    assert refused.value.field == "start"
    autumn = datetime(2026, 10, 20, 19, 0, tzinfo=UTC)
    starts_at, _ = cards.times(day=date(2026, 10, 25), start=time(1, 30), minutes=60, now=autumn)
    assert starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    after, _ = cards.times(day=date(2026, 3, 29), start=time(11), minutes=60, now=spring)
    assert after == datetime(2026, 3, 29, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-11-31", "26/11/2026", "0" * 99])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        cards.checked_day(text, now=NOW)
    assert refused.value.field == "day"


def test_a_day_is_from_today_to_three_weeks_ahead() -> None:
    assert cards.checked_day(" 2026-11-26 ", now=NOW) == date(2026, 11, 26)
    assert cards.checked_day("2026-12-17", now=NOW) == date(2026, 12, 17)
    for text in ("2026-11-25", "2026-12-18", "9999-12-31", "0001-01-01"):
        with pytest.raises(Refused):
            cards.checked_day(text, now=NOW)


def test_a_start_is_a_wall_clock_time() -> None:
    assert cards.checked_start("18:30") == time(18, 30)
    for text in ("", "half six", "25:00", "18.30", "18:60"):
        with pytest.raises(Refused) as refused:
            cards.checked_start(text)
        assert refused.value.field == "start"


@pytest.mark.parametrize("text", ["", "7", "-60", "6e1", "60.0", "٦٠", "²", "9" * 5000])
def test_only_what_is_shown_can_be_chosen(text: str) -> None:
    assert cards.checked_choice("60", cards.LENGTHS, field="minutes") == 60
    with pytest.raises(Refused) as refused:
        cards.checked_choice(text, cards.LENGTHS, field="minutes")
    assert refused.value.field == "minutes"


def test_each_kind_of_a_card_has_a_length_that_can_be_tapped() -> None:
    for kind in cards.CARD_KINDS:
        assert kind in KINDS
        assert default_templates()[kind].minutes in cards.LENGTHS, kind


def test_a_room_needs_a_host_for_each_nine() -> None:
    assert [cards.target_hosts(people) for people in (0, 1, 9, 10, 220)] == [0, 1, 1, 2, 25]


def test_a_code_is_six_letters_that_can_be_called_across_a_hall() -> None:
    dice = random.Random(3)
    codes = [joining.a_code(dice) for _ in range(300)]
    assert all(re.fullmatch("[A-Z]{6}", code) for code in codes)
    assert len(set(codes)) > 295
    assert not any(sign in "".join(codes) for sign in "JQXYZ")


def test_practice_people_have_names_for_as_many_as_there_may_be() -> None:
    assert joining.practice_name(0) == "Ada"
    assert joining.practice_name(len(joining.PRACTICE_NAMES)) == "Ada"
