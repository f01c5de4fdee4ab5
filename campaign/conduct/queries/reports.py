"""Reports: who looks at which, and what one thing was reported for."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from campaign.conduct.models import Report, ReportExclusion
from campaign.conduct.rules import codes
from campaign.conduct.rules.categories import CONTENT, SAFEGUARDED, action_for
from campaign.conduct.rules.states import OPEN
from campaign.people.models import Person, RoleGrant
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Role, Standing, may

MOST = 100


def report_by_code(db: Session, code: str) -> Report | None:
    """The report that a return code opens, with what was said since."""
    return db.scalar(
        select(Report)
        .where(Report.code == codes.fingerprint(code))
        .options(selectinload(Report.entries))
    )


def report_by_public_id(db: Session, public_id: str) -> Report | None:
    """The report with this public id, with what was said and done since."""
    return db.scalar(
        select(Report).where(Report.public_id == public_id).options(selectinload(Report.entries))
    )


def may_see(db: Session, report: Report, person_id: int | None) -> bool:
    """Whether a report is for this person: by role, and never where they are excluded."""
    if person_id is None or not may(action_for(report.category), _standings(db, person_id)):
        return False
    return not is_excluded(db, report.id, person_id)


def is_excluded(db: Session, report_id: int, person_id: int) -> bool:
    """Whether the person must never see the report."""
    return db.get(ReportExclusion, (report_id, person_id)) is not None


def _standings(db: Session, person_id: int) -> set[Standing]:
    roles = roles_of(db, person_id)
    wanted = {
        Role.MODERATOR.value: Standing.MODERATOR,
        Role.SAFEGUARDING.value: Standing.SAFEGUARDING,
    }
    return {standing for role, standing in wanted.items() if role in roles}


def has_cases(db: Session, person_id: int | None) -> bool:
    """Whether the person looks at any kind of report."""
    return person_id is not None and bool(_categories(db, person_id))


def _categories(db: Session, person_id: int) -> list[str]:
    standings = _standings(db, person_id)
    seen = CONTENT if may(Action.SEE_CONTENT_CASE, standings) else frozenset()
    also = SAFEGUARDED if may(Action.SEE_CONDUCT_CASE, standings) else frozenset()
    return sorted(category.value for category in seen | also)


def cases_for(db: Session, person_id: int, *, is_open: bool = True) -> list[Report]:
    """The cases this person may see, the one that waits longest first; the newest of the old."""
    query = _seen_by(db, person_id)
    if is_open:
        query = query.where(Report.state.in_(OPEN)).order_by(Report.made_at, Report.id)
    else:
        query = query.where(Report.state.not_in(OPEN)).order_by(
            Report.changed_at.desc(), Report.id.desc()
        )
    return list(db.scalars(query.limit(MOST)))


def _seen_by(db: Session, person_id: int) -> Select[Report]:
    excluded = select(ReportExclusion.report_id).where(ReportExclusion.person_id == person_id)
    return select(Report).where(
        Report.category.in_(_categories(db, person_id)), Report.id.not_in(excluded)
    )


def counts_about(db: Session, *, kind: str, public_id: str, person_id: int) -> tuple[int, int]:
    """How many reports of a thing are open and were upheld, of those this person may see."""
    query = (
        _seen_by(db, person_id)
        .where(Report.subject_kind == kind, Report.subject_id == public_id)
        .with_only_columns(
            func.count().filter(Report.state.in_(OPEN)),
            func.count().filter(Report.upheld.is_(True)),
        )
    )
    row = db.execute(query).one()
    return int(row[0]), int(row[1])


def officers(db: Session, role: Role) -> list[Person]:
    """The people with a role, by name."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role.value, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return list(db.scalars(query))


def lookers(db: Session, report: Report) -> list[Person]:
    """Who may look at a report: the people of its role whom nothing keeps from it, by name."""
    excluded = select(ReportExclusion.person_id).where(ReportExclusion.report_id == report.id)
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == role_for(report.category).value,
            Person.disabled_at.is_(None),
            Person.id.not_in(excluded),
        )
        .order_by(Person.name, Person.id)
    )
    return list(db.scalars(query))


def role_for(category: str) -> Role:
    """Whose reports of this category are."""
    safeguarded = action_for(category) is Action.SEE_CONDUCT_CASE
    return Role.SAFEGUARDING if safeguarded else Role.MODERATOR


def anybody_for(db: Session, report: Report) -> bool:
    """Whether somebody is left who may look at a report."""
    return bool(lookers(db, report))
