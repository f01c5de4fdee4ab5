"""A file becomes judged rows however it is written; what is no table is refused with its place."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from campaign.foundation.spreadsheets import FileRefused
from campaign.foundation.staging import is_whole, rows_of
from campaign.phonebanks.operations.staging import Terms, read_into
from tests.phonebanks.making import KEY

HEAD = "ID,First name,Surname,Mobile,OK to ring"
PLAIN = HEAD + "\n1,Zoë,Kay,07700 900101,yes\n2,Bilal,Osei,01632 960102,\n"


def staged(tmp_path: Path, data: bytes | str, **given: Any) -> tuple[list[Any], list[Any]]:
    """Who may come in (place, number, name, whether the number was mended), and who not."""
    file, rows = tmp_path / "list", tmp_path / "rows"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    usual = {"basis": "column", "encoding": "", "key": KEY, "practice": False}
    terms = Terms(**{**usual, "allow_unassigned": False, **given})
    try:
        read_into(rows, file, terms, lambda *_: None)
    except BaseException:
        assert not rows.exists(), "nothing half done is left"
        raise
    assert is_whole(rows)
    there = rows_of(rows, "SELECT place, e164, first_name, fixed FROM staged ORDER BY place")
    out = rows_of(rows, "SELECT place, kind, heading, why FROM rejects ORDER BY place")
    return list(there), list(out)


WRITTEN = {
    "UTF-8": PLAIN.encode(),
    "with a mark": codecs.BOM_UTF8 + PLAIN.encode(),
    "UTF-16 little": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
    "UTF-16 big": codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    "cp1252": PLAIN.encode("cp1252"),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "bars": PLAIN.replace(",", "|").encode(),
    "CR": PLAIN.replace("\n", "\r").encode(),
    "CRLF": PLAIN.replace("\n", "\r\n").encode(),
    "spaces in headings": PLAIN.replace("Mobile,", " Mobile ,").encode(),
    "quoted": PLAIN.replace("Zoë", '"Zoë"').replace("Osei", '"Osei,\nsenior"').encode(),
    "no line end": PLAIN.rstrip("\n").encode(),
}


@pytest.mark.parametrize("how", list(WRITTEN))
def test_the_same_people_come_of_it_however_it_is_written(tmp_path: Path, how: str) -> None:
    there, out = staged(tmp_path, WRITTEN[how])
    assert there == [(2, "+447700900101", "Zoë", 0), (3, "+441632960102", "Bilal", 0)]
    assert out == []


def test_an_encoding_that_was_named_is_taken(tmp_path: Path) -> None:
    there, _ = staged(tmp_path, PLAIN.encode("mac-roman"), encoding="mac-roman")
    assert there[0][2] == "Zoë"


@pytest.mark.parametrize(
    ("cell", "e164", "fixed"),
    [
        ("+44 (0)7700 900101", "+447700900101", 0),
        ("7700900101", "+447700900101", 1),
        ("07700 900101 ext 12", "+447700900101", 0),
        ("0044 7700 900101", "+447700900101", 0),
    ],
)
def test_numbers_are_read_as_people_write_them(
    tmp_path: Path, cell: str, e164: str, fixed: int
) -> None:
    there, _ = staged(tmp_path, f"{HEAD}\n1,Amina,Kay,{cell},yes\n")
    assert there == [(2, e164, "Amina", fixed)]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("4.47E+11", "The spreadsheet destroyed this number"),
        ("07700 900101 / 07700 900102", "two numbers"),
        ("07700 9OO101", "letters inside this number"),
        ('"=HYPERLINK(""tel:07700900101"")"', "a spreadsheet formula"),
        ("0870 4960101", "business-rate"),
        ("", "no number here"),
    ],
)
def test_what_is_no_number_stays_out_with_its_reason_and_without_its_text(
    tmp_path: Path, cell: str, said: str
) -> None:
    there, out = staged(tmp_path, f"{HEAD}\n1,Amina,Kay,{cell},yes\n")
    assert there == []
    [(place, kind, heading, why)] = out
    assert (place, kind, heading) == (2, "refused", "Mobile")
    assert said in why
    assert "7700" not in why


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PLAIN + '4,"Amina,Kay,07700 900103,yes\n', "opens in row 4 and is never closed"),
        (PLAIN.encode() + b"4,A\x00mina,Kay,07700 900103,yes\n", "Row 4 holds a NUL"),
        (",".join(f"c{n}" for n in range(101)) + "\n", "101 columns; 100 is the most"),
        (PLAIN + f"4,{'x' * 2001},Kay,07700 900103,yes\n", "more than 2,000 characters"),
        (b"PK\x03\x04" + bytes(30) + b"xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04" + bytes(30) + b"notes.txt", "a compressed file"),
        (PLAIN.encode("utf-16-le"), "without its mark"),
        (PLAIN.replace("Surname", "Mobile"), "are both called “Mobile”"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(
    tmp_path: Path, data: bytes | str, said: str
) -> None:
    with pytest.raises(FileRefused, match=said):
        staged(tmp_path, data)


def test_no_more_than_twenty_people_of_a_file_have_one_number(tmp_path: Path) -> None:
    """The number of an office, or one that was typed where there was none."""
    rows = [f"{n},A,K,07700 900101,yes" for n in range(1, 31)]
    there, out = staged(tmp_path, "\n".join([HEAD, *rows]) + "\n")
    assert len(there) == 1
    assert [place for place, *_ in out] == list(range(22, 32))
    assert {why.split(".")[0] for *_, why in out} == {
        "Twenty people of the file have this number already"
    }


def test_the_first_row_of_a_number_or_an_id_counts_also_across_portions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.phonebanks.operations.staging.PORTION", 2)
    rows = ["1,A,K,07700 900101,yes", "2,B,K,07700 900102,yes", ",A,K,07700 900101,yes"]
    rows += ["1,D,K,07700 900104,yes", "4,E,K,07700 900104,yes"]
    there, out = staged(tmp_path, "\n".join([HEAD, *rows]) + "\n")
    assert [place for place, *_ in there] == [2, 3, 6]
    assert [(place, why.split()[1]) for place, _, _, why in out] == [(4, "number"), (5, "person")]
