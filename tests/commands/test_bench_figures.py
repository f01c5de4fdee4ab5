"""The benchmark of figures measures what is there, and says what it leaves out."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy.engine.url import make_url

from campaign.commands import cli


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bench_of_figures_counts_every_call_and_asks_the_pages(
    engine: str, request: pytest.FixtureRequest
) -> None:
    where = []
    if engine == "postgresql":
        url = make_url(request.getfixturevalue("postgresql_server")).set(database="postgres")
        where = ["--database", url.render_as_string(hide_password=False)]
    asked = ["bench", "figures", "--contacts", "300", "--calls", "600", "--callers", "10"]
    done = CliRunner().invoke(cli, [*asked, "--rounds", "1", *where])
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    assert [line["what"] for line in lines] == [
        "reasons",
        "sums",
        "page of figures",
        "page of the board",
    ]
    for line in lines:
        assert (line["calls"], line["database"]) == (600, engine)
        assert 0 < line["median_ms"] <= line["worst_ms"]
    assert "Left out:" in done.output
