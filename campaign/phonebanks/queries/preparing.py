"""How ready a phonebank is, in the words of its set-up page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.scripts import NO_BEGINNING, whats_wrong
from campaign.phonebanks.rules.ways import flow_of
from campaign.phonebanks.rules.week import DAYS, NAMES, Week, plain_week


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that must be there before the first call; ``state`` is ok, wait or bad."""

    key: str
    name: str
    words: str
    state: str


def readiness(db: Session, phonebank: Phonebank, *, usual: Week, now: datetime) -> list[Item]:
    """What a phonebank needs, each with how it stands, in the order one would do it."""
    return [
        _reason(phonebank),
        _list(db, phonebank),
        _hours(phonebank, usual),
        _script(db, phonebank),
        _callers(db, phonebank, now),
        _leads(db, phonebank),
    ]


def waiting_batch(db: Session, phonebank_id: int) -> ImportBatch | None:
    """The newest file that was read and not decided on."""
    return db.scalar(
        select(ImportBatch)
        .where(ImportBatch.phonebank_id == phonebank_id, ImportBatch.state == "previewed")
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )


def week_of(phonebank: Phonebank, usual: Week) -> Mapping[str, Sequence[str]]:
    """A phonebank's own hours, or the usual ones, as they are stored."""
    return phonebank.hours if phonebank.hours is not None else plain_week(usual)


def _reason(phonebank: Phonebank) -> Item:
    good = bool(phonebank.reason)
    return Item(
        "about",
        "Why we ring",
        "Callers read it before each call" if good else "Say it in one line",
        "ok" if good else "bad",
    )


def _list(db: Session, phonebank: Phonebank) -> Item:
    people, held = db.execute(
        select(func.count(), func.count(case((Contact.state == "held", 1)))).where(
            Contact.phonebank_id == phonebank.id, Contact.canary.is_(None)
        )
    ).one()
    if people:
        words = f"{people:,} people" + (f", {held:,} of them held" if held else "")
        return Item("list", "The list", words, "ok")
    if waiting_batch(db, phonebank.id):
        return Item("list", "The list", "Read, not brought in yet", "wait")
    return Item("list", "The list", "Bring in a file of people", "bad")


def _hours(phonebank: Phonebank, usual: Week) -> Item:
    week = week_of(phonebank, usual)
    days = [day for day in DAYS if week.get(day)]
    if not days:
        return Item("hours", "Hours", "Nobody is rung on any day", "bad")
    if len(days) == 1:
        return Item("hours", "Hours", NAMES[days[0]], "ok")
    return Item("hours", "Hours", f"{len(days)} days, {NAMES[days[0]]} to {NAMES[days[-1]]}", "ok")


def _script(db: Session, phonebank: Phonebank) -> Item:
    script = board.script_of(db, phonebank.id)
    wrong = whats_wrong(script.steps) if script else NO_BEGINNING
    if script is None or wrong == NO_BEGINNING:
        return Item("script", "The script", "Write what callers say", "bad")
    if wrong:
        return Item("script", "The script", wrong, "bad")
    steps = len(flow_of(script.steps))
    words = f"Version {script.number}, {steps} step{'' if steps == 1 else 's'}"
    return Item("script", "The script", words, "ok")


def _callers(db: Session, phonebank: Phonebank, now: datetime) -> Item:
    if phonebank.access != "rostered":
        words = {"open": "Everyone who has practised", "group": "Members of the group"}
        return Item("who", "Who may call", words[phonebank.access], "ok")
    count = len(board.sessions(db, phonebank.id, now=now))
    if not count:
        return Item("who", "Who may call", "Add a session, or let the group call", "bad")
    return Item("who", "Who may call", f"{count} session{'' if count == 1 else 's'}", "ok")


def _leads(db: Session, phonebank: Phonebank) -> Item:
    names = [person.name for person in board.leads(db, phonebank.id)]
    if not names:
        return Item("lead", "A lead", "Nobody leads it", "bad")
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return Item("lead", "A lead", names[0] + more, "ok")
