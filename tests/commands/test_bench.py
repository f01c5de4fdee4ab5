"""The benchmark of the map measures what is there, says what it leaves out, and leaves nothing."""

import json

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
