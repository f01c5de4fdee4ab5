"""Working a case: taking it, first steps, deciding, closing; and who is barred meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.conduct.messages import Mail
from campaign.conduct.models import Barred, Report
from campaign.conduct.operations.deciding import write_decision
from campaign.conduct.operations.reporting import note
from campaign.conduct.queries.apart import has_bar
from campaign.conduct.queries.decisions import latest_about
from campaign.conduct.rules.categories import CATEGORIES, CONTENT, Category
from campaign.conduct.rules.reasons import Reason, Verdict, check_reason
from campaign.conduct.rules.states import CaseState, check_step
from campaign.conduct.rules.subjects import Behind
from campaign.foundation import audit, clock, signals
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, NotFound, Refused

KEPT = "Somebody reported it. We looked at it, and it stays."


class BarredAlready(Conflict):
    """Somebody else barred them at this moment."""

    def __init__(self) -> None:
        super().__init__("This person is barred already.")


@dataclass(frozen=True)
class Outcome:
    """What a case comes to: what who reported reads, and what becomes of the thing."""

    upheld: bool
    answer: str
    hide: bool = False
    reason: Reason | None = None
    to_host: str = ""


def lock_case(db: Session, held: Report) -> Report:
    """The case, alone until the transaction ends, as it is now."""
    query = select(Report).where(Report.id == held.id).with_for_update()
    found = db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("This case is kept no longer.")
    return found


def take(db: Session, *, held: Report, actor_id: int) -> None:
    """Say that one looks into it."""
    held = lock_case(db, held)
    check_step(held.state, CaseState.ASSESSING)
    held.state = CaseState.ASSESSING.value
    note(db, held, "taken", "Looks into it.", actor_id=actor_id)


def write_note(db: Session, *, held: Report, text: str, actor_id: int) -> None:
    """Write down what one found out, for those who look at the case."""
    note(db, lock_case(db, held), "note", text, actor_id=actor_id)


def act_at_once(
    db: Session,
    *,
    held: Report,
    actor_id: int,
    what: str,
    behind: Behind | None,
    reason: Reason | None = None,
    mail: Mail | None = None,
) -> None:
    """Do something before deciding: "hide" the thing, or "bar" who made it.

    Refuses to hide without a public reason, and what has nobody behind it.
    """
    held = lock_case(db, held)
    check_step(held.state, CaseState.INTERIM)
    if behind is None:
        raise Refused("We do not know who made this, so there is nothing to act on here.")
    held.state = CaseState.INTERIM.value
    if what == "hide":
        check_reason(Verdict.HIDDEN, reason)
        _hide(db, held, actor_id=actor_id, reason=reason, to_host="", mail=mail)
        note(db, held, "interim", "Taken down while it is looked into.", actor_id=actor_id)
        return
    for person_id in sorted(behind.makers):
        bar(db, person_id=person_id, actor_id=actor_id, report_id=held.id)
    note(db, held, "interim", "Barred from announcing and running events.", actor_id=actor_id)


def decide_case(
    db: Session,
    *,
    held: Report,
    actor_id: int,
    outcome: Outcome,
    behind: Behind | None,
    mail: Mail | None = None,
) -> None:
    """Decide a case: upheld or not; what who reported reads; what becomes of the thing.

    Upheld, its maker is trusted no longer. Not upheld, what this case took down comes back.
    Refuses to hide without a public reason, and a case that was decided meanwhile (WrongStep).
    """
    held = lock_case(db, held)
    check_step(held.state, CaseState.DECIDED)
    if outcome.upheld and outcome.hide:
        check_reason(Verdict.HIDDEN, outcome.reason)
    held.state, held.upheld, held.answer = CaseState.DECIDED.value, outcome.upheld, outcome.answer
    said = "Upheld. " if outcome.upheld else "Not upheld. "
    note(db, held, "decided", said + outcome.answer, actor_id=actor_id)
    about: dict[str, Any] = {
        "kind": held.subject_kind,
        "public_id": held.subject_id,
        "actor_id": actor_id,
    }
    if outcome.upheld:
        signals.report_upheld.send(db, **about)
    if outcome.upheld and outcome.hide:
        _hide(
            db,
            held,
            actor_id=actor_id,
            reason=outcome.reason,
            to_host=outcome.to_host,
            mail=mail,
        )
    if outcome.upheld:
        _keep_barred(db, held, actor_id, mail)
    else:
        _lift_bars_of(db, held, actor_id)
    if not outcome.upheld and _took_it_down(db, held):
        signals.content_shown.send(db, **about, report_id=held.id, note=outcome.to_host, mail=mail)
    elif _is_to_be_logged(db, held, outcome) and behind is not None:
        _log_kept(db, held, actor_id, behind)


def _hide(
    db: Session,
    held: Report,
    *,
    actor_id: int,
    reason: Reason | None,
    to_host: str,
    mail: Mail | None,
) -> None:
    signals.content_hidden.send(
        db,
        kind=held.subject_kind,
        public_id=held.subject_id,
        actor_id=actor_id,
        reason=reason,
        note=to_host or (reason.hide if reason else ""),
        report_id=held.id,
        mail=mail,
    )


def _took_it_down(db: Session, held: Report) -> bool:
    last = latest_about(db, kind="event", public_id=held.subject_id, verdict=Verdict.HIDDEN)
    return last is not None and last.report_id == held.id


def _keep_barred(db: Session, held: Report, actor_id: int, mail: Mail | None) -> None:
    """What began as a first step stands now: the events of who is barred go on without them."""
    for person_id in _barred_by(db, held):
        signals.person_barred.send(db, person_id=person_id, actor_id=actor_id, mail=mail)


def _barred_by(db: Session, held: Report) -> Sequence[int]:
    query = select(Barred.person_id).where(Barred.report_id == held.id, Barred.lifted_at.is_(None))
    return db.scalars(query.order_by(Barred.id)).all()


def _is_to_be_logged(db: Session, held: Report, outcome: Outcome) -> bool:
    """What stays although it was reported is told to everybody; harassment never is."""
    stays = not (outcome.upheld and outcome.hide) and not _took_it_down(db, held)
    return stays and Category(held.category) in CONTENT


def _lift_bars_of(db: Session, held: Report, actor_id: int) -> None:
    for person_id in _barred_by(db, held):
        lift_bar(db, person_id=person_id, actor_id=actor_id)


def _log_kept(db: Session, held: Report, actor_id: int, behind: Behind) -> None:
    label = CATEGORIES[Category(held.category)].label
    write_decision(
        db,
        kind=held.subject_kind,
        public_id=held.subject_id,
        verdict=Verdict.KEPT,
        actor_id=actor_id,
        reason=Reason("kept", label, KEPT, "", ""),
        group_slug=behind.group_slug,
        report_id=held.id,
    )


def close(db: Session, *, held: Report, actor_id: int) -> None:
    """Close a decided case."""
    held = lock_case(db, held)
    check_step(held.state, CaseState.CLOSED)
    held.state = CaseState.CLOSED.value
    note(db, held, "closed", "Closed.", actor_id=actor_id)


def bar(db: Session, *, person_id: int, actor_id: int, report_id: int | None = None) -> None:
    """This person announces and runs nothing for the time being; they can still sign in. The
    links that they made to the names of an event open nothing any more.

    A first step that can be taken back: only once the case is upheld do others hear of it
    (``person_barred``). Barring again changes nothing.
    """
    if has_bar(db, person_id):
        return
    now = clock.now()
    row = Barred(person_id=person_id, made_at=now, made_by=actor_id, report_id=report_id)
    try:
        with refusing(db, {"uq_barred_person_id": BarredAlready}):
            db.add(row)
    except BarredAlready:
        return
    audit.append(db, "barred", subject=f"person:{person_id}", actor_id=actor_id)
    db.flush()
    signals.standing_changed.send(db, person_id=person_id)


def lift_bar(db: Session, *, person_id: int, actor_id: int) -> None:
    """This person may announce again."""
    held = db.scalar(
        select(Barred).where(Barred.person_id == person_id, Barred.lifted_at.is_(None))
    )
    if held is not None:
        held.lifted_at = clock.now()
        db.flush()
        audit.append(db, "bar lifted", subject=f"person:{person_id}", actor_id=actor_id)


def closed_due(db: Session, closed_before: datetime) -> int:
    """How many cases were closed before then."""
    old = (Report.state == CaseState.CLOSED.value, Report.changed_at < closed_before)
    return db.scalar(select(func.count()).select_from(Report).where(*old)) or 0


def forget_closed(db: Session, *, days: int, now: datetime) -> int:
    """Delete the cases that were closed so long ago, with all that was said; answers how many."""
    old = delete(Report).where(
        Report.state == CaseState.CLOSED.value, Report.changed_at < now - timedelta(days=days)
    )
    gone = db.execute(old).rowcount  # type: ignore[attr-defined]
    return int(gone)
