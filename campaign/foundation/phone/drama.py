"""Numbers that cannot ring anybody: Ofcom's ranges for drama and the unassigned +44 4 block."""

# Ofcom, "Telephone numbers for use in TV and radio drama programmes": seventeen ranges of a
# thousand numbers that belong to nobody. Written as the national number without its first 0
# and without its last three digits. (Ofcom's three drama ranges on 03, 080 and 09 are left
# out: numbers of that kind are never a person's.)
DRAMA = {
    "7700900": "mobile",
    "1632960": "landline",  # no area
    "1134960": "landline",  # Leeds
    "1144960": "landline",  # Sheffield
    "1154960": "landline",  # Nottingham
    "1164960": "landline",  # Leicester
    "1174960": "landline",  # Bristol
    "1184960": "landline",  # Reading
    "1214960": "landline",  # Birmingham
    "1314960": "landline",  # Edinburgh
    "1414960": "landline",  # Glasgow
    "1514960": "landline",  # Liverpool
    "1614960": "landline",  # Manchester
    "1914980": "landline",  # Tyneside, Durham, Sunderland
    "2079460": "landline",  # London
    "2896496": "landline",  # Northern Ireland
    "2920180": "landline",  # Cardiff
}


def drama_kind(national: str) -> str | None:
    """Say what kind of drama number this is, or None. ``national`` has no leading 0."""
    return DRAMA.get(national[:7]) if len(national) == 10 else None


def is_unassigned(national: str) -> bool:
    """Whether the number lies in the block 04, which the National Numbering Plan gives to nobody.

    It parses and can never ring, so a demonstration of a million people can use it.
    """
    return len(national) == 10 and national[0] == "4"


def is_fictitious(e164: str) -> bool:
    """Whether a stored number is made up, and so must never be dialled."""
    national = e164[3:]
    if not e164.startswith("+44"):
        return False
    return drama_kind(national) is not None or is_unassigned(national)
