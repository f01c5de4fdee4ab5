"""A worker that is killed in the midst of taking calls back leaves nothing half done."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

from sqlalchemy import func, select

from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Call, Contact, Reversal
from campaign.phonebanks.operations import reversing
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank
from tests.phonebanks.test_reversing import called, dump
from tests.phonebanks.test_taking_out import World

# A worker that says when a portion is written and not yet kept, and waits there for its end.
WORKER = """
import sys
from campaign import registry
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import load
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.operations import reversing
from tests.phonebanks.making import NOON
registry.subscribe()
take = reversing.take_portion
def slowly(*given, **named):
    take(*given, **named)
    print("written", flush=True)
    sys.stdin.readline()
reversing.take_portion, reversing.PORTION = slowly, 3
settings = load({}, environment="testing", secret_key="k" * 64, suppression_key="k" * 64)
mail = Mail(LetterWriter(settings), settings.base_url)
database = Database(sys.argv[1])
while reversing.work_on(database, mail=mail, now=NOON):
    print("kept", flush=True)
"""


def test_killed_again_and_again_it_is_whole_each_time_and_ends_as_if_it_had_not_been(
    database: Database, settings: Settings
) -> None:
    with database.unit_of_work() as db:
        bank, callers = make_phonebank(db), [make_person(db, name) for name in ("Vic", "Lena")]
        people = fill(db, bank, range(24))
        before = dump(db)
        world = World(db, callers, banks=[bank], people=people)
        for contact in people:
            called(world, 0, contact, "talked", note="Nonsense")
        mail = Mail(LetterWriter(settings), settings.base_url)
        reversing.AT_ONCE, most = 0, reversing.AT_ONCE
        try:
            reversing.reverse(
                db,
                caller=callers[0],
                phonebanks=[bank],
                since=NOON - timedelta(hours=1),
                actor_id=callers[1].id,
                mail=mail,
                now=NOON + timedelta(hours=1),
            )
        finally:
            reversing.AT_ONCE = most
    url = database.url.render_as_string(hide_password=False)
    for portions in (1, 2, 3):
        with subprocess.Popen(
            [sys.executable, "-c", WORKER, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as worker:
            assert worker.stdin is not None
            assert worker.stdout is not None
            for _ in range(portions - 1):
                assert worker.stdout.readline() == "written\n"
                worker.stdin.write("\n")
                worker.stdin.flush()
                assert worker.stdout.readline() == "kept\n"
            assert worker.stdout.readline() == "written\n"
            worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        _is_whole(database)
    while reversing.work_on(database, mail=mail, now=NOON):
        _is_whole(database)
    with database.reading() as db:
        assert dump(db) == before
        assert db.scalars(select(Reversal.finished_at)).one() is not None


def _is_whole(database: Database) -> None:
    with database.reading() as db:
        rows = db.execute(
            select(Call.status, Contact.state, Contact.note, Contact.attempts)
            .join(Contact, Contact.id == Call.contact_id)
            .order_by(Call.id)
        ).all()
        out = ("reversed", "ready", "", 0)
        assert {tuple(row) for row in rows} <= {out, ("reported", "done", "Nonsense", 1)}
        done = db.scalar(select(func.count()).where(Call.status == "reversed"))
        assert done == db.scalars(select(Reversal.done)).one()
        assert done is not None
        assert done % 3 == 0
