"""Photos to keep: small, and with nothing in them but the picture."""

from collections.abc import Callable
from typing import Protocol

import flet as ft

PICKED_MOST = 30_000_000
"""Bytes of a photo that we are ready to unpack: more than a telephone's camera makes."""

KEPT_MOST = 200_000
"""Bytes of a photo that is kept."""

SIDES = (1280, 1024, 800, 640)
"""Pixels along the longer side, tried one after the other until the photo is small enough."""

QUALITIES = (82, 65, 50)
"""JPEG qualities, in percent, tried at each size."""


class Album(Protocol):
    """Lets photos be chosen, and makes them small."""

    async def choose(self, picker: ft.FilePicker, on_chosen: Callable[[], None]) -> bytes | None:
        """Let the holder choose a photo; give it small, or nothing when none was chosen.

        It comes as a JPEG of at most `KEPT_MOST` bytes; place and camera are left out. *on_chosen*
        is called when only work is left to do.

        Raises:
            PictureRefused: It is no picture that we open, or one of too many bytes.
        """
