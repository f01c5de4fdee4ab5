"""The letter at the end of a list: to whoever had it brought in, once, whatever became of it.

It goes into the transaction that ends the list, so that a worker who is killed before has written
none, and the one after writes the only one.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from campaign.foundation.outbox import post
from campaign.foundation.words import human_day, human_time
from campaign.people.models import Person
from campaign.phonebanks import messages
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.rules.imports import without_words_of_file
from campaign.phonebanks.rules.screening import LONDON


def tell_who_came_in(
    db: Session, batch: ImportBatch, counts: Mapping[str, int], mail: Mail | None
) -> None:
    """Everybody of a list is in: how many, and how many rows stayed out."""
    _write(db, batch, mail, "imported", counts=counts)


def tell_why_nobody(db: Session, batch: ImportBatch, why: str, mail: Mail | None) -> None:
    """A list came to nothing, for a reason that says nothing of its people."""
    _write(db, batch, mail, "failed", why=without_words_of_file(why))


def tell_of_stop(
    db: Session, batch: ImportBatch, mail: Mail | None, *, before: str, actor_id: int | None
) -> None:
    """A list was thrown away; who throws away their own that only waits for them knows that."""
    if before != "previewed" or actor_id != _starter(batch):
        _write(db, batch, mail, "dropped")


def _starter(batch: ImportBatch) -> int | None:
    return batch.brought_by or batch.made_by


def _write(
    db: Session,
    batch: ImportBatch,
    mail: Mail | None,
    state: str,
    *,
    counts: Mapping[str, int] | None = None,
    why: str = "",
) -> None:
    starter = _starter(batch)
    person = None if starter is None else db.get(Person, starter)
    if mail is None or person is None or not person.email or person.disabled_at:
        return
    phonebank = db.get_one(Phonebank, batch.phonebank_id)
    given = batch.made_at.astimezone(LONDON)
    letter = messages.list_over(
        mail,
        to=person.email,
        title=phonebank.title,
        state=state,
        given=f"{human_day(given.date())} at {human_time(given, LONDON)}",
        counts=counts or {},
        why=why,
        path=f"/phonebanks/{phonebank.public_id}/import/{batch.public_id}",
    )
    post(db, letter, key=f"list:{batch.id}:{state}")
