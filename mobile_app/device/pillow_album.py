"""Photos made small by Pillow: servers, desks, Android and iOS."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import flet as ft
from PIL import Image, ImageOps, UnidentifiedImageError

from mobile_app.device.album import KEPT_MOST, PICKED_MOST, QUALITIES, SIDES
from mobile_app.device.decoder import PictureRefused, PictureTrouble
from mobile_app.device.pillow_decoder import KINDS, MAX_PIXELS


class PillowAlbum:
    """Unpacks, turns upright, shrinks, packs."""

    async def choose(self, picker: ft.FilePicker, on_chosen: Callable[[], None]) -> bytes | None:
        """See `Album`. A phone names the file, which is read here; a browser must send it."""
        files = await picker.pick_files(
            file_type=ft.FilePickerFileType.IMAGE, with_data=bool(ft.context.page.web)
        )
        if not files:
            return None
        if files[0].size > PICKED_MOST:
            raise PictureRefused(PictureTrouble.TOO_BIG)
        on_chosen()
        return await asyncio.to_thread(_of_file, files[0])

    async def shrink(self, photo: bytes) -> bytes:
        """Make a photo small.

        Raises:
            PictureRefused: These bytes are no picture that we open, or too many.
        """
        return await asyncio.to_thread(_shrink, photo)


def _of_file(file: ft.FilePickerFile) -> bytes:
    return _shrink(file.bytes or (Path(file.path).read_bytes() if file.path else b""))


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
