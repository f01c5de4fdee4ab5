"""The statements that the application itself sends for one report and the next claim, recorded.

They are taken from a real request, so that they cannot drift from the code, and replayed by
pgbench (or, on SQLite, by one thread) with the ids of other callers in their places.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from campaign.commands.bench import crowd
from campaign.foundation import statements
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.statements import Statement
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.operations.dispensing import SLOTS

PLACE = re.compile(r"%\((\w+)\)s|%%")
# The look at the queue whose row the statements after it are about.
TAKES, MAKES = "ORDER BY contact.priority", "INSERT INTO call "
TPS = re.compile(r"tps = ([\d.]+)")
FAILED = re.compile(r"number of failed transactions: ([1-9]\d*)")


@dataclass
class Tape:
    """What was sent, and what each value in it stands for."""

    steps: list[tuple[str, Any]] = field(default_factory=list)
    roles: dict[Any, str] = field(default_factory=dict)
    # On so many lists the callers stand, one after the other.
    phonebanks: int = 1

    def role_of(self, name: str, value: Any) -> str | None:
        """What a value is of: the caller, the call, the next person …; None for a constant."""
        if name in ("slot", "bank"):
            return name
        return self.roles.get(value) if isinstance(value, int | str) else None

    @property
    def statements(self) -> int:
        """How many statements there are, beginnings and ends of transactions not counted."""
        ends = ("BEGIN", "COMMIT", "ROLLBACK")
        return sum(not statement.startswith(ends) for statement, _ in self.steps)


@contextmanager
def recording(database: Database) -> Iterator[Tape]:
    """Everything this process sends to the database while the block lasts."""
    tape = Tape()

    def sent(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, _m: bool) -> None:
        tape.steps.append((statement, parameters))

    def stated(statement: Statement, values: dict[str, Any]) -> None:
        tape.steps.append((statement.with_names, values))

    heard: list[tuple[str, Any]] = [("before_cursor_execute", sent)]
    if not database.is_sqlite:
        heard += [(name.lower(), _told(tape, name)) for name in ("BEGIN", "COMMIT", "ROLLBACK")]
    for name, listener in heard:
        event.listen(database.engine, name, listener)
    statements.listeners.append(stated)
    try:
        yield tape
    finally:
        statements.listeners.remove(stated)
        for name, listener in heard:
            event.remove(database.engine, name, listener)


def _told(tape: Tape, word: str) -> Callable[[Any], None]:
    def heard(connection: Any) -> None:
        # Who only looks says no word of a transaction to the database.
        if not connection.get_execution_options().get("campaign_look"):
            tape.steps.append((word, {}))

    return heard


def understand(database: Database, tape: Tape, place: int, client_uuid: str) -> None:
    """Note what each value on the tape of this caller's report stands for."""
    with database.reading() as db:
        row = select(Call.id, Call.public_id, Call.contact_id, Call.number_id).join(
            Contact, Contact.claim_call_id == Call.id
        )
        made = db.execute(row.where(Contact.claimed_by == crowd.PERSON + place)).one()
    tape.roles = {
        crowd.PERSON + place: "person",
        crowd.CONTACT + place: "contact",
        crowd.NUMBER + place: "number",
        crowd.CALL + place: "call",
        crowd.call_public_id(place): "call_public",
        client_uuid: "uuid",
        made[0]: "made_id",
        made[1]: "fresh",
        made[2]: "next_id",
        made[3]: "next_number_id",
    }


def pgbench(url: Any, tape: Tape, folder: Path, *, first: int, lines: int, each: int) -> float:
    """Transactions a second of the recorded statements, prepared, by so many clients."""
    found = shutil.which("pgbench")
    if found is None:
        raise Refused("pgbench is not here: install the PostgreSQL server's own programs.")
    constants: list[str] = []
    body = "\n".join(_line(tape, step, constants) for step in tape.steps)
    script = folder / "pgbench.sql"
    script.write_text(
        _head(first, each, tape.phonebanks) + body + "\n\\set i :i + 1\n", encoding="utf-8"
    )
    command = [found, "-n", "-M", "prepared", "-c", str(lines), "-j", "2", "-t", str(each)]
    command += ["-D", "i=0", "-f", str(script)]
    for number, value in enumerate(constants):
        command += ["-D", f"c{number}={value}"]
    where = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603 (found above)
        [*command, where],
        capture_output=True,
        text=True,
        env=os.environ | ({"PGPASSWORD": url.password} if url.password else {}),
        check=False,
    )
    speed = TPS.search(done.stdout)
    if done.returncode or speed is None or FAILED.search(done.stdout):
        raise Refused(f"pgbench failed: {done.stderr[-1500:]}{done.stdout[-500:]}")
    return float(speed.group(1))


