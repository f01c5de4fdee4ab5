"""Small numbers of answers are hidden, and cannot be reckoned from what is shown."""

from hypothesis import given
from hypothesis import strategies as st

from campaign.figures.rules import figures
from campaign.figures.rules.figures import UNDER, Named
from campaign.figures.rules.hiding import LEAST, hidden, is_small
from campaign.phonebanks.rules.funnel import Funnel

PARTS = st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=8)


@given(PARTS)
def test_every_small_number_is_hidden_and_none_alone(parts: dict[str, int]) -> None:
    hide = hidden(parts)
    assert {key for key, number in parts.items() if is_small(number)} <= hide
    if hide and sum(number > 0 for number in parts.values()) > 1 and sum(parts.values()) >= LEAST:
        assert len(hide) >= 2
        assert sum(parts[key] for key in hide) >= LEAST


@given(PARTS)
def test_nothing_is_hidden_without_need(parts: dict[str, int]) -> None:
    if not any(is_small(number) for number in parts.values()):
        assert hidden(parts) == frozenset()


def test_zeros_are_shown() -> None:
    assert hidden({"a": 0, "b": 7, "c": 0}) == frozenset()


def test_a_lead_reads_no_small_number_in_table_or_plot_and_an_organiser_does() -> None:
    named = [
        Named("Hove", Funnel(90, 40, 20, 19, 3, 1), 6),
        Named("Lewes", Funnel(80, 30, 20, 18, 9, 6), 7),
        Named("Worthing", Funnel(70, 30, 20, 17, 12, 7), 8),
    ]
    told = figures.parts("groups", "By group", "Group", named, sees_all=False)
    yes = [row[6] for row in told.table.rows]
    assert yes == [UNDER, UNDER, 12]
    assert [bar.sub for bar in told.picture.bars][:2] == [f"calls, {UNDER} said yes"] * 2  # type: ignore[union-attr]
    assert [bar.part for bar in told.picture.bars][:2] == [0, 0]  # type: ignore[union-attr]
    open_ = figures.parts("groups", "By group", "Group", named, sees_all=True)
    assert [row[6] for row in open_.table.rows] == [3, 9, 12]


def test_a_small_step_of_the_funnel_is_hidden_with_its_share() -> None:
    told = figures.funnel(Funnel(90, 40, 20, 19, 3, 1), sees_all=False)
    assert dict(told.table.rows)["Said yes"] == UNDER
    assert dict(told.table.rows)["Asked to come"] == 19
    yes = told.picture.bars[4]
    assert (yes.width, yes.sub) == (0, UNDER)  # type: ignore[union-attr]
    assert "in 100 who are asked" not in told.heading


def test_groups_of_few_callers_stand_together() -> None:
    named = [Named(name, Funnel(calls=number), number) for name, number in
             (("Hove", 9), ("Lewes", 2), ("Worthing", 4))]  # fmt: skip
    assert [(one.name, one.callers) for one in figures.without_small(named)] == [
        ("Hove", 9),
        ("Smaller groups", 6),
    ]
