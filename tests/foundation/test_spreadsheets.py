"""Spreadsheets: nasty files are read or refused with a place; what we write runs nowhere."""

import codecs
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.foundation.spreadsheets import (
    FileRefused,
    Row,
    Table,
    guarded,
    read_table,
    unguarded,
    write_csv,
)

PLAIN = "Name,Phone\nAmina,020 7946 0142\nBéa,07700 900123\n"


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


def refusal(data: bytes | str) -> FileRefused:
    raw = data.encode() if isinstance(data, str) else data
    with pytest.raises(FileRefused) as caught:
        list(read_table(raw).rows)
    return caught.value


@pytest.mark.parametrize(
    ("data", "encoding", "sure"),
    [
        (PLAIN.encode(), "utf-8", True),
        (codecs.BOM_UTF8 + PLAIN.encode(), "utf-8", True),
        (codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"), "utf-16-le", True),
        (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), "utf-16-be", True),
        (PLAIN.encode("cp1252"), "cp1252", False),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_table(
    data: bytes, encoding: str, sure: bool, line_end: str
) -> None:
    wide = encoding if encoding.startswith("utf-16") else "ascii"
    table = read_table(data.replace("\n".encode(wide), line_end.encode(wide)))
    assert (table.encoding, table.sure) == (encoding, sure)
    assert table.headings == ["Name", "Phone"]
    assert list(table.rows) == [
        Row(2, ["Amina", "020 7946 0142"]),
        Row(3, ["Béa", "07700 900123"]),
    ]
    assert table.stats.rows == 2


def test_somebody_may_say_what_the_encoding_is() -> None:
    data = "Name\nZoë €\n".encode("iso8859-15")
    assert not read_table(data).sure
    table = read_table(data, encoding="iso8859-15")
    assert table.sure
    assert cells(table) == [["Zoë €"]]
    with pytest.raises(FileRefused, match="Choose another"):
        list(read_table(data, encoding="utf-8").rows)
    with pytest.raises(FileRefused, match="in the list"):
        read_table(data, encoding="rot13")


def test_a_mark_is_believed_before_a_choice() -> None:
    table = read_table(codecs.BOM_UTF8 + PLAIN.encode(), encoding="cp1252")
    assert cells(table)[1][0] == "Béa"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found(sign: str) -> None:
    table = read_table(f'"Name, first{sign}x"{sign}Phone{sign}Town\na{sign}b{sign}c\n'.encode())
    assert table.delimiter == sign
    assert table.headings == [f"Name, first{sign}x", "Phone", "Town"]
    assert cells(table) == [["a", "b", "c"]]


def test_excels_separator_line_is_obeyed_and_counted() -> None:
    table = read_table(b"sep=;\r\nName;Phone, mobile\r\na;b\r\n")
    assert table.headings == ["Name", "Phone, mobile"]
    assert list(table.rows) == [Row(3, ["a", "b"])]


def test_one_column_is_a_table() -> None:
    assert cells(read_table(b"Phone\n020 7946 0142\n")) == [["020 7946 0142"]]


def test_quoted_line_breaks_and_quotation_marks_are_read() -> None:
    table = read_table(b'Name,Note\r\n"Amina","two\r\nlines, ""so"""\r\nBea,x\r\n')
    assert list(table.rows) == [
        Row(2, ["Amina", 'two\r\nlines, "so"']),
        Row(3, ["Bea", "x"]),
    ]


def test_headings_are_trimmed_and_freed_of_what_cannot_be_seen() -> None:
    table = read_table("Pref Phone ,\u200bName\u202e,\n1,2,\n".encode())
    assert table.headings == ["Pref Phone", "Name"]


def test_blank_rows_are_left_out_and_short_rows_filled_up() -> None:
    table = read_table(b"\n\nName,Phone,Town\n\n , ,\nAmina\nBea,1,2,,\n")
    assert [row.cells for row in table.rows] == [["Amina", "", ""], ["Bea", "1", "2"]]
    assert (table.stats.rows, table.stats.blank, table.stats.short) == (2, 2, 1)


def test_a_row_with_a_cell_too_many_is_handed_out_with_its_trouble() -> None:
    table = read_table(b"Name,Phone\nSmith, Amina,1\nBea,2\n")
    first, second = table.rows
    assert first.trouble is not None
    assert first.trouble.startswith("Row 2, column 3 has no heading")
    assert second.trouble is None
    assert table.stats.long == 1


def zipped(name: str) -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as file:
        file.writestr(name, "x")
    return page.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped("xl/workbook.xml"), "an Excel workbook"),
        (zipped("notes.txt"), "a compressed file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"<!DOCTYPE html><table>", "a web page"),
        (codecs.BOM_UTF8 + b"\n <TABLE><tr>", "a web page"),
        (b'<?xml version="1.0"?>', "a web page or XML"),
        (b'[{"name": "Amina"}]', "JSON"),
        (b'{"rows": []}', "JSON"),
        (b"BEGIN:VCARD\nVERSION:3.0", "an address card"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08\x00", "a compressed file"),
        (b"{\\rtf1 hello}", "word processor"),
    ],
)
def test_other_kinds_of_file_are_known_by_their_content(data: bytes, words: str) -> None:
    error = refusal(data)
    assert error.code == "other_kind"
    assert words in error.message
    assert "CSV UTF-8" in error.message


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data).code == "empty"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_refused(codec: str) -> None:
    error = refusal(PLAIN.encode(codec))
    assert error.code == "encoding"
    assert "without its mark" in error.message


