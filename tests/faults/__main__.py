"""Run the faults: ``python -m tests.faults [NAME …] [--database sqlite|postgresql] [--calls N]``.

Ends with 1 where one of the numbers that must be nothing is not.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults import kills, repeats, room, screens
from tests.faults.stores import opened

FAULTS = {"screens": screens.run, "repeats": repeats.run, "kills": kills.run, "room": room.run}
# What a fault counts beside what must be nothing.
PLAIN = {
    *("acknowledged", "requests", "killed", "crashed", "like answers", "unlike answers"),
    *("reports in triplicate", "callers", "screens", "claims that ran out", "restarted"),
}


def main() -> int:
    """Run what was asked for on each database, and say what came of it."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*FAULTS, []], help="all of them without")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="both without")
    parser.add_argument("--calls", type=int, default=10_000, help="outcomes logged under kills")
    asked = parser.parse_args()
    bad = 0
    for name in asked.names or FAULTS:
        for database in [asked.database] if asked.database else ["sqlite", "postgresql"]:
            bad += _run(name, database, asked.calls)
    say("All as it should be." if not bad else f"{bad} numbers are not nothing.")
    return 1 if bad else 0


def _run(name: str, database: str, calls: int) -> int:
    say(f"{name}, {database}")
    began = time.monotonic()
    with opened(database) as (store, folder):
        found = FAULTS[name](store, folder, calls=calls)
    bad = 0
    for what, count in found.items():
        wrong = what not in PLAIN and count != 0
        bad += wrong
        say(f"  {count:>8,} {what}{'  <- must be nothing' if wrong else ''}")
    say(f"  {time.monotonic() - began:>8.0f} seconds")
    return bad


def say(text: str) -> None:
    """A line at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
