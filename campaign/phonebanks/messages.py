"""The letters of this room: about lists, exports, access, checks that run out, and shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaign.foundation.carriers import Letter
from campaign.foundation.letters import Writer
from campaign.phonebanks.models import Promise
from campaign.phonebanks.rules.imports import came_in, lines_of
from campaign.phonebanks.rules.promises import calendar_of


@dataclass(frozen=True)
class Mail:
    """How this installation writes letters, and where its pages are."""

    write: Writer
    base_url: str


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A phonebank in the letter on access: how many run it, have called lately, may call."""

    title: str
    ended: bool
    runs: int
    callers: int
    admitted: int


LISTS = {
    "imported": "Your list is in",
    "failed": "Nobody of your list came in",
    "dropped": "Your list was stopped",
}


def list_over(
    mail: Mail,
    *,
    to: str,
    title: str,
    state: str,
    given: str,
    counts: Mapping[str, int],
    why: str,
    path: str,
) -> Letter:
    """What became of a list: how many, and where the rest stands; nothing of its people."""
    rows, came = sum(counts.values()), came_in(counts)
    return mail.write(
        "phonebanks/list_over",
        to=to,
        subject=f"{LISTS[state]}: {title}",
        title=title,
        heading=LISTS[state],
        state=state,
        given=given,
        rows=rows,
        came=came,
        lines=lines_of(counts),
        why=why,
        list_url=f"{mail.base_url}{path}",
        again_url=f"{mail.base_url}{path.rpartition('/')[0]}",
    )


def export_asked(mail: Mail, *, to: str, title: str) -> Letter:
    """Somebody wants a table of contacts, and you may say yes or no."""
    return mail.write(
        "phonebanks/export_asked",
        to=to,
        subject=f"An export waits for you: {title}",
        title=title,
        exports_url=f"{mail.base_url}/exports",
    )


def export_decided(mail: Mail, *, to: str, title: str, yes: bool, path: str) -> Letter:
    """What the second person said. The table itself is never in a letter."""
    return mail.write(
        "phonebanks/export_decided",
        to=to,
        subject=f"Your export {'is approved' if yes else 'was refused'}: {title}",
        title=title,
        yes=yes,
        export_url=f"{mail.base_url}{path}/exports",
    )


def who_has_access(mail: Mail, *, to: str, lines: Sequence[AccessLine]) -> Letter:
    """How many can still get in where; their names stand behind the sign-in only."""
    return mail.write(
        "phonebanks/who_has_access",
        to=to,
        subject="Who still has access to phonebanks",
        lines=lines,
        page_url=f"{mail.base_url}/phonebanks/access",
    )


def old_check(
    mail: Mail, *, to: str, title: str, path: str, people: int, day: str, stopped: bool
) -> Letter:
    """The check against the TPS runs out, or has: how many people are not rung for it."""
    return mail.write(
        "phonebanks/old_check",
        to=to,
        subject=f"{'Calling has stopped' if stopped else f'Calling stops on {day}'}: {title}",
        title=title,
        people=people,
        day=day,
        stopped=stopped,
        board_url=f"{mail.base_url}{path}",
    )


def promise(mail: Mail, promise: Promise, *, to: str, when: str, now: datetime) -> Letter:
    """A promised call for its caller's calendar, or out of it again; nothing of who is rung."""
    url = f"{mail.base_url}/phonebanks/promises"
    letter = mail.write(
        "phonebanks/promise",
        to=to,
        subject="A call you promised is off" if promise.over else f"You promised a call: {when}",
        when=when,
        over=promise.over,
        promises_url=url,
    )
    entry = calendar_of(
        promise.public_id,
        at=promise.at,
        sequence=promise.sequence,
        now=now,
        url=url,
        over=promise.over,
    )
    return replace(letter, calendar=entry)


def shift_soon(
    mail: Mail, *, to: str, title: str, when: str, where: str, opens: str, path: str, key: str
) -> Letter:
    """Two hours before a shift: where, when the screen opens, and the way out."""
    return mail.write(
        "phonebanks/shift_soon",
        to=to,
        subject=f"Soon: {title}",
        title=title,
        when=when,
        where=where,
        opens=opens,
        shift_url=f"{mail.base_url}{path}",
        not_coming_url=f"{mail.base_url}/rsvps/{key}/not-coming",
    )


def shift_thanks(
    mail: Mail,
    *,
    to: str,
    first_name: str,
    title: str,
    own: str,
    together: str,
    following: Sequence[tuple[str, str, str]],
    key: str,
) -> Letter:
    """After a shift: what it came to, in numbers, and the next one ready to be signed up for."""
    again = f"{mail.base_url}/again/{key}"
    return mail.write(
        "phonebanks/shift_thanks",
        to=to,
        subject=f"Thank you for ringing: {title}",
        first_name=first_name,
        title=title,
        own=own,
        together=together,
        following=[(name, when, f"{again}?shift={event}") for name, when, event in following],
        again_url=again,
        no_more_url=f"{again}#mails",
    )
