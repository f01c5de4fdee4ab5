"""What a caller reads aloud: names put in, and no hole where one is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.phonebanks.rules.saying import FIELDS, Part, needs_fallback, parts_of, plain, spoken

KNOWN = {"caller": "Cal", "movement": "Fair Rents"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello, is that {first_name}?", "Hello."),
        (
            "Hello, is that {first_name}? My name is {caller}, of {movement}.",
            "Hello. My name is Cal, of Fair Rents.",
        ),
        ("Hello {first_name}, {caller} here.", "Hello, Cal here."),
        ("Could you come, {first_name}, at six?", "Could you come, at six?"),
        ("Could you come, {first_name}?", "Could you come?"),
        ("{first_name}, could you come?", "Could you come?"),
        ("Thank you, {first_name}. Bye!", "Thank you. Bye!"),
        ("We meet in {town}. Could you come?", "Could you come?"),
        ("Hi {first_name}!", "Hi!"),
    ],
)
def test_a_name_that_is_not_known_leaves_no_hole(text: str, said: str) -> None:
    assert spoken(text, **KNOWN) == said
    assert "{" not in said


def test_a_name_that_is_known_is_put_in() -> None:
    text = "Hello, is that {first_name} in {town}?"
    assert spoken(text, first_name="Zoë  Ann", town="Hove") == "Hello, is that Zoë Ann in Hove?"
    assert spoken("{unknown} stays", **KNOWN) == "{unknown} stays"


@given(
    st.lists(
        st.sampled_from(
            ["Hello", ", ", "is that {first_name}", " in {town}", "?", ". ", "come", " at six"]
        ),
        max_size=12,
    ).map("".join),
    st.sets(st.sampled_from(sorted(FIELDS))),
)
def test_no_mark_is_ever_read_aloud_nor_a_sentence_around_a_hole(
    text: str, missing: set[str]
) -> None:
    said = spoken(text, **{name: "Xyz" for name in FIELDS if name not in missing})
    assert "{" not in said
    assert said.count("is that") == said.count("is that Xyz")
    assert said.count("in") == said.count("in Xyz")


def test_words_for_who_has_no_name_go_before() -> None:
    text, unnamed = "Is that {first_name}?", "Is this a good time?"
    assert parts_of(text, unnamed, **KNOWN) == [Part("Is this a good time?")]
    assert parts_of(text, unnamed, first_name="Ana") == [Part("Is that Ana?")]
    assert needs_fallback(text)
    assert not needs_fallback("Hello, is that {first_name}?")


def test_what_stands_in_brackets_is_for_the_eye_alone() -> None:
    parts = parts_of("Hello {first_name} [say: KEE-zha]. [Wait.] Come?", first_name="Kezia")
    assert parts == [
        Part("Hello Kezia"),
        Part("say: KEE-zha", aside=True),
        Part("."),
        Part("Wait.", aside=True),
        Part("Come?"),
    ]
    # A note on a name that is not known goes with it.
    assert parts_of("Hello {first_name} [KEE-zha]. Come?") == [Part("Hello. Come?")]
    assert plain("Hello [wait] you") == "Hello you"
