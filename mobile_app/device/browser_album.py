"""Photos made small by the browser, which unpacks more kinds than we know."""

import json

from mobile_app.device.album import KEPT_MOST, PICKED_MOST, QUALITIES, SIDES
from mobile_app.device.bridge import Phone, to_octets
from mobile_app.device.decoder import PictureRefused, PictureTrouble


class BrowserAlbum:
    """The page's JavaScript draws the photo on a small canvas."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def shrink(self, photo: bytes) -> bytes:
        """See `Album`."""
        if len(photo) > PICKED_MOST:
            raise PictureRefused(PictureTrouble.TOO_BIG)
        wanted = json.dumps({"most": KEPT_MOST, "sides": SIDES, "qualities": QUALITIES})
        small = await self._phone.shrinkPhoto(to_octets(photo), wanted)
        if small is None:
            raise PictureRefused(PictureTrouble.NOT_A_PICTURE)
        return small.to_bytes()
