"""Photos made small by Pillow: servers, desks, Android and iOS."""

import asyncio
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from mobile_app.device.album import KEPT_MOST, PICKED_MOST, QUALITIES, SIDES
from mobile_app.device.decoder import PictureRefused, PictureTrouble
from mobile_app.device.pillow_decoder import KINDS, MAX_PIXELS


class PillowAlbum:
    """Unpacks, turns upright, shrinks, packs."""

    async def shrink(self, photo: bytes) -> bytes:
        """See `Album`."""
        return await asyncio.to_thread(_shrink, photo)


def _shrink(photo: bytes) -> bytes:
    if len(photo) > PICKED_MOST:
        raise PictureRefused(PictureTrouble.TOO_BIG)
    try:
        picture = Image.open(io.BytesIO(photo), formats=KINDS)  # reads the header only
        picture.draft("RGB", (SIDES[0], SIDES[0]))  # a JPEG is unpacked small
        if picture.width * picture.height > MAX_PIXELS:
            raise PictureRefused(PictureTrouble.TOO_BIG)
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(PictureTrouble.TOO_BIG) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        # Pillow's readers raise all of these for files cut short or made up.
        raise PictureRefused(PictureTrouble.NOT_A_PICTURE) from error
    for side in SIDES:
        upright.thumbnail((side, side))
        for quality in QUALITIES:
            packed = io.BytesIO()
            upright.save(packed, "JPEG", quality=quality)
            if packed.tell() <= KEPT_MOST:
                return packed.getvalue()
    raise PictureRefused(PictureTrouble.TOO_BIG)
