"""The server as people run it: it starts, answers, stops when told, and takes its worker along."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from gunicorn.workers.gthread import ThreadWorker

from campaign.app import open_house
from campaign.commands import cli, serving
from campaign.commands.serving import Server
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from tests.house.tree import ROOT

SECONDS = 100


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def answer(address: str) -> str:
    """What the address answers once the server is up."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            with urlopen(address, timeout=5) as got:
                return str(got.read().decode())
        except OSError:  # nobody listens yet, or whoever does is busy beginning
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def workers_of(folder: Path) -> list[int]:
    """The processes that do the background work of this folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            room = (process / "environ").read_bytes().split(b"\0")
        except (OSError, ValueError):
            continue
        if b"work" in words and f"CAMPAIGN_DATA_DIR={folder}".encode() in room:
            found.append(int(process.name))
    return found


@pytest.mark.timeout(3 * SECONDS)
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks processes up in /proc")
def test_it_serves_and_works_and_stops_when_told(
    tmp_path: Path, sqlite_template: Path, places_dir: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "campaign.db")
    shutil.copy(places_dir / "places.sqlite", tmp_path)
    port = free_port()
    usual = {name: value for name, value in os.environ.items() if not name.startswith("CAMPAIGN_")}
    told = {"CAMPAIGN_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "campaign", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=usual | told, stderr=subprocess.PIPE) as server:
        try:
            assert answer(f"http://127.0.0.1:{port}/health/ready") == "ready\n"
            assert len(workers_of(tmp_path)) == 1
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=SECONDS) == 0
            assert workers_of(tmp_path) == []
        finally:
            server.kill()


def test_a_worker_that_overlooks_what_it_is_told_is_not_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "PATIENCE_S", 0.1)
    deaf = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(99)"
    )
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"here\n"
        serving.take_along(worker)
        assert worker.poll() == -signal.SIGKILL


def test_the_server_has_threads_and_lets_requests_end() -> None:
    chosen = Server(host="127.0.0.1", port=8123, workers=3, threads=5).cfg
    assert chosen.bind == ["127.0.0.1:8123"]
    assert (chosen.workers, chosen.threads) == (3, 5)
    assert issubclass(chosen.worker_class, ThreadWorker)
    assert chosen.graceful_timeout >= 20


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.4.1", "campaign.example"])
def test_development_answers_on_this_machine_only(
    settings: Settings, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:  # fmt: skip
    shutil.copy(sqlite_template, tmp_path / "campaign.db")
    house = open_house(settings, Database(f"sqlite:///{tmp_path}/campaign.db"))
    monkeypatch.setattr("campaign.commands.opening.house", lambda: house)
    result = CliRunner().invoke(cli, ["serve", "--host", host])
    assert "Development answers on this machine only" in str(result.exception)
    house.database.dispose()
