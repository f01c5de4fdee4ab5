"""A second process that answers questions one after the other: Python uses one core in each.

It is begun afresh and loads only what answers, so that it takes little memory. It ends with the
one who asks, however that one ends: nobody stands at the other end of the line then.
"""

from __future__ import annotations

import marshal
import os
import signal
import subprocess
import sys
import traceback
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self


class Apart:
    """Answers of ``maker(*terms)`` to each question, from a process of its own.

    Questions, answers and terms are plain values: texts, numbers, bytes, and lists and tuples of
    them. One thread may ask while another waits for answers, and must where they are long: the
    line takes in little, and the process takes no question before its last answer is taken.
    """

    def __init__(self, maker: type[Any], *terms: Any) -> None:
        self._line, theirs = Pipe()
        try:
            paths = [path or os.getcwd() for path in sys.path]
            # Its complaints would show a part of what it was asked.
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(  # noqa: S603 (our words, no shell)
                # -P: nothing that lies in the folder one happens to stand in.
                [sys.executable, "-P", "-m", __name__, f"{theirs.fileno()}"],
                pass_fds=[theirs.fileno()],
                stdin=quiet,
                stdout=quiet,
                stderr=quiet,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
        except BaseException:
            self._line.close()
            raise
        finally:
            theirs.close()
        try:
            self.ask((maker.__module__, maker.__qualname__, terms))
        except BaseException:
            self.stop()
            self._line.close()
            raise

    def ask(self, question: Any) -> None:
        """Put a question; OSError where nobody is there any more."""
        self._line.send_bytes(marshal.dumps(question))

    def answer(self) -> Any:
        """Wait for the next answer; EOFError where there will be none.

        RuntimeError where the question made a mistake show: its kind and where, never the question.
        """
        answer, mistake = marshal.loads(self._line.recv_bytes())  # noqa: S302 (our own process)
        if mistake:
            raise RuntimeError(mistake)
        return answer

    def stop(self) -> None:
        """End it at once; whoever waits for an answer gets an error."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.stop()
        self._line.close()


class Here:
    """The same in this process: where there is little to ask, or one core alone."""

    def __init__(self, maker: type[Any], *terms: Any) -> None:
        self._of = maker(*terms)
        self._answers: list[Any] = []

    def ask(self, question: Any) -> None:
        self._answers.append(self._of(question))

    def answer(self) -> Any:
        return self._answers.pop(0)

    def stop(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def has_cores() -> bool:
    """Whether this process may use more than one core."""
    try:
        return len(os.sched_getaffinity(0)) > 1
    except AttributeError:  # not on every system
        return (os.cpu_count() or 1) > 1


def _serve(line: Connection) -> None:
    # Who asks decides when it is over, also where a whole group of processes is told to end.
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.SIG_IGN)
    try:
        module, name, terms = marshal.loads(line.recv_bytes())  # noqa: S302 (our own process)
        answer = getattr(import_module(module), name)(*terms)
        while True:
            question = marshal.loads(line.recv_bytes())  # noqa: S302
            try:
                found = answer(question), ""
            except Exception as error:
                found = None, _where(error)
            line.send_bytes(marshal.dumps(found))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _where(error: Exception) -> str:
    """ "ValueError in judging.py, line 33": the words of the error would show what was asked."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(last.filename)}, line {last.lineno}"


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
