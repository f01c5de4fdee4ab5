"""Read-only SQLite files that are replaced whole: one connection a thread, none across a fork."""

import os
import sqlite3
import threading
from pathlib import Path


class _Held:
    """A connection that closes itself when its thread ends or its file was replaced."""

    def __init__(self, path: Path, mark: tuple[int, int, int]) -> None:
        # The file never changes in place, so SQLite may leave out its locks ("immutable").
        self.connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self.connection.row_factory = sqlite3.Row
        self.mark = mark

    def __del__(self) -> None:
        self.connection.close()


_local = threading.local()


def reader(path: Path) -> sqlite3.Connection:
    """This thread's connection to the file as it is now.

    Raises FileNotFoundError when there is none. Opens it anew after the file was replaced.
    """
    seen = path.stat()
    mark = (os.getpid(), seen.st_dev, seen.st_ino)
    held: dict[Path, _Held] = _local.__dict__.setdefault("held", {})
    if path not in held or held[path].mark != mark:
        held[path] = _Held(path, mark)
    return held[path].connection
