"""The file of the journal: lines that are only ever added, each on the disk before we go on."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.foundation.errors import Refused

NAME = "journal.jsonl"
FORMAT = 1
SUPPRESSED = "suppressed"
OTHER_KEY = (
    "was written with another CAMPAIGN_SUPPRESSION_KEY, so nobody in it would be recognised: "
    "put that key back"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An objection or an erasure: ``of`` is the keyed hash of what it is about.

    ``mark`` is the erasure's own name, by which a database knows that it was done there.
    """

    kind: str
    of: str
    at: str
    mark: str = ""
    reason: str = ""
    source: str = ""

    @property
    def moment(self) -> datetime:
        """When it was."""
        return datetime.fromisoformat(self.at)


NAMES = tuple(one.name for one in fields(Entry))


@dataclass
class Pages:
    """What was read of a journal, each thing once, and how many lines were damaged."""

    entries: list[Entry] = field(default_factory=list)
    damaged: int = 0

    def of_kind(self, kind: str) -> list[Entry]:
        """The entries of one kind, in the order they were written."""
        return [entry for entry in self.entries if entry.kind == kind]


class Journal:
    """The file of one installation, and the key with which it hashes."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self._key = key.encode()

    def hashed(self, kind: str, what: str) -> str:
        """The keyed hash of something; of one kind it never looks like that of another."""
        return hmac.digest(self._key, f"{kind}:{what}".encode(), "sha256").hex()

    def append(self, entries: Iterable[Entry]) -> None:
        """Add entries and wait until they are on the disk; processes take turns.

        Whatever a killed process left of a line is closed first. Refuses a file that was written
        with another key.
        """
        self._write("".join(_line(_said(entry)) for entry in entries))

    def begin(self) -> None:
        """Begin the file, so that nobody need ask whether it is missing or empty."""
        self._write("")

    def _write(self, written: str) -> None:
        with self._alone() as file:
            size = os.lseek(file, 0, os.SEEK_END)
            if size == 0:
                written = _line(self._first()) + written
            else:
                self._refuse_other_key(_first_line(file))
                torn = bool(written) and os.pread(file, 1, size - 1) != b"\n"
                written = "\n" * torn + written
            _write_all(file, written.encode())
            os.fsync(file)
        if size == 0:
            _sync_folder(self.path.parent)

    def read(self) -> Pages:
        """Everything that stands in it. Refuses a file that is none, or of another key.

        A line that a killed process left half written is counted and passed over: what it should
        have said still waited in the database, and was written again.
        """
        pages, seen = Pages(), set[tuple[str, str]]()
        with self.path.open("rb") as lines:
            self._refuse_other_key(lines.readline())
            for line in lines:
                entry = _entry(line)
                if entry is None:
                    pages.damaged += bool(line.strip())
                    continue
                # The first word on a number stands; erasures are told apart by their marks.
                key = (entry.kind, entry.mark or entry.of)
                if key not in seen:
                    seen.add(key)
                    pages.entries.append(entry)
        return pages

    @property
    def exists(self) -> bool:
        """Whether anything was ever written into it."""
        return self.path.exists() and self.path.stat().st_size > 0

    @contextmanager
    def _alone(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _first(self) -> dict[str, Any]:
        return {"journal": FORMAT, "key": self.hashed("journal", "key")[:16]}

    def _refuse_other_key(self, line: bytes) -> None:
        said = _read(line)
        if said.get("journal") != FORMAT:
            raise Refused(f"{self.path} is no journal of Campaign: its first line says so.")
        if said.get("key") != self._first()["key"]:
            raise Refused(f"{self.path} {OTHER_KEY}.")


def _said(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in NAMES}


def _line(said: dict[str, Any]) -> str:
    kept = {name: value for name, value in said.items() if value != ""}
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=True) + "\n"


def _read(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _entry(line: bytes) -> Entry | None:
    said = _read(line)
    try:
        entry = Entry(**said)
        known = bool(entry.moment.tzinfo)
    except (TypeError, ValueError):
        return None
    return entry if known and line.endswith(b"\n") else None


def _first_line(file: int) -> bytes:
    return os.pread(file, 200, 0).partition(b"\n")[0]


def _write_all(file: int, written: bytes) -> None:
    rest: Sequence[int] | bytes = written
    while rest:
        rest = bytes(rest)[os.write(file, bytes(rest)) :]


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
