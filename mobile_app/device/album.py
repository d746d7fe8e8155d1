"""Photos to keep: small, and with nothing in them but the picture."""

from typing import Protocol

PICKED_MOST = 30_000_000
"""Bytes of a photo that we are ready to unpack: more than a telephone's camera makes."""

KEPT_MOST = 200_000
"""Bytes of a photo that is kept."""

SIDES = (1280, 1024, 800, 640)
"""Pixels along the longer side, tried one after the other until the photo is small enough."""

QUALITIES = (82, 65, 50)
"""JPEG qualities, in percent, tried at each size."""


class Album(Protocol):
    """Makes photos small."""

    async def shrink(self, photo: bytes) -> bytes:
        """Give the photo as a JPEG of at most `KEPT_MOST` bytes; place and camera are left out.

        Raises:
            PictureRefused: These bytes are no picture that we open, or too many.
        """
