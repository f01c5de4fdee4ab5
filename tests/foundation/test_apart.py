"""A second process that answers: in order, alone with its memory, and gone with who asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from campaign.foundation.apart import Apart, Here
from tests.house.tree import ROOT

LONG = 60


class Doubler:
    """Answers with the double, and in which process that was found."""

    def __init__(self, times: int) -> None:
        self._times = times

    def __call__(self, question: str) -> tuple[str, int]:
        if question == "stumble":
            raise ValueError(question)
        if question == "end":
            os._exit(1)
        return question * self._times, os.getpid()


@pytest.mark.parametrize("kind", [Apart, Here])
def test_questions_are_answered_in_their_order(kind: type[Apart | Here]) -> None:
    with kind(Doubler, 2) as doubler:
        for question in ("a", "ö\n", ""):
            doubler.ask(question)
        found = [doubler.answer() for _ in range(3)]
    assert [text for text, _ in found] == ["aa", "ö\nö\n", ""]
    assert ({process for _, process in found} == {os.getpid()}) == (kind is Here)


def test_long_questions_and_answers_pass_each_other() -> None:
    """More than the line takes in, both ways at once."""
    found: list[int] = []
    with Apart(Doubler, 3) as doubler:
        taking = threading.Thread(
            target=lambda: found.extend(len(doubler.answer()[0]) for _ in range(5))
        )
        taking.start()
        for _ in range(5):
            doubler.ask("x" * 3_000_000)
        taking.join(LONG)
    assert found == [9_000_000] * 5


def test_a_mistake_says_its_kind_and_where_and_nothing_of_the_question() -> None:
    with Apart(Doubler, 2) as doubler:
        doubler.ask("stumble")
        with pytest.raises(RuntimeError, match=r"^ValueError in test_apart\.py, line \d+$"):
            doubler.answer()
        doubler.ask("b")
        assert doubler.answer()[0] == "bb"


def test_who_waits_for_an_answer_hears_that_there_will_be_none() -> None:
    with Apart(Doubler, 2) as doubler:
        doubler.ask("end")
        with pytest.raises((EOFError, ConnectionResetError)):
            doubler.answer()


def test_nothing_runs_that_lies_in_the_folder_one_stands_in(tmp_path: Path) -> None:
    decoy = tmp_path / "campaign" / "foundation" / "apart.py"
    decoy.parent.mkdir(parents=True)
    for folder in (decoy.parent, decoy.parent.parent):
        (folder / "__init__.py").write_text("")
    decoy.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    program = [sys.executable, "-P", "-c", ASKS.replace("time.sleep(60)", "doubler.stop()")]
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(program, cwd=tmp_path, env=here, check=True, timeout=LONG)
    assert not (tmp_path / "ran").exists()


def test_stopping_frees_whoever_waits() -> None:
    with Apart(Doubler, 2) as doubler:
        heard: list[type[BaseException]] = []

        def wait() -> None:
            try:
                doubler.answer()
            except (EOFError, OSError) as error:
                heard.append(type(error))

        waiting = threading.Thread(target=wait)
        waiting.start()
        doubler.stop()
        waiting.join(LONG)
    assert len(heard) == 1


ASKS = """
import sys, time
from campaign.foundation.apart import Apart
from tests.foundation.test_apart import Doubler
doubler = Apart(Doubler, 1)
doubler.ask("ready")
print(doubler.answer()[1], flush=True)
time.sleep(60)
"""


def is_there(process: int) -> bool:
    """Whether a process runs; one that is over and not yet taken note of does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_whoever_asks_however_they_end(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", ASKS], stdout=subprocess.PIPE, text=True) as asks:
        assert asks.stdout is not None
        process = int(asks.stdout.readline())
        assert is_there(process)
        asks.send_signal(how)
    until = time.monotonic() + LONG
    while is_there(process) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_there(process)


def test_it_goes_on_when_its_whole_group_is_told_to_end() -> None:
    """Who asks decides: work that is being brought to an end needs its answers still."""
    with Apart(Doubler, 2) as doubler:
        doubler.ask("a")
        process = doubler.answer()[1]
        for told in (signal.SIGTERM, signal.SIGINT):
            os.kill(process, told)
        doubler.ask("b")
        assert doubler.answer() == ("bb", process)


def test_what_it_was_asked_stands_in_no_list_of_processes() -> None:
    with Apart(Doubler, 2) as doubler:
        doubler.ask("secret")
        process = doubler.answer()[1]
        line = Path(f"/proc/{process}/cmdline")
        if line.exists():
            assert b"secret" not in line.read_bytes()
            assert b"secret" not in Path(f"/proc/{process}/environ").read_bytes()
