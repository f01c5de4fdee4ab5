"""What a photo of an event may be, and what must be said before it is shown."""

from __future__ import annotations

from campaign.foundation.errors import Refused

MOST = 6
MOST_BYTES = 10 * 1024 * 1024
LONGEST, SMALL = 1600, 480
# Decoded, a pixel takes up to four bytes. A large JPEG is read at a fraction of its size.
MOST_PIXELS, MOST_PIXELS_JPEG, MOST_SIDE = 16_000_000, 64_000_000, 12_000
PHOTO = "Photo {}"


class PhotoRefused(Refused):
    """A file that is no photo we can show."""

    def __init__(self, message: str = "We cannot read that as a photo. Send a JPEG, PNG or WebP."):
        super().__init__(message)


def check_shape(width: int, height: int, *, still: bool, jpeg: bool) -> None:
    """Refuse what moves, and what would fill the memory."""
    if not still:
        raise PhotoRefused("That picture moves. Send a still photo.")
    most = MOST_PIXELS_JPEG if jpeg else MOST_PIXELS
    if max(width, height) > MOST_SIDE or width * height > most:
        raise PhotoRefused("That picture has too many pixels. Send a smaller one.")


def check_given(captions: list[str], *, agreed: bool) -> None:
    """Refuse photos without a yes of who is in them, and a photo that nobody described."""
    if not captions:
        raise Refused("Choose a photo.", field="photo1")
    if not agreed:
        raise Refused(
            "Nothing was kept: tick that everyone recognisable has said yes.", field="agreed"
        )
