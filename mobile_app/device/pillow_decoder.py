"""Decoders for pictures that Pillow opens: servers, desks, Android and iOS."""

import asyncio
import io
from collections.abc import Callable

from PIL import Image, UnidentifiedImageError

from mobile_app.device.decoder import (
    MAX_PHOTO_BYTES,
    BlindDecoder,
    Decoder,
    PictureRefused,
    PictureTrouble,
    texts_of,
)

MAX_PIXELS = 64_000_000
"""What we are ready to unpack: 64 MB of grey. A JPEG is shrunk first, so any camera's fits."""

READ_SIDE = 2000
"""Pixels along the longer side when reading: a card in a photo is still readable, and fast."""

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


class ZxingDecoder:
    """By zxing-cpp: servers, desktops. It needs no system library."""

    def __init__(self) -> None:
        import zxingcpp  # noqa: PLC0415 - not installed on phones

        formats = zxingcpp.BarcodeFormats([zxingcpp.QRCode, zxingcpp.Code39])

        def read(picture: Image.Image) -> list[tuple[bytes, bool]]:
            found = zxingcpp.read_barcodes(picture, formats=formats)
            return [(code.bytes, code.format != zxingcpp.QRCode) for code in found if code.valid]

        self._read: Reader = read

    async def decode(self, image: bytes) -> list[str]:
        """See `Decoder`."""
        return await asyncio.to_thread(_decode, image, self._read)


class PyzbarDecoder:
    """By zbar: Android and iOS, where zxing-cpp does not exist; on Linux it needs libzbar."""

    def __init__(self) -> None:
        from pyzbar import pyzbar  # noqa: PLC0415 - needs a system library that may be missing

        symbols = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE39]

        def read(picture: Image.Image) -> list[tuple[bytes, bool]]:
            found = pyzbar.decode(picture, symbols=symbols)
            return [(code.data, code.type != "QRCODE") for code in found]

        self._read: Reader = read

    async def decode(self, image: bytes) -> list[str]:
        """See `Decoder`."""
        return await asyncio.to_thread(_decode, image, self._read)


def best_decoder() -> Decoder:
    """Give the fastest reader that is installed here."""
    for kind in (ZxingDecoder, PyzbarDecoder):
        try:
            return kind()
        except ImportError:  # pyzbar raises it for a missing libzbar, too
            continue
    return BlindDecoder()


Reader = Callable[[Image.Image], list[tuple[bytes, bool]]]
"""Gives the bytes of each code, and whether it is made of stripes."""


def _decode(image: bytes, read: Reader) -> list[str]:
    return texts_of(read(_open_in_grey(image)))


def _open_in_grey(image: bytes) -> Image.Image:
    if len(image) > MAX_PHOTO_BYTES:
        raise PictureRefused(PictureTrouble.TOO_BIG)
    try:
        picture = Image.open(io.BytesIO(image), formats=KINDS)  # reads the header only
        picture.draft("L", (READ_SIDE, READ_SIDE))  # a JPEG is unpacked small
        if picture.width * picture.height > MAX_PIXELS:
            raise PictureRefused(PictureTrouble.TOO_BIG)
        grey = picture.convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(PictureTrouble.TOO_BIG) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        # Pillow's readers raise all of these for files cut short or made up.
        raise PictureRefused(PictureTrouble.NOT_A_PICTURE) from error
    grey.thumbnail((READ_SIDE, READ_SIDE))
    return grey
