"""Set text on paper: sizes, colours, letters that the fonts lack, boxes that words never leave.

Helvetica is in every PDF reader and has the letters of Finnish, Swedish and English. Names of
places have others too: those that Vera has (Sámi č and đ, Polish ł) come from Vera, which reportlab
brings; of an accented letter that neither has the letter is left; what remains, reportlab draws as
a black square.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

ACCENT = HexColor("#0B4F6C")
INK = black
"""Not the app's dark grey: office printers make dots of grey."""

_HELVETICA = ("Helvetica", "Helvetica-Bold")
_VERA = ("Vera", "VeraBd")
_HELVETICA_ENCODING = "cp1252"  # PDF's WinAnsi
_SHRINK = 0.97
_SMALLEST = 0.3


@dataclass(frozen=True, slots=True)
class Box:
    """Where words may stand: the upper left corner and the size, in points."""

    x: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph; *text* is plain."""

    text: str
    size: float = 11.5
    bold: bool = False
    accent: bool = False
    bullet: bool = False
    space_after: float = 4


def set_lines(canvas: Canvas, lines: Sequence[Line], box: Box) -> float:
    """Set *lines* from the top of *box*, smaller if they would not fit; gives their lower end."""
    scale = 1.0
    while True:
        paragraphs = [_paragraph(line, scale) for line in lines]
        heights = [paragraph.wrap(box.width, box.height)[1] for paragraph in paragraphs]
        gaps = [line.space_after * scale for line in lines[:-1]]
        if sum(heights) + sum(gaps) <= box.height or scale < _SMALLEST:
            break
        scale *= _SHRINK
    y = box.top
    for paragraph, height, gap in zip(paragraphs, heights, [*gaps, 0], strict=True):
        y -= height
        paragraph.drawOn(canvas, box.x, y)
        y -= gap
    return y


def set_words(canvas: Canvas, line: Line, box: Box) -> None:
    """Set one line that never breaks, smaller if it would not fit."""
    while (width := _width(line)) > box.width:
        line = replace(line, size=line.size * min(box.width / width, _SHRINK))
    set_lines(canvas, [line], replace(box, width=box.width + 1))


def drawable(text: str) -> str:
    """Give *text* on one line, in letters that a font here has, as far as possible."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(_drawable(letter) for letter in composed if _is_seen(letter))


def _paragraph(line: Line, scale: float) -> Paragraph:
    size = line.size * scale
    indent = size if line.bullet else 0
    style = ParagraphStyle(
        "",
        fontName=_HELVETICA[line.bold],
        fontSize=size,
        leading=size * 1.27,
        textColor=ACCENT if line.accent else INK,
        leftIndent=indent,
        bulletFontName=_HELVETICA[0],
        bulletFontSize=size,
        bulletColor=ACCENT,
        splitLongWords=True,
    )
    markup = "".join(_markup(drawable(line.text), bold=line.bold))
    return Paragraph(markup, style, bulletText="•" if line.bullet else None)


def _markup(text: str, *, bold: bool) -> Iterator[str]:
    for vera, letters in groupby(text, _needs_vera):
        run = escape("".join(letters))
        if vera:
            load_vera()
            yield f'<font name="{_VERA[bold]}">{run}</font>'
        else:
            yield run


def _width(line: Line) -> float:
    return float(pdfmetrics.stringWidth(drawable(line.text), _HELVETICA[line.bold], line.size))


def _drawable(letter: str) -> str:
    if _in_helvetica(letter) or _in_vera(letter):
        return letter
    bare = unicodedata.normalize("NFD", letter)[0]
    return bare if _in_helvetica(bare) else letter


def _is_seen(letter: str) -> bool:
    return letter == " " or unicodedata.category(letter)[0] not in {"C", "M"}


def _needs_vera(letter: str) -> bool:
    return not _in_helvetica(letter) and _in_vera(letter)


@cache
def _in_helvetica(letter: str) -> bool:
    try:
        letter.encode(_HELVETICA_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _in_vera(letter: str) -> bool:
    return ord(letter) in load_vera()


@cache
def load_vera() -> frozenset[int]:
    """Make both weights known to reportlab; gives the letters that both have."""
    fonts = [TTFont(name, f"{name}.ttf") for name in _VERA]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