def test_utf32_is_refused() -> None:
    assert "UTF-32" in refusal(codecs.BOM_UTF32_LE + PLAIN.encode("utf-32-le")).message


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_nul_is_refused_with_its_row(codec: str) -> None:
    error = refusal(("Name,Phone\nBea,1\nAmi\x00na,2\n" + "x,y\n" * 50).encode(codec))
    assert (error.code, error.row) == ("nul", 3)
    assert "Row 3" in error.message


def test_bytes_that_are_no_text_are_refused_with_their_row() -> None:
    error = refusal(b"Name\nBea\n\x81\x8d\xff\n")
    assert (error.code, error.row) == ("encoding", 3)


def test_half_a_character_at_the_end_of_utf16_is_refused() -> None:
    assert refusal(codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le")[:-1]).code == "encoding"


def test_duplicate_headings_are_refused_by_name() -> None:
    error = refusal("Name,Phone, name \na,b,c\n")
    assert error.code == "duplicate_heading"
    assert "Columns 1 and 3" in error.message
    assert "name" in error.message


def test_several_columns_without_a_heading_are_no_duplicates() -> None:
    assert read_table(b"Name,,,Phone\na,,,b\n").headings == ["Name", "", "", "Phone"]


@pytest.mark.parametrize("line", ["Amina,020 7946 0142", "a@people.example,Bea", "1,07700900123"])
def test_a_file_without_headings_is_refused(line: str) -> None:
    error = refusal(line + "\n")
    assert error.code == "no_headings"
    assert "headings" in error.message


def test_a_quotation_mark_that_is_never_closed_is_refused_where_it_opens() -> None:
    error = refusal('Name,Note\nBea,x\nAmina,"never closed\nmore,rows\n')
    assert (error.code, error.row) == ("unclosed_quote", 3)
    assert "row 3" in error.message
    assert refusal('Name,Note\nAmina,"' + "x,y\n" * 50_000).code == "unclosed_quote"


def test_a_quotation_mark_inside_a_cell_is_refused_with_its_row() -> None:
    assert refusal('Name\n"Amina" K\n').row == 2


def test_the_hundredth_column_is_read_and_the_next_refused() -> None:
    names = [f"c{number}" for number in range(101)]
    assert len(read_table(",".join(names[:100]).encode()).headings) == 100
    error = refusal(",".join(names))
    assert error.code == "too_many_columns"
    assert "101 columns" in error.message


def test_a_cell_of_2000_characters_is_read_and_a_longer_one_refused_with_its_place() -> None:
    fits = f"Name,Note\nBea,{'é' * 2000}\n"
    assert cells(read_table(fits.encode()))[0][1] == "é" * 2000
    error = refusal(f"Name,Note\nBea,{'é' * 2001}\n")
    assert (error.code, error.row, error.column) == ("long_cell", 2, 2)
    assert "Row 2, column 2 (“Note”)" in error.message


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes) -> None:
    try:
        answer = [len(row.cells) for row in read_table(data).rows]
    except FileRefused as error:
        answer = [len(error.message)]
    assert all(answer)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    page = b"".join(write_csv(["Note"], [[start + "HYPERLINK(1)"]], bom=False)).decode()
    assert page.removeprefix("Note\r\n").lstrip('"').startswith("'" + start)


def test_headings_are_guarded_and_numbers_stay_numbers() -> None:
    pieces = write_csv(["=1", "lng"], [["Hove", -0.168], [None, -3]])
    assert b"".join(pieces) == codecs.BOM_UTF8 + b"'=1,lng\r\nHove,-0.168\r\n,-3\r\n"


def test_a_row_of_another_width_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="3 cells under 1 headings"):
        list(write_csv(["Name"], [["a", "b", "c"]]))


def test_a_long_table_is_written_in_pieces() -> None:
    pieces = list(write_csv(["Name"], (["x" * 1000] for _ in range(500))))
    assert len(pieces) > 5
    assert len(cells(read_table(b"".join(pieces)))) == 500


@given(st.text(max_size=30))
def test_the_guard_comes_off_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20
).filter(str.strip)


@given(st.lists(st.tuples(texts, texts), max_size=8), st.booleans())
def test_what_is_written_reads_back_the_same(rows: list[tuple[str, str]], bom: bool) -> None:
    data = b"".join(write_csv(["Name", "Note"], rows, bom=bom))
    assert cells(read_table(data)) == [list(row) for row in rows]
