"""How far calls came in the script, counted from who talked and what was answered."""

from hypothesis import given
from hypothesis import strategies as st

from campaign.phonebanks.rules.reached import how_far

STEPS = [
    {
        "key": "a",
        "say": "A good time?",
        "options": [
            {"key": "yes", "label": "Yes"},
            {"key": "no", "label": "No", "next": "closing"},
        ],
    },
    {
        "key": "b",
        "say": "Could you come?",
        "options": [{"key": "yes", "label": "Yes", "next": "d"}, {"key": "no", "label": "No"}],
    },
    {"key": "c", "say": "Another way."},
    {"key": "t", "kind": "branch", "on": "b", "say": "", "cases": [], "next": "d"},
    {"key": "d", "say": "Wonderful."},
    {"key": "closing", "say": "Bye."},
]


def test_each_step_counts_who_came_to_it_and_what_they_said() -> None:
    said = {("a", "yes"): 6, ("a", "no"): 2, ("b", "yes"): 3, ("b", "no"): 1}
    found = {step.key: step for step in how_far(STEPS, talks=10, said=said)}
    assert {key: step.asked for key, step in found.items()} == {
        "a": 10,
        "b": 6,
        "c": 1,
        "d": 4,
        "closing": 6,
    }
    assert found["a"].answers == (("Yes", 6), ("No", 2))
    assert (found["a"].ended, found["b"].ended) == (2, 2)


def test_what_an_opinion_was_stays_unsaid() -> None:
    steps = [{**STEPS[0], "opinion": True}, *STEPS[1:]]
    (first, *_) = how_far(steps, talks=3, said={("a", "yes"): 2})
    assert (first.answers, first.answered, first.ended) == ((), 2, 1)


def test_a_turning_shares_out_whoever_comes_to_it() -> None:
    turning = {
        "key": "t",
        "kind": "branch",
        "on": "a",
        "cases": [{"key": "yes", "label": "Yes", "next": "y"}],
        "next": "n",
    }
    steps = [
        {"key": "a", "say": "Q", "options": [{"key": k, "label": k} for k in ("yes", "no")]},
        turning,
        {"key": "y", "say": "Y", "next": "end"},
        {"key": "n", "say": "N"},
    ]
    found = {
        s.key: s.asked for s in how_far(steps, talks=5, said={("a", "yes"): 3, ("a", "no"): 1})
    }
    assert found == {"a": 5, "y": 3, "n": 1}


@given(*(st.integers(0, 20) for _ in range(5)))
def test_nobody_is_counted_twice_nor_lost(talks: int, a: int, b: int, c: int, d: int) -> None:
    said = {("a", "yes"): a, ("a", "no"): b, ("b", "yes"): c, ("b", "no"): d}
    found = {step.key: step for step in how_far(STEPS, talks=talks, said=said)}
    for step in found.values():
        assert step.asked >= step.answered
        assert step.ended >= 0
    assert found["closing"].asked == b + c + d
