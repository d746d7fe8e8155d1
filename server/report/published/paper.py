"""A place's year on paper: two or three A4 pages for the wellbeing report of a municipality.

Every figure of a chart stands in a table beside it. The letters are in the file, so that it can be
archived; it tells nothing of when it was made, so the same figures give the same bytes.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from server.report.published.charts import bars, columns
from server.report.published.dictionary import (
    HIDDEN_WORDS,
    LICENCE,
    LICENCE_URL,
    METHOD_PATH,
    PUBLISHED_WORDS,
)
from server.report.published.place_year import PlaceYear, Row, Section
from server.sheet.typeset import ACCENT, INK, drawable, load_vera
from server.texts import Texts

_MARGIN = 18 * mm
_FONTS = [("FONT", (0, 0), (-1, -1), "Vera", 8)]
"""Said of every table: reportlab would name Helvetica, which is not in the file."""
_WIDTH = A4[0] - 2 * _MARGIN
_PAD = 6  # what reportlab leaves free around all that is in a frame
_RULE = HexColor("#7B8A91")
_PLAIN, _BOLD = "Vera", "VeraBd"
_TEXT = ParagraphStyle("text", fontName=_PLAIN, fontSize=9, leading=12.5, textColor=INK)
_SMALL = ParagraphStyle("small", _TEXT, fontSize=8, leading=11)
_CELL = ParagraphStyle("cell", _TEXT, fontSize=8, leading=10)
_NUMBER = ParagraphStyle("number", _CELL, alignment=2)
_HEAD = ParagraphStyle("head", _CELL, fontName=_BOLD)
_HEAD_NUMBER = ParagraphStyle("head-number", _HEAD, alignment=2)
_TITLE = ParagraphStyle("title", _TEXT, fontName=_BOLD, fontSize=19, leading=24, textColor=ACCENT)
_HEADING = ParagraphStyle(
    "heading", _TEXT, fontName=_BOLD, fontSize=12, leading=15, textColor=ACCENT, spaceBefore=11,
    spaceAfter=4, keepWithNext=1,
)  # fmt: skip
_BIG = ParagraphStyle("big", _TEXT, fontName=_BOLD, fontSize=20, leading=24, textColor=white)
_UNDER = ParagraphStyle("under", _TEXT, fontSize=8, leading=10, textColor=white)

_AS_COLUMNS = "uses-cat"
"""Its names are short enough to stand beside each other; others lie below each other as bars."""
_ROWS_MOST = 12
_ON_PAPER = (
    "uses-who", "uses-cat", "uses-near", "uses-home", "uses-venue", "holders-often", "cards-first",
    "used-age", "ratings-stars",
)  # fmt: skip
_TILES = 4


def draw_report(told: PlaceYear, t: Texts, *, base_url: str) -> bytes:
    """Draw a place's year as a PDF in the language of *t*."""
    load_vera()
    out = BytesIO()
    name = drawable(told.place.name(t.language))
    title = t("Kaikukortti: {place}, the year {year}", place=name, year=told.year)
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=_MARGIN - _PAD, rightMargin=_MARGIN - _PAD, topMargin=16 * mm,
        bottomMargin=18 * mm, title=title, author="Kaikukanta",
        subject=t("For the wellbeing report"), creator="", lang=t.language.tag,
        invariant=1, pageCompression=1, initialFontName=_PLAIN,
    )  # fmt: skip

    def foot(canvas: Canvas, _document: SimpleDocTemplate) -> None:
        canvas.setFont(_PLAIN, 8)
        canvas.setFillColor(INK)
        canvas.drawString(_MARGIN, 10 * mm, f"Kaikukanta · {title}")
        canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, str(canvas.getPageNumber()))

    document.build(list(_story(told, t, title, base_url)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(told: PlaceYear, t: Texts, title: str, base_url: str) -> Iterator[Flowable]:
    yield _words(title, _TITLE)
    yield _words(t("For the wellbeing report"), _TEXT)
    yield _words(t(PUBLISHED_WORDS, day=t.local_day(told.made_at)), _SMALL)
    yield Spacer(0, 4 * mm)
    sections = {section.code: section for section in told.sections}
    key = sections.get("key")
    if key is not None:
        yield _tiles(t, key.rows)
    compared = [one for one in told.sections if not one.charted]
    charted = [sections[code] for code in _ON_PAPER if code in sections]
    shown = [one for one in compared if one.tells]
    drawn = [one for one in charted if one.tells_here]
    yield _words(t("Compared with the year before, the county and the country"), _HEADING)
    yield _comparison(told, t, shown)
    yield Spacer(0, 1.5 * mm)
    yield _words(t(HIDDEN_WORDS), _SMALL)
    if silent := [one.title for one in (*compared, *charted) if one not in (*shown, *drawn)]:
        words = t("Nothing of this can be told: too few people.")
        yield Spacer(0, 1.5 * mm)
        yield _words(f"{' · '.join(silent)}. {words}", _SMALL)
    for section in drawn:
        yield KeepTogether(list(_charted(told, t, section)))
    yield from _meanings(t, [*shown, *drawn])
    yield from _about(t, base_url)


def _tiles(t: Texts, rows: Sequence[Row]) -> Table:
    shown = [row for row in rows if row.told is not None][:_TILES]
    cells = [[_words(row.write(t, row.told), _BIG), _words(row.name, _UNDER)] for row in shown]
    table = Table([cells], colWidths=[_WIDTH / len(cells)] * len(cells))
    table.setStyle(
        TableStyle([
            *_FONTS,
            ("BACKGROUND", (0, 0), (-1, -1), ACCENT),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ])
    )  # fmt: skip
    return table


def _comparison(told: PlaceYear, t: Texts, sections: Sequence[Section]) -> Table:
    columns_of = _columns(told, t)
    head = [_words(t("Figure"), _HEAD)]
    head += [_words(name, _HEAD_NUMBER) for name, _ in columns_of]
    rows = [
        [
            _words(row.name, _CELL),
            *(_words(_said(t, row, which), _NUMBER) for _, which in columns_of),
        ]
        for section in sections
        for row in section.rows
    ]
    weights = [1.7 if which == "county" else 1 for _, which in columns_of]
    return _ruled([head, *rows], first=0.32, weights=weights)


def _columns(told: PlaceYear, t: Texts) -> list[tuple[str, str]]:
    named = told.columns(t)
    if told.before:
        named.insert(2, (t("Changed by"), "change"))
    return named


def _said(t: Texts, row: Row, which: str) -> str:
    return row.change(t) if which == "change" else row.write(t, getattr(row, which))


def _charted(told: PlaceYear, t: Texts, section: Section) -> Iterator[Flowable]:
    """Draw a chart with its numbers beside it; of very many rows the largest."""
    rows = list(section.rows)
    if len(rows) > _ROWS_MOST:
        rows.sort(key=lambda row: -(row.told.value or 0) if row.told else 0)
        rows = rows[:_ROWS_MOST]
    years = [told.year, *([told.before] if told.before and section.has("before") else [])]
    side = _WIDTH * 0.52
    chart = (
        columns(rows, years, width=side, height=46 * mm)
        if section.code == _AS_COLUMNS
        else bars(rows, years, width=side)
    )
    head = [_words(t("Figure"), _HEAD), *(_words(year, _HEAD_NUMBER) for year in years)]
    numbers = [
        [
            _words(row.name, _CELL),
            *(_words(row.write(t, one), _NUMBER) for one in (row.told, row.before)[: len(years)]),
        ]
        for row in rows
    ]
    table = _ruled([head, *numbers], first=0.56, width=_WIDTH - side - 6 * mm)
    yield _words(section.title, _HEADING)
    both = Table([[chart, table]], colWidths=[side + 6 * mm, _WIDTH - side - 6 * mm])
    both.setStyle(TableStyle([*_FONTS, ("VALIGN", (0, 0), (-1, -1), "TOP"), *_tight()]))
    yield both
    if len(rows) < len(section.rows):
        left = len(section.rows) - len(rows)
        yield _words(
            t.plural("{n} smaller one is left out.", "{n} smaller ones are left out.", left), _SMALL
        )


def _meanings(t: Texts, shown: Sequence[Section]) -> Iterator[Flowable]:
    yield _words(t("What the figures mean"), _HEADING)
    alike: dict[tuple[str, str], list[str]] = {}
    for entry in dict.fromkeys(entry for section in shown for entry in section.entries):
        alike.setdefault((entry.meaning, entry.limits), []).append(t(entry.name))
    for (meaning, limits), names in alike.items():
        words = escape(f"{t(meaning)} {t(limits)}")
        yield Paragraph(f'<font name="{_BOLD}">{escape(", ".join(names))}.</font> {words}', _SMALL)
        yield Spacer(0, 1.5)


def _about(t: Texts, base_url: str) -> Iterator[Flowable]:
    yield _words(t("How the figures are made"), _HEADING)
    yield _words(
        t(
            "Uses are counted as venues record them. When a year is over and late entries have come"
            " in, its figures are published once: those from which somebody could be found are"
            " hidden first, and as many others as are needed so that no subtraction gives them"
            " away."
        ),
        _SMALL,
    )
    yield _words(f"{t('Method')}: {base_url}{METHOD_PATH}", _SMALL)
    yield _words(f"{t(LICENCE)} {LICENCE_URL}", _SMALL)


def _ruled(
    rows: list[list[Paragraph]],
    *,
    first: float,
    width: float = _WIDTH,
    weights: Sequence[float] = (),
) -> Table:
    """Draw lines under rows; *first* is the first column's part of the width."""
    shares = weights or [1] * (len(rows[0]) - 1)
    rest = width * (1 - first) / sum(shares)
    widths = [width * first, *(rest * share for share in shares)]
    table = Table(rows, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle([
            *_FONTS,
            ("LINEBELOW", (0, 0), (-1, 0), 1, ACCENT),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, _RULE),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ])
    )  # fmt: skip
    return table


def _tight() -> list[tuple[object, ...]]:
    return [(side, (0, 0), (-1, -1), 0) for side in ("LEFTPADDING", "RIGHTPADDING")]


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    words = escape(drawable(text))
    if style in {_NUMBER, _BIG}:
        words = words.replace(" ", "\N{NO-BREAK SPACE}")
    return Paragraph(words, style)
