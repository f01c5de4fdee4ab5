"""Scripts: what leads nowhere, round in a circle, or is led to by nothing is refused and named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.foundation.errors import Refused
from campaign.phonebanks.forms.scripting import GOAL, ScriptForm
from campaign.phonebanks.rules.asks import asks_of
from campaign.phonebanks.rules.drafts import (
    Card,
    Choice,
    Draft,
    Sheet,
    moved,
    packed,
    sheet_from,
    steps_from,
    tidied,
    unpacked,
    without,
)
from campaign.phonebanks.rules.scripts import (
    check_steps,
    is_usable,
    says_who_rings,
    says_yes_to,
    tags_of,
)
from campaign.phonebanks.rules.ways import circle_in, flow_of, in_order, problems, ways_out


def asks(words: str, *answers: tuple[str, str], **more: Any) -> Draft:
    return Draft(words, tuple(Choice(label, way) for label, way in answers), **more)


SHEET = Sheet(
    steps=(
        asks("Hello, {first_name}?", ("Yes", ""), ("No", "closing")),
        asks("Could you come?", ("Yes", ""), ("Maybe", "4"), ("No", "end"), title="The ask"),
        Draft("Wonderful. Would a lift help?", way="closing"),
        asks("Think of it.", ("All right", "")),
        Draft(kind="branch", on="2", answers=(Choice("Maybe", "6"),), way="closing"),
        Draft("We ring again.", unnamed="We shall ring."),
    ),
    closing="Thank you.",
    voicemail="We rang for {first_name}.",
    cards=(Card("Who pays you?", "Our members do."),),
)
# A script as it was written before blocks had kinds.
OLD: list[dict[str, Any]] = [
    {"key": "opening", "say": "Hello", "options": []},
    {
        "key": "come",
        "say": "Could you come?",
        "options": [{"key": "yes", "label": "Yes", "next": "closing"}],
    },
    {"key": "closing", "say": "Bye", "options": []},
]


def test_a_form_becomes_blocks_and_comes_back_as_it_was() -> None:
    steps = steps_from(SHEET)
    check_steps(steps)
    assert [step["key"] for step in steps][:2] == ["opening", "could_you_come"]
    assert steps[1]["options"][1]["next"] == steps[3]["key"]
    again = sheet_from(steps)
    assert steps_from(again) == steps
    assert [step.say for step in again.steps] == [step.say for step in SHEET.steps]
    assert [one.words for one in again.steps[4].answers] == ["Yes", "Maybe", "No"]
    assert (again.closing, again.voicemail) == (SHEET.closing, SHEET.voicemail)
    assert again.cards[0].title == "Who pays you?"
    assert unpacked(packed(again)) == again


def test_a_script_of_an_older_version_reads_as_it_did() -> None:
    check_steps(OLD)
    assert steps_from(sheet_from(OLD)) == OLD


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (Sheet(), "Write at least how the call begins."),
        (Sheet(closing="Goodbye."), "Write at least how the call begins."),
        (Sheet((Draft("⠀ –"),), "Goodbye."), "Step 1, “⠀ –” has no words."),
        (Sheet((Draft("Hi"),), "…"), "The goodbye has no words."),
        (
            Sheet((asks("Hi", ("Yes", "3")), Draft("Well"))),
            "Step 1, “Hi”: “Yes” leads nowhere: step 3 has no words.",
        ),
        (
            Sheet((asks("Hi", ("Yes", "closing")),)),
            "Step 1, “Hi”: “Yes” leads nowhere: the goodbye has no words.",
        ),
        (Sheet((asks("Hi", ("Yes", "?")),)), "Step 1, “Hi”: “Yes” leads nowhere. Choose"),
        (Sheet((Draft("Hi"), asks("", ("Yes", "")))), "Step 2 has no words."),
        (
            Sheet((Draft("Hi"), asks("Well then", ("Yes", "2")))),
            "Step 2, “Well then” → step 2: that goes round in a circle.",
        ),
        (
            Sheet((Draft("Hi"), Draft("Could you come?"), asks("Why not?", ("Well", "2")))),
            "Step 2, “Could you come?” → step 3, “Why not?” → step 2: that goes round",
        ),
        (
            Sheet((asks("Hi", ("Yes", "3")), Draft("Could you come?"), Draft("So"))),
            "Step 2, “Could you come?”: nothing leads to it.",
        ),
        (
            Sheet((asks("Hi", ("Yes", "end")),), "Bye."),
            "The goodbye: nothing leads to it.",
        ),
        (
            Sheet((Draft("Hi"), Draft(kind="branch"), Draft("So"))),
            "Step 2: choose the question that it looks back to.",
        ),
        (Sheet((Draft("Hi"),), cards=(Card("Who pays?"),)), "The card “Who pays?” has no words."),
    ],
)
def test_a_script_that_does_not_lead_through_is_refused_with_its_block(
    sheet: Sheet, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check_steps(steps_from(sheet))
    assert refusal.value.message.startswith(said)


def test_empty_steps_are_left_out_and_the_ways_follow() -> None:
    sheet = Sheet((Draft(), asks("Hi", ("Yes", "4")), Draft(), Draft("Well")), "Goodbye.")
    assert [one.way for one in tidied(sheet).steps[0].answers] == ["2"]
    check_steps(steps_from(sheet))


def test_two_answers_with_the_same_words_keep_keys_of_their_own() -> None:
    steps = steps_from(Sheet((asks("Hi", ("Yes", ""), ("Yes!", "")),), "Goodbye."))
    assert [option["key"] for option in steps[0]["options"]] == ["yes", "yes_2"]


def test_other_words_for_a_question_keep_its_numbers() -> None:
    sheet = sheet_from(steps_from(SHEET))
    step = sheet.steps[1]
    answers = (Choice("Gladly", "", key="yes"), *step.answers[1:])
    other = Draft("Will you come?", answers, title=step.title, key=step.key)
    steps = steps_from(Sheet((sheet.steps[0], other, *sheet.steps[2:]), sheet.closing))
    assert steps[1]["key"] == "could_you_come"
    assert steps[1]["options"][0]["key"] == "yes"


def test_a_step_that_moves_takes_its_ways_with_it_and_one_taken_out_leaves_a_dead_end() -> None:
    sheet = sheet_from(steps_from(SHEET))
    there = moved(sheet, 4, 2)
    assert there.steps[1].say == "Think of it."
    assert there.steps[2].answers[1].way == "2"
    assert there.steps[4].on == "3"
    assert moved(there, 2, 4) == sheet
    assert moved(sheet, 9, 1) == moved(sheet, 0, 1) == sheet
    gone = without(sheet, 4)
    assert [one.way for one in gone.steps[1].answers] == ["", "?", "end"]
    words = [found.words for found in problems(steps_from(gone))]
    assert words == [
        "Step 2, “The ask”: “Maybe” leads nowhere. Choose where it goes, or the goodbye."
    ]


def test_what_an_answer_does_besides_comes_with_it() -> None:
    answers = (Choice("Yes", signs_up=True, tag="keen"), Choice("No", tag="later"))
    steps = steps_from(Sheet((Draft("Hi", answers),), "Bye"))
    assert says_yes_to(steps, {"opening": "yes"}) == {"opening"}
    assert says_yes_to(steps, {"opening": "no"}) == set()
    assert tags_of(steps, {"opening": "no"}) == ["later"]
    assert tags_of(steps, {}) == []


def test_an_answer_marked_as_the_yes_stays_so_and_another_sign_up_does_not_hide_it() -> None:
    ask = Draft("Could you come?", (Choice("Yes", is_goal=True), Choice("No")))
    other = Draft("Something near you?", (Choice("Yes", signs_up=True), Choice("No")))
    steps = steps_from(sheet_from(steps_from(Sheet((Draft("Hi"), ask, other), "Bye"))))
    typed = ScriptForm.typed_before(sheet_from(steps))["steps"]
    assert [answer.get("effect") for answer in typed[1]["answers"][:2]] == [GOAL, ""]
    first, second = (str(step["key"]) for step in steps[1:3])
    assert asks_of([steps]).yes == {(first, "yes"), (second, "yes")}


def test_who_rings_must_be_said_on_the_way_and_not_on_a_card_alone() -> None:
    sheet = Sheet((Draft("Hello."),), cards=(Card("Who?", "{movement}"),), voicemail="{movement}")
    assert not says_who_rings(steps_from(sheet))
    assert says_who_rings(steps_from(Sheet((Draft("{movement} here."),))))


SOMEWHERE = st.sampled_from(["", "end", "closing", *map(str, range(1, 9))])
ANSWER = st.builds(Choice, st.sampled_from(["Yes", "No", "Maybe"]), SOMEWHERE)
ANY_STEP = st.builds(
    Draft,
    st.sampled_from(["Hello", "Could you come?", "Well"]),
    st.lists(ANSWER, max_size=3).map(tuple),
    way=SOMEWHERE,
    kind=st.sampled_from(["", "", "", "branch"]),
    on=st.sampled_from(["", "1", "2", "3"]),
)
ANY_SHEET = st.builds(
    Sheet, st.lists(ANY_STEP, max_size=8).map(tuple), st.sampled_from(["", "Goodbye."])
)


def _every_end(steps: list[dict[str, Any]]) -> tuple[set[int], bool]:
    """By walking each way there is: which blocks are met, and whether every walk ends."""
    flow = flow_of(steps)
    places = {str(step["key"]): place for place, step in enumerate(flow)}
    met: set[int] = set()
    walks = [(0, frozenset([0]))]
    while walks:
        place, before = walks.pop()
        met.add(place)
        for way in ways_out(flow, place):
            if way.to == "end":
                continue
            target = places.get(way.to)
            if target is None or target in before:
                return met, False
            walks.append((target, before | {target}))
    return met, True


@given(ANY_SHEET)
def test_a_script_is_let_in_exactly_where_every_walk_ends_and_every_block_is_met(
    sheet: Sheet,
) -> None:
    steps = steps_from(sheet)
    flow = flow_of(steps)
    if not is_usable(steps):
        return
    met, ends = _every_end(steps)
    assert ends
    assert met == set(range(len(flow)))
    order = in_order(flow)
    assert sorted(order) == list(range(len(flow)))
    for place in range(len(flow)):
        for way in ways_out(flow, place):
            if way.to != "end":
                target = [step["key"] for step in flow].index(way.to)
                assert order.index(place) < order.index(target)


@given(ANY_SHEET)
def test_each_refusal_names_a_block_and_is_true(sheet: Sheet) -> None:
    steps = steps_from(sheet)
    flow = flow_of(steps)
    for found in problems(steps):
        assert found.words.startswith(("Step ", "The goodbye"))
        place = [step["key"] for step in flow].index(found.key)
        if "nothing leads to it" in found.words:
            assert place not in _every_end_or_not(flow)
        elif "round in a circle" in found.words:
            circle = circle_in(flow)
            assert place == circle[0]
            keys = [str(flow[one]["key"]) for one in circle]
            for one, following in zip(circle, [*keys[1:], keys[0]], strict=True):
                assert following in {way.to for way in ways_out(flow, one)}


def _every_end_or_not(flow: list[Any]) -> set[int]:
    places = {str(step["key"]): place for place, step in enumerate(flow)}
    met, waiting = set(), [0]
    while waiting:
        place = waiting.pop()
        if place not in met:
            met.add(place)
            waiting += [places[w.to] for w in ways_out(flow, place) if w.to in places]
    return met


@given(ANY_SHEET, st.integers(1, 8), st.integers(1, 8))
def test_moving_a_step_keeps_where_everything_leads(sheet: Sheet, number: int, to: int) -> None:
    sheet = tidied(sheet)
    before = sheet_from(steps_from(sheet))
    after = moved(before, number, to)
    assert sorted(step.key for step in after.steps) == sorted(step.key for step in before.steps)
    assert moved(after, to, number) == before or after == before


@given(ANY_SHEET)
def test_the_form_and_the_blocks_say_the_same(sheet: Sheet) -> None:
    steps = steps_from(sheet)
    assert steps_from(sheet_from(steps)) == steps or problems(steps)
