"""What of a public text says where a home is, and what only looks like it."""

import pytest

from campaign.events.rules.giveaways import gives_home_away


@pytest.mark.parametrize(
    "text",
    [
        "BN1 4GG",
        "Come to bn14gg",
        "12 Elm Grove",
        "12a, Elm Grove",
        "12, Elm Gr.",
        "Elm Grove, 12",
        "Elm Grove 12",
        "elm grove, 12",
        "number twelve, Elm Grove",
        "Twelve Elm Grove",
        "number twenty-one, elm grove",
        "12 The Broadway",
        "12 the Broadway",
        "door at 12 Marmion",
        "We live at 12, Marmion Road",
        "12 Orchard Road",
        "12 Theobald’s Road",
        "12 St James’s Street",
        "Flat 3",
        "No. 12",
        "the house is number 12",
        "Bell 4",
    ],
)
def test_a_text_with_an_address_gives_the_home_away(text: str) -> None:
    assert gives_home_away(text)
    assert gives_home_away(f"Ring people with us. {text}, and bring a friend.")


@pytest.mark.parametrize(
    "text",
    [
        "12 people",
        "19:00",
        "Doors at 19:00, we begin at 19:15",
        "Bring 2 friends",
        "Room 4",
        "We meet at 7 pm and ring until 9",
        "At 7 we eat, at 8 we ring",
        "A 5 minute walk from the park",
        "10 minutes from London Road station",
        "From London Road, 7 pm",
        "Walk up Elm Grove, 19:00 sharp",
        "On London Road 12 people stood for an hour",
        "Saturday 5 December 2026",
        "We meet at 12 December",
        "Take the number 12 bus to Elm Grove",
        "Bus number 7 stops near",
        "The house holds 12 people",
        "We can house 8 people",
        "Our number one street is Elm Grove",
        "Two streets from the green",
        "The flat has a step",
        "40 doors in Elm Grove",
        "Knock on 40 doors with us",
        "We have 6 chairs, 2 sofas and a cat called Park",
        "The 2026 campaign for the Elm Grove estate",
        "Ring 20 people with us; there is no step",
    ],
)
def test_a_plain_text_gives_nothing_away(text: str) -> None:
    assert not gives_home_away(text)
