"""A moderator's decision about an event, taking it back, and what follows from a case.

Deciding holds the event's row: of two who decide at once the second sees the first's decision
before it writes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.operations.deciding import (
    UNDO_FOR,
    TooLateToUndo,
    undo_decision,
    write_decision,
)
from campaign.conduct.queries.decisions import latest_about
from campaign.conduct.rules.reasons import SAID, Reason, Verdict
from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, TrustedHost
from campaign.events.operations.editing import cancel
from campaign.events.operations.signing_up import lock
from campaign.events.operations.telling import facts_for_letter, refresh_feature
from campaign.events.operations.trusting import note_approval, revoke_trust
from campaign.events.rules.moderation import TRUSTED_AFTER, AlreadyDecided
from campaign.foundation import clock
from campaign.foundation.carriers import Letter
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import post, take_back
from campaign.people.models import Person

KIND = "event"
GUESTS_NOTE = "A moderator has taken the event down."


def decide(
    db: Session,
    *,
    event: Event,
    verdict: Verdict,
    actor_id: int,
    seen: str | None = None,
    reason: Reason | None = None,
    note: str = "",
    tell_guests: bool = False,
    report_id: int | None = None,
    mail: Mail | None = None,
    trusted_after: int = TRUSTED_AFTER,
) -> Decision:
    """Decide about an event; its host hears of it once it can no longer be undone.

    ``seen`` is the last decision that the moderator had before their eyes, "" for none: refuses
    where there is another by now (AlreadyDecided). ``tell_guests`` calls the event off as well,
    and everybody who signed up hears of it. Refuses what is cancelled, and to take down or ask
    without a reason.
    """
    event = lock(db, event.id)
    _check(db, event, verdict, seen)
    decision = write_decision(
        db,
        kind=KIND,
        public_id=event.public_id,
        verdict=verdict,
        actor_id=actor_id,
        reason=reason,
        note=note,
        before=_facts(event),
        group_slug=event.group.slug,
        report_id=report_id,
    )
    _apply(db, event, verdict, now=decision.at)
    if verdict is Verdict.HIDDEN and tell_guests:
        cancel(db, event=event, actor_id=actor_id, note=GUESTS_NOTE)
    hold = decision.at if report_id or event.state == "cancelled" else decision.at + UNDO_FOR
    host = db.get_one(Person, event.host_id)
    _tell_host(db, mail, event=event, host=host, decision=decision, hold=hold)
    if verdict is Verdict.LISTED:
        note_approval(db, host=host, decision=decision, after=trusted_after, mail=mail, hold=hold)
    return decision


def _check(db: Session, event: Event, verdict: Verdict, seen: str | None) -> None:
    latest = latest_about(db, kind=KIND, public_id=event.public_id)
    if seen is not None and seen != (latest.public_id if latest else ""):
        raise AlreadyDecided(SAID[Verdict(latest.verdict)].lower() if latest else "undone")
    if event.state in ("cancelled", "draft") and verdict not in (Verdict.HIDDEN, Verdict.SHOWN):
        raise Refused("This event was called off, or is still a draft: nothing waits for a look.")
    if (event.hidden_at is not None) != (verdict is Verdict.SHOWN):
        raise AlreadyDecided("it is taken down" if event.hidden_at else "it is not taken down")


def _apply(db: Session, event: Event, verdict: Verdict, *, now: datetime) -> None:
    if verdict is Verdict.LISTED:
        event.state, event.kept_off_at, event.asked_at = "listed", None, None
    elif verdict is Verdict.LINK_ONLY:
        event.state, event.kept_off_at, event.asked_at = "unlisted", now, None
    elif verdict is Verdict.ASKED:
        event.asked_at = now
    elif verdict is Verdict.HIDDEN:
        event.hidden_at = now
        if event.state == "listed":
            event.state, event.left_at = "unlisted", now
    elif verdict is Verdict.SHOWN:
        event.hidden_at = None
        hiding = latest_about(db, kind=KIND, public_id=event.public_id, verdict=Verdict.HIDDEN)
        if event.state != "cancelled" and hiding is not None and hiding.before.startswith("listed"):
            event.state, event.left_at = "listed", None
    _tell_calendars(event, verdict, now)
    refresh_feature(event, group=event.group, now=now)
    db.flush()


def _tell_calendars(event: Event, verdict: Verdict, now: datetime) -> None:
    """What was taken down, or given back, is a new revision for who has it in a calendar."""
    if verdict in (Verdict.HIDDEN, Verdict.SHOWN):
        event.sequence += 1
        event.changed_at = now


def _facts(event: Event) -> str:
    """How an event stands, in a word that ``_put_back`` reads: state, kept off, asked, hidden."""
    flags = {"k": event.kept_off_at, "a": event.asked_at, "h": event.hidden_at}
    return f"{event.state}:{''.join(flag for flag, at in flags.items() if at is not None)}"


def undo(db: Session, *, event: Event, decision: Decision, actor_id: int) -> None:
    """Take one's last decision back; nobody hears of it. TooLateToUndo after three minutes."""
    event = lock(db, event.id)
    latest = latest_about(db, kind=KIND, public_id=event.public_id)
    if latest is None or latest.id != decision.id or event.state == "cancelled":
        raise TooLateToUndo
    undo_decision(db, decision=decision, actor_id=actor_id)
    take_back(db, key=f"moderation:{decision.public_id}:")
    db.execute(delete(TrustedHost).where(TrustedHost.decision_id == decision.id))
    state, _, flags = decision.before.partition(":")
    now = clock.now()
    event.state = state
    event.kept_off_at = now if "k" in flags else None
    event.asked_at = now if "a" in flags else None
    event.hidden_at = now if "h" in flags else None
    event.left_at = None if state == "listed" else event.left_at
    _tell_calendars(event, Verdict(decision.verdict), now)
    refresh_feature(event, group=event.group, now=now)
    db.flush()