def _head(first: int, each: int, phonebanks: int) -> str:
    sets = {
        "n": f"{first} + :client_id * {each} + :i",
        "person": f"{crowd.PERSON} + :n",
        "contact": f"{crowd.CONTACT} + :n",
        "number": f"{crowd.NUMBER} + :n",
        "call": f"{crowd.CALL} + :n",
        "call_public": f"{crowd.call_public_id(0)} + :n",
        "uuid": "random(1, 9000000000000000000)",
        "fresh": "random(100000000000, 999999999999)",
        "slot": f"random(0, {SLOTS - 1})",
        "bank": f":n % {phonebanks} + 1",
    }
    return "".join(f"\\set {name} {how}\n" for name, how in sets.items())


def _line(tape: Tape, step: tuple[str, Any], constants: list[str]) -> str:
    statement, parameters = step

    def put(match: re.Match[str]) -> str:
        if match.group() == "%%":
            return "%"
        value = parameters[match.group(1)]
        role = tape.role_of(match.group(1), value)
        return f":{role}" if role else _constant(value, constants)

    line = PLACE.sub(put, statement).replace("\n", " ")
    if TAKES in statement:
        return line + " \\gset next_"
    if statement.startswith(MAKES) and "RETURNING" in statement:
        return line + " \\gset made_"
    return line + ";"


def _constant(value: Any, constants: list[str]) -> str:
    value = getattr(value, "obj", value)  # what the driver wraps as JSON
    if value is None:
        return "NULL"
    if isinstance(value, dict | list):
        return "'{}'" if not value else "'[]'"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not text:
        return "''"
    if text not in constants:
        constants.append(text)
    return f":c{constants.index(text)}"


def floor(path: str, tape: Tape, places: Iterable[int]) -> float:
    """Calls a second of the same statements on SQLite in one thread, with nothing around them."""
    db = sqlite3.connect(path, isolation_level=None, cached_statements=500)
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    steps = [(statement, sent, _roles(tape, sent)) for statement, sent in tape.steps]
    calls, started = 0, time.perf_counter()
    for place in places:
        values = _values(place) | {"bank": place % tape.phonebanks + 1}
        for statement, parameters, roles in steps:
            sent = {name: values[role] for name, role in roles.items()}
            found = db.execute(statement, parameters | sent if sent else parameters)
            row = found.fetchone() if found.description else None
            found.fetchall()
            if row is not None and TAKES in statement:
                values["next_id"], values["next_number_id"] = row[:2]
            elif statement.startswith(MAKES):
                values["made_id"] = row[0] if row is not None else found.lastrowid
        calls += 1
    seconds = time.perf_counter() - started
    db.close()
    return calls / seconds


def _roles(tape: Tape, parameters: Any) -> dict[str, str]:
    """Which values are another caller's; BEGIN and COMMIT have none at all."""
    if not isinstance(parameters, dict):
        return {}
    found = {name: tape.role_of(name, value) for name, value in parameters.items()}
    return {name: role for name, role in found.items() if role}


def _values(place: int) -> dict[str, Any]:
    return {
        "person": crowd.PERSON + place,
        "contact": crowd.CONTACT + place,
        "number": crowd.NUMBER + place,
        "call": crowd.CALL + place,
        "call_public": crowd.call_public_id(place),
        "uuid": secrets.token_hex(16),
        "fresh": secrets.token_hex(5),
        "slot": secrets.randbelow(SLOTS),
        "next_id": None,
        "next_number_id": None,
        "made_id": None,
    }
