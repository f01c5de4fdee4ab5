"""The import contracts hold, and each of them catches the offence it is there for."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# One offence for each contract: the file, the line added to it, and how the report names it.
OFFENCES = {
    "C1": (
        "foundation/planted.py",
        "from campaign.people import models",
        "campaign.foundation.planted -> campaign.people.models",
    ),
    "C2": (
        "people/models.py",
        "from campaign.people import operations",
        "campaign.people.models -> campaign.people.operations",
    ),
    "C2b": (
        "places/rules.py",
        "from campaign.places import models",
        "campaign.places.rules -> campaign.places.models",
    ),
    "C3": ("people/queries.py", "import flask", "campaign.people.queries -> flask"),
    "C4": ("people/rules.py", "import sqlalchemy", "campaign.people.rules -> sqlalchemy"),
    "C4b": ("people/messages.py", "import sqlalchemy", "campaign.people.messages -> sqlalchemy"),
    "C5": (
        "people/access.py",
        "from campaign.people import routes",
        "campaign.people.access -> campaign.people.routes",
    ),
    "C6a": ("people/operations.py", "import folium", "campaign.people.operations -> folium"),
    "C6b": (
        "people/operations.py",
        "import phonenumbers",
        "campaign.people.operations -> phonenumbers",
    ),
    "C7": ("people/forms.py", "import sqlalchemy", "campaign.people.forms -> sqlalchemy"),
    "C8": ("people/routes.py", "import sqlalchemy", "campaign.people.routes -> sqlalchemy"),
}


def lint(folder: Path) -> tuple[int, str]:
    """Run the contracts over the package in a folder: the exit code and the report."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
            "--config",
            str(folder / "pyproject.toml"),
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def a_copy(folder: Path) -> Path:
    """The package's code alone, and its contracts."""
    shutil.copytree(
        ROOT / "campaign", folder / "campaign", ignore=shutil.ignore_patterns("data", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on a copy with every offence in it."""
    folder = a_copy(tmp_path_factory.mktemp("planted"))
    (folder / "campaign/places/models.py").write_text('"""Planted."""\n')
    for file, line, _ in OFFENCES.values():
        with (folder / "campaign" / file).open("a") as module:
            module.write(f"\n{line}\n")
    code, report = lint(folder)
    assert code == 1, report
    return report


def broken_part(report: str, contract: str) -> str:
    """What the report says about one broken contract."""
    details = report.partition("Broken contracts")[2]
    found = re.search(
        rf"^{contract} [^\n]*\n-+\n(.*?)(?=^C\d\w? [^\n]*\n-+\n|\Z)", details, re.M | re.S
    )
    return found[1] if found else ""


def test_every_contract_is_kept() -> None:
    code, report = lint(ROOT)
    assert code == 0, report
    kept = re.findall(r"^(C\d\w?) .* KEPT", report, re.M)
    assert sorted(kept) == sorted(OFFENCES)


@pytest.mark.parametrize("contract", list(OFFENCES))
def test_a_contract_catches_its_offence(planted: str, contract: str) -> None:
    assert re.search(rf"^{contract} .* BROKEN", planted, re.M)
    assert OFFENCES[contract][2] in broken_part(planted, contract)


def test_a_room_has_no_furniture_but_its_own(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    (folder / "campaign/people/helpers.py").write_text('"""Planted."""\n')
    (folder / "campaign/attic").mkdir()
    (folder / "campaign/attic/__init__.py").write_text('"""Planted."""\n')
    _, report = lint(folder)
    assert "helpers" in report
    assert "attic" in report
