"""The tree as the house tests walk it."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CAMPAIGN = ROOT / "campaign"
# What is made by tools or by running, and never checked in: see .gitignore.
MADE = {
    ".git",
    ".venv",
    ".hypothesis",
    "var",
    "dist",
    "build",
    "screenshots",
    "__pycache__",
}


def files(*folders: str, ending: str = "") -> Iterator[Path]:
    """Every checked-in file under these folders (or of the whole tree), in order."""
    for top in [ROOT / folder for folder in folders] or [ROOT]:
        for path in sorted(top.rglob(f"*{ending}")):
            parts = path.relative_to(ROOT).parts
            made = any(part in MADE or part.endswith(("_cache", ".egg-info")) for part in parts)
            if path.is_file() and not made:
                yield path


def name_of(path: Path) -> str:
    """A file by its path in the tree."""
    return path.relative_to(ROOT).as_posix()
