"""Words in and words out: cleaning what people type, and saying days, times and numbers."""

import re
import unicodedata
from datetime import date, datetime, tzinfo

from campaign.foundation.errors import Refused

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, and the characters that turn the direction of text round (Unicode Bidi_Control): with
# them "gpj.exe" shows as "exe.jpg". Joiners stay: Persian and many emoji need them.
UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
DAMAGED = re.compile(r"[\x00\ud800-\udfff]")
SPACES = re.compile(r"[ \t\n]+")


def clean_text(
    text: str, *, most: int, least: int = 0, lines: bool = False, field: str | None = None
) -> str:
    """Make a typed text fit to keep: composed (NFC), trimmed, nothing invisible in it.

    Limits are in characters (code points). With ``lines`` line breaks stay, as ``\\n``; without,
    every run of spaces and breaks is one space. Refuses NUL, lone surrogates and a text that is
    too short or too long; ``field`` names where the sentence belongs.
    """
    # Nine of ten texts are plain: with lists of half a million rows it matters to see that first.
    text = text.strip(" ") if text.isascii() and text.isprintable() else _composed(text, field)
    if not lines and ("  " in text or not text.isprintable()):
        text = SPACES.sub(" ", text).strip()
    if len(text) > most:
        sentence = f"Use at most {plural(most, 'character')}; this has {len(text):,}."
        raise Refused(sentence, field=field)
    if len(text) < least:
        sentence = f"Write at least {plural(least, 'character')}." if text else "Fill this in."
        raise Refused(sentence, field=field)
    return text


def _composed(text: str, field: str | None) -> str:
    """The careful way: NFC, one kind of line end, nothing invisible; empty if nothing shows."""
    if DAMAGED.search(text):
        raise Refused("This text is damaged. Type it again.", field=field)
    text = UNWANTED.sub("", LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", text)
    return text.strip() if any(map(_shows, text)) else ""


def _shows(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "CZM"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Count things: ``1 caller``, ``1,204 callers``, ``2 people`` (with ``many="people"``)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def human_day(day: date, *, today: date | None = None) -> str:
    """Say a day: ``Thu 26 Nov``; with its year if that is not the year of ``today``."""
    year = f" {day.year}" if today and today.year != day.year else ""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def human_time(moment: datetime, zone: tzinfo) -> str:
    """Say the time of day in a zone: ``19:00``."""
    return f"{moment.astimezone(zone):%H:%M}"


def human_when(
    start: datetime, end: datetime | None, zone: tzinfo, *, today: date | None = None
) -> str:
    """Say when something is, in a zone: ``Thu 26 Nov, 19:00–21:00``.

    An end on another day is said with its day; no end leaves the start alone. Both are aware.
    """
    first = start.astimezone(zone)
    said = f"{human_day(first.date(), today=today)}, {first:%H:%M}"
    if end is None:
        return said
    last = end.astimezone(zone)
    if last.date() == first.date():
        return f"{said}–{last:%H:%M}"
    return f"{said} – {human_day(last.date(), today=today)}, {last:%H:%M}"
