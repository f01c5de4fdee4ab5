"""Loading the TPS file: read first, brought in beside the one in force, put into its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused
from campaign.phonebanks.models import TpsFile, TpsPart
from campaign.phonebanks.operations.many import pour
from campaign.phonebanks.operations.never import Work, note_load
from campaign.phonebanks.operations.parking import park
from campaign.phonebanks.queries.screening import TPS, last_check, last_size
from campaign.phonebanks.rules.never import (
    Loaded,
    listed_in,
    refuse_empty,
    refuse_smaller,
    refuse_unreadable,
)
from campaign.phonebanks.rules.screening import day_of_file
from campaign.phonebanks.rules.tps import Packed

# Numbers, and rows, of one transaction: others who write wait for one of them at most.
PORTION = 50_000
SWEPT = 5_000


def load_tps(
    work: Work,
    written: Iterable[str],
    *,
    key: bytes,
    now: datetime,
    allow_unassigned: bool = False,
    smaller_is_right: bool = False,
    dated: date | None = None,
) -> Loaded:
    """Take the whole TPS file in the place of the last: who is screened is checked against it.

    It adds to no do-not-call list and takes nothing off one. The file is read before anything is
    written, then written in many short transactions, each of which ``work`` begins and keeps, and
    the last of them puts it in force: until then, and where it fails or is killed, the last file
    is. Of two loads at once the one that began to write later wins, and the other is refused.

    Refuses a file with more than one unreadable line in a hundred, one under nine tenths of the
    last unless ``smaller_is_right``, and a bureau's answer on one list, for that says nothing of
    other people. The 28 days count from the first minute of the day on which the file is
    ``dated``, or else from now; refuses a day to come and one before the last file's.
    """
    loaded, packed = _read(written, key, allow_unassigned)

    def judge(db: Session) -> datetime:
        as_of = now if dated is None else day_of_file(dated, last_check(db), now=now)
        if not smaller_is_right:
            refuse_smaller(loaded.lines, last_size(db, TPS))
        return as_of

    with work() as db:
        judge(db)
        file_id = _begin(db, now)
    for count, rows in packed.parts(PORTION):
        loaded.never += count
        with work() as db:
            _go_on(db, file_id)
            pour(db, TpsPart, [{"file_id": file_id, "start": a, "keys": b} for a, b in rows])
    with work() as db:
        _put_in_force(db, file_id, loaded, as_of=judge(db))
    park(work)
    sweep(work)
    return loaded


def sweep(work: Work) -> None:
    """Delete what no look-up reads any more, in portions."""
    while True:
        with work() as db:
            if not _sweep_some(db):
                return


def _read(written: Iterable[str], key: bytes, allow_unassigned: bool) -> tuple[Loaded, Packed]:
    loaded, packed = Loaded(), Packed()
    for digest in listed_in(written, loaded, key=key, allow_unassigned=allow_unassigned):
        packed.add(digest)
    refuse_empty(loaded.lines)
    if loaded.clear:
        raise Refused(
            "This is an answer on one list: some of its lines are clear. Load the whole TPS file, "
            "or this one with --source list."
        )
    refuse_unreadable(loaded.lines, loaded.unreadable, loaded.places)
    return loaded, packed


def _begin(db: Session, now: datetime) -> int:
    """A new file; one that never came to its end is gone, be it killed or still being written."""
    _turn(db, "coming", "gone")
    file = TpsFile(begun_at=now)
    db.add(file)
    db.flush()
    return file.id


def _go_on(db: Session, file_id: int) -> None:
    """Hold the file while a portion is written: whoever makes it gone waits, or was first."""
    held = select(TpsFile.state).where(TpsFile.id == file_id).with_for_update()
    if db.scalar(held) != "coming":
        raise Conflict("Another load began after this one, and its file counts.")


def _put_in_force(db: Session, file_id: int, loaded: Loaded, *, as_of: datetime) -> None:
    _go_on(db, file_id)
    with refusing(
        db,
        {"uq_tps_file_in_force": lambda: Conflict("Another file came into force. Load it again.")},
    ):
        _turn(db, "in_force", "gone")
        db.execute(update(TpsFile).where(TpsFile.id == file_id).values(state="in_force"))
    note_load(db, loaded, TPS, now=as_of)


def _turn(db: Session, state: str, into: str) -> None:
    turned = update(TpsFile).where(TpsFile.state == state).values(state=into)
    db.execute(turned.execution_options(synchronize_session=False))


def _sweep_some(db: Session) -> bool:
    """One portion; False where nothing is left."""
    gone = select(TpsFile.id).where(TpsFile.state == "gone").order_by(TpsFile.id).limit(1)
    file_id = db.scalar(gone)
    if file_id is None:
        return False
    parts = select(TpsPart.start).where(TpsPart.file_id == file_id).order_by(TpsPart.start)
    last = db.scalar(parts.offset(SWEPT).limit(1))
    swept = delete(TpsPart).where(TpsPart.file_id == file_id)
    if last is not None:
        swept = swept.where(TpsPart.start < last)
    db.execute(swept.execution_options(synchronize_session=False))
    if last is None:
        db.execute(delete(TpsFile).where(TpsFile.id == file_id))
    return True
