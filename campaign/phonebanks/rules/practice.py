"""The practice phonebank: made-up people with numbers that nobody has, and a script to try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TITLE = "Practice: your first call"
REASON = "Made up, for trying out. Nobody is rung, at any hour."
NAMES = (
    "Amina Ben Chidi Dora Emrys Farah Gwen Hamza Iris Jonas Kezia Leo Maeve Nadia Owen Petra "
    "Rhian Samir Tilda Uma Viktor Wren Yusuf Zofia"
)
TOWNS = ("Hillmouth", "Eastwick", "Marsh End", "Newbridge")
# 07700 900xxx, a range that Ofcom keeps for drama. One row a person who practises at once.
FIRST_NUMBER, PEOPLE = "+447700900", 200

STEPS: list[dict[str, Any]] = [
    {
        "key": "opening",
        "say": (
            "Hello, is that {first_name}? My name is {caller}, I’m a volunteer with {movement}. "
            "Is now all right for two minutes?"
        ),
        "options": [
            {"key": "yes", "label": "Yes, go on", "next": "come"},
            {"key": "no", "label": "Not now", "next": "closing"},
        ],
    },
    {
        "key": "come",
        "say": "We are meeting on Thursday at seven, and we want the room full. Could you come?",
        "options": [
            {"key": "yes", "label": "Yes, I’ll come", "next": "closing"},
            {"key": "maybe", "label": "Maybe", "next": "closing"},
            {"key": "no", "label": "No", "next": "closing"},
        ],
    },
    {
        "key": "number",
        "kind": "objection",
        "title": "Where did you get my number?",
        "say": (
            "From you: you signed our petition and agreed to be rung. I can take you off the list "
            "right now, if you like."
        ),
    },
    {
        "key": "closing",
        "say": (
            "Thank you. If you would rather we did not ring again, I can take you off the list "
            "right now."
        ),
        "options": [],
    },
]


def people() -> Iterator[tuple[str, str, str]]:
    """Made-up people: E.164 number, first name, town."""
    names = NAMES.split()
    for place in range(PEOPLE):
        yield f"{FIRST_NUMBER}{place:03}", names[place % len(names)], TOWNS[place % len(TOWNS)]
