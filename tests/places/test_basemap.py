"""The tiles of the base map."""

import struct
import zlib

import pytest

from campaign.places.basemap import FILE, SEA, row_from_south, sea_tile, tile
from campaign.places.sqlite_files import reader

PNG = b"\x89PNG\r\n\x1a\n"


def stored(zoom: int, column: int, row: int) -> bytes:
    """A tile as the file has it, its rows counted from the south."""
    sql = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    return bytes(reader(FILE).execute(sql, (zoom, column, row)).fetchone()[0])


def test_rows_are_turned_upside_down() -> None:
    assert row_from_south(4, 5) == 10
    assert row_from_south(4, row_from_south(4, 5)) == 5
    # Brighton (50.83 N, 0.14 W) at zoom 10 lies in column 511 and row 343 from the north.
    assert tile(10, 511, 343) == stored(10, 511, 1023 - 343)
    assert tile(10, 511, 343) != sea_tile()
    assert len(tile(10, 511, 343) or b"") > 500


def test_where_the_map_has_nothing_there_is_sea() -> None:
    assert tile(10, 0, 0) == sea_tile()
    assert tile(4, 15, 15) == sea_tile()


def test_the_sea_is_a_picture_of_one_colour() -> None:
    picture = sea_tile()
    assert picture.startswith(PNG)
    assert struct.unpack(">II", picture[16:24]) == (256, 256)
    assert picture[picture.index(b"PLTE") + 4 :][:3] == bytes(SEA)
    body = picture.index(b"IDAT")
    (length,) = struct.unpack(">I", picture[body - 4 : body])
    pixels = zlib.decompress(picture[body + 4 : body + 4 + length])
    assert pixels == bytes(256 * 33)
    assert len(picture) < 150


@pytest.mark.parametrize(
    ("zoom", "column", "row"),
    [(3, 0, 0), (11, 0, 0), (99, 0, 0), (4, 16, 0), (4, 0, 16), (10**30, 0, 0), (10, 10**30, 0)],
)
def test_off_the_edge_of_the_world_there_is_nothing(zoom: int, column: int, row: int) -> None:
    assert tile(zoom, column, row) is None
