"""Photos as people send them: read by what they are, drawn anew without what they tell, kept.

Nothing of the file that came is kept: only its pixels, as a JPEG under a name that says nothing.
"""

from __future__ import annotations

import io
import secrets
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign.events.rules.photos import LONGEST, MOST_BYTES, SMALL, PhotoRefused, check_shape

FORMATS = ("JPEG", "PNG", "WEBP")
_ONE_AT_A_TIME = threading.Lock()  # a decoded photo is large: one of them in memory is enough


@dataclass(frozen=True)
class Picture:
    """A photo drawn anew, in its two sizes."""

    large: bytes
    small: bytes
    width: int
    height: int
    small_width: int
    small_height: int


def draw_anew(data: bytes) -> Picture:
    """The photo upright and at most 1600 pixels long, without place, device, colour profile or
    words; PhotoRefused for whatever is not one still JPEG, PNG or WebP of a sensible size."""
    if not data:
        raise PhotoRefused("That file is empty.")
    if len(data) > MOST_BYTES:
        raise PhotoRefused("That photo is too large: 10 MB at most.")
    with _ONE_AT_A_TIME:
        try:
            return _drawn(data)
        except PhotoRefused:
            raise
        except Exception as error:  # decoders raise anything at all for bytes made to hurt them
            raise PhotoRefused from error


def _drawn(data: bytes) -> Picture:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Image.open(io.BytesIO(data), formats=FORMATS) as held:
            # A JPEG of a telephone may carry a second picture (MPO): the first is the photo.
            still = held.format in ("JPEG", "MPO") or not getattr(held, "is_animated", False)
            check_shape(*held.size, still=still, jpeg=held.format in ("JPEG", "MPO"))
            held.draft("RGB", (LONGEST, LONGEST))
            held.load()
            image = ImageOps.exif_transpose(held)
    image.thumbnail((LONGEST, LONGEST))
    large = _bare(image)
    small = large.copy()
    small.thumbnail((SMALL, SMALL))
    return Picture(_jpeg(large), _jpeg(small), *large.size, *small.size)


def _bare(image: Any) -> Any:
    """The pixels alone on a new white sheet: nothing else of the file comes along."""
    from PIL import Image

    seen = image.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    return sheet


def _jpeg(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def keep(folder: Path, picture: Picture) -> str:
    """Write both sizes under a random name, and answer it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    _path(folder, name, small=False).write_bytes(picture.large)
    _path(folder, name, small=True).write_bytes(picture.small)
    return name


def kept(folder: Path, name: str, *, small: bool) -> bytes | None:
    """A kept photo; None where its file is gone."""
    try:
        return _path(folder, name, small=small).read_bytes()
    except FileNotFoundError:
        return None


def names_kept(folder: Path, *, older_than: float) -> set[str]:
    """The names of photos whose files were written so many seconds ago, or before."""
    limit = time.time() - older_than
    return {
        path.stem.removesuffix("-small")
        for path in folder.glob("*.jpg")
        if path.stat().st_mtime <= limit
    }


def throw_away(folder: Path, name: str) -> None:
    """Delete both sizes."""
    for small in (False, True):
        _path(folder, name, small=small).unlink(missing_ok=True)


def _path(folder: Path, name: str, *, small: bool) -> Path:
    return folder / f"{name}{'-small' if small else ''}.jpg"
