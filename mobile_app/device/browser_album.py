"""Photos made small by the browser, which unpacks more kinds than we know."""

import json
from collections.abc import Callable

import flet as ft

from mobile_app.device.album import KEPT_MOST, PICKED_MOST, QUALITIES, SIDES
from mobile_app.device.bridge import Phone
from mobile_app.device.decoder import PictureRefused, PictureTrouble


class BrowserAlbum:
    """The page's JavaScript draws the photo on a small canvas."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def choose(self, picker: ft.FilePicker, on_chosen: Callable[[], None]) -> bytes | None:
        """See `Album`. The page asks by itself: Flet's picker takes a second for each megabyte."""
        del picker
        photo = await self._phone.choosePhoto()
        if photo is None:
            return None
        if photo.size > PICKED_MOST:
            raise PictureRefused(PictureTrouble.TOO_BIG)
        on_chosen()
        wanted = json.dumps({"most": KEPT_MOST, "sides": SIDES, "qualities": QUALITIES})
        small = await self._phone.shrinkPhoto(photo, wanted)
        if small is None:
            raise PictureRefused(PictureTrouble.NOT_A_PICTURE)
        return small.to_bytes()
