"""Scripts: what leads nowhere, back or in circles is refused and named."""

import pytest

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.drafts import Draft, drafts_from, steps_from
from campaign.phonebanks.rules.scripts import check_steps, spoken

DRAFTS = [
    Draft("Hello, {first_name}?", (("Yes", ""), ("No", "closing"))),
    Draft("Could you come?", (("Yes", ""), ("Maybe", "4"), ("No", "end"))),
    Draft("Wonderful. Would a lift help?", ()),
    Draft("Think of it.", (("All right", ""),)),
]


def test_a_form_becomes_steps_and_comes_back_as_it_was() -> None:
    steps = steps_from(DRAFTS, "Thank you.")
    check_steps(steps)
    assert [step["key"] for step in steps][::4] == ["opening", "closing"]
    assert steps[1]["options"][1]["next"] == steps[3]["key"]
    assert drafts_from(steps) == (DRAFTS, "Thank you.")


@pytest.mark.parametrize(
    ("drafts", "closing", "said"),
    [
        ([Draft()], "", "Write at least how the call begins."),
        ([Draft()], "Goodbye.", "Write at least how the call begins."),
        ([Draft("⠀ –")], "Goodbye.", "Step 1 of the script has no words."),
        ([Draft("Hi")], "…", "Step 2 of the script has no words."),
        ([Draft("Hi", (("Yes", "3"),)), Draft("Well")], "", "leads nowhere: step 3 has no words"),
        ([Draft("Hi", (("Yes", "closing"),))], "", "leads nowhere: the goodbye has no words"),
        ([Draft("Hi"), Draft("", (("Yes", ""),))], "", "Step 2 has answers and no words."),
        ([Draft("Hi"), Draft("Well", (("Yes", "2"),))], "", "leads nowhere or back"),
        ([Draft("Hi", (("Yes", "3"),)), Draft("Well"), Draft("So")], "", "Nothing leads to step 2"),
        ([Draft(), Draft("Well")], "Goodbye.", ""),
    ],
)
def test_a_script_that_does_not_lead_through_is_refused_with_its_step(
    drafts: list[Draft], closing: str, said: str
) -> None:
    if not said:
        check_steps(steps_from(drafts, closing))
        return
    with pytest.raises(Refused, match=said):
        check_steps(steps_from(drafts, closing))


def test_two_answers_with_the_same_words_keep_keys_of_their_own() -> None:
    steps = steps_from([Draft("Hi", (("Yes", ""), ("Yes!", "")))], "Goodbye.")
    assert [option["key"] for option in steps[0]["options"]] == ["yes", "yes_2"]


def test_names_are_put_in_and_a_missing_one_leaves_no_hole() -> None:
    assert spoken("Hello {first_name} , {caller} here.", caller="Cal") == "Hello , Cal here."
