"""A QR code as a picture: a PNG written by hand, because a phone has no Pillow to spare."""

import struct
import zlib
from collections.abc import Callable

import flet as ft
import qrcode
from qrcode.util import MODE_ALPHA_NUM, QRData

from mobile_app.ui.theme import CORNER, QR_LIGHT

QR_VERSION = 10
QUIET_MODULES = 4
MODULES = 4 * QR_VERSION + 17 + 2 * QUIET_MODULES

# One mask for all: a code may use any, and trying all eight takes five times as long.
# Checkerboard breaks up what base45 text tends to make, and it is what our tests read back.
_MASK = 0

_PIXELS_PER_MODULE = 8  # so that one module is one byte of a picture with one bit per pixel
_LIGHT, _DARK = 0xFF, 0x00
_GREYSCALE, _ONE_BIT = 0, 1
_QUIET = bytes([_LIGHT] * QUIET_MODULES)


def draw_qr(text: str) -> bytes:
    """Draw *text* as a PNG: version 10, level L, alphanumeric, quiet zone included.

    Raises:
        ValueError: The text has letters that the alphanumeric mode lacks, or is too long.
    """
    code = qrcode.QRCode(
        version=QR_VERSION,
        error_correction=qrcode.constants.ERROR_CORRECT_L,
        border=0,
        mask_pattern=_MASK,
    )
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    try:
        code.make(fit=False)
    except qrcode.exceptions.DataOverflowError as error:
        raise ValueError("too long for a QR code of version 10") from error
    quiet_row = bytes([_LIGHT] * MODULES)
    rows = [
        _QUIET + bytes(_DARK if module else _LIGHT for module in row) + _QUIET
        for row in code.get_matrix()
    ]
    return _png([quiet_row] * QUIET_MODULES + rows + [quiet_row] * QUIET_MODULES)


def qr_picture(png: bytes, *, label: str, on_tap: Callable[[], None] | None = None) -> ft.Control:
    """Show a drawn QR code in a white square that fills its column, dark on white in every theme.

    A screen reader hears *label* once; the picture itself says nothing.
    """
    picture = ft.Image(
        src=png,
        fit=ft.BoxFit.CONTAIN,
        filter_quality=ft.FilterQuality.MEDIUM,
        gapless_playback=True,
    )
    return ft.Semantics(
        label=label,
        image=True,
        button=on_tap is not None,
        on_tap=on_tap,
        container=True,
        exclude_semantics=True,
        content=ft.Container(
            picture,
            aspect_ratio=1,
            bgcolor=QR_LIGHT,
            border_radius=CORNER,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            on_click=on_tap,
        ),
    )


def _png(rows: list[bytes]) -> bytes:
    side = len(rows) * _PIXELS_PER_MODULE
    header = struct.pack(">IIBBBBB", side, side, _ONE_BIT, _GREYSCALE, 0, 0, 0)
    pixels = b"".join((b"\x00" + row) * _PIXELS_PER_MODULE for row in rows)  # 0: no filter
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(pixels, level=6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)
