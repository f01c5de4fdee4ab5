"""The words of the demo: a made-up tenants' campaign at real postcodes. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FIRST_NAMES = [
    "Amina",
    "Ben",
    "Chidi",
    "Dora",
    "Emrys",
    "Farah",
    "Gwen",
    "Hamza",
    "Iris",
    "Jonas",
    "Kezia",
    "Leo",
    "Maeve",
    "Nadia",
    "Owen",
    "Petra",
    "Quentin",
    "Rhian",
    "Samir",
    "Tilda",
    "Uma",
    "Viktor",
    "Wren",
    "Xanthe",
    "Yusuf",
    "Zofia",
    "Alwyn",
    "Bronte",
    "Calum",
    "Dilys",
    "Ezra",
    "Fern",
    "Greta",
    "Hugo",
    "Ines",
    "Jamal",
    "Kirsty",
    "Lowri",
    "Milan",
    "Nell",
    "Orla",
    "Pavel",
    "Rafi",
    "Saoirse",
    "Tomos",
    "Ursula",
    "Vera",
    "Winnie",
    "Yara",
    "Zack",
]
SURNAMES = [
    "Ashdown",
    "Barrow",
    "Copley",
    "Dunmore",
    "Elsworth",
    "Fenner",
    "Garside",
    "Holloway",
    "Ingram",
    "Jessop",
    "Kendrick",
    "Larkin",
    "Mossop",
    "Norbury",
    "Oakden",
    "Penrose",
    "Quayle",
    "Ramsden",
    "Selby",
    "Thornley",
    "Underhay",
    "Varley",
    "Winslade",
    "Yardley",
    "Abara",
    "Bello",
    "Castell",
    "Duarte",
    "Eze",
    "Farouk",
    "Gallo",
    "Haddad",
    "Iqbal",
    "Joshi",
    "Kaur",
    "Lewandowska",
    "Mbeki",
    "Nair",
    "Okafor",
    "Petrov",
    "Rahman",
    "Silva",
    "Tanaka",
    "Vasquez",
    "Wojcik",
    "Zaman",
]


@dataclass(frozen=True)
class Town:
    """Where a demo group is, and the outcodes its events are spread over."""

    name: str
    slug: str
    postcode: str
    outcodes: tuple[str, ...]


TOWNS = (
    Town("Brighton", "brighton", "BN1 1EE", ("BN1", "BN2", "BN41", "BN43")),
    Town("Hove", "hove", "BN3 2LS", ("BN3", "BN41")),
    Town("Lewes", "lewes", "BN7 1YJ", ("BN7", "BN8", "BN9")),
    Town("Worthing", "worthing", "BN11 1LY", ("BN11", "BN12", "BN14", "BN15")),
    Town("Hackney", "hackney", "E8 1EA", ("E8", "E5", "E9", "N16")),
    Town("Bristol", "bristol", "BS1 5TR", ("BS1", "BS3", "BS5", "BS7")),
    Town("Birmingham", "birmingham", "B1 1BB", ("B1", "B5", "B12", "B13")),
    Town("Leeds", "leeds", "LS1 1UR", ("LS1", "LS6", "LS7", "LS11")),
    Town("Manchester", "manchester", "M1 1AE", ("M1", "M14", "M16", "M20")),
    Town("Newcastle", "newcastle", "NE1 8QH", ("NE1", "NE2", "NE4", "NE6")),
    Town("Cardiff", "cardiff", "CF10 1EP", ("CF10", "CF11", "CF24")),
    Town("Edinburgh", "edinburgh", "EH1 1YZ", ("EH1", "EH3", "EH6", "EH7")),
)

VENUES = (
    "Community Centre", "Friends’ Meeting House", "Library", "Methodist Hall", "Trades Club",
    "Miners’ Hall", "Old School Room", "Café on the Corner", "Tenants’ Hall", "Scout Hut",
    "Arts Centre", "Co-op Hall",
)  # fmt: skip

TITLES: dict[str, tuple[str, ...]] = {
    "phonebank": (
        "Ring round {town} for the rents vote",
        "{town}: who needs a lift to the vote?",
        "Calls and cake in {town}",
        "First calls: an easy evening in {town}",
    ),
    "canvass": ("Doors in {town}", "A street at a time: {town}", "Doors and a cup of tea"),
    "stall": ("Stall on the market square", "Petition stall in {town}"),
    "meeting": ("{town} tenants meet", "What next for {town}?", "Rents and repairs: an evening"),
    "training": ("Your first call: a practice hour", "How to talk at a door"),
    "leafleting": ("Leaflets round {town}", "Leaflets before breakfast"),
    "social": ("Soup and stories", "Quiz for fair rents"),
    "rally": ("Fair rents on the steps",),
}

OPENING = (
    "Hello, is that {first_name}? My name is {caller}, I’m a volunteer with {movement}. "
    "You signed our petition on rents. Is now all right for two minutes?"
)
CLOSING = (
    "Thank you. If you would rather we did not ring again, I can take you off the list right now. "
    "Our details are on our website under privacy."
)

# The branching script: each step leads on by what the person says.
STEPS: list[dict[str, Any]] = [
    {
        "key": "opening",
        "title": "A good time?",
        "say": OPENING,
        "options": [
            {"key": "yes", "label": "Yes, go on", "next": "come"},
            {"key": "no", "label": "Not now", "next": "closing"},
        ],
    },
    {
        "key": "come",
        "title": "Could you come?",
        "say": (
            "The council decides on Thursday 10 December whether to cap rents. We want the public "
            "seats full of people who rent. Could you come, at six, to the town hall?"
        ),
        "options": [
            {"key": "yes", "label": "Yes, I’ll come", "next": "seat", "goal": True},
            {"key": "maybe", "label": "Maybe", "next": "near", "tag": "undecided"},
            {"key": "cannot", "label": "I can’t that day", "next": "help"},
            {"key": "disagree", "label": "I disagree", "next": "closing"},
        ],
    },
    {
        "key": "seat",
        "title": "Seat and lift",
        "say": "Wonderful. Would a lift help?",
        "options": [
            {"key": "lift", "label": "Needs a lift", "next": "closing"},
            {"key": "no_lift", "label": "Comes alone", "next": "closing"},
        ],
    },
    {
        "key": "help",
        "title": "Another way",
        "say": "That’s all right. Would you put a poster in your window?",
        "options": [
            {"key": "poster", "label": "Yes, a poster", "next": "closing"},
            {"key": "no_poster", "label": "No", "next": "near"},
        ],
    },
    {
        "key": "near",
        "title": "Something near you?",
        "say": "There is more going on near you. Shall I put you down for one of these?",
        "options": [
            {"key": "yes", "label": "Yes, sign me up", "next": "closing", "effect": "signup"},
            {"key": "no", "label": "Not now", "next": "closing"},
        ],
    },
    {"key": "closing", "say": CLOSING, "options": []},
    {
        "key": "card_where_from",
        "kind": "objection",
        "title": "Where did you get my number?",
        "say": "You left it at our petition stall. I can take it off right now if you like.",
    },
    {
        "key": "card_who_pays",
        "kind": "objection",
        "title": "Who pays you?",
        "say": "Nobody. {movement} is paid for by its members, and I do this in my free time.",
    },
    {
        "key": "card_landlord",
        "kind": "objection",
        "title": "I am a landlord",
        "say": "Then you know what a fair rent is. Come and say so. [Do not argue.]",
    },
    {
        "key": "card_no_time",
        "kind": "objection",
        "title": "I have no time",
        "say": "Of course. May I ring again at a better hour, or shall I let you be?",
    },
    {
        "key": "voicemail",
        "kind": "voicemail",
        "say": (
            "Hello {first_name}, this is {caller}, a volunteer with {movement}. The vote on rents "
            "is on Thursday 10 December at six, at the town hall. Come if you can."
        ),
    },
]
