"""Draw what readers at the door read: QR codes and Code 39, as black areas without pixels."""

from enum import Enum

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from reportlab.graphics.barcode.code39 import Standard39
from reportlab.lib.colors import black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

QUIET_MODULES = 4
BAR_WIDTH = 0.42 * mm
"""Of a narrow bar: desk readers want 0.25 mm, phones and cheap printers more."""

# One mask for all, as in the app: trying all eight takes eight times as long.
_MASK = 0
_BAR_RATIO = 2.5
_BAR_QUIET = 10 * BAR_WIDTH


class Level(Enum):
    """How much of a QR code may be damaged."""

    QUARTER = ERROR_CORRECT_Q
    """A fourth of it: for what is carried in a pocket for a year."""
    SEVENTH = ERROR_CORRECT_M


def draw_qr(  # noqa: PLR0913 - all but the first two by keyword
    canvas: Canvas, text: str, *, level: Level, x: float, top: float, side: float
) -> None:
    """Draw *text* as a QR code in a white square of *side* points, quiet zone included."""
    code = qrcode.QRCode(error_correction=level.value, border=0, mask_pattern=_MASK)
    code.add_data(text, optimize=0)
    rows = code.get_matrix()
    module = side / (len(rows) + 2 * QUIET_MODULES)
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(x, top - side, side, side, stroke=0, fill=1)
    canvas.translate(x + QUIET_MODULES * module, top - QUIET_MODULES * module)
    canvas.scale(module, -module)
    canvas.setFillColor(black)
    path = canvas.beginPath()  # one area: many would show hairlines between them
    for y, row in enumerate(rows):
        for start, length in _runs(row):
            path.rect(start, y, length, 1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def draw_code39(canvas: Canvas, code: str, *, x: float, y: float, height: float) -> float:
    """Draw *code* as Code 39, its quiet zone beginning at *x*; gives the width, zones included."""
    bars = Standard39(
        code,
        barWidth=BAR_WIDTH,
        ratio=_BAR_RATIO,
        barHeight=height,
        checksum=0,  # the card code has a check symbol of its own
        quiet=1,
        lquiet=_BAR_QUIET,
        rquiet=_BAR_QUIET,
    )
    bars.drawOn(canvas, x, y)
    return float(bars.width)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Give start and length of each run of dark modules."""
    edges = [
        at
        for at, (before, here) in enumerate(zip([False, *row], [*row, False], strict=True))
        if before != here
    ]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