def _tell_host(
    db: Session,
    mail: Mail | None,
    *,
    event: Event,
    host: Person,
    decision: Decision,
    hold: datetime,
) -> None:
    letters: dict[str, Callable[..., Letter]] = {
        Verdict.LISTED.value: messages.listed,
        Verdict.LINK_ONLY.value: messages.kept_off,
        Verdict.ASKED.value: messages.asked,
        Verdict.HIDDEN.value: messages.hidden,
        Verdict.SHOWN.value: messages.shown_again,
    }
    write = letters.get(decision.verdict)
    if mail is None or write is None or not host.email or host.id == decision.actor_id:
        return
    facts = facts_for_letter(event, now=clock.now())
    more: dict[str, Any] = {"note": decision.note}
    if decision.verdict == Verdict.HIDDEN.value:
        more["public"] = decision.public
    letter = write(mail, to=host.email, event=facts, **more)
    post(db, letter, key=f"moderation:{decision.public_id}:host", not_before=hold)


# What follows from a case of the room beneath; the registry subscribes these.


def hide_reported(db: Session, **facts: Any) -> None:
    """A case takes an event down, unless it is down already."""
    event = _reported(db, facts)
    if event is not None and event.hidden_at is None:
        _follow(db, event, Verdict.HIDDEN, facts)


def show_reported(db: Session, **facts: Any) -> None:
    """A case gives an event back."""
    event = _reported(db, facts)
    if event is not None and event.hidden_at is not None:
        _follow(db, event, Verdict.SHOWN, facts)


def _follow(db: Session, event: Event, verdict: Verdict, facts: dict[str, Any]) -> None:
    mail = facts.get("mail")
    decide(
        db,
        event=event,
        verdict=verdict,
        actor_id=facts["actor_id"],
        reason=facts.get("reason"),
        note=facts.get("note", ""),
        report_id=facts["report_id"],
        mail=None if mail is None else Mail(mail.write, mail.base_url),
    )


def distrust_reported(db: Session, **facts: Any) -> None:
    """A report about a host's event was upheld: the host is trusted no longer."""
    event = _reported(db, facts)
    if event is not None:
        revoke_trust(
            db,
            person_id=event.host_id,
            because="a report about one of their events was upheld.",
            actor_id=facts["actor_id"],
        )


def distrust_barred(db: Session, *, person_id: int, actor_id: int | None = None, **_: Any) -> None:
    """Who is barred is trusted no longer, also once the bar is lifted."""
    revoke_trust(db, person_id=person_id, because="was barred.", actor_id=actor_id)


def _reported(db: Session, facts: dict[str, Any]) -> Event | None:
    if facts["kind"] not in ("event", "meetup"):
        return None
    return db.scalar(select(Event).where(Event.public_id == facts["public_id"]))
