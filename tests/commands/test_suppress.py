"""``campaign suppress load``: every way a bureau writes a file, all of it or nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update

from campaign.app import open_house
from campaign.commands import opening
from campaign.commands.phonebanks import suppress
from campaign.foundation import clock, phone
from campaign.foundation.database import Database
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.settings import Settings
from campaign.foundation.web import House
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact, NeverLoad, TpsPart
from tests.phonebanks.making import fill, make_phonebank


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
        "07700900101\r\n07700900102\r\n".encode("utf-16-le"),
        "07700900101\r\n07700900102\r\n".encode("utf-16-be"),
        b"\r\n\r\n07700900101 \r\n   \r\n0770 0900102\r\n",
        b"00447700900101\n447700900102\n",
        "Name,Phone,TPS\nZo\xeb,07700900101,Y\nRen\xe9e,07700900102,Y\n".encode("cp1252"),
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
        (b"\x1f\x8b\x08\x00rest", "packed with gzip"),
        (b"PK\x03\x04rest", "zip file or a workbook"),
        (b"Phone,TPS\n07700900101\n07700900102,Y\n", r"first in line 2 \(column “TPS”\)"),
        (b"Tel\t TPS\n0770090010\tY\n", r"first in line 2 \(column “Tel”\)"),
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


ANSWER = b"Phone,TPS\n04000000001,Y\n04000000002,N\n04000000099,N\n"


def test_a_bureaus_answer_for_one_list_is_taken_in(house: House, tmp_path: Path) -> None:
    with house.database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1, 4), consent=False, state="held", hold_reason="no_consent")
        answer_for = ("--phonebank", phonebank.public_id)
        hmac = select(PhoneNumber.hmac, PhoneNumber.e164)
        for key, e164 in db.execute(hmac).all():
            ours = phone.hmac_key(e164, house.settings.suppression_key.encode())
            db.execute(update(PhoneNumber).where(PhoneNumber.hmac == key).values(hmac=ours))
    day = ("--dated", f"{clock.now():%Y-%m-%d}")
    found = load(tmp_path, ANSWER, *answer_for, *day)
    assert found.exit_code == 0, found.exception
    assert "on the TPS: 1; clear: 1; not in the file, so they stay as they are: 1." in found.output
    assert "not on the list: 1; not readable: 0." in found.output
    assert count(house, Suppression) == 0
    assert count(house, NeverLoad) == 0
    with house.database.reading() as db:
        states = db.scalars(select(Contact.state).order_by(Contact.id)).all()
        assert states == ["held", "ready", "held"]
    for wrong in (answer_for, (*answer_for, *day, "--source", "tps")):
        assert load(tmp_path, ANSWER, *wrong).exit_code == 2
    missing = load(tmp_path, ANSWER, "--phonebank", "nowhere", *day)
    assert isinstance(missing.exception, NotFound)


def test_a_list_of_ones_own_has_no_day(house: House, tmp_path: Path) -> None:
    refused = load(tmp_path, b"07700900101\r\n", "--dated", "2026-07-14")
    assert refused.exit_code == 2
    assert "--dated is for the TPS file" in refused.output
    assert count(house, Suppression) == 0
