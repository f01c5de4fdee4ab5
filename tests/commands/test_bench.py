"""The benchmark of the map measures what is there, says what it leaves out, and leaves nothing."""

import json
import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url

from campaign.commands import cli


def names(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = set(connection.scalars(text("SELECT datname FROM pg_database")))
    engine.dispose()
    return found


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bench_of_the_map_prints_its_figures_and_leaves_no_database(
    engine: str, request: pytest.FixtureRequest
) -> None:
    where, before = [], set()
    if engine == "postgresql":
        url = make_url(request.getfixturevalue("postgresql_server")).set(database="postgres")
        server = url.render_as_string(hide_password=False)
        where, before = ["--database", server], names(server)
    done = CliRunner().invoke(cli, ["bench", "map", "--events", "700", "--rounds", "2", *where])
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    assert len(lines) >= 10
    for line in lines:
        assert line["events"] == 700
        assert line["database"] == engine
        assert line["median_ms"] > 0
        assert line["ratio"] > 0
        assert 0 < line["bytes_sent"] < 100_000
    assert "Left out:" in done.output
    if where:
        assert names(where[1]) == before


def test_the_bench_opens_no_database_that_is_there() -> None:
    done = CliRunner().invoke(cli, ["bench", "map", "--database", "sqlite:////tmp/people.db"])
    assert done.exit_code != 0
    assert "PostgreSQL server" in str(done.exception)
    assert "Measure" in CliRunner().invoke(cli, ["bench", "map", "--help"]).output


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bench_of_calls_rings_through_the_real_view_beside_its_own_sql(
    engine: str, request: pytest.FixtureRequest
) -> None:
    where, before = [], set()
    if engine == "postgresql":
        if shutil.which("pgbench") is None:
            pytest.skip("pgbench is not on this machine")
        url = make_url(request.getfixturevalue("postgresql_server")).set(database="postgres")
        server = url.render_as_string(hide_password=False)
        where, before = ["--database", server], names(server)
    few = ["--contacts", "600", "--callers", "300", "--lines", "2", "--rounds", "1"]
    done = CliRunner().invoke(
        cli, ["bench", "calls", *few, "--seconds", "0.3", "--floor", "3", *where]
    )
    assert done.exit_code == 0, done.output
    last = json.loads(done.output.splitlines()[-1])
    assert (last["database"], last["contacts"]) == (engine, 600)
    assert last["calls"] >= 2
    # A report and the next claim, sign-in and admission included.
    assert last["statements"] <= 16
    assert last["ratio"] > 0
    assert last["cpu_ms"] >= 0
    assert "Left out:" in done.output
    if where:
        assert names(where[1]) == before


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bench_of_the_tps_loads_with_the_real_command_and_looks_up(
    engine: str, request: pytest.FixtureRequest
) -> None:
    where, before = [], set()
    if engine == "postgresql":
        url = make_url(request.getfixturevalue("postgresql_server")).set(database="postgres")
        server = url.render_as_string(hide_password=False)
        where, before = ["--database", server], names(server)
    done = CliRunner().invoke(cli, ["bench", "tps", "--lines", "300", *where])
    assert done.exit_code == 0, done.output
    last = json.loads(done.output.splitlines()[-1])
    assert (last["database"], last["lines"]) == (engine, 300)
    assert min(last["load_s"], last["cpu_s"], last["peak_mb"]) > 0
    assert last["look_up_ms"] >= 0
    assert "Left out:" in done.output
    if where:
        assert names(where[1]) == before


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bench_of_imports_counts_every_row_and_a_second_time_changes_nobody(
    engine: str, request: pytest.FixtureRequest
) -> None:
    where = []
    if engine == "postgresql":
        url = make_url(request.getfixturevalue("postgresql_server")).set(database="postgres")
        where = ["--database", url.render_as_string(hide_password=False)]
    done = CliRunner().invoke(cli, ["bench", "import", "--rows", "400", *where])
    assert done.exit_code == 0, done.output
    assert "Left out:" in done.output
    lines = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    phases = ["dry run", "bring in", "again: dry run", "again: bring in"]
    assert [line["phase"] for line in lines] == phases
    for line in lines:
        assert line["database"] == engine
        assert sum(line["counts"].values()) == 400
        assert line["counts"]["held"] == 2
        assert line["counts"]["shared"] == 4
        assert line["counts"]["refused"] == 8
        assert line["peak_mb"] > 0
        assert line["seconds"] > 0
    assert lines[0]["counts"] == lines[1]["counts"]
    assert lines[1]["counts"]["new"] == 386
    assert lines[3]["counts"]["updated"] == 386
    assert lines[3]["counts"]["new"] == 0
