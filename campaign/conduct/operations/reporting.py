"""Telling us, adding to it, and asking for a second look."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from campaign.conduct import messages
from campaign.conduct.messages import Mail
from campaign.conduct.models import Decision, Report, ReportEntry, ReportExclusion
from campaign.conduct.queries import reports
from campaign.conduct.rules import codes
from campaign.conduct.rules.categories import Category
from campaign.conduct.rules.states import CaseState
from campaign.conduct.rules.subjects import Behind, names_person
from campaign.foundation import audit, clock
from campaign.foundation.errors import Conflict
from campaign.foundation.outbox import post
from campaign.foundation.tokens import ALPHABET
from campaign.people.operations import insert_or_leave
from campaign.people.rules import Role

# Under what a report is kept that begins as an appeal against a decision of this reason.
_AS = {
    "A home address": Category.DATA_MISUSE,
    "Unsafe": Category.UNSAFE,
    "Spam": Category.SPAM,
    "Impostor": Category.IMPOSTOR,
}


def report(
    db: Session,
    *,
    kind: str,
    public_id: str,
    category: str,
    text: str,
    keep_from: str = "",
    behind: Behind | None = None,
    mail: Mail | None = None,
) -> tuple[Report, str]:
    """Keep what somebody tells us; answers the report and its return code, which we do not keep.

    Never to be seen by who stands ``behind`` the thing, nor by anybody whom ``keep_from`` names.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(codes.LENGTH))
    made = _keep(db, kind, public_id, category, text, code=codes.fingerprint(code))
    for person_id in _never_see(db, behind, keep_from):
        exclude(db, made, person_id)
    _tell(db, mail, made)
    return made, codes.spaced(code)


def _keep(
    db: Session,
    kind: str,
    public_id: str,
    category: str,
    text: str,
    *,
    code: str | None,
    state: CaseState = CaseState.RECEIVED,
) -> Report:
    now = clock.now()
    made = Report(
        code=code,
        subject_kind=kind,
        subject_id=public_id[:80],
        category=Category(category).value,
        text=text,
        state=state.value,
        made_at=now,
        changed_at=now,
    )
    db.add(made)
    db.flush()
    audit.append(db, "report received", subject=f"report:{made.id}", details=[made.category])
    return made


def _never_see(db: Session, behind: Behind | None, keep_from: str) -> set[int]:
    never = set(behind.never_see) if behind else set()
    for role in (Role.MODERATOR, Role.SAFEGUARDING) if keep_from else ():
        for one in reports.officers(db, role):
            if names_person(keep_from, name=one.name, email=one.email):
                never.add(one.id)
    return never


def exclude(db: Session, held: Report, person_id: int) -> None:
    """This person never sees the report."""
    insert_or_leave(db, ReportExclusion, report_id=held.id, person_id=person_id)


def _tell(db: Session, mail: Mail | None, held: Report) -> None:
    """Who may look at it hears that something waits, and not what."""
    if mail is None:
        return
    for one in reports.lookers(db, held):
        if one.email:
            letter = messages.report_waits(mail, to=one.email, case=held.public_id)
            key = f"report:{held.public_id}:{one.public_id}:{held.changed_at.timestamp():.0f}"
            post(db, letter, key=key)


def add(db: Session, *, held: Report, text: str) -> None:
    """Who reported adds something. Refused where the case is closed (Conflict)."""
    if held.state == CaseState.CLOSED.value:
        raise Conflict("This case is closed. Make a new report, and say that it goes on.")
    note(db, held, "added", text, actor_id=None)


def note(db: Session, held: Report, kind: str, text: str, *, actor_id: int | None) -> None:
    """One more entry of a case."""
    now = clock.now()
    db.add(ReportEntry(report_id=held.id, at=now, actor_id=actor_id, kind=kind, text=text))
    held.changed_at = now
    db.flush()
    audit.append(db, f"report: {kind}", subject=f"report:{held.id}", actor_id=actor_id)


def appeal(
    db: Session,
    *,
    decision: Decision,
    text: str,
    actor_id: int,
    behind: Behind | None,
    mail: Mail | None = None,
) -> Report:
    """Who is behind a thing that was taken down asks for a second look.

    It goes on in the case that took it down, or begins one. Where another moderator is left, who
    took it down does not see it. Asking again while it is looked at only adds to it.
    """
    held = db.get(Report, decision.report_id) if decision.report_id else None
    if held is None:
        category = _AS.get(decision.category, Category.MISLEADING)
        kind, public_id = decision.subject_kind, decision.subject_id
        held = _keep(db, kind, public_id, category, text, code=None, state=CaseState.APPEAL)
        decision.report_id = held.id
        for person_id in _never_see(db, behind, ""):
            exclude(db, held, person_id)
        _leave_to_another(db, held, decision)
    elif held.state in (CaseState.DECIDED.value, CaseState.CLOSED.value):
        held.state = CaseState.APPEAL.value
    note(db, held, "appeal", text, actor_id=actor_id)
    _tell(db, mail, held)
    return held


def _leave_to_another(db: Session, held: Report, decision: Decision) -> None:
    others = [one.id for one in reports.lookers(db, held) if one.id != decision.actor_id]
    if others and decision.actor_id is not None:
        exclude(db, held, decision.actor_id)
