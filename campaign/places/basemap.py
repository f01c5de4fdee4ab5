"""The bundled base map: one raster tile at a time, read from an MBTiles file."""

import struct
import zlib
from functools import lru_cache

from campaign.places.sources import SHIPPED
from campaign.places.sqlite_files import reader

FILE = SHIPPED / "uk-basemap.mbtiles"
COARSEST, FINEST = 4, 10
ATTRIBUTION = "Contains OS, Royal Mail and ONS data © Crown copyright; GeoNames; GSHHG"
SEA = (0xC4, 0xDC, 0xE8)
TILE_PIXELS = 256


def tile(zoom: int, column: int, row: int) -> bytes | None:
    """A PNG of 256 × 256 pixels; rows are counted from the north, as in web addresses.

    Plain sea where the world has a tile and the bundled map has none; None where there can be
    no tile: a zoom outside 4–10, or a column or row off the edge of the world.
    """
    if not COARSEST <= zoom <= FINEST or not (0 <= column < 2**zoom and 0 <= row < 2**zoom):
        return None
    found = (
        reader(FILE)
        .execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (zoom, column, row_from_south(zoom, row)),
        )
        .fetchone()
    )
    return bytes(found["tile_data"]) if found else sea_tile()


def row_from_south(zoom: int, row: int) -> int:
    """MBTiles counts rows from the south (the TMS scheme), web addresses from the north."""
    return int(2**zoom) - 1 - row


@lru_cache(maxsize=1)
def sea_tile() -> bytes:
    """A tile with nothing but sea: one colour, one bit a pixel, by the PNG specification."""
    line = b"\0" + bytes(TILE_PIXELS // 8)
    header = struct.pack(">IIBBBBB", TILE_PIXELS, TILE_PIXELS, 1, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", bytes(SEA))
        + _chunk(b"IDAT", zlib.compress(line * TILE_PIXELS, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
