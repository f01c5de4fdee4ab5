"""Why a text is not a number we may ring: one stable code and one sentence each."""

from campaign.foundation.errors import Refused

SENTENCES = {
    "no_number": "There is no number here.",
    "too_long": "This is too long to be a phone number.",
    "hidden_characters": "This number holds characters that cannot be seen. Type it afresh.",
    "formula": "This is a spreadsheet formula, not a number. Format the column as text.",
    "destroyed": "The spreadsheet destroyed this number: format the column as text.",
    "two_numbers": "There are two numbers here. Put each in its own column.",
    "other_digits": "Write the number with the digits 0 to 9.",
    "letters": "There are letters inside this number. Write digits only.",
    "characters": "There are signs in this number that do not belong there. Write digits only.",
    "emergency": "This is an emergency or service number, not a person’s.",
    "short": "This is a short service number, not a person’s.",
    "premium": "This is a premium-rate number, not a person’s.",
    "business": "This is a business-rate number (084, 087), not a person’s.",
    "freephone": "This is a freephone number, not a person’s.",
    "uk_wide": "This is an organisation’s number (03, 055), not a person’s.",
    "personal": "This is a redirecting 070 number, which is charged like a premium one.",
    "pager": "This is a pager, not a person’s phone.",
    "too_short": "A UK number has 11 digits; this has {digits}. Is the area code there?",
    "wrong_length": "A UK number has 11 digits; this has {digits}.",
    "unassigned": "This number belongs to nobody in the UK. Check its digits.",
    "unknown_country": "This number belongs to no country’s plan. Check its digits.",
    "crown_dependency": "This is a number in Jersey, Guernsey or the Isle of Man: "
    "it is held until such calls are allowed.",
    "foreign": "This is a number abroad: it is held until such calls are allowed.",
}

# Finer reasons share one code where every caller treats them alike.
CODES = {
    **dict.fromkeys(
        ("emergency", "short", "premium", "business", "freephone", "uk_wide", "personal", "pager"),
        "not_a_person",
    ),
    **dict.fromkeys(("too_short", "wrong_length", "unassigned", "unknown_country"), "invalid"),
    **dict.fromkeys(("crown_dependency", "foreign"), "held_abroad"),
}


class NumberRefused(Refused):
    """A text that is not a number we may ring. ``code`` is stable; the sentence may change.

    Codes: no_number, too_long, hidden_characters, formula, destroyed, two_numbers, other_digits,
    letters, characters, not_a_person, invalid, held_abroad. ``reason`` says more finely why;
    ``e164`` is set when the number itself is sound and only held.
    """

    def __init__(self, reason: str, *, digits: int = 0, e164: str | None = None) -> None:
        super().__init__(SENTENCES[reason].format(digits=digits))
        self.reason = reason
        self.code = CODES.get(reason, reason)
        self.e164 = e164
