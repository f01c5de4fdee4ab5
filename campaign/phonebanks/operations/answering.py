"""Taking a bureau's answer for one list: who is on the TPS, who is clear, of whom it is silent."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import at_field
from campaign.phonebanks.models import BureauAnswer, Contact, Phonebank, ScreenedNumber
from campaign.phonebanks.operations.many import among, plan_afresh, pour
from campaign.phonebanks.operations.parking import park
from campaign.phonebanks.operations.storing_newer import note_screening
from campaign.phonebanks.rules.answers import Answer, day_of_answer

PORTION = 5_000


def take_answer(
    db: Session,
    answer: Answer,
    *,
    phonebank: Phonebank,
    file_name: str,
    dated: date,
    now: datetime,
    actor_id: int | None,
) -> BureauAnswer:
    """Take in what a bureau says of the numbers of one list, for the calls of that list only.

    Listed numbers are not rung without consent. Who is clear counts as screened for 28 days from
    the first minute of the day on which the answer is ``dated``; who said no stays held. Of
    numbers that the answer does not name nothing changes, and an answer of an earlier day takes
    no later one back. Refuses a day to come, and one whose 28 days are over.
    """
    with at_field("dated"):
        checked_at = day_of_answer(dated, now=now)
    # Of two answers at once the second waits, so that each number has the word of one.
    bank = select(Phonebank.id).where(Phonebank.id == phonebank.id)
    db.execute(bank.with_for_update(key_share=True))
    plan_afresh(db)
    _write(db, phonebank, answer, checked_at)
    note_screening(db, _contacts(db, phonebank, answer.clear))
    park(lambda: nullcontext(db), phonebank.id)
    made = BureauAnswer(
        phonebank_id=phonebank.id,
        file_name=file_name[:200],
        dated=dated,
        counts=answer.counts,
        made_at=now,
        made_by=actor_id,
    )
    db.add(made)
    db.flush()
    audit.append(
        db,
        "bureau's answer taken in",
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[f"answer:{made.id}", *(f"{name}:{n}" for name, n in answer.counts.items())],
    )
    return made


def _write(db: Session, phonebank: Phonebank, answer: Answer, checked_at: datetime) -> None:
    number_ids = sorted(answer.listed | answer.clear)
    for first in range(0, len(number_ids), PORTION):
        portion = number_ids[first : first + PORTION]
        older = delete(ScreenedNumber).where(
            ScreenedNumber.phonebank_id == phonebank.id,
            ScreenedNumber.checked_at <= checked_at,
            among(db, ScreenedNumber.number_id, portion),
        )
        db.execute(older.execution_options(synchronize_session=False))
        rows = [
            {
                "phonebank_id": phonebank.id,
                "number_id": number_id,
                "is_listed": number_id in answer.listed,
                "checked_at": checked_at,
            }
            for number_id in portion
        ]
        pour(db, ScreenedNumber, rows)


def _contacts(db: Session, phonebank: Phonebank, number_ids: set[int]) -> list[int]:
    here = select(Contact.id).where(Contact.phonebank_id == phonebank.id)
    asked = here.where(among(db, Contact.number_id, sorted(number_ids)))
    return list(db.scalars(asked.order_by(Contact.id)))
