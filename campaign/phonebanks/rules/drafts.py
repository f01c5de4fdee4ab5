"""A script as its form holds it: numbered steps with answers, cards, where each answer leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from campaign.phonebanks.rules.scripts import (
    CLOSING,
    END,
    KEY,
    MOST_ANSWERS,
    MOST_BLOCKS,
    SIGN_UP,
    key_of,
)
from campaign.phonebanks.rules.ways import NOWHERE, Block, flow_of, kind_of

VOICEMAIL, BRANCH, OBJECTION = "voicemail", "branch", "objection"
MOST_CARDS = 20
OPENING = ("opening",)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its words, where it leads, and what it does besides."""

    words: str
    way: str = ""
    key: str = ""
    signs_up: bool = False
    tag: str = ""
    is_goal: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """One step. ``way`` is where it leads without an answer; ``on`` the number a branch looks to.

    Ways are empty for the next step, a step's number, ``closing``, ``end``, or begin with ``?``
    where they lead nowhere.
    """

    say: str = ""
    answers: tuple[Choice, ...] = ()
    opinion: bool = False
    title: str = ""
    way: str = ""
    unnamed: str = ""
    kind: str = ""
    on: str = ""
    key: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in a row that stood there empty: it is left out."""
        return not (self.say or self.answers or self.title or self.kind or self.key)


@dataclass(frozen=True, slots=True)
class Card:
    """What to say where somebody objects or asks."""

    title: str = ""
    say: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole script as its form holds it."""

    steps: tuple[Draft, ...] = ()
    closing: str = ""
    voicemail: str = ""
    cards: tuple[Card, ...] = ()


def packed(sheet: Sheet) -> dict[str, Any]:
    """A sheet as it is kept."""
    return asdict(sheet)


def unpacked(kept: Mapping[str, Any]) -> Sheet:
    """A sheet that was kept."""
    steps = tuple(
        Draft(**{**step, "answers": tuple(Choice(**one) for one in step["answers"])})
        for step in kept["steps"]
    )
    cards = tuple(Card(**card) for card in kept["cards"])
    return Sheet(steps, kept["closing"], kept["voicemail"], cards)


def tidied(sheet: Sheet) -> Sheet:
    """Without what was left empty, the ways to the rest by their new numbers.

    A branch has the answers of the question it looks to, each with the way it had.
    """
    gone = {str(n): f"{NOWHERE}{n}" for n, step in enumerate(sheet.steps, 1) if step.is_empty}
    left = [str(n) for n, step in enumerate(sheet.steps, 1) if not step.is_empty]
    numbers = gone | {old: str(new) for new, old in enumerate(left, 1)}
    steps = [_led(step, numbers, sheet) for step in sheet.steps if not step.is_empty]
    steps = [_cases(step, steps) if step.kind == BRANCH else step for step in steps]
    cards = [card for card in sheet.cards if card.title or card.say]
    return replace(sheet, steps=tuple(steps[:MOST_BLOCKS]), cards=tuple(cards[:MOST_CARDS]))


def with_one_more(sheet: Sheet, *, branch: bool = False) -> Sheet:
    """With a step at the end, to be written; its key keeps it while it is empty."""
    key = key_of(f"step {len(sheet.steps) + 1}", [step.key for step in sheet.steps])
    return replace(sheet, steps=(*sheet.steps, Draft(kind=BRANCH if branch else "", key=key)))


def moved(sheet: Sheet, number: int, to: int) -> Sheet:
    """With a step in another place; every way that names a step leads where it led."""
    if not (1 <= number <= len(sheet.steps) and 1 <= to <= len(sheet.steps)):
        return sheet
    order = list(range(1, len(sheet.steps) + 1))
    order.insert(to - 1, order.pop(number - 1))
    numbers = {str(old): str(new) for new, old in enumerate(order, 1)}
    held = [sheet.steps[old - 1] for old in order]
    return replace(sheet, steps=tuple(_led(step, numbers, sheet) for step in held))


def without(sheet: Sheet, number: int) -> Sheet:
    """Without a step; what led to it leads nowhere until somebody says where."""
    if not 1 <= number <= len(sheet.steps):
        return sheet
    left = [n for n in range(1, len(sheet.steps) + 1) if n != number]
    numbers = {str(number): NOWHERE} | {str(old): str(new) for new, old in enumerate(left, 1)}
    held = [sheet.steps[old - 1] for old in left]
    return replace(sheet, steps=tuple(_led(step, numbers, sheet) for step in held))


def _led(step: Draft, numbers: Mapping[str, str], sheet: Sheet) -> Draft:
    """A step whose ways are written in new numbers."""

    def led(way: str) -> str:
        if way == CLOSING:
            return way if sheet.closing else f"{NOWHERE}{CLOSING}"
        if way in ("", END) or way.startswith(NOWHERE):
            return CLOSING if way == f"{NOWHERE}{CLOSING}" and sheet.closing else way
        return numbers.get(way, f"{NOWHERE}{way}" if way.isdigit() else NOWHERE)

    answers = tuple(replace(one, way=led(one.way)) for one in step.answers)
    on = numbers.get(step.on, "")
    on = "" if on.startswith(NOWHERE) else on
    return replace(step, answers=answers, way=led(step.way), on=on)


def _cases(step: Draft, steps: Sequence[Draft]) -> Draft:
    number = int(step.on) if step.on.isdigit() else 0
    asked = steps[number - 1].answers if 1 <= number <= len(steps) else ()
    ways = {one.words: one.way for one in step.answers}
    answers = tuple(Choice(one.words, ways.get(one.words, "")) for one in asked)
    return replace(step, answers=answers)


