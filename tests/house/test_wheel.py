"""The wheel, installed in an empty folder, has all it needs to start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.commands import cli
from tests.conftest import MIGRATED
from tests.house.tree import ROOT

# Whether `campaign demo` exists; the first test below says so when this is forgotten.
DEMO_IS_THERE = True

LOOK = """
import json
from pathlib import Path
import campaign
from campaign.app import create_app
from campaign.foundation.settings import files_folder, load

client = create_app(load()).test_client()
front = client.get("/")
print(json.dumps({
    "package": campaign.__file__,
    "folders": {
        name: str(files_folder(name)) for name in ("templates", "static", "migrations", "config")
    },
    "status": {
        path: client.get(path).status_code
        for path in ("/", "/sign-in", "/static/css/base.css", "/tiles/5/15/10.png")
    },
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the built and installed wheel."""
    built = tmp_path_factory.mktemp("built")
    run(ROOT, {}, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built))
    (wheel,) = built.glob("campaign-*.whl")
    folder = tmp_path_factory.mktemp("installed")
    run(
        folder,
        {},
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--no-index", "--target", str(folder / "site"), str(wheel)),
    )
    return folder


def run(folder: Path, extra: dict[str, str], *arguments: str) -> str:
    """Run Python in a folder, without this test's own settings and paths."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("CAMPAIGN_")}
    env.pop("PYTHONPATH", None)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=env | extra,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def inside(installed: Path, *arguments: str) -> str:
    """Run Python with the installed package, in an empty folder beside it."""
    empty = installed / "empty"
    empty.mkdir(exist_ok=True)
    extra = {
        "PYTHONPATH": str(installed / "site"),
        "PYTHONSAFEPATH": "1",
        "CAMPAIGN_DATA_DIR": str(installed / "data"),
        "CAMPAIGN_BASE_URL": "http://localhost",
    }
    return run(empty, extra, *arguments)


def test_the_demo_is_tried_as_soon_as_it_is_there() -> None:
    assert ("demo" in cli.commands) is DEMO_IS_THERE


@pytest.mark.skipif(not MIGRATED, reason="the first migration is not written yet")
def test_the_wheel_starts_in_an_empty_folder(installed: Path) -> None:
    told = inside(installed, "-m", "campaign", "init")
    assert "Database ready" in told
    assert "Places ready" in told
    if DEMO_IS_THERE:
        inside(installed, "-m", "campaign", "demo", "--size", "small")
    seen = json.loads(inside(installed, "-c", LOOK))
    site = installed / "site" / "campaign"
    assert Path(seen["package"]).parent == site
    assert {Path(path) for path in seen["folders"].values()} == {
        site / "_files" / name for name in ("templates", "static", "migrations", "config")
    }
    assert set(seen["status"].values()) == {200}, seen["status"]
    assert list((installed / "empty").iterdir()) == [], "nothing is written where one stands"


def test_the_wheel_has_the_licence_and_nothing_of_the_tests(installed: Path) -> None:
    site = installed / "site"
    assert list(site.glob("campaign-*.dist-info/licenses/LICENSE"))
    assert (site / "campaign/_files/templates/layouts/base.html").is_file()
    assert {path.name for path in site.iterdir() if path.is_dir()} <= {"campaign", "bin"} | {
        path.name for path in site.glob("*.dist-info")
    }
    strays = [path for path in site.rglob("*") if path.suffix in (".db", ".key", ".sqlite")]
    assert strays == []
