"""A small PDF writer: headings and paragraphs on A4, tagged for screen readers. Pure.

Its fonts are those that every PDF reader has, so that the phone carries none; they draw what
Windows-1252 has, which is all of Finnish, Swedish and English. Whatever else stands in a text is
drawn as `UNDRAWN`, and the caller says so. Written after ISO 32000-1.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

UNDRAWN = "[?]"
CODEC = "cp1252"

WIDTH, HEIGHT, MARGIN = 595, 842, 57
"""A4 with margins of 2 cm, in points."""

_REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    278, 556, 278, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 278, 611, 278, 278,
    222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 278, 500, 667, 278, 333, 556,
    556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556,
    537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722,
    722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278,
    278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
)  # fmt: skip
"""How wide each letter from 32 on is, in thousandths of the size."""
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
    278, 556, 278, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 278, 611, 278, 278,
    278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 278, 500, 667, 278, 333, 556,
    556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 611,
    556, 278, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722, 722, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722,
    722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278,
    278, 611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
)  # fmt: skip


class Style(Enum):
    """What a text is: its tag, font, size and the room above it, in points."""

    TITLE = ("H1", "B", 20, 0)
    HEADING = ("H2", "B", 14, 18)
    STRONG = ("P", "B", 11, 8)
    BODY = ("P", "R", 11, 3)

    @property
    def widths(self) -> Sequence[int]:
        """Give the widths of its letters."""
        return _BOLD if self.value[1] == "B" else _REGULAR


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a document."""

    style: Style
    text: str


@dataclass(slots=True)
class _Page:
    content: list[str] = field(default_factory=list)
    marked: int = 0


@dataclass(slots=True)
class _Layout:
    """Fills pages from the top; remembers which marked pieces belong to which text."""

    pages: list[_Page] = field(default_factory=list)
    texts: list[tuple[Style, list[tuple[int, int]]]] = field(default_factory=list)
    left: float = 0

    def put(self, line: Line) -> None:
        """Put a text under the last one, on as many pages as it needs."""
        _, font, size, above = line.style.value
        pieces: list[tuple[int, int]] = []
        rows = list(_wrapped(drawable(line.text), line.style))
        self.left -= above
        for row in rows:
            height = size * 1.35
            if self.left < height or not self.pages:
                self.pages.append(_Page())
                self.left = HEIGHT - 2 * MARGIN
            page = self.pages[-1]
            self.left -= height
            y = MARGIN + self.left
            page.content.append(
                f"/{line.style.value[0]} <</MCID {page.marked}>> BDC BT /{font} {size} Tf"
                f" {MARGIN} {y:.1f} Td ({_escaped(row)}) Tj ET EMC"
            )
            pieces.append((len(self.pages) - 1, page.marked))
            page.marked += 1
        self.texts.append((line.style, pieces))


def write_pdf(lines: Iterable[Line], *, title: str, language: str) -> bytes:
    """Write a document; *language* is its BCP 47 tag."""
    layout = _Layout()
    for line in lines:
        layout.put(line)
    return _file(_objects(layout, title=title, language=language))


def drawable(text: str) -> str:
    """Give *text* with every sign that cannot be drawn as `UNDRAWN`, once for a row of them."""
    drawn: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        known = sign == "\n" or _is_drawable(sign)
        if known or not drawn or drawn[-1] != UNDRAWN:
            drawn.append(sign if known else UNDRAWN)
    return "".join(drawn)


def width_of(text: str, style: Style) -> float:
    """Measure drawable text, in points."""
    size: int = style.value[2]
    return sum(style.widths[code - 32] for code in text.encode(CODEC)) * size / 1000


def _is_drawable(sign: str) -> bool:
    try:
        return sign.encode(CODEC)[0] >= ord(" ") and sign.isprintable()
    except UnicodeEncodeError:
        return False


def _wrapped(text: str, style: Style) -> Iterator[str]:
    """Break at spaces, and a word that is wider than the page anywhere."""
    most = WIDTH - 2 * MARGIN
    for part in text.split("\n"):
        row = ""
        for word in part.split(" "):
            longer = f"{row} {word}" if row else word
            if width_of(longer, style) <= most:
                row = longer
                continue
            if row:
                yield row
            row = word
            while width_of(row, style) > most:
                fits = next(n for n in range(1, len(row) + 1) if width_of(row[:n], style) > most)
                yield row[: fits - 1]
                row = row[fits - 1 :]
        yield row


def _escaped(row: str) -> str:
    return row.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


_CATALOGUE = (
    "/MarkInfo <</Marked true>> /StructTreeRoot 3 0 R /ViewerPreferences <</DisplayDocTitle true>>"
)


def _objects(layout: _Layout, *, title: str, language: str) -> list[bytes]:
    """Give the objects, the first of them number 1: catalogue, pages, tags, fonts, and so on."""
    first_page, count = 7, len(layout.pages)
    first_tag = first_page + 2 * count
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(count))
    tags = " ".join(f"{first_tag + n} 0 R" for n in range(len(layout.texts)))
    owners: list[dict[int, int]] = [{} for _ in layout.pages]
    for number, (_, pieces) in enumerate(layout.texts):
        for place, piece in pieces:
            owners[place][piece] = first_tag + number
    parents = " ".join(
        f"{n} [{' '.join(f'{owner} 0 R' for _, owner in sorted(of_page.items()))}]"
        for n, of_page in enumerate(owners)
    )
    objects = [
        f"<</Type /Catalog /Pages 2 0 R /Lang ({language}) {_CATALOGUE}>>",
        f"<</Type /Pages /Kids [{kids}] /Count {count}>>",
        f"<</Type /StructTreeRoot /K [{tags}] /ParentTree <</Nums [{parents}]>>>>",
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        f"<</Title <{_utf16(title)}> /Producer (Kaikukortti)>>",
    ]
    written = [one.encode(CODEC) for one in objects]
    for number, page in enumerate(layout.pages):
        written += _page(page, number, content=first_page + 2 * number + 1)
    for style, pieces in layout.texts:
        marks = " ".join(
            f"<</Type /MCR /Pg {first_page + 2 * place} 0 R /MCID {piece}>>"
            for place, piece in pieces
        )
        tag = f"<</Type /StructElem /S /{style.value[0]} /P 3 0 R /K [{marks}]>>"
        written.append(tag.encode(CODEC))
    return written


def _font(name: str) -> str:
    return f"<</Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding>>"


def _page(page: _Page, number: int, *, content: int) -> list[bytes]:
    packed = zlib.compress("\n".join(page.content).encode(CODEC))
    described = (
        f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {content} 0 R"
        f" /StructParents {number} /Tabs /S /Resources <</Font <</R 4 0 R /B 5 0 R>>>>>>"
    )
    head = f"<</Length {len(packed)} /Filter /FlateDecode>>\nstream\n".encode(CODEC)
    return [described.encode(CODEC), head + packed + b"\nendstream"]


def _utf16(text: str) -> str:
    return ("\N{BYTE ORDER MARK}" + text).encode("utf-16-be").hex()


def _file(objects: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    written += f"trailer <</Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R>>\n".encode()
    return bytes(written + f"startxref\n{table}\n%%EOF\n".encode())
