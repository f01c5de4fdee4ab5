"""Two hundred callers on three overlapping lists, who stall past their claims' end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from campaign.people.models import Person
from campaign.phonebanks.models import Call, Phonebank
from tests.faults.site import ROOT, built
from tests.faults.stores import Store
from tests.phonebanks.test_storm import overlaps, screens

PROCESSES, THREADS, SECONDS = 8, 25, 60


def run(store: Store, folder: Path, *, calls: int) -> dict[str, int]:
    """A minute of it; answers how many screens shared a number, a person or a caller."""
    del calls
    with built(
        store, folder, callers=PROCESSES * THREADS, people_each=2500, banks=3, workers=0
    ) as (site, _):
        with site.database.unit_of_work() as db:
            # Practice lists are open at all hours and never run empty; claims last a second.
            db.execute(update(Phonebank).values(is_practice=True, claim_seconds=1))
            first = db.scalar(select(func.min(Person.id)).where(Person.public_id.like("fault%")))
        logs = [folder / f"{n}.log" for n in range(PROCESSES)]
        running = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.phonebanks.storm", store.url, str(SECONDS)),
                    *(str(THREADS), str(log), str((first or 0) + n * THREADS), "patient"),
                ],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stderr=subprocess.PIPE,
            )
            for n, log in enumerate(logs)
        ]
        said = [process.communicate(timeout=SECONDS * 6)[1] for process in running]
        failed = [text for process, text in zip(running, said, strict=True) if process.returncode]
        if failed:
            raise RuntimeError(failed[0].decode()[-2000:])
        lines: list[dict[str, Any]] = [
            json.loads(line) for log in logs for line in log.read_text().splitlines()
        ]
        shown = screens(lines)
        with site.database.reading() as db:
            expired = db.scalar(
                select(func.count()).select_from(Call).where(Call.status == "expired")
            )
        return {
            "callers": PROCESSES * THREADS,
            "screens": len(shown),
            "claims that ran out": expired or 0,
            "numbers on two screens": len(overlaps(shown, "number")),
            "people on two screens": len(overlaps(shown, "contact")),
            "callers with two screens": len(overlaps(shown, "caller")),
        }
