"""``campaign suppress load``: every way a bureau writes a file, all of it or nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from campaign.app import open_house
from campaign.commands import opening
from campaign.commands.phonebanks import suppress
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.settings import Settings
from campaign.foundation.web import House
from campaign.people.models import Suppression
from campaign.phonebanks.models import NeverLoad, TpsPart


@pytest.fixture
def house(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    """The commands' house, on the test's database."""
    made = open_house(settings, database)
    monkeypatch.setattr(opening, "house", lambda: made)
    return made


def load(tmp_path: Path, data: bytes, *more: str) -> Result:
    path = tmp_path / "never.csv"
    path.write_bytes(data)
    return CliRunner().invoke(suppress, ["load", str(path), *more])


def count(house: House, table: type) -> int:
    with house.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    "data",
    [
        b"07700900101\r\n07700900102\r\n",
        b"07700900101 \r\n07700 900102\r\n",
        b"7700900101  \r\n7700900102  \r\n",
        b"Phone,TPS\n07700900101,Y\n07700900102,y\n07700900103,N\n",
        b"Name;Telephone;Flag\nA;07700900101;1\nB;07700900102;CTPS\nC;07700900103;\n",
        b'"07700900101","Y"\n"07700900102","Y"\n"07700900103","N"\n',
        b"\xef\xbb\xbf07700900101\n+447700900102\n",
        "07700900101\r\n07700900102\r\n".encode("utf-16"),
        "\ufeffPhone\tListed\r\n07700900101\tyes\r\n07700900102\tyes\r\n".encode("utf-16-be"),
    ],
)
def test_each_way_of_writing_it_gives_the_same_two_numbers(
    house: House, tmp_path: Path, data: bytes
) -> None:
    found = load(tmp_path, data)
    assert found.exit_code == 0, found.exception
    assert "2 numbers are never rung" in found.output
    assert count(house, Suppression) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"07700900101\nwhat\n07700900102\n\nnever\n", "2 of 4 lines .* in line 2, 5"),
        (b"Phone,TPS\n07700900101,Y\n07700900102,perhaps\n", "first in line 3"),
        ("07700900101\r\n".encode("utf-16-le"), "first in line 1"),
        (b"Name,Town,Flag\nA,Hove,Y\n", "No column holds telephone numbers"),
        (b" \n\n", "empty"),
    ],
)
def test_a_file_that_is_not_plainly_numbers_loads_nothing(
    house: House, tmp_path: Path, data: bytes, said: str
) -> None:
    found = load(tmp_path, data)
    assert found.exit_code != 0
    assert isinstance(found.exception, Refused)
    with pytest.raises(Refused, match=said):
        raise found.exception
    assert (count(house, Suppression), count(house, NeverLoad)) == (0, 0)


def test_a_file_that_lost_a_tenth_is_refused_unless_that_is_right(
    house: House, tmp_path: Path
) -> None:
    ten = [f"077009001{n:02}\n".encode() for n in range(20)]
    assert load(tmp_path, b"".join(ten), "--source", "tps").exit_code == 0
    assert load(tmp_path, b"".join(ten[:18]), "--source", "tps").exit_code == 0
    assert load(tmp_path, b"".join(ten[:1])).exit_code == 0, "another source"
    other = b"".join(line.replace(b"9001", b"9002") for line in ten[:16])
    refused = load(tmp_path, other, "--source", "tps")
    assert isinstance(refused.exception, Refused)
    assert (count(house, Suppression), count(house, TpsPart)) == (1, 18)
    assert load(tmp_path, other, "--source", "tps", "--smaller-is-right").exit_code == 0
    assert (count(house, Suppression), count(house, TpsPart)) == (1, 16)


def test_the_tps_file_is_told_from_the_do_not_call_list(house: House, tmp_path: Path) -> None:
    found = load(tmp_path, b"7700900101  \r\n7700900102  \r\n", "--source", "tps")
    assert "2 numbers are on the TPS" in found.output
    assert (count(house, Suppression), count(house, TpsPart)) == (0, 2)
    refused = load(tmp_path, b"Phone,TPS\n07700900101,Y\n07700900102,N\n", "--source", "tps")
    assert isinstance(refused.exception, Refused)
    assert count(house, TpsPart) == 2


def made_at(house: House) -> list[datetime]:
    with house.database.reading() as db:
        return list(db.scalars(select(NeverLoad.made_at).order_by(NeverLoad.id)))


def test_the_28_days_count_from_the_day_of_the_file(house: House, tmp_path: Path) -> None:
    data = b"7700900101  \r\n7700900102  \r\n"
    with clock.at(datetime(2026, 7, 20, 12, tzinfo=UTC)):
        assert load(tmp_path, data, "--source", "tps", "--dated", "2026-07-14").exit_code == 0
        # The first minute of that day in London, which has summer time.
        assert made_at(house) == [datetime(2026, 7, 13, 23, tzinfo=UTC)]
        for day, said in (
            ("2026-07-13", "2026-07-14 is loaded already"),
            ("2026-07-21", "not come"),
        ):
            refused = load(tmp_path, data[:12], "--source", "tps", "--dated", day)
            assert isinstance(refused.exception, Refused)
            assert said in str(refused.exception)
        assert count(house, TpsPart) == 2
        assert load(tmp_path, data, "--source", "tps", "--dated", "2026-07-20").exit_code == 0
        assert load(tmp_path, data, "--source", "tps").exit_code == 0
    assert made_at(house)[1] == datetime(2026, 7, 19, 23, tzinfo=UTC)
    assert made_at(house)[2] >= datetime(2026, 7, 20, 12, tzinfo=UTC)


def test_a_list_of_ones_own_has_no_day(house: House, tmp_path: Path) -> None:
    refused = load(tmp_path, b"07700900101\r\n", "--dated", "2026-07-14")
    assert refused.exit_code == 2
    assert "--dated is for the TPS file" in refused.output
    assert count(house, Suppression) == 0
