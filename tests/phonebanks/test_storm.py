"""Four processes of sixteen callers each on two overlapping lists, with claims that run out."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from campaign.foundation.database import Database
from campaign.people.models import Person
from campaign.phonebanks.models import Call, Contact
from tests.phonebanks.making import NOON, fill, make_group, make_phonebank

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS, SECONDS = 4, 16, 12
CLAIM_SECONDS = 1


def overlaps(shown: list[dict[str, Any]], key: str) -> list[tuple[Any, Any]]:
    """Pairs of screens that had the same number, or person, at the same moment."""
    by_key = defaultdict(list)
    for line in shown:
        by_key[line[key]].append(line)
    found = []
    for lines in by_key.values():
        lines.sort(key=lambda line: line["from"])
        found += [(one, other) for one, other in pairwise(lines) if other["from"] < one["until"]]
    return found


def screens(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One for each claim: asking again shows the same person, and the report ends it."""
    by_call: dict[int, dict[str, Any]] = {}
    for line in lines:
        known = by_call.setdefault(line["call"], line)
        known["from"] = min(known["from"], line["from"])
        known["until"] = min(known["until"], line["until"])
    return list(by_call.values())


@pytest.mark.storm
@pytest.mark.timeout(240)
def test_nobody_is_on_two_screens_in_a_storm_and_expired_claims_block_nobody(
    database: Database, tmp_path: Path
) -> None:
    with database.unit_of_work() as db:
        make_group(db)
        usual = {"claim_seconds": CLAIM_SECONDS, "is_practice": True}
        hove = make_phonebank(db, **usual)
        worthing = make_phonebank(db, title="Worthing lifts", **usual)
        # 5,000 contacts on 3,300 numbers: 1,700 stand on both lists, the first ones hotly so.
        fill(db, hove, range(2500))
        fill(db, worthing, range(800, 3300), priority=1)
        db.execute(
            insert(Person),
            [
                {"name": f"Caller {n}", "public_id": f"caller{n}", "made_at": NOON}
                for n in range(PROCESSES * THREADS)
            ],
        )
        # A crowd at the front: twenty numbers of both lists come before all others.
        front = db.scalars(select(Contact).where(Contact.number_id.in_(range(801, 821)))).all()
        for contact in front:
            contact.priority = 0
        first = db.scalar(select(func.min(Person.id))) or 0
    logs = [tmp_path / f"{n}.log" for n in range(PROCESSES)]
    url = database.url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.phonebanks.storm", url, str(SECONDS)),
                *(str(THREADS), str(log), str(first + n * THREADS)),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for n, log in enumerate(logs)
    ]
    said = [process.communicate(timeout=200)[1] for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES, said
    shown = screens([json.loads(line) for log in logs for line in log.read_text().splitlines()])
    assert len(shown) > 200
    assert not overlaps(shown, "number")
    assert not overlaps(shown, "contact")
    assert not overlaps(shown, "caller")
    with database.reading() as db:
        expired = set(db.scalars(select(Call.number_id).where(Call.status == "expired")))
        assert len(expired) > 20
        again = [call for call in shown if call["number"] in expired]
        assert len(again) > len(expired)
        late = select(func.count()).select_from(Contact).where(Contact.state == "claimed")
        assert (db.scalar(late) or 0) <= PROCESSES * THREADS
