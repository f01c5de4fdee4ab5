"""``campaign bench``: how fast it is, measured on this machine with all checks on.

Absolute figures mean little on a machine that others share; the ratio to a plain select of the
same rows, in the same run, means something.
"""

from __future__ import annotations

import click

from campaign.commands.bench.bringing_in import bench_import
from campaign.commands.bench.calls import bench_calls
from campaign.commands.bench.figures import bench_figures
from campaign.commands.bench.map import bench_map
from campaign.commands.bench.room import bench_room
from campaign.commands.bench.tps import bench_tps


@click.group()
def bench() -> None:
    """Measure, in a scratch database that is thrown away afterwards."""


bench.add_command(bench_map)
bench.add_command(bench_calls)
bench.add_command(bench_tps)
bench.add_command(bench_import)
bench.add_command(bench_room)
bench.add_command(bench_figures)
COMMANDS = (bench,)
