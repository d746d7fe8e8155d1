"""Reading codes by zxing, compiled for browsers."""

import json

from mobile_app.device.bridge import Phone, to_octets
from mobile_app.device.decoder import MAX_PHOTO_BYTES, PictureRefused, PictureTrouble, texts_of


class BrowserDecoder:
    """The browser unpacks the picture, whatever its kind."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def decode(self, image: bytes) -> list[str]:
        """See `Decoder`."""
        if len(image) > MAX_PHOTO_BYTES:
            raise PictureRefused(PictureTrouble.TOO_BIG)
        found = await self._phone.readPicture(to_octets(image))
        if found is None:
            raise PictureRefused(PictureTrouble.NOT_A_PICTURE)
        return texts_of((bytes(raw), bool(striped)) for raw, striped in json.loads(found))
