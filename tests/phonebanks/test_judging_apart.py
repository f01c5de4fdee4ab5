"""A long file is judged in a process beside the worker, and comes to the same rows."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from campaign.foundation.apart import Apart
from campaign.foundation.staging import StageFile, rows_of
from campaign.phonebanks.models.imports import REJECTS, SHARED, STAGED
from campaign.phonebanks.operations import staging
from campaign.phonebanks.operations.staging import AT_NUMBER, OF_ID, Terms, read_into
from campaign.phonebanks.operations.working import Shop
from tests.phonebanks.lists import finish, give
from tests.phonebanks.making import KEY, make_phonebank
from tests.phonebanks.test_import_jobs import left_in, rows, state_of, there

HEAD = "ID,First name,Surname,Mobile,Home phone,Email,Postcode,Address,OK to ring,Do not call"
PHONES = (
    *("+44 4{n:09d}", "04{n:09d}", "07700 900{m:03d}", "7700900{m:03d}", "01632 960{m:03d}"),
    *("", "4.47701E+11", "=1+1", "0870 4960101", "+41 44 668 18 00", "07700 9OO1{m:02d}"),
)
NAMES = ("Zoë", "Amina", " Priya ", "Łukasz", "O'Neill", '"Tom"', "", "a\u200bb")


def file_of(many: int) -> str:
    """Rows of every kind: good and bad numbers, twins, households, odd signs, too many cells."""
    dice = random.Random(52)
    lines = [HEAD]
    for place in range(many):
        n, m = dice.randrange(many), dice.randrange(100, 200)
        phone = dice.choice(PHONES).format(n=n, m=m)
        name = dice.choice(NAMES).replace('"', '""')
        cells = [f"M{n if place % 7 else place}", f'"{name}"', f"Kay{n % 9}", phone]
        cells += ["01632 960101" if n % 3 else "", f"Nobody{n}@People.example"]
        cells += [dice.choice(("", "LS1 4AB", "ls14ab", "nonsense")), f'"Flat {n % 4}, 12 Lane"']
        cells += [dice.choice(("yes", "no", "", "perhaps")), dice.choice(("", "", "", "yes"))]
        lines.append(",".join([*cells, "too much"] if place % 31 == 30 else cells))
    return "\n".join(lines) + "\n"


def judged(folder: Path, name: str, **given: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All that a file comes to, without what is thrown by dice."""
    path = folder / name
    usual = {"basis": "column", "encoding": "", "practice": False, "allow_unassigned": True}
    read_into(path, folder / "list", Terms(**{**usual, "key": KEY, **given}), lambda *_: None)
    kept = [column.name for column in STAGED.c if column.name not in ("shuffle", "slot")]
    return {
        "staged": list(rows_of(path, f"SELECT {', '.join(kept)} FROM staged ORDER BY place")),
        "shared": list(rows_of(path, "SELECT * FROM shared ORDER BY place")),
        "rejects": list(rows_of(path, "SELECT * FROM rejects ORDER BY place")),
    }


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "PORTION", 70)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[Apart]:
    """Every file is judged apart, also where one core is all there is; those who judge."""
    begun: list[Apart] = []

    class Noted(Apart):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            begun.append(self)

    monkeypatch.setattr(staging, "LONG", 0)
    monkeypatch.setattr(staging, "has_cores", lambda: True)
    monkeypatch.setattr(staging, "Apart", Noted)
    return begun


@pytest.mark.parametrize(
    "given",
    [{}, {"basis": "screened"}, {"practice": True}, {"basis": "all_agreed"}],
    ids=["column", "screened", "practice", "all agreed"],
)
@pytest.mark.usefixtures("portions")
def test_a_file_comes_to_the_same_rows_judged_here_or_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, given: Any
) -> None:
    (tmp_path / "list").write_text(file_of(900), encoding="utf-8")
    monkeypatch.setattr(staging, "LONG", 1 << 40)
    here = judged(tmp_path, "here", **given)
    begun: list[Apart] = request.getfixturevalue("apart")
    beside = judged(tmp_path, "apart", **given)
    assert len(begun) == 1
    assert beside == here
    assert all(here[name] for name in ("staged", "rejects"))
    assert {kind for _, kind, *_ in here["rejects"]} >= {"refused", "duplicate"}


@pytest.mark.usefixtures("apart")
def test_chance_is_thrown_anew_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "list").write_text(file_of(100), encoding="utf-8")
    thrown = []
    for name in ("one", "two"):
        judged(tmp_path, name)
        found = list(rows_of(tmp_path / name, "SELECT shuffle, slot FROM staged ORDER BY place"))
        assert all(0 <= shuffle < 1 << 31 and 0 <= slot < 16 for shuffle, slot in found)
        thrown.append(found)
    assert thrown[0] != thrown[1]


@pytest.mark.usefixtures("portions")
def test_a_process_that_dies_leaves_nothing_half_done_and_the_next_try_reads_it(
    bench_shop: Shop, apart: list[Apart], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = give(bench_shop, there(bench_shop), rows(300))
    ask = Apart.ask
    asked: list[object] = []

    def dies(self: Apart, question: Any) -> None:
        ask(self, question)
        asked.append(question)
        if len(asked) == 3:
            self.stop()

    monkeypatch.setattr(Apart, "ask", dies)
    with pytest.raises((EOFError, OSError)):
        finish(bench_shop, batch_id)
    assert left_in(bench_shop.folder) == ["list"]
    monkeypatch.setattr(Apart, "ask", ask)
    with bench_shop.database.unit_of_work() as db:
        db.merge(state_of(bench_shop, batch_id)).worker = None
    assert finish(bench_shop, batch_id).counts["new"] == 300
    assert len(apart) == 2


@pytest.mark.usefixtures("portions")
def test_a_list_that_is_stopped_while_it_is_read_ends_its_process(
    tmp_path: Path, apart: list[Apart]
) -> None:
    (tmp_path / "list").write_text(file_of(900), encoding="utf-8")
    terms = Terms("column", "", KEY, practice=False, allow_unassigned=True)

    def tell(_: int, done: int) -> None:
        if done >= 210:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_into(tmp_path / "rows", tmp_path / "list", terms, tell)
    assert left_in(tmp_path) == ["list"]
    [process] = apart
    with pytest.raises(OSError, match="closed"):
        process.ask("anything")


def test_a_short_file_is_judged_here(bench_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "Apart", lambda *_: 1 / 0)
    with bench_shop.database.unit_of_work() as db:
        phonebank = make_phonebank(db)
    assert finish(bench_shop, give(bench_shop, phonebank, rows(3))).counts["new"] == 3


@pytest.mark.parametrize("statement", [AT_NUMBER, OF_ID])
def test_each_twin_of_a_file_is_looked_up_and_not_searched_for(
    tmp_path: Path, statement: str
) -> None:
    stage = StageFile(tmp_path / "rows", STAGED, SHARED, REJECTS)
    plan = stage.ask(f"EXPLAIN QUERY PLAN {statement}", "x", "x")
    steps = [step for *_, step in plan if "staged" in step or "shared" in step]
    assert len(steps) == 2
    assert all(step.startswith("SEARCH") for step in steps)


@pytest.mark.parametrize("many", [0, 1, 3, 1_023, 1_024, 1_109, 2_500])
def test_all_rows_of_a_portion_go_in_however_many_they_are(tmp_path: Path, many: int) -> None:
    stage = StageFile(tmp_path / "rows", REJECTS)
    given = [(place, "refused", "", f"why {place}") for place in range(many)]
    assert stage.add("rejects", given) == many
    assert stage.ask("SELECT * FROM rejects ORDER BY place") == given
