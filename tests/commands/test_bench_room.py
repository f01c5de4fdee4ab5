"""The benchmark of a room: a few phones ask, tap and come in, and nothing that was said is lost."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy.engine.url import make_url

from campaign.commands import cli


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bench_of_a_room_counts_answers_and_looks_for_lost_writes(
    engine: str, request: pytest.FixtureRequest
) -> None:
    where = []
    if engine == "postgresql":
        url = make_url(request.getfixturevalue("postgresql_server")).set(database="postgres")
        where = ["--database", url.render_as_string(hide_password=False)]
    few = ["--phones", "12", "--seconds", "6", "--writes", "4", "--joins", "1", "--workers", "2"]
    done = CliRunner().invoke(cli, ["bench", "room", *few, *where])
    assert done.exit_code == 0, done.output
    last = json.loads(done.output.splitlines()[-1])
    assert (last["bench"], last["database"], last["phones"]) == ("room", engine, 12)
    assert last["quiet_unchanged"] > 0
    assert last["quiet_told"] == 0
    assert last["bytes_unchanged"] < 800
    assert last["acknowledged"] > 0
    assert last["busy_errors"] == 0
    assert (last["lost"], last["doubled"]) == (0, 0)
    assert last["turn_heard"] > 0
    assert "Left out:" in done.output
