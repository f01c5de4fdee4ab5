"""What a caller reads aloud: names put in, and no hole in a sentence where one is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELDS = {
    "first_name": "their first name",
    "caller": "your first name",
    "movement": "our name",
    "town": "their town",
}
MARK = re.compile(r"\{(" + "|".join(FIELDS) + r")\}")
# For the caller's eye, never read aloud: how a name is said, when to wait.
ASIDE = re.compile(r"\[([^\[\]]*)\]")
SENTENCE = re.compile(r"[^.?!…]*[.?!…]+[”’)]*\s*|[^.?!…]+$")
GREETING = re.compile(
    r"(hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|thank you|thanks|bye|goodbye)\b",
    re.IGNORECASE,
)
# In the place of a note while names are put in: signs that no text holds (a private area).
HELD, MOST = 0xE000, 2000


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what stands in a step: read aloud, or for the caller's eye alone."""

    text: str
    aside: bool = False


def spoken(text: str, **words: str) -> str:
    """A line with the names put in.

    Where one is not known, the piece of the sentence that needs it is left out, and a greeting
    stays: "Hello, is that {first_name}?" becomes "Hello."
    """
    known = {name: " ".join(words.get(name, "").split()) for name in FIELDS}
    missing = {name for name, word in known.items() if not word}
    lines = " ".join(text.split())
    if any(found in missing for found in MARK.findall(lines)):
        lines = "".join(_without(sentence, missing) for sentence in SENTENCE.findall(lines))
    return " ".join(MARK.sub(lambda mark: known[mark[1]], lines).split())


def parts_of(text: str, unnamed: str = "", **words: str) -> list[Part]:
    """What stands in a step, with the notes for the caller's eye set apart.

    ``unnamed`` is what to say instead where the first name is not known, if that was written.
    """
    if unnamed and "{first_name}" in text and not words.get("first_name", "").strip():
        text = unnamed
    notes: list[str] = []

    def hold(note: re.Match[str]) -> str:
        notes.append(note[1])
        return chr(HELD + len(notes) - 1)

    said = spoken(ASIDE.sub(hold, text[:MOST]), **words)
    parts = [
        Part(spoken(notes[ord(piece) - HELD], **words), aside=True)
        if _is_held(piece, notes)
        else Part(piece.strip())
        for piece in re.split(f"([{chr(HELD)}-{chr(HELD + MOST)}])", said)
    ]
    return [part for part in parts if part.text]


def _is_held(piece: str, notes: list[str]) -> bool:
    return len(piece) == 1 and 0 <= ord(piece) - HELD < len(notes)


def plain(text: str) -> str:
    """What is read aloud of a text, without the notes for the caller's eye."""
    return " ".join(ASIDE.sub(" ", text).split())


def needs_fallback(text: str) -> bool:
    """Whether nothing would be left to say where a first name is not known."""
    words = {name: "x" for name in FIELDS if name != "first_name"}
    said = spoken(plain(text), **words)
    return "{first_name}" in text and not any(sign.isalpha() for sign in said)


def _without(sentence: str, missing: set[str]) -> str:
    if not any(name in missing for name in MARK.findall(sentence)):
        return sentence
    body = sentence.rstrip()
    end = re.search(r"[.?!…]*[”’)]*$", body)
    closing = end[0] if end else ""
    pieces = [piece.strip() for piece in body[: len(body) - len(closing)].split(",")]
    kept: list[str] = []
    mended = cut = False
    for piece in pieces:
        left = _piece(piece, missing)
        if left is None or not left:
            cut = cut or left is None
            mended = True
            continue
        kept.append(left)
    last_is_whole = bool(pieces) and _piece(pieces[-1], missing) == pieces[-1]
    if not kept:
        return ""
    said = ", ".join(kept)
    if mended:
        said = said[:1].upper() + said[1:]
    # A question whose asking was left out is none.
    asks = closing if last_is_whole or not cut else "."
    return f"{said}{asks or '.'} "


def _piece(piece: str, missing: set[str]) -> str | None:
    """A piece of a sentence without what is missing; None where it makes no sense without."""
    found = [mark for mark in MARK.finditer(piece) if mark[1] in missing]
    if not found:
        return piece
    rest = MARK.sub(lambda mark: "" if mark[1] in missing else mark[0], piece)
    # A note on what is left out goes with it.
    rest = " ".join("".join(sign for sign in rest if not _is_private(sign)).split())
    if not rest:
        return ""
    return rest if GREETING.fullmatch(rest) else None


def _is_private(sign: str) -> bool:
    return HELD <= ord(sign) <= HELD + MOST
