"""Getting a report: by its return code, or as a case for who may look at it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.conduct.models import Report
from campaign.conduct.queries import reports, subjects
from campaign.conduct.rules.subjects import Behind
from campaign.foundation.errors import NotFound
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Role, Standing, may

NOTHING = "There is nothing here, or not for you."


def report_to_follow(db: Session, code: str) -> Report:
    """The report that a return code opens."""
    report = reports.report_by_code(db, code)
    if report is None:
        raise NotFound(
            "No report has this code. Look at it again: four groups of four letters and digits."
        )
    return report


def cases_to_see(db: Session, person_id: int | None) -> int:
    """Who looks at reports at all; to everybody else there is no such page."""
    if person_id is None or not reports.has_cases(db, person_id):
        raise NotFound(NOTHING)
    return person_id


def case_to_see(db: Session, public_id: str, person_id: int | None) -> tuple[Report, Behind | None]:
    """A case for who may look at it, and who stands behind what it is about.

    Never for whom it is about, for who runs their group, or for whom the reporter named; who
    stands behind the thing is asked anew each time.
    """
    report = reports.report_by_public_id(db, public_id)
    if report is None or not reports.may_see(db, report, person_id):
        raise NotFound(NOTHING)
    behind = subjects.behind(db, report.subject_kind, report.subject_id)
    if behind is not None and person_id in behind.never_see:
        raise NotFound(NOTHING)
    return report, behind


def pairs_to_keep(db: Session, person_id: int | None) -> int:
    """Who keeps people apart; to everybody else there is no such page."""
    safeguards = person_id is not None and Role.SAFEGUARDING in roles_of(db, person_id)
    standings = {Standing.SAFEGUARDING} if safeguards else {Standing.VISITOR}
    if person_id is None or not may(Action.KEEP_APART, standings):
        raise NotFound(NOTHING)
    return person_id
