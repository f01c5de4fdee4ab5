"""What the clock does for events when the database has no time for it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from campaign.events import operations
from campaign.events.tasks import add_jobs
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import AGAIN_AFTER, Queue


def test_the_mail_of_the_day_is_tried_again_within_a_minute_of_a_busy_database(
    database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def busy_at_first(*_: Any, **__: Any) -> None:
        runs.append("run")
        if len(runs) == 1:
            raise Busy("We are very busy for a moment.")

    monkeypatch.setattr(operations, "send_digests", busy_at_first)
    queue = Queue(tmp_path, "")
    add_jobs(queue, database, settings)
    huey = queue.huey
    job = next(one for one in huey._registry.periodic_tasks if one.name == "send_digests")

    huey.execute(job)
    (waiting,) = huey.scheduled()
    assert waiting.name == "send_digests"
    soon = waiting.eta + timedelta(seconds=1)
    (due,) = huey.read_schedule(soon)
    assert AGAIN_AFTER == 60
    huey.execute(due, soon)
    assert runs == ["run", "run"]
    assert huey.scheduled() == []