def steps_from(sheet: Sheet) -> list[dict[str, Any]]:
    """Make the blocks of a script; whether they lead through is for ``check_steps``."""
    sheet = tidied(sheet)
    keys = _keys(sheet)
    choices = [_options(step, keys) for step in sheet.steps]
    blocks = [
        _branch(step, keys, str(n), choices) if step.kind == BRANCH else _said(step, keys, n, given)
        for n, (step, given) in enumerate(zip(sheet.steps, choices, strict=True), 1)
    ]
    if sheet.closing:
        blocks.append({"key": CLOSING, "say": sheet.closing, "options": []})
    taken = [block["key"] for block in blocks]
    for card in sheet.cards:
        taken.append(_key(card.key, f"card {card.title}", taken))
        blocks.append({"key": taken[-1], "kind": OBJECTION, "title": card.title, "say": card.say})
    if sheet.voicemail:
        blocks.append({"key": VOICEMAIL, "kind": VOICEMAIL, "say": sheet.voicemail})
    return blocks


def _keys(sheet: Sheet) -> dict[str, str]:
    """The key of what each way leads to; a step that keeps its key goes on in the counts."""
    keys = {"": "", END: END, CLOSING: CLOSING}
    own = [step.key for step in sheet.steps if step.key]
    taken = [CLOSING, END, VOICEMAIL]
    for number, step in enumerate(sheet.steps, 1):
        if number == 1 and not step.key and "opening" not in own:
            key = "opening"
        else:
            words = step.say or step.title or f"branch {step.on}"
            others = [held for held in own if held != step.key]
            key = _key(step.key, words, [*taken, *(others if not step.key else []), *OPENING])
        taken.append(key)
        keys[str(number)] = key
    return keys


def _key(wanted: str, words: str, taken: Sequence[str]) -> str:
    """The key it had, or one made of its words."""
    fresh = KEY.fullmatch(wanted) and wanted not in [one for one in taken if one not in OPENING]
    return wanted if fresh else key_of(words, taken)


def _to(way: str, keys: Mapping[str, str]) -> str:
    return keys.get(way, way)


def _options(step: Draft, keys: Mapping[str, str]) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    for one in step.answers[:MOST_ANSWERS]:
        key = _key(one.key, one.words, [option["key"] for option in options])
        option: dict[str, Any] = {"key": key, "label": one.words, "next": _to(one.way, keys)}
        option |= {"effect": SIGN_UP} if one.signs_up else {}
        option |= {"goal": True} if one.is_goal else {}
        options.append(option | ({"tag": one.tag} if one.tag else {}))
    return options


def _said(
    step: Draft, keys: Mapping[str, str], number: int, options: list[dict[str, Any]]
) -> dict[str, Any]:
    block: dict[str, Any] = {"key": keys[str(number)], "say": step.say, "options": options}
    more = {
        "title": step.title,
        "unnamed": step.unnamed,
        "opinion": step.opinion and bool(options),
        "next": "" if options else _to(step.way, keys),
    }
    return block | {name: value for name, value in more.items() if value}


def _branch(
    step: Draft, keys: Mapping[str, str], number: str, choices: Sequence[list[dict[str, Any]]]
) -> dict[str, Any]:
    asked = choices[int(step.on) - 1] if step.on else []
    ways = {one.words: one.way for one in step.answers}
    cases = [
        {"key": one["key"], "label": one["label"], "next": _to(ways.get(one["label"], ""), keys)}
        for one in asked
    ]
    block = {"key": keys[number], "kind": BRANCH, "say": "", "title": step.title}
    return block | {"on": keys.get(step.on, ""), "cases": cases, "next": _to(step.way, keys)}


def sheet_from(steps: Sequence[Block]) -> Sheet:
    """Read a script back into its form, whichever version wrote it."""
    flow = flow_of(steps)
    asked = [step for step in flow if kind_of(step) != CLOSING]
    ways = {str(step["key"]): str(number) for number, step in enumerate(asked, 1)}
    ways |= {CLOSING: CLOSING, END: END, "": ""}

    def way_of(block: Block) -> str:
        return ways.get(str(block.get("next") or ""), NOWHERE)

    return Sheet(
        steps=tuple(_draft(step, ways, way_of) for step in asked),
        closing=_says(steps, CLOSING),
        voicemail=_says(steps, VOICEMAIL),
        cards=tuple(
            Card(str(step.get("title") or ""), str(step.get("say") or ""), str(step["key"]))
            for step in steps
            if kind_of(step) == OBJECTION
        ),
    )


def _says(steps: Sequence[Block], kind: str) -> str:
    return next((str(step["say"]) for step in steps if kind_of(step) == kind), "")


def _draft(step: Block, ways: Mapping[str, str], way_of: Callable[[Block], str]) -> Draft:
    is_branch = kind_of(step) == BRANCH
    return Draft(
        say=str(step.get("say") or ""),
        answers=tuple(
            Choice(
                str(one["label"]),
                way_of(one),
                "" if is_branch else str(one["key"]),
                one.get("effect") == SIGN_UP,
                str(one.get("tag") or ""),
                bool(one.get("goal")),
            )
            for one in (step.get("cases") if is_branch else step.get("options")) or []
        ),
        opinion=bool(step.get("opinion")),
        title=str(step.get("title") or ""),
        way=way_of(step),
        unnamed=str(step.get("unnamed") or ""),
        kind=BRANCH if is_branch else "",
        on=ways.get(str(step.get("on") or ""), "") if is_branch else "",
        key=str(step["key"]),
    )
