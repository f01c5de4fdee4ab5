"""Clean text in, plain words out."""

from __future__ import annotations

import unicodedata

from campaign.foundation.errors import Refused

# Marks that turn the direction of text: a name must not rearrange the line it stands in.
_DIRECTION = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str, *, most: int, least: int = 0, lines: bool = False) -> str:
    """Text as we keep it: NFC, trimmed, without control and direction marks.

    ``lines`` keeps line breaks. Refused where it holds what no person types (NUL, lone
    surrogates), or has fewer than ``least`` or more than ``most`` characters.
    """
    if "\0" in text or any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise Refused("This holds a character that cannot be kept. Type it again by hand.")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(sign for sign in text if _may_stay(sign, lines=lines))
    kept = kept.strip() if lines else " ".join(kept.split())
    if len(kept) > most:
        raise Refused(f"This is {len(kept)} characters long: at most {most} fit.")
    if len(kept) < least:
        raise Refused(f"This is too short: at least {least} characters.")
    return kept


def _may_stay(sign: str, *, lines: bool) -> bool:
    if sign == "\n":
        return True
    if sign == "\t":
        return not lines
    return unicodedata.category(sign) != "Cc" and sign not in _DIRECTION


def plural(number: int, one: str, many: str | None = None) -> str:
    """ "1 caller", "3 callers", "2,000 callers"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
