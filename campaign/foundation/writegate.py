"""SQLite lets one write at a time: who waits, waits in a queue instead of starving.

SQLite's own busy handler sleeps and tries again, so the unlucky wait long while the lucky pass.
A lock for the threads of a process and a file lock between processes keep the order fairer.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time

from sqlalchemy.engine import Connection

from campaign.foundation.errors import Busy

WAIT_SECONDS = 6.0


class WriteGate:
    """The gate in front of one SQLite file; a database in memory has only the threads' lock."""

    def __init__(self, path: str | None) -> None:
        self._threads = threading.Lock()
        self._path = f"{path}.lock" if path and path != ":memory:" else None
        self._file: int | None = None
        self._pid = 0
        self._holder: object | None = None
        self._thread: int | None = None

    def enter(self, connection: Connection) -> None:
        """Wait for the gate; Busy after WAIT_SECONDS. Twice in one thread is a bug."""
        if self._thread == threading.get_ident():
            raise RuntimeError("this thread already has a write transaction open")
        deadline = time.monotonic() + WAIT_SECONDS
        if not self._threads.acquire(timeout=WAIT_SECONDS):
            raise Busy("We are very busy for a moment. Nothing was lost: try again.")
        try:
            self._lock_file(deadline)
        except BaseException:
            self._threads.release()
            raise
        self._holder = connection
        self._thread = threading.get_ident()

    def leave(self, connection: Connection) -> None:
        """Open the gate again; harmless for a connection that did not hold it."""
        if self._holder is not connection:
            return
        self._holder = self._thread = None
        if self._file is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def _lock_file(self, deadline: float) -> None:
        if self._path is None:
            return
        if self._file is None or self._pid != os.getpid():  # a fork must not share the lock
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._pid = os.getpid()
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy(
                        "We are very busy for a moment. Nothing was lost: try again."
                    ) from None
                time.sleep(0.002)
            else:
                return
