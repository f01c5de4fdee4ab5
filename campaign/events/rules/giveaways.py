"""Whether a public text says where a home is: a postcode, or a number at a street, however put.

The words are British street names. A number alone is a time, a count or a room, so each pattern
wants something beside it that only an address has.
"""

from __future__ import annotations

import re

# What is hardly ever anything but a street, and its abbreviations.
_SURE = (
    "street|road|rd|avenue|ave|lane|ln|close|drive|gardens|gdns|grove|gr|grv|terrace|terr|ter|"
    "crescent|cres|mews|villas|mansions|parade|cottages|broadway|esplanade|promenade"
)
# What ends a street's name, and means other things too.
_ALSO = (
    "st|dr|place|pl|way|court|ct|square|sq|hill|park|row|walk|rise|buildings|bldgs|house|hse|"
    "green|view|vale|wharf|yard|gate|path|estate|heights|quay|croft|mead|meadow|ridge|"
    "ridgeway|causeway|embankment|circus|drove|hollow|orchard|paddock|chase|mount|strand|mall"
)
_STREET = f"(?:{_SURE}|{_ALSO})"
_NUMBER = r"(?<![:.\d£])\d{1,4}[a-z]?"
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDED = (
    f"(?:(?:{_TENS})(?:[ -](?:{_UNITS}))?|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    f"seventeen|eighteen|nineteen|{_UNITS})"
)
_MONTHS = (
    "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|"
    "september|oct|october|nov|november|dec|december"
)
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun"
# What follows a time, a date or a count.
_COUNTED = (
    r"am|pm|noon|o[’']?clock|gmt|bst|sharp|people|persons?|friends?|guests?|members?|volunteers?|"
    r"callers?|places?|seats?|chairs?|calls?|doors?|hours?|hrs?|minutes?|mins?|miles?|km|metres?|"
    rf"days?|weeks?|years?|of|or|to|and|till|until|bus|buses|tram|train|stops?|{_MONTHS}|{_DAYS}"
)
# What is no part of a street's name.
_NO_NAME = (
    rf"{_COUNTED}|in|for|from|the|at|on|by|with|is|are|we|you|i|our|your|us|will|more|new|"
    "come|bring|please|then|meet|when|if|a|an"
)
_NAME = rf"(?!(?:{_NO_NAME})\b)[\w'’-]+"
_CAPITAL = rf"(?!(?:{_NO_NAME})\b)(?-i:[A-Z])[\w'’-]+"
_NO_COUNT = rf"(?![:.]?\d|\s*(?:{_COUNTED})\b)"

_PATTERNS = (
    r"\b[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][ABD-HJLNP-UW-Z]{2}\b",
    # 12 Elm Grove; 12, Elm Gr.
    rf"{_NUMBER},?\s+(?:{_NAME}\s+){{1,3}}{_STREET}\b",
    # 12 The Broadway
    rf"{_NUMBER},?\s+the\s+(?-i:(?=[A-Z])){_STREET}\b",
    # Elm Grove, 12; a year is no house
    rf"\b{_CAPITAL}\s+{_STREET}\.?,?\s+(?!(?:19|20)\d\d\b)\d{{1,4}}[a-z]?\b{_NO_COUNT}",
    rf"\b{_NAME}\s+(?:{_SURE})\.?,\s+(?!(?:19|20)\d\d\b)\d{{1,4}}[a-z]?\b{_NO_COUNT}",
    # twelve Elm Grove; number twelve, elm grove
    rf"\b{_WORDED},?\s+(?:{_CAPITAL}\s+){{1,3}}(?:{_SURE})\b",
    rf"\b(?:number|no\.?|house|flat)\s+{_WORDED},?\s+(?:{_NAME}\s+){{1,3}}{_STREET}\b",
    # at 12 Marmion
    rf"(?:\bat|@)\s+(?:no\.?\s*|number\s+)?\d{{1,4}}[a-z]?,?\s+{_CAPITAL}",
    # flat 3, number 12, door 4; and neither the bus of that number nor a count
    r"(?<!bus )(?<!route )(?<!train )(?<!tram )"
    r"\b(?:flat|apartment|unit|number|no\.?|nr\.?|house|door|bell|buzzer)"
    rf"\s*\d{{1,4}}[a-z]?\b{_NO_COUNT}",
)
_GIVEAWAY = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def gives_home_away(text: str) -> bool:
    """Whether a text holds a postcode, or a house number with its street or its door."""
    return bool(_GIVEAWAY.search(text))


def giveaway_in(text: str) -> tuple[int, int] | None:
    """Where in a text the first of them stands: from which character, to which."""
    found = _GIVEAWAY.search(text)
    return found.span() if found else None
