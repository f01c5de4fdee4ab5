"""How far calls came in the script: counts of calls that are kept, by version."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Answer, Call, CallSignUp, ScriptVersion
from campaign.phonebanks.queries.counted import counted, is_talk
from campaign.phonebanks.rules.reached import Reached, how_far

# Fewer people than this are not told of by their answers.
FEW = 5


@dataclass(frozen=True, slots=True)
class ScriptCounts:
    """One version: how many calls were reported with it, how many talked, and how far they came."""

    number: int
    calls: int
    talks: int
    sign_ups: int
    steps: list[Reached]

    @property
    def is_telling(self) -> bool:
        """Whether a number in it is so small that it may tell what one person answered."""
        return any(
            0 < number < FEW
            for step in self.steps
            for number in (step.asked, step.answered, step.ended, *(n for _, n in step.answers))
        )


def script_counts(db: Session, phonebank_id: int, number: int | None = None) -> ScriptCounts | None:
    """How far the calls with a version came; of the newest without a number. None without one.

    Calls that are forgotten count no more: of them only the sums of ``answers_of`` are left.
    """
    wanted = select(ScriptVersion).where(ScriptVersion.phonebank_id == phonebank_id)
    if number is not None:
        wanted = wanted.where(ScriptVersion.number == number)
    version = db.scalar(wanted.order_by(ScriptVersion.number.desc()).limit(1))
    if version is None:
        return None
    theirs = (
        Call.phonebank_id == phonebank_id,
        Call.script_number == version.number,
        counted(),
    )
    answers = (
        select(Answer.question, Answer.option, func.count())
        .join(Call, Call.id == Answer.call_id)
        .where(*theirs, is_talk())
        .group_by(Answer.question, Answer.option)
    )
    said = {(question, option): many for question, option, many in db.execute(answers)}
    calls = db.scalar(select(func.count()).select_from(Call).where(*theirs)) or 0
    talks = db.scalar(select(func.count()).select_from(Call).where(*theirs, is_talk())) or 0
    sign_ups = select(func.count()).select_from(CallSignUp)
    sign_ups = sign_ups.join(Call, Call.id == CallSignUp.call_id).where(*theirs)
    return ScriptCounts(
        number=version.number,
        calls=calls,
        talks=talks,
        sign_ups=db.scalar(sign_ups) or 0,
        steps=how_far(version.steps, talks=talks, said=said),
    )


def counted_versions(db: Session, phonebank_id: int) -> list[int]:
    """The versions that calls were reported with, the newest first."""
    query = (
        select(Call.script_number)
        .where(Call.phonebank_id == phonebank_id, counted())
        .where(Call.script_number.is_not(None))
        .distinct()
        .order_by(Call.script_number.desc())
    )
    return [number for number in db.scalars(query) if number is not None]
