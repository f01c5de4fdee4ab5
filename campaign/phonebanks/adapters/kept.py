"""The files of lists that people bring, and what is made of them until they are done with.

Each has a folder of its own under the data folder: the file as it was brought, its rows judged
and set in order, and the rows that stay out with reasons. Only the last says nothing of anybody.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20


class Kept:
    """The folder of one list; ``name`` is the id of its row."""

    def __init__(self, base: Path, name: str) -> None:
        self.folder = base / name
        self.file = self.folder / "list"
        self.rows = self.folder / "rows.db"
        self.rejects = self.folder / "rejects.csv"

    def keep(self, file: BinaryIO) -> None:
        """Write down a file that somebody brought; nobody else on the machine may read it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.seek(0)
        with self.file.open("wb") as kept:
            shutil.copyfileobj(file, kept, PIECE)

    def rows_in_hand(self, token: str) -> Path:
        """Where a worker sets rows in order: no other writes there."""
        return self.folder / f"{token}.rows"

    def forget_people(self) -> None:
        """Delete all but the rows that stay out."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path != self.rejects:
                    path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def names_kept(base: Path, *, older_than: float) -> set[str]:
    """The lists whose folder was not touched for so many seconds."""
    if not base.is_dir():
        return set()
    before = time.time() - older_than
    return {path.name for path in base.iterdir() if path.stat().st_mtime < before}
