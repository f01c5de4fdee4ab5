"""Files of people for tests: given, read and brought in as the worker of the house does it."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations import importing, working
from campaign.phonebanks.operations.working import Shop
from tests.phonebanks.making import KEY, NOON
from tests.proof_reader import ProofReadingClient


def open_shop(database: Database, folder: Path, *, allow_unassigned: bool = False) -> Shop:
    return Shop(database, folder / "imports", KEY, allow_unassigned)


def give(shop: Shop, phonebank: Phonebank, text: str | bytes, **given: Any) -> int:
    """A file that waits to be read; answers with its id."""
    usual: dict[str, Any] = {
        "file_name": "people.csv",
        "source": "petition stall",
        "basis": "column",
        "collected_on": date(2026, 11, 14),
        "now": NOON,
        "actor_id": None,
    }
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    with shop.database.unit_of_work() as db:
        held = {"folder": shop.folder, "phonebank": phonebank, **usual, **given}
        return importing.take_file(db, file, **held).id


def preview(shop: Shop, phonebank: Phonebank, text: str | bytes, **given: Any) -> ImportBatch:
    """A file that was read and counted; Refused with what it says where that did not go."""
    return finish(shop, give(shop, phonebank, text, **given))


def bring(shop: Shop, phonebank: Phonebank, text: str | bytes, **given: Any) -> ImportBatch:
    """A file whose people came in."""
    return bring_in(shop, preview(shop, phonebank, text, **given).id)


def bring_in(shop: Shop, batch_id: int, actor_id: int | None = None) -> ImportBatch:
    decide(shop, batch_id, actor_id)
    return finish(shop, batch_id)


def decide(shop: Shop, batch_id: int, actor_id: int | None = None) -> None:
    with shop.database.unit_of_work() as db:
        batch = db.get_one(ImportBatch, batch_id)
        importing.bring_in(db, batch=batch, now=NOON, actor_id=actor_id)


def stop(shop: Shop, batch_id: int, actor_id: int | None = None) -> None:
    with shop.database.unit_of_work() as db:
        batch = db.get_one(ImportBatch, batch_id)
        importing.stop(db, batch=batch, actor_id=actor_id, mail=shop.mail)


def finish(shop: Shop, batch_id: int) -> ImportBatch:
    batch = working.see_through(shop, batch_id, lambda _: None)
    if batch.state == "failed":
        raise Refused(batch.trouble)
    return batch


def rejects(shop: Shop, batch: ImportBatch) -> dict[int, list[str]]:
    """The rows that stay out: their place, and its column and reason."""
    with Kept(shop.folder, batch.public_id).rejects.open(encoding="utf-8-sig") as file:
        return {int(place): [column, why] for place, column, why in list(csv.reader(file))[1:]}


def work(client: ProofReadingClient) -> None:
    """What the worker of the house does within a second."""
    client.application.extensions["campaign"].queue.tick()
