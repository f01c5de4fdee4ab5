"""How people and spreadsheets write numbers: everything checked before the library sees it.

The phone library drops what it does not understand (``O7700…``, ``=0770…``, hidden characters)
and answers with another number. So the text is judged here first, and only digits go on.
"""

import re
from dataclasses import dataclass

from campaign.foundation.phone.refusal import NumberRefused

LONGEST = 80
LONGEST_DIGITS = 17  # E.164 allows 15, and 00 may stand before them

NOTHING = frozenset({"", "-", "--", "–", "n/a", "na", "none", "null", "nil", "unknown", "tbc", "?"})
BLANKS = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
HIDDEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\s?[+-]?\d+")
FLOAT = re.compile(r"(\+?\d{9,13})\.0")
EXTENSION = re.compile(r"[\s,;]*(?:extension|ext|x|#)\.?\s*:?\s*([0-9]{1,7})$", re.IGNORECASE)
SEPARATED = re.compile(r"\d\)?\s*(?:[;/|,&\r\n]|\bor\b|\band\b)+\s*[+(]?\d", re.IGNORECASE)
TRUNK = re.compile(r"\(\s*0\s*\)")
PUNCTUATION = re.compile(r"[ ().\-\u2010-\u2015\u2212\u00b7]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: its digits, whether a country code leads them, its extension."""

    digits: str
    international: bool
    extension: str | None
    from_float: bool


def read_written(text: str) -> Written:
    """Take a text apart. Refuses whatever is not plainly one phone number."""
    _refuse_unseen(text)
    # Our own exports put ' before +44…, as spreadsheets do for text.
    text = text.strip().removeprefix("'")
    if text.casefold() in NOTHING:
        raise NumberRefused("no_number")
    if len(text) > LONGEST:
        raise NumberRefused("too_long")
    _refuse_spreadsheet_damage(text)
    if whole := FLOAT.fullmatch(text):
        text = whole[1]
    number, extension = _split_extension(text)
    if SEPARATED.search(number):
        raise NumberRefused("two_numbers")
    digits, international = _digits_of(BLANKS.sub(" ", number).strip())
    return Written(digits, international, extension, from_float=whole is not None)


def _refuse_unseen(text: str) -> None:
    if HIDDEN.search(text):
        raise NumberRefused("hidden_characters")


def _refuse_spreadsheet_damage(text: str) -> None:
    if text[0] in "=@":
        raise NumberRefused("formula")
    if SCIENTIFIC.fullmatch(text):
        raise NumberRefused("destroyed")


def _split_extension(text: str) -> tuple[str, str | None]:
    found = EXTENSION.search(text)
    if found is None or found.start() == 0:
        return text, None
    return text[: found.start()].rstrip(), found[1]


def _digits_of(text: str) -> tuple[str, bool]:
    international = text.lstrip("( ").startswith("+")
    bare = PUNCTUATION.sub("", TRUNK.sub("", text) if _has_country_code(text) else text)
    bare = bare.removeprefix("+")
    if not bare.isdigit() or not bare.isascii():
        raise NumberRefused(_fault(bare))
    if len(bare) > LONGEST_DIGITS:
        raise NumberRefused("two_numbers")
    if not international and bare.startswith("00"):
        return bare[2:], True
    return bare, international


def _has_country_code(text: str) -> bool:
    return text.lstrip("( ").startswith(("+", "00", "44"))


def _fault(bare: str) -> str:
    digits = [sign for sign in bare if sign.isdigit()]
    if not digits:
        return "no_number"
    if any(sign.isalpha() for sign in bare):
        return "letters"
    return "characters" if all(sign.isascii() for sign in digits) else "other_digits"
